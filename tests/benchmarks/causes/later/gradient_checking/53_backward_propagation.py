def backward_propagation(x, theta):
    J = forward_propagation(x, theta)
    return J  # FAULT: the cost itself is returned; its derivative with respect to theta is x.
