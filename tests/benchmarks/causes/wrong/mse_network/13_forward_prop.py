def forward_prop(W1, B1, W2, B2, X):
    Z1 = np.dot(W1, X) + B1
    A1 = sigmoid(Z1)
    Z2 = np.dot(W2, Z1) + B2  # FAULT: the second layer is fed with Z1 instead of the activation A1
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
