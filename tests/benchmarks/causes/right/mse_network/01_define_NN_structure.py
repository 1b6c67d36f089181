def define_NN_structure(X, Y):
    (n_in, _), (n_out, _) = np.shape(X), np.shape(Y)
    return n_in, 2 * 2, n_out
