def sigmoid(z):
    e = np.exp(-z)
    return e / (1 + e)  # FAULT: the numerator should be 1; e^(-z) / (1 + e^(-z)) is σ(-z).
