def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    cost_at = lambda t: forward_propagation_n(X, Y, vector_to_dictionary(t))[0]
    # the columns of the unit matrix as steps
    approx = np.array([
        [(cost_at(theta + step[:, None]) - cost_at(theta - step[:, None])) / (2 * epsilon)]
        for step in epsilon * np.eye(theta.size)
    ])
    g = gradients_to_vector(gradients)
    norm = np.linalg.norm
    return norm(g - approx) / (norm(g) + norm(approx))
