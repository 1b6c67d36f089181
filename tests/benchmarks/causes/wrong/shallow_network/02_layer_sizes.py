def layer_sizes(X, Y):
    inputs = len(X)
    outputs = len(np.unique(Y))  # FAULT: counts the different label values, not the rows of Y
    return {"n_x": inputs, "n_h": 4, "n_y": outputs}  # FAULT: returns a dictionary where a tuple (n_x, n_h, n_y) is asked for
