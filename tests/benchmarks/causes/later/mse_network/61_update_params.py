def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    ### START CODE HERE ###
    W1 = W1 - learning_rate * dLdW1  # FAULT: there is no learning_rate; the parameter is called alpha.
    B1 = B1 - learning_rate * dLdB1  # FAULT: there is no learning_rate; the parameter is called alpha.
    W2 = W2 - learning_rate * dLdW2  # FAULT: there is no learning_rate; the parameter is called alpha.
    B2 = B2 - learning_rate * dLdB2  # FAULT: there is no learning_rate; the parameter is called alpha.
    ### END CODE HERE ###
    return W1, B1, W2, B2
