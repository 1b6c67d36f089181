def forward_propagation(x, theta):
    """Compute J(theta) = theta * x"""
    J = theta * x
    print("J =", J)  # FAULT: the cost is printed and nothing is returned; it should be return J.
