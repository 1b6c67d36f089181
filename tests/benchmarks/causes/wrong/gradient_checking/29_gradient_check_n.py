def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    params, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    approx = np.zeros((params.shape[0], 1))
    for i in range(params.shape[0]):
        p = np.copy(params)
        p[i] += epsilon
        J_plus, _ = forward_propagation_n(X, Y, p)  # FAULT: passes the column itself, it has to be turned back with vector_to_dictionary
        q = np.copy(p)  # FAULT: copies the column that was already moved instead of the parameters
        q[i] -= epsilon
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(q))
        approx[i] = (J_plus - J_minus) / (2 * epsilon)
    return np.sum(grad - approx) / (np.sum(grad) + np.sum(approx))  # FAULT: sums with signs are no norms, np.linalg.norm is needed
