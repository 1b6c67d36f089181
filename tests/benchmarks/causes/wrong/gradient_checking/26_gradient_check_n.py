def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta = dictionary_to_vector(parameters)[0]
    grad = gradients_to_vector(gradients)
    k = theta.shape[0]
    gradapprox = np.zeros((k, 1))

    for i in range(k):
        thetaplus = np.copy(theta)
        thetaplus[i] += epsilon
        J_plus, _ = forward_propagation_n(X, Y, parameters)  # FAULT: the cost is computed with the unmoved parameters instead of with thetaplus
        thetaminus = np.copy(theta)
        thetaminus[i] -= epsilon
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))
        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)

    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad - gradapprox) + np.linalg.norm(gradapprox)  # FAULT: the first norm in the denominator should be that of grad, not of the difference
    return numerator / denominator
