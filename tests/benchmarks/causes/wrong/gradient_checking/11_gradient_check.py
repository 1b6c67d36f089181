def gradient_check(x, theta, epsilon=1e-07):
    theta_plus = theta + epsilon
    theta_minus = theta - epsilon
    J_plus = backward_propagation(x, theta_plus)  # FAULT: the slope is measured with the costs of forward_propagation, this takes the gradient
    J_minus = backward_propagation(x, theta_minus)  # FAULT: the slope is measured with the costs of forward_propagation, this takes the gradient
    slope = (J_plus - J_minus) / epsilon  # FAULT: the points are 2 epsilon apart, so divide by 2 * epsilon
    grad = backward_propagation(x, theta)
    top = np.linalg.norm(grad - slope)
    bottom = np.linalg.norm(grad) * np.linalg.norm(slope)  # FAULT: the norms in the denominator are to be added, not multiplied
    return top / bottom
