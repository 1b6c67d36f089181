def linear_activation_forward(A_prev, W, b, activation):
    """Implement the forward propagation for the LINEAR->ACTIVATION layer"""

    Z, linear_cache = linear_forward(A_prev, W, b)

    if activation == "sigmoid":
        ### START CODE HERE ###
        A = sigmoid(Z)  # FAULT: sigmoid returns the activation and a cache, so A is a tuple; it should be A, activation_cache = sigmoid(Z).
        ### END CODE HERE ###

    elif activation == "relu":
        ### START CODE HERE ###
        A = relu(Z)  # FAULT: relu returns the activation and a cache, so A is a tuple; it should be A, activation_cache = relu(Z).
        ### END CODE HERE ###

    cache = (linear_cache, Z)

    return A, cache
