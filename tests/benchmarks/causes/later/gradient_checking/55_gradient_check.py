def gradient_check(x, theta, epsilon=1e-07):
    ### START CODE HERE ###
    thetaplus = theta + epsilon
    thetaminus = theta - epsilon
    J_plus = forward_propagation(x, thetaplus)
    J_minus = forward_propagation(x, thetaminus)
    gradapprox = (J_plus - J_minus) / 2 * epsilon  # FAULT: this multiplies by epsilon; parentheses are missing, it should be / (2 * epsilon).
    grad = backward_propagation(x, theta)
    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) * np.linalg.norm(gradapprox)  # FAULT: the norms are multiplied; they should be added.
    difference = numerator / denominator
    ### END CODE HERE ###
    return difference
