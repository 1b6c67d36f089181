def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    alpha = 1.2  # FAULT: the learning rate is hard-coded to 1.2 instead of taken from the argument
    W1 = W1 - alpha * dLdW1
    B1 = B1 + alpha * dLdB1  # FAULT: plus instead of minus, B1 moves up its gradient
    W2 = W2 - alpha * dLdW2
    B2 = B2 - alpha * dLdB1  # FAULT: copy and paste, B2 has to use dLdB2 instead of dLdB1
    return W1, B1, W2, B2
