def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta = dictionary_to_vector(parameters)[0].copy()
    slopes = np.empty_like(theta)
    for i, original in enumerate(theta[:, 0].tolist()):
        theta[i, 0] = original + epsilon
        slopes[i, 0], _ = forward_propagation_n(X, Y, vector_to_dictionary(theta))
        theta[i, 0] = original - epsilon
        slopes[i, 0] -= forward_propagation_n(X, Y, vector_to_dictionary(theta))[0]
        theta[i, 0] = original  # put it back
    slopes /= 2 * epsilon
    g = gradients_to_vector(gradients).ravel()
    s = slopes.ravel()
    return np.sqrt((g - s) @ (g - s)) / (np.sqrt(g @ g) + np.sqrt(s @ s))
