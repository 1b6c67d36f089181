def backward_propagation(x, theta):
    # derivative = slope of the cost, so I measure it
    h = 1e-5
    up = forward_propagation(x, theta + h)
    down = forward_propagation(x - h, theta)  # FAULT: x is moved here; it should be theta, forward_propagation(x, theta - h).
    dtheta = (up - down) / 2 * h  # FAULT: this divides by 2 and multiplies by h; it should be / (2 * h).
    return dtheta
