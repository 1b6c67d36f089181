def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    values, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    n = values.shape[0]
    approx = np.zeros((n, 1))
    for i in range(n):
        plus = values  # FAULT: this is the same array, not a copy, so the move is never undone on its own; it should be values.copy().
        plus[i] += epsilon
        J_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(plus))
        minus = values  # FAULT: this is the same array, not a copy, so the cost is taken at theta instead of theta - epsilon; it should be values.copy().
        minus[i] -= epsilon
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(minus))
        approx[i] = (J_plus - J_minus) / (2 * epsilon)
    norm = np.linalg.norm
    return norm(grad - approx) / max(norm(grad), norm(approx))  # FAULT: it divides by the larger of the norms; it should be their sum.
