def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    gradients = backward_propagation_n(X, Y, cache)  # FAULT: overwrites the gradients to be checked with new ones from the notebook's cache
    grad = gradients_to_vector(gradients)

    gradapprox = []
    for i in range(theta.shape[0]):
        tp, tm = np.copy(theta), np.copy(theta)
        tp[i] += epsilon
        tm[i] -= epsilon
        Jp, _ = forward_propagation_n(X, Y, vector_to_dictionary(tp))
        Jm, _ = forward_propagation_n(X, Y, vector_to_dictionary(tm))
        gradapprox.append([(Jp - Jm) / (2 * epsilon)])
    gradapprox = np.array(gradapprox)

    difference = np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
    return difference
