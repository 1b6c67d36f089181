def initialize_parameters_random(layers_dims):
    parameters = {}
    l = len(layers_dims) - 1
    while l > 0:  # FAULT: the layers are drawn from the last to the first; the drawing should begin with W1.
        parameters["W" + str(l)] = np.random.normal(10, 1, (layers_dims[l], layers_dims[l - 1]))  # FAULT: 10 is the mean here; it should be the factor, with mean 0.
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
        l -= 1
    return parameters
