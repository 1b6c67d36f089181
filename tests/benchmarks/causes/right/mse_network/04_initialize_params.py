def initialize_params(n_x, n_h, n_y):
    def matrix(rows, cols):
        return np.array([[0.01 * np.random.randn() for _ in range(cols)] for _ in range(rows)])

    layers = []
    for fan_in, fan_out in ((n_x, n_h), (n_h, n_y)):
        layers += [matrix(fan_out, fan_in), np.full((fan_out, 1), 0.0)]
    W1, B1, W2, B2 = layers
    return W1, B1, W2, B2
