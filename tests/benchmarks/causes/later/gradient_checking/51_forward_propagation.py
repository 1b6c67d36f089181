def forward_propagation(x, theta):
    """Return J(θ) = θ x."""
    ### START CODE HERE ###
    J = theta(x)  # FAULT: this calls theta as a function; it should be the product theta * x.
    ### END CODE HERE ###
    return J
