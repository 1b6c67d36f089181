def sigmoid(z):
    # entry by entry
    out = []
    for i in range(len(z)):  # FAULT: len() raises for a single number, though the function must take numbers as well as arrays
        out.append(1 / (1 + np.exp(z[i])))  # FAULT: the minus sign in the exponent is missing, so this is 1 - sigmoid
    return np.array(out)
