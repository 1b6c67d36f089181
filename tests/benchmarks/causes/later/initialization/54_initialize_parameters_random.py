def initialize_parameters_random(layers_dims):
    """Return {"W1", "b1", …, "WL", "bL"}, with weights that are too large."""
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        ### START CODE HERE ###
        parameters["W" + str(l)] = np.random.rand(layers_dims[l], layers_dims[l - 1]) * 10  # FAULT: rand draws uniform numbers; it should be np.random.randn.
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
        ### END CODE HERE ###
    return parameters
