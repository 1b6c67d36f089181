def initialize_parameters_zeros(layers_dims):
    n0, n1, n2, n3 = layers_dims  # FAULT: hard-coded for three layers, lists of another length cannot be unpacked
    return {
        "W1": np.zeros((n1, n0)), "b1": np.zeros((n1, 1)),
        "W2": np.zeros((n2, n1)), "b2": np.zeros((n2, 1)),
        "W3": np.zeros((n3, n2)), "b3": np.zeros((n3, 1)),
    }
