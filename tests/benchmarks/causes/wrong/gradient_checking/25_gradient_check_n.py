def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    gradapprox = np.zeros_like(theta)

    thetaplus = np.copy(theta)  # FAULT: the copies are made once before the loop, so the entries moved earlier stay moved
    thetaminus = np.copy(theta)  # FAULT: the copies are made once before the loop, so the entries moved earlier stay moved
    for i in range(1, theta.shape[0]):  # FAULT: the loop begins at 1 and leaves out entry 0
        thetaplus[i] += 1e-3  # FAULT: moves by a fixed 1e-3 instead of by epsilon
        thetaminus[i] -= 1e-3  # FAULT: moves by a fixed 1e-3 instead of by epsilon
        Jp, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaplus))
        Jm, _ = forward_propagation_n(X, Y, vector_to_dictionary(thetaminus))
        gradapprox[i] = (Jp - Jm) / (2 * epsilon)

    return np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
