def compute_cost(AL, Y):
    right_class = np.where(np.asarray(Y) == 1, AL, 1 - AL)
    return float(-np.log(right_class).mean())
