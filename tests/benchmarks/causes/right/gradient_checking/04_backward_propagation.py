def backward_propagation(x, theta):
    # J is linear: its slope is the same between any two points
    return forward_propagation(x, 1.0) - forward_propagation(x, 0.0)
