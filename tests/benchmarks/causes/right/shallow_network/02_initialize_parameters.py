def initialize_parameters(n_x, n_h, n_y):
    # one long draw: the same stream as two separate ones
    stream = np.random.randn(n_h * n_x + n_y * n_h) / 100
    W1, W2 = np.split(stream, [n_h * n_x])
    return dict(
        b2=np.zeros(n_y)[:, np.newaxis],
        W2=W2.reshape(n_y, n_h),
        b1=np.full((n_h, 1), 0.0),
        W1=W1.reshape(n_h, -1),
    )
