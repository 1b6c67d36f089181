def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    # without the column: entry by entry in copies of the matrices
    def cost_with(name, index, delta):
        moved = {key: np.array(value, dtype=float) for key, value in parameters.items()}
        moved[name][index] += delta
        return forward_propagation_n(X, Y, moved)[0]

    apart = exact = measured = 0.0
    for name, matrix in parameters.items():
        for index in np.ndindex(*matrix.shape):
            g = gradients["d" + name][index]
            a = (cost_with(name, index, epsilon) - cost_with(name, index, -epsilon)) / (2 * epsilon)
            apart += (g - a) ** 2
            exact += g ** 2
            measured += a ** 2
    return np.sqrt(apart) / (np.sqrt(exact) + np.sqrt(measured))
