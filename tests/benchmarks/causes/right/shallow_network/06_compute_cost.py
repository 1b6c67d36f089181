def compute_cost(A2, Y):
    # the probability given to the right label
    hit = np.where(Y == 1, A2, 1 - A2)
    return np.mean(-np.log(hit))
