def update_parameters(parameters, grads, learning_rate=1.2):
    step = lambda name: np.add(parameters[name], np.negative(learning_rate) * grads[f"d{name}"])
    return dict(zip(parameters, map(step, parameters)))
