def backward_propagation(x, theta):
    """
    Computes the derivative of J with respect to theta.
    """
    ### START CODE HERE ### (approx. 1 line)
    dtheta = theta  # FAULT: theta is the derivative with respect to x; the derivative with respect to theta is x.
    ### END CODE HERE ###
    return dtheta
