def gradient_check(x, theta, epsilon=1e-07):
    tp = theta + epsilon
    tm = theta - epsilon
    gradapprox = (forward_propagation(x, tp) + forward_propagation(x, tm)) / (2 * epsilon)  # FAULT: the costs have to be subtracted, not added
    grad = forward_propagation(x, theta)  # FAULT: this is the cost, the gradient comes from backward_propagation
    difference = np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
    return difference < 1e-7  # FAULT: returns whether the check is passed instead of the difference
