def sigmoid(z):
    return 0.5 * (1 + np.tanh(np.multiply(z, 0.5)))
