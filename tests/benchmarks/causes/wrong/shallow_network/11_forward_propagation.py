def forward_propagation(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]

    # layer 1
    hidden_in = np.dot(W1, X) + b1
    hidden_out = np.tanh(hidden_in)
    # layer 2
    out_in = np.dot(W2, hidden_out) + b2
    out = np.tanh(out_in)  # FAULT: the output layer uses tanh instead of the sigmoid

    return out, {"Z1": hidden_out, "A1": hidden_in, "Z2": out_in, "A2": out}  # FAULT: Z1 and A1 are exchanged in the cache
