def forward_prop(W1, B1, W2, B2, X):
    # hidden layer
    Z1 = np.matmul(W1, X) + B1
    A1 = np.tanh(Z1)  # FAULT: the hidden layer uses tanh; it should be sigmoid(Z1).
    # output layer
    Z2 = np.matmul(W2, A1) + B2
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
