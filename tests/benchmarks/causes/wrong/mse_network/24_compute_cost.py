def compute_cost(A2, Y):
    m = Y.shape[1]
    cost = 0
    for i in range(m):
        cost = np.sum((A2[:, i] - Y[:, i]) ** 2)  # FAULT: the cost is overwritten in every round instead of added up with +=
    return round(cost / m, 2)  # FAULT: the result is rounded to two digits
