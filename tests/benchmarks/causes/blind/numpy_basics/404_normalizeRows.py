def normalizeRows(x):
    # Compute x_norm as the norm 2 of x
    x_norm = np.linalg.norm(x, axis=1)  # FAULT: keepdims=True is missing, the lengths are no column
    # Divide x by its norm
    x = x / x_norm
    return x
