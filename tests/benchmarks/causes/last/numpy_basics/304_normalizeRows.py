def normalizeRows(x):
    # Compute x_norm as the norm 2 of x
    x_norm = np.linalg.norm(x, axis=0, keepdims=True)  # FAULT: these are the lengths of the columns; it should be axis=1.
    # Divide x by its norm.
    x = x / x_norm
    return x
