def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    n = theta.shape[0]
    gradapprox = np.zeros((n, 1))
    for i in range(n):
        plus = np.copy(theta)
        plus[i, 0] = plus[i, 0] + epsilon
        J_plus = forward_propagation_n(X, Y, vector_to_dictionary(plus))  # FAULT: forward_propagation_n returns cost and cache, the cost has to be picked out
        minus = np.copy(theta)
        minus[i, 0] = minus[i, 0] - epsilon
        J_minus = forward_propagation_n(X, Y, vector_to_dictionary(minus))  # FAULT: forward_propagation_n returns cost and cache, the cost has to be picked out
        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)
    return np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
