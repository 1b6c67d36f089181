def sigmoid(z):
    # log σ(z) = -log(e^0 + e^-z)
    return np.exp(-np.logaddexp(0, -z))
