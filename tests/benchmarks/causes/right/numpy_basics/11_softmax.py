def softmax(x):
    log_total = np.logaddexp.reduce(x, axis=1)
    return np.exp(x - log_total[:, np.newaxis])
