def initialize_parameters_random(layers_dims):
    params = dict()
    for l in range(1, len(layers_dims)):
        rows = layers_dims[l]
        columns = layers_dims[l - 1]
        params["b" + str(l)] = np.random.randn(rows, 1)  # FAULT: the biases are random, and take numbers from the weights; they should be zeros.
        params["W" + str(l)] = np.random.randn(rows, columns) * 0.01  # FAULT: the factor is 0.01; it should be 10.
    return params
