def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    params = [W1, B1, W2, B2]
    grads = [dLdW2, dLdB2, dLdW1, dLdB1]  # FAULT: the gradients are in another order than the parameters; it should be dLdW1, dLdB1, dLdW2, dLdB2.
    for p, g in zip(params, grads):
        p -= alpha * g  # FAULT: this changes the caller's arrays, or for numbers nothing in the list; the results should be new values put into a list.
    return params[0], params[1], params[2], params[3]
