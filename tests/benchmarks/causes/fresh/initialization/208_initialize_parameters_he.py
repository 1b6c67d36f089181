def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        variance = 2 // layers_dims[l - 1]  # FAULT: // rounds the quotient down, mostly to 0; it should be 2 / layers_dims[l - 1].
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * np.sqrt(variance)
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters
