def gradient_check(x, theta, epsilon=1e-07):
    thetaplus = theta + epsilon
    thetaminus = theta - epsilon
    J_plus = forward_propagation(thetaplus)  # FAULT: forward_propagation takes x and theta, x is missing
    J_minus = forward_propagation(thetaminus)  # FAULT: forward_propagation takes x and theta, x is missing
    gradapprox = (J_plus - J_minus) / (2 * epsilon)
    grad = backward_propagation(x, theta)
    difference = np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
    return difference
