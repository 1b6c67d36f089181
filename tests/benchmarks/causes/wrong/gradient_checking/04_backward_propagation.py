def backward_propagation(x, theta):
    """Return dJ/dθ, for J(θ) = θ x."""
    dtheta = theta  # FAULT: theta is the derivative with respect to x, that with respect to theta is x
    return dtheta
