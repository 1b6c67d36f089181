def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = A2.shape[1]
    # derivative of the sigmoid: s * (1 - s)
    dA2 = sigmoid(A2) * (1 - sigmoid(A2))  # FAULT: A2 already is the sigmoid of Z2, here the sigmoid is taken twice
    dA1 = sigmoid(A1) * (1 - sigmoid(A1))  # FAULT: A1 already is the sigmoid of Z1, here the sigmoid is taken twice
    delta2 = 2 * (A2 - Y) / m * dA2
    delta1 = W2.T @ delta2 * dA1
    dLdW2 = delta2 @ A1.T
    dLdB2 = delta2.sum(axis=1, keepdims=True)
    dLdW1 = delta1 @ X.T
    dLdB1 = delta1.sum(axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
