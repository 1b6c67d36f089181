def initialize_parameters_he(layers_dims):
    # the large random start, scaled down: 10 · sqrt(2 / n) / 10
    parameters = initialize_parameters_random(layers_dims)
    for l, fan_in in enumerate(layers_dims[:-1], start=1):
        parameters[f"W{l}"] = parameters[f"W{l}"] * np.sqrt(0.02 / fan_in)
    return parameters
