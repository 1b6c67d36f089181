def normalizeRows(x):
    x_norm = np.linalg.norm(x, axis=0, keepdims=True)  # FAULT: axis=0 gives the lengths of the columns instead of the rows
    x = x / x_norm
    return x
