def normalizeRows(x):
    squares = x ** 2
    total = np.sum(squares)  # FAULT: the sum should be one for each row, with axis=1 and keepdims=True.
    x_norm = total ** 1 / 2  # FAULT: this halves the sum; for the root the exponent 1 / 2 should be in parentheses.
    normalized = x / x_norm
    print(normalized)
    return x_norm  # FAULT: the normalized matrix should be returned, not the norm.
