def layer_sizes(X, Y):
    (n_x, m), (n_y, m_again) = np.shape(X), np.shape(Y)
    return n_x, 2 ** 2, n_y
