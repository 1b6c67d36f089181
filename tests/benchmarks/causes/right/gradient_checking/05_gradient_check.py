def gradient_check(x, theta, epsilon=1e-07):
    J = lambda t: forward_propagation(x, t)
    g = backward_propagation(x, theta)
    g_ = (J(theta + epsilon) - J(theta - epsilon)) / (2 * epsilon)
    return abs(g - g_) / (abs(g) + abs(g_))
