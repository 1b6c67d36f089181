def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    theta, keys = dictionary_to_vector(parameters)
    g = gradients_to_vector(gradients)
    g_approx = np.zeros(g.shape)

    theta_plus = theta.copy()  # FAULT: copied once before the loop, so that the moves pile up; should be copied anew for every i
    theta_minus = theta.copy()  # FAULT: copied once before the loop, so that the moves pile up; should be copied anew for every i
    for i in range(len(theta)):
        theta_plus[i] += epsilon
        theta_minus[i] -= epsilon
        cost_plus = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus))[0]
        cost_minus = forward_propagation_n(X, Y, vector_to_dictionary(theta_minus))[0]
        g_approx[i] = (cost_plus - cost_minus) / (2 * epsilon)

    difference = np.linalg.norm(g - g_approx) / (np.linalg.norm(g) + np.linalg.norm(g_approx))
    return difference
