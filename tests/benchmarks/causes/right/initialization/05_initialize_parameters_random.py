def initialize_parameters_random(layers_dims):
    # all numbers in one draw, cut into the layers afterwards
    sizes = [a * b for a, b in zip(layers_dims[:-1], layers_dims[1:])]
    numbers = 10 * np.random.standard_normal(sum(sizes))
    ends = np.cumsum(sizes)
    result = {}
    for i, (end, size) in enumerate(zip(ends, sizes)):
        result[f"W{i + 1}"] = numbers[end - size:end].reshape(layers_dims[i + 1], layers_dims[i])
        result[f"b{i + 1}"] = np.zeros((layers_dims[i + 1], 1))
    return result
