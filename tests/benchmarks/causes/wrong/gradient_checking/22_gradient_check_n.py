def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-07):
    theta, keys = dictionary_to_vector(parameters)
    grad, _ = dictionary_to_vector(gradients)  # FAULT: the gradients are called dW1 etc., their column comes from gradients_to_vector
    approx = np.zeros(theta.shape)
    for i in range(len(theta)):
        up = theta.copy()
        up[i] += epsilon
        down = theta.copy()
        down[i] -= epsilon
        J_up, _ = forward_propagation_n(X, Y, vector_to_dictionary(up))
        J_down, _ = forward_propagation_n(X, Y, vector_to_dictionary(down))
        approx[i] = (J_up - J_down) / (2 * epsilon)
    difference = np.linalg.norm(grad - approx) / (np.linalg.norm(grad) + np.linalg.norm(approx))
    return difference
