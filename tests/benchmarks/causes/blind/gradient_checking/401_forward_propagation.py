def forward_propagation(x, theta):
    ### START CODE HERE ### (approx. 1 line)
    J = np.dot(theta.transpose(), x)  # FAULT: theta is a plain number and has no transpose; should be theta * x
    ### END CODE HERE ###
    return J
