def sigmoid(x):
    ### START CODE HERE ### (≈ 1 line of code)
    s = 1 / (1 + math.exp(-x))  # FAULT: math.exp takes no arrays (and is not imported); it should be np.exp.
    ### END CODE HERE ###
    return s
