def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, names = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    gradapprox = np.zeros((len(names), 1))
    for i in names:  # FAULT: names are strings like "W1", the loop needs the indices of the entries
        thetaplus = np.copy(theta)
        thetaplus[i] += epsilon
        thetaminus = np.copy(theta)
        thetaminus[i] -= epsilon
        J1, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaplus))
        J2, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))
        gradapprox[i] = (J1 - J2) / (2 * epsilon)
    return np.linalg.norm(grad - gradapprox)  # FAULT: the division by the sum of the norms is missing
