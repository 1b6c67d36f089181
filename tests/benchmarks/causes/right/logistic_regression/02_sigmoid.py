def sigmoid(z):
    z = np.asarray(z, dtype=float)
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + tail), tail / (1 + tail))
