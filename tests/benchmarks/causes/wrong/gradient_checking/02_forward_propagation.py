def forward_propagation(x, theta):
    J = np.dot(theta, x)
    print(J)  # FAULT: prints the cost but does not return it
