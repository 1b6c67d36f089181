def sigmoid(z):
    result = np.zeros(len(z))  # FAULT: len fails for a number, and an array of several dimensions loses its shape
    for i in range(len(z)):
        result[i] = 1 / (1 + np.exp(z[i]))  # FAULT: the minus sign in the exponent is missing
    return result
