def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    W1 = W1 - learning_rate * dLdW1  # FAULT: the name learning_rate does not exist (NameError), the argument is called alpha
    B1 = B1 - learning_rate * dLdB1  # FAULT: the name learning_rate does not exist (NameError), the argument is called alpha
    W2 = W2 - learning_rate * dLdW2  # FAULT: the name learning_rate does not exist (NameError), the argument is called alpha
    B2 = B2 - learning_rate * dLdB2  # FAULT: the name learning_rate does not exist (NameError), the argument is called alpha
    return {"W1": W1, "B1": B1, "W2": W2, "B2": B2}  # FAULT: a dictionary is returned instead of the four parameters
