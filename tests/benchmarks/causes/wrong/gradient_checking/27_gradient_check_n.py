def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    gradapprox = np.zeros((47, 1))
    for i in range(47):
        thetaplus = np.copy(theta)
        thetaplus = thetaplus + epsilon  # FAULT: moves all entries at once instead of entry i only
        Jplus, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaplus))
        thetaminus = np.copy(theta)
        thetaminus = thetaminus - epsilon  # FAULT: moves all entries at once instead of entry i only
        Jminus, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))
        gradapprox[i] = (Jplus - Jminus) / (2 * epsilon)
    difference = np.abs(grad - gradapprox) / (np.abs(grad) + np.abs(gradapprox))  # FAULT: np.abs works entry by entry and gives a column, the norm of the whole column is needed
    return difference
