def forward_prop(W1, B1, W2, B2, X):
    Z1 = W1 * X + B1  # FAULT: this multiplies entry by entry; it should be the matrix product np.dot(W1, X).
    A1 = sigmoid(Z1)
    Z2 = W2 * A1 + B2  # FAULT: this multiplies entry by entry; it should be the matrix product np.dot(W2, A1).
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
