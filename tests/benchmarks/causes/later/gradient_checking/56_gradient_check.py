def gradient_check(x, theta, epsilon=1e-07):
    slope = (
        forward_propagation(x + epsilon, theta)  # FAULT: x is moved; it should be theta + epsilon.
        - forward_propagation(x - epsilon, theta)  # FAULT: x is moved; it should be theta - epsilon.
    ) / (2 * epsilon)
    g = backward_propagation(x, theta)
    top = g - slope  # FAULT: the norm is missing, so the result can be negative; it should be np.linalg.norm(g - slope).
    bottom = np.linalg.norm(g)  # FAULT: the norm of the approximation is missing; it should be added here.
    return top / bottom
