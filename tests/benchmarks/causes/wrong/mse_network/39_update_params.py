def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1 = W1 - alpha * dLdW2  # FAULT: W1 is moved against the gradient of W2 instead of its own
    B1 = B1 - alpha * dLdB2  # FAULT: B1 is moved against the gradient of B2 instead of its own
    W2 = W2 - alpha * dLdW1  # FAULT: W2 is moved against the gradient of W1 instead of its own
    B2 = B2 - alpha * dLdB1  # FAULT: B2 is moved against the gradient of B1 instead of its own
    return W1, B1, W2, B2
