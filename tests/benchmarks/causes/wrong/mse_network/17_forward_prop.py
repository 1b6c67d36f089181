def forward_prop(W1, B1, W2, B2, X):
    Z1 = np.dot(X.T, W1) + B1  # FAULT: the product is in the wrong order with X transposed, the shapes do not fit and np.dot raises
    A1 = sigmoid(Z1)
    Z2 = np.dot(W2, A1) + B2
    A2 = sigmoid(Z2)
    return Z1, A1, Z2, A2
