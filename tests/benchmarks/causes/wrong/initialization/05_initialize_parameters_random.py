def initialize_parameters_random(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        parameters["W" + str(l)] = np.random.rand(layers_dims[l], layers_dims[l - 1]) * 10  # FAULT: rand draws uniformly between 0 and 1, standard normal numbers come from randn
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters
