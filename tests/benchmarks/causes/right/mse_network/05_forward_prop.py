def forward_prop(W1, B1, W2, B2, X):
    ones = np.ones((1, X.shape[1]))
    Z1 = np.hstack([W1, B1]) @ np.vstack([X, ones])
    A1 = sigmoid(Z1)
    Z2 = np.hstack([W2, B2]) @ np.vstack([A1, ones])
    return Z1, A1, Z2, sigmoid(Z2)
