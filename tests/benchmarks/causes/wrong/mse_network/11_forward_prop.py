def forward_prop(W1, B1, W2, B2, X):
    Z1 = W1 @ X  # FAULT: the bias B1 is not added
    A1 = sigmoid(Z1)
    Z2 = W2 @ A1 + B2
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
