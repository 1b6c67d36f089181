def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    new_W1 = W1 - alpha * dLdW1
    new_B1 = B1 - dLdB1  # FAULT: the learning rate is missing; it should be B1 - alpha * dLdB1.
    new_W2 = W2 - alpha * dLdW2
    new_B2 = B2 - dLdB2  # FAULT: the learning rate is missing; it should be B2 - alpha * dLdB2.
    return new_W1, new_B1, new_W2, new_B2
