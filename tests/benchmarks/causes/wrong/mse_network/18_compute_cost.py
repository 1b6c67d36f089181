def compute_cost(A2, Y):
    return np.mean((A2 - Y) ** 2)  # FAULT: np.mean also divides by the number of outputs n_y, the sum is to be divided by m only
