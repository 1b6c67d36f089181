def backward_propagation(x, theta):
    ### START CODE HERE ###
    dtheta = theta  # FAULT: this is the derivative with respect to x; that with respect to theta is x.
    ### END CODE HERE ###
    return dtheta
