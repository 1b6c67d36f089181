def compute_cost(A2, Y):
    cost = np.mean(np.square(A2 - Y))  # FAULT: also divides by the number of outputs; should be the sum divided by m = Y.shape[1]
    return cost
