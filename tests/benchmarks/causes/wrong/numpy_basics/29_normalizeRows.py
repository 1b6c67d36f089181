def normalizeRows(x):
    x_norm = np.linalg.norm(x, axis=1, keepdims=True)
    x /= X_norm  # FAULT: the name is x_norm, with a small x; and the division in place changes the caller's array and fails for integers
    return x
