def forward_prop(W1, B1, W2, B2, X):
    hidden_in = W1.dot(X) + B1
    hidden_out = sigmoid(hidden_in)
    out_in = W2.dot(hidden_out) + B2
    out = out_in  # FAULT: the sigmoid of the output layer is missing
    return hidden_in, out_in, hidden_out, out  # FAULT: the order is wrong, A1 must come before Z2
