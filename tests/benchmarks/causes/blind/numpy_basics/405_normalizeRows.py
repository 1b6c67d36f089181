def normalizeRows(x):
    x_norm = np.linalg.norm(x, ord=2, axis=0, keepdims=True)  # FAULT: lengths of the columns, should be of the rows, axis=1
    return x / x_norm
