def initialize_parameters_zeros(layers_dims):
    parameters = {}
    l = len(layers_dims) - 1
    while l > 0:
        both = np.full((layers_dims[l], layers_dims[l - 1] + 1), 0.0)
        parameters[f"W{l}"], parameters[f"b{l}"] = both[:, :-1], both[:, -1:]
        l -= 1
    return parameters
