def linear_activation_forward(A_prev, W, b, activation):
    z, lin = linear_forward(A_prev, W, b)
    if activation == "Sigmoid":  # FAULT: the name is compared with "Sigmoid", but it is passed as "sigmoid"
        a, act = sigmoid(z)
    if activation == "relu":
        a, act = relu(z)
    return a, (act, lin)  # FAULT: the two parts of the cache are in the wrong order, the linear cache comes first
