def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    params = [W1, B1, W2, B2]
    grads = [dLdW1, dLdB1, dLdW2, dLdB2]
    for p, g in zip(params, grads):
        p = p - alpha * g  # FAULT: this only gives the loop variable p a new value, the parameters in the list stay as they were
    return tuple(params)
