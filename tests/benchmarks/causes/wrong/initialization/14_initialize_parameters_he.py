def initialize_parameters_he(layers_dims):
    weights = []
    biases = []
    for n_in, n_out in zip(layers_dims[:-1], layers_dims[1:]):
        factor = (1 / n_in) ** 0.5  # FAULT: this is Xavier's factor, He's has a 2 above the line
        weights.append(np.random.randn(n_in, n_out) * factor)  # FAULT: rows and columns are exchanged, the matrix is (n_l, n_{l-1})
        biases.append(np.zeros((n_out, 1)))
    return weights, biases  # FAULT: returns two lists where a dictionary with the keys W1, b1, … is asked for
