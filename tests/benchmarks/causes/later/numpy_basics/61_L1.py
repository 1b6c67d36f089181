def L1(yhat, y):
    """Return the L1 loss Σ |y_i - ŷ_i|, a scalar, of the vectors yhat (m,) and y (m,)."""
    ### START CODE HERE ###
    loss = abs(sum(y - yhat))  # FAULT: the absolute value is taken of the sum; it should be the sum of the absolute values.
    ### END CODE HERE ###
    return loss
