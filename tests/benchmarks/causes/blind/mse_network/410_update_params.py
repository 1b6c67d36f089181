def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1 = W1 - alpha * dLdW1
    B1 = B1 - dLdB1  # FAULT: the learning rate is missing, should be alpha * dLdB1
    W2 = W2 - alpha * dLdW2
    B2 = B2 - alpha * dLdB2
    return W1, B1, W2, B2
