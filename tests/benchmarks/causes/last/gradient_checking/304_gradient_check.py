def gradient_check(x, theta, epsilon=1e-7):
    # move theta to the right
    theta = theta + epsilon
    right = forward_propagation(x, theta)
    # move theta to the left
    theta = theta - epsilon  # FAULT: theta was moved to the right already, so this only brings it back; it should be the original theta minus epsilon.
    left = forward_propagation(x, theta)

    slope = (right - left) / (2 * epsilon)
    g = backward_propagation(x, theta)

    return np.linalg.norm(g - slope) / np.linalg.norm(g) + np.linalg.norm(slope)  # FAULT: the sum of the norms should be in parentheses, as the whole denominator.
