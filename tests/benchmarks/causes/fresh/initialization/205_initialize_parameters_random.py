def initialize_parameters_random(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        shape = (layers_dims[l], layers_dims[l - 1])
        parameters["W" + str(l)] = 10 * np.random.randn(shape)  # FAULT: randn takes the sizes one by one and raises an error for a tuple; it should be randn(*shape).
        parameters["b" + str(l)] = np.zeros((shape[0], 1))
    return parameters
