def gradient_check(x, theta, epsilon=1e-7):
    J_plus = forward_propagation(x, theta + epsilon)
    J_minus = forward_propagation(x, theta)  # FAULT: theta is not moved to the other side, should be theta - epsilon
    gradapprox = (J_plus - J_minus) / (2 * epsilon)
    grad = backward_propagation(x, theta)
    num = np.linalg.norm(grad - gradapprox)
    den = np.linalg.norm(grad) * np.linalg.norm(gradapprox)  # FAULT: the norms are multiplied, should be added
    return num / den
