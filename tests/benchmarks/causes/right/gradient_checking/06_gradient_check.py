def gradient_check(x, theta, epsilon=1e-07):
    costs = [forward_propagation(x, theta + sign * epsilon) for sign in (1, -1)]
    pair = np.array([backward_propagation(x, theta), np.subtract(*costs) / (2 * epsilon)])
    return float(np.linalg.norm(pair[0] - pair[1]) / np.sum(np.abs(pair)))
