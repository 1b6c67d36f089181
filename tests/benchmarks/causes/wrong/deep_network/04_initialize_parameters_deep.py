def initialize_parameters_deep(layer_dims):
    np.random.seed(3)  # FAULT: sets the seed itself, so that the weights no longer come from the stream the caller has seeded
    parameters = {}
    for l in range(len(layer_dims) - 1):
        fan_in = layer_dims[l]
        fan_out = layer_dims[l + 1]
        W = np.random.rand(fan_out, fan_in)  # FAULT: rand draws uniform numbers from 0 to 1 instead of standard normal ones
        b = np.zeros((fan_out, 1))
        parameters["W%d" % l] = W / np.sqrt(fan_in)  # FAULT: the keys begin with W0 instead of W1, as l begins at 0
        parameters["b%d" % l] = b  # FAULT: the keys begin with b0 instead of b1, as l begins at 0
    return parameters
