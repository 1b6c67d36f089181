def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1_new = W1 - alpha * dLdW1
    B1_new = B1 - alpha * dLdB1
    W2_new = W2 - alpha * dLdW2
    B2_new = B2 - alpha * dLdB2
    return W1, B1, W2, B2  # FAULT: the old parameters are returned instead of the new ones
