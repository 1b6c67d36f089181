def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    """
    Checks if backward_propagation_n computes correctly the gradient of the cost output by forward_propagation_n
    """
    values, keys = dictionary_to_vector(parameters)
    g = gradients_to_vector(gradients)
    n = len(values)
    g2 = np.zeros(n)  # FAULT: this is flat, so that g - g2 becomes a matrix; it should be a column, np.zeros((n, 1)).

    for i in range(n):
        tplus = np.copy(values) + epsilon  # FAULT: all entries are moved; only entry i should be.
        tminus = np.copy(values) - epsilon  # FAULT: all entries are moved; only entry i should be.
        c1, _ = forward_propagation_n(X, Y, vector_to_dictionary(tplus))
        c2, _ = forward_propagation_n(X, Y, vector_to_dictionary(tminus))
        g2[i] = (c1 - c2) / (2 * epsilon)

    numerator = np.linalg.norm(g - g2)
    denominator = np.linalg.norm(g) * np.linalg.norm(g2)  # FAULT: the norms are multiplied; they should be added.
    return numerator / denominator
