def forward_propagation(x, theta):
    """Return J(θ) = θ x."""
    J = theta + x  # FAULT: adds theta and x instead of multiplying them
    return J
