def gradient_check(x, theta, epsilon=1e-07):
    """Return the relative difference between the gradient and its approximation, a scalar."""
    J0 = forward_propagation(x, theta)  # FAULT: the second point of the slope has to be at theta - epsilon, not at theta
    J1 = forward_propagation(x, theta + epsilon)
    approx = (J1 - J0) / (2 * epsilon)
    g = backward_propagation(x, theta)
    return np.linalg.norm(g - approx) / (np.linalg.norm(g) + np.linalg.norm(approx))
