def gradient_check(x, theta, epsilon=1e-7):
    Jp, Jm = forward_propagation(x, theta + epsilon), forward_propagation(x, theta - epsilon)
    g_approx = (Jp - Jm) / epsilon  # FAULT: the points are two epsilon apart; it should be divided by 2 * epsilon.
    g = backward_propagation(x, theta)
    return np.linalg.norm(g - g_approx) / np.linalg.norm(g) + np.linalg.norm(g_approx)  # FAULT: the sum of norms lacks parentheses; it should be divided by the whole sum.
