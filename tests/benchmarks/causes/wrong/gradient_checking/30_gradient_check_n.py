def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    gradapprox = np.zeros((len(theta), 1), dtype=int)  # FAULT: an array of integers cuts off the decimals of every slope

    for i in range(len(theta)):
        theta_plus, theta_minus = np.copy(theta), np.copy(theta)
        theta_plus[i] += epsilon
        theta_minus[i] -= epsilon
        J_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus))
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_minus))
        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)

    num = np.linalg.norm(grad - gradapprox)
    den = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return num / den
