def backward_propagation(x, theta):
    dtheta = theta  # FAULT: that is the derivative with respect to x; with respect to theta it should be x
    return dtheta
