def normalizeRows(x):
    """Divide every row of x (n, k) by its length ‖row‖ = sqrt(Σ x_j²); no row may be zero."""
    ### START CODE HERE ###
    # Compute x_norm as the norm 2 of x.
    x_norm = np.linalg.norm(x, axis=1)  # FAULT: keepdims=True is missing, so the lengths are no column of shape (n, 1).
    # Divide x by its norm.
    x = x / x_norm
    ### END CODE HERE ###
    return x
