def forward_propagation(x, theta):
    # J = theta * x
    J = theta * x
    print(J)  # FAULT: the cost is printed only; it should be returned.
