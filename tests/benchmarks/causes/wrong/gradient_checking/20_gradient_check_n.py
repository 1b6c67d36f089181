def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    parameters_values, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    num_parameters = parameters_values.shape[0]
    gradapprox = np.zeros((num_parameters, 1))

    for i in range(num_parameters):
        thetaplus = parameters_values  # FAULT: this is no copy but a second name, so the same column is changed
        thetaplus[i] += epsilon
        J_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaplus))

        thetaminus = parameters_values  # FAULT: this is no copy, the entry already moved by +epsilon is moved back to where it was
        thetaminus[i] -= epsilon
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))

        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)

    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return numerator / denominator
