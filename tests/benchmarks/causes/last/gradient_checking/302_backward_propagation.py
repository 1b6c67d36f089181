def backward_propagation(x, theta):
    ### START CODE HERE ### (approx. 1 line)
    dtheta = theta  # FAULT: the derivative of theta * x with respect to theta is x.
    ### END CODE HERE ###
    return dtheta
