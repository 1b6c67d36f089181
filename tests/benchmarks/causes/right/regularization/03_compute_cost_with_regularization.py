def compute_cost_with_regularization(A3, Y, parameters, lambd):
    # one long vector with all the weights: its scalar product with itself
    v = np.concatenate([np.ravel(parameters[f"W{i + 1}"]) for i in range(3)])
    data_term = -(np.log(A3[Y == 1]).sum() + np.log1p(-A3[Y == 0]).sum()) / Y.size
    return data_term + lambd * (v @ v) / (2 * Y.size)
