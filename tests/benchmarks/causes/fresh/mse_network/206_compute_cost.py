def compute_cost(A2, Y):
    """mean squared error"""
    cost = np.mean((A2 - Y) ** 2)  # FAULT: the mean divides by the number of outputs too; the sum should be divided by the examples only.
    return cost
