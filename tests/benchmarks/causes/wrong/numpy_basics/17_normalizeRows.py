def normalizeRows(x):
    mu = np.mean(x, axis=1, keepdims=True)
    centred = x - mu  # FAULT: subtracts the mean, which is not asked for
    sigma = np.std(x, axis=1, keepdims=True)  # FAULT: computes the standard deviation instead of the length of the row
    return centred * sigma  # FAULT: multiplies where a division is needed
