def forward_propagation(x, theta):
    # linear cost
    J = 1 / x.shape[1] * np.sum(theta * x)  # FAULT: x is a single number without a shape, J is just theta * x without a mean
    return J
