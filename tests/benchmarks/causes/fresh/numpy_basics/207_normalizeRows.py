def normalizeRows(x):
    """Divide every row by its length."""
    ### START CODE HERE ### (≈ 2 lines of code)
    x_norm = np.linalg.norm(x, 1, keepdims=True)  # FAULT: the 1 is taken as the kind of norm, not as the axis; it should be axis=1.
    x = x / x_norm
    ### END CODE HERE ###
    return x
