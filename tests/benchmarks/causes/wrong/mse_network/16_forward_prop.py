def forward_prop(W1, B1, W2, B2, X):
    Z1 = np.dot(W1, X) + B1
    A1 = sigmoid(Z1)
    Z2 = np.dot(W2, A1) + B2
    A2 = sigmoid(A1)  # FAULT: the sigmoid is taken of A1 instead of Z2
    return A2  # FAULT: only A2 is returned, Z1, A1 and Z2 are missing
