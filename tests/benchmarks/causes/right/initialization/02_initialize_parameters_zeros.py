def initialize_parameters_zeros(layers_dims):
    def build(dims, l):
        if len(dims) < 2:
            return {}
        previous, here, *rest = dims
        rest_of_it = build([here] + rest, l + 1)
        rest_of_it["W" + str(l)] = np.outer(np.zeros(here), np.ones(previous))
        rest_of_it["b" + str(l)] = np.array([[0.0]] * here)
        return rest_of_it

    return build(list(layers_dims), 1)
