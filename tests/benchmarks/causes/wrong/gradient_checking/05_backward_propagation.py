def backward_propagation(x, theta):
    J = forward_propagation(x, theta)
    dtheta = x * J  # FAULT: multiplies by the cost (chain rule where there is none), the derivative is x alone
    return {"dtheta": dtheta}  # FAULT: returns a dictionary instead of the number
