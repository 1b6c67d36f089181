def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    g = gradients_to_vector(gradients)
    cost = lambda t: forward_propagation_n(X, Y, vector_to_dictionary(t))[0]
    approx = np.zeros(theta.shape)
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up = up + epsilon  # FAULT: this moves all entries at once; only entry i should be moved, up[i] += epsilon.
        down = down - epsilon  # FAULT: this moves all entries at once; only entry i should be moved, down[i] -= epsilon.
        approx[i] = (cost(up) - cost(down)) / (2 * epsilon)
    return np.linalg.norm(g - approx) / np.linalg.norm(g + approx)  # FAULT: the denominator is the norm of the sum; it should be the sum of the two norms.
