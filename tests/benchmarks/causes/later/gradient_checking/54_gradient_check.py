def gradient_check(x, theta, epsilon=1e-07):
    J_plus = forward_propagation(x, theta + epsilon)
    J = forward_propagation(x, theta)  # FAULT: the cost should be taken at theta - epsilon, not at theta itself.
    approx = (J_plus - J) / (2 * epsilon)
    grad = backward_propagation(x, theta)
    difference = np.linalg.norm(grad - approx) / (np.linalg.norm(grad) + np.linalg.norm(approx))
    return difference
