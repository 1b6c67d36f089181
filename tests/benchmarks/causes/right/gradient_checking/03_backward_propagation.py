def backward_propagation(x, theta):
    # the derivative of a linear function is its factor, whatever theta is
    del theta
    return x
