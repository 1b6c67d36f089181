def forward_propagation(X, parameters):
    layer = lambda n, inp: parameters["W" + n] @ inp + parameters["b" + n]
    z1 = layer("1", X)
    a1 = np.tanh(z1)
    z2 = layer("2", X)  # FAULT: the second layer is fed with X; its input should be a1.
    a2 = sigmoid(z2)
    return a2, dict(Z1=z1, A1=a1, Z2=z2, A2=a2)
