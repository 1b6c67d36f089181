def initialize_parameters_he(layers_dims):
    """He initialization"""
    parameters = {}
    L = len(layers_dims) - 1
    l = 1
    while l < L:  # FAULT: the last layer is left out; it should be l <= L.
        n_now = layers_dims[l]
        n_before = layers_dims[l - 1]
        he = np.sqrt(2.0 / (n_now + n_before))  # FAULT: both sizes are added as in Xavier's rule; it should be 2 / n_before.
        parameters["W" + str(l)] = np.random.randn(n_now, n_before) * he
        parameters["b" + str(l)] = np.zeros((n_now, 1))
        l = l + 1
    return parameters
