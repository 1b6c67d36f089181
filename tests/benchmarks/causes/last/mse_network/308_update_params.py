def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1 = W1 - alpha * dLdW1
    B1 = B1 - alpha * dLdB1
    W2 = W2 - alpha * dLdW2
    B2 = B2 - dLdB2  # FAULT: the gradient should be multiplied by alpha.
    return W2, B2, W1, B1  # FAULT: the order should be W1, B1, W2, B2.
