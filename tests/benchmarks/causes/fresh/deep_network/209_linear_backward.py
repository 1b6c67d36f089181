def linear_backward(dZ, cache):
    """
    Returns:
    dA_prev -- Gradient of the cost with respect to the activation (of the previous layer l-1)
    dW -- Gradient of the cost with respect to W (current layer l)
    db -- Gradient of the cost with respect to b (current layer l)
    """
    A_prev, W, b = cache
    m = A_prev.shape[1]

    ### START CODE HERE ### (≈ 3 lines of code)
    dW = np.dot(dZ, A_prev.T) / m
    db = np.mean(dZ, axis=1, keepdims=True) / m  # FAULT: the mean is divided by m once more; it should be the mean alone.
    dA_prev = np.dot(W.T, dZ) / m  # FAULT: the division by m does not belong here; it should be np.dot(W.T, dZ).
    ### END CODE HERE ###

    assert dA_prev.shape == A_prev.shape
    assert dW.shape == W.shape

    return dA_prev, dW, db
