def forward_prop(W1, B1, W2, B2, X):
    # make the inputs the same size first, like in the exercise about normalizing
    X = X / np.linalg.norm(X, axis=0, keepdims=True)  # FAULT: the inputs are brought to length 1; they should go in as they are.
    Z1 = np.dot(W1, X) + B1
    A1 = sigmoid(Z1)
    Z2 = np.dot(W2, Z1) + B2  # FAULT: the second layer gets Z1; it should be A1.
    A2 = sigmoid(Z2)
    return A1, Z1, A2, Z2  # FAULT: each activation stands before its Z; the order should be Z1, A1, Z2, A2.
