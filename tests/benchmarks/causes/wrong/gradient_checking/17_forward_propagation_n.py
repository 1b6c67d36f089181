def forward_propagation_n(X, Y, parameters):
    m = Y.shape[1]
    W1, b1, W2, b2, W3, b3 = parameters.values()
    Z1 = W1.dot(X) + b1
    A1 = relu(Z1)
    Z2 = W2.dot(Z1) + b2  # FAULT: layer 2 takes Z1 instead of the activation A1
    A2 = sigmoid(Z2)  # FAULT: layer 2 is a hidden layer and has relu, not sigmoid
    Z3 = W3.dot(A2) + b3
    A3 = sigmoid(Z3)
    loss = -(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))
    cost = loss.sum()  # FAULT: the sum is not divided by m
    return cost, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
