def linear_forward(A, W, b):
    # one bias per unit
    bias = b.reshape(1, -1)  # FAULT: makes the biases a row, so that they are added along the examples instead of along the units
    Z = np.dot(W, A)
    Z = Z + bias
    cache = (A, W, b)
    return Z  # FAULT: returns Z alone, without the cache
