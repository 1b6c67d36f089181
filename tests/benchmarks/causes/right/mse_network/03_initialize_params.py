def initialize_params(n_x, n_h, n_y):
    # one long draw, cut in two
    cut = n_h * n_x
    numbers = np.random.randn(cut + n_y * n_h) / 100
    W1, W2 = numbers[:cut].reshape(n_h, -1), numbers[cut:].reshape(n_y, -1)
    return W1, 0 * W1[:, :1], W2, 0 * W2[:, :1]
