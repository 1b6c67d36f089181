def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    # Set-up variables
    parameters_values = dictionary_to_vector(parameters)  # FAULT: the function returns a pair; the column should be unpacked from it.
    grad = gradients_to_vector(gradients)
    num_parameters = grad.shape[0]
    J_plus = np.zeros((num_parameters, 1))
    J_minus = np.zeros((num_parameters, 1))
    gradapprox = np.zeros((num_parameters, 1))

    # Compute gradapprox
    for i in range(num_parameters):
        ### START CODE HERE ###
        thetaplus = np.copy(parameters_values)
        thetaplus[i][0] = thetaplus[i][0] + epsilon
        J_plus[i] = forward_propagation_n(X, Y, vector_to_dictionary(thetaplus))  # FAULT: this gives the cost and the cache; only the cost should be taken.

        thetaminus = np.copy(parameters_values)
        thetaminus[i][0] = thetaminus[i][0] - epsilon
        J_minus[i] = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))  # FAULT: this gives the cost and the cache; only the cost should be taken.

        gradapprox[i] = (J_plus[i] - J_minus[i]) / (2.0 * epsilon)
        ### END CODE HERE ###

    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    difference = numerator / denominator

    return difference
