def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1 = (1 - alpha) * dLdW1  # FAULT: the formula is misread, W1 - alpha * dLdW1 is needed and W1 does not occur at all
    B1 = B1 - alpha * dLdB1
    W2 = W2 - alpha * dLdW2
    B2 = B2 - alpha * dLdB2
    return W1, B1, W2, B2
