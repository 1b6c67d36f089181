def linear_activation_forward(A_prev, W, b, activation):
    g = {"sigmoid": lambda Z: 0.5 * (1 + np.tanh(Z / 2)), "relu": lambda Z: (Z + abs(Z)) / 2}[activation]
    Z = np.einsum("ij,jk->ik", W, A_prev) + b
    return g(Z), ((A_prev, W, b), Z)
