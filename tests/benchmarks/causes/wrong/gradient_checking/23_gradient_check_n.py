def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    parameters_values, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    num_parameters = len(parameters_values)
    gradapprox = np.zeros(num_parameters)  # FAULT: a flat array, so grad - gradapprox broadcasts to a (47, 47) table

    for i in range(num_parameters):
        theta_plus = np.copy(parameters_values)
        theta_plus[i][0] += epsilon
        cost_plus = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus))[0]

        theta_minus = np.copy(parameters_values)
        theta_minus[i][0] -= epsilon
        cost_minus = forward_propagation_n(X, Y, vector_to_dictionary(theta_minus))[0]

        gradapprox[i] = (cost_plus - cost_minus) / (2. * epsilon)

    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return numerator / denominator
