def update_parameters(parameters, grads, learning_rate):
    moved = dict(parameters)
    for key in sorted(moved, reverse=True):
        moved[key] = np.add(moved[key], np.multiply(-learning_rate, grads[f"d{key}"]))
    return moved
