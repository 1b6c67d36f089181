def forward_prop(W1, B1, W2, B2, X):
    Z1 = W1 * X + B1  # FAULT: * multiplies entry by entry and raises for these shapes, the matrix product is needed
    A1 = sigmoid(Z1)
    Z2 = W2 * A1 + B2  # FAULT: * multiplies entry by entry, the matrix product is needed
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
