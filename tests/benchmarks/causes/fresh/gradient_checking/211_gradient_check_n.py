def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    theta = dictionary_to_vector(parameters)  # FAULT: the function returns the column and the names, so theta is a tuple; it needs theta, names = ... on the left.
    grad = gradients_to_vector(gradients)
    n = theta.shape[0]
    gradapprox = np.zeros((n, 1))

    for i in range(n):
        plus = np.copy(theta)
        plus[i] += epsilon
        cost_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(plus))
        minus = np.copy(theta)
        minus[i] -= epsilon
        cost_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(minus))
        gradapprox[i] = (cost_plus - cost_minus) / (2 * epsilon)

        numerator = np.linalg.norm(grad - gradapprox)
        denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
        return numerator / denominator  # FAULT: the return stands inside the loop and ends it after one parameter; it should stand after the loop.
