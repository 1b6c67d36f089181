def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    def slope(i):
        costs = {}
        for sign in (-1, +1):
            column, _ = dictionary_to_vector(parameters)
            column[i] += sign * epsilon
            costs[sign], _ = forward_propagation_n(X, Y, vector_to_dictionary(column))
        return (costs[1] - costs[-1]) / 2 / epsilon

    grad = gradients_to_vector(gradients)
    approx = np.vectorize(slope)(np.arange(grad.shape[0])).reshape(grad.shape)
    return float(np.linalg.norm(approx - grad) / sum(map(np.linalg.norm, (approx, grad))))
