def gradient_check(x, theta, epsilon=1e-07):
    thetaplus = theta + epsilon
    thetaminus = theta - epsilon
    gradapprox = (forward_propagation(x, thetaplus)
                  - forward_propagation(x, thetaminus)) / (2 * epsilon)
    grad = backward_propagation(theta, x)  # FAULT: the arguments are swapped, it is backward_propagation(x, theta)
    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return numerator / denominator
