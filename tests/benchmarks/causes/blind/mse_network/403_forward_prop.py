def forward_prop(W1, B1, W2, B2, X):
    Z1 = np.dot(W1, X) + B1
    A1 = np.tanh(Z1)  # FAULT: wrong activation, the hidden layer has the sigmoid too
    Z2 = np.dot(W2, A1) + B2
    A2 = sigmoid(Z2)
    return Z1, Z2, A1, A2  # FAULT: wrong order, should be Z1, A1, Z2, A2
