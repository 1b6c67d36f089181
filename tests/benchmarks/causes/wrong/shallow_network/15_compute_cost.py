def compute_cost(A2, Y):
    m = A2.shape[1]
    first = Y * np.log(A2)
    second = 1 - Y * np.log(1 - A2)  # FAULT: the brackets around 1 - Y are missing, so that only Y is multiplied with the logarithm
    cost = -np.sum(first + second, axis=1, keepdims=True) / m  # FAULT: axis and keepdims leave an array (1, 1) instead of a scalar
    return cost
