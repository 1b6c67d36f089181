def initialize_with_zeros(dim):
    column = np.empty(dim)
    column.fill(0)
    weights = column[:, np.newaxis]
    bias = np.float64(0)
    return (weights, bias)
