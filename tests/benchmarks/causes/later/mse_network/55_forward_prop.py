def forward_prop(W1, B1, W2, B2, X):
    ### START CODE HERE ###
    Z1 = np.dot(W1, X) + B1
    A1 = np.tanh(Z1)  # FAULT: the hidden layer has the wrong activation; it should be sigmoid(Z1).
    Z2 = np.dot(W2, A1) + B2
    A2 = sigmoid(Z2)
    ### END CODE HERE ###
    return A1, Z1, A2, Z2  # FAULT: the order is wrong; it should be Z1, A1, Z2, A2.
