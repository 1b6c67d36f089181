def compute_cost_with_regularization(A3, Y, parameters, lambd):
    squares = [np.einsum("ij,ij->", parameters[k], parameters[k]) for k in ("W3", "W2", "W1")]
    factor = 0.5 * lambd / A3.shape[1]
    return factor * np.sum(squares) + compute_cost(A3, Y)
