def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    """
    Implements a three-layer neural network: LINEAR->RELU->LINEAR->RELU->LINEAR->SIGMOID.
    """
    m = X.shape[1] # number of examples
    layers_dims = [X.shape[0], 5, 10, 1]  # FAULT: the hidden layers are the wrong way round; the sizes should be 10, then 5.

    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        parameters = initialize_parameters_random(layers_dims)
    elif initialization == "he":
        parameters = initialize_parameters_he(layers_dims)

    a3, cache = forward_propagation(X, parameters)  # FAULT: the forward pass is done once before the loop; it should be done in every step.

    for i in range(0, num_iterations):
        cost = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, learning_rate / m)  # FAULT: the gradients are means already; the learning rate should not be divided by m.
        if print_cost and i % 1000 == 0:
            print("Cost after iteration {}: {}".format(i, cost))

    return parameters
