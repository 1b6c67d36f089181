def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        parameters["W" + l] = (  # FAULT: a string and an integer cannot be added, str(l) is needed
            np.random.randn(layers_dims[l], layers_dims[l - 1])
            * np.sqrt(2 // layers_dims[l - 1])  # FAULT: the integer division gives 0 for sizes above 2
        )
        parameters["b" + l] = np.zeros((layers_dims[l], 1))  # FAULT: a string and an integer cannot be added, str(l) is needed
    return parameters
