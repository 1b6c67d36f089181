def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        fan_in = layers_dims[l - 1]
        parameters[f"W{l}"] = np.random.normal(0, 2 / fan_in, size=(layers_dims[l], fan_in))  # FAULT: normal wants the standard deviation sqrt(2/n), here the variance is given
        parameters[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return parameters
