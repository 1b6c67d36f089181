def gradient_check(x, theta, epsilon=1e-7):
    """
    Returns:
    difference -- difference (2) between the approximated gradient and the backward propagation gradient
    """
    # Compute gradapprox
    J_plus = forward_propagation(x, theta + epsilon)
    J_minus = forward_propagation(x, theta)  # FAULT: this is the cost in the middle; it should be at theta - epsilon.
    gradapprox = (J_plus - J_minus) / (2 * epsilon)

    # Check if gradapprox is close enough to the output of backward_propagation()
    grad = backward_propagation(theta, x)  # FAULT: the arguments are swapped; it should be backward_propagation(x, theta).

    difference = np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))

    if difference < 1e-7:
        print("The gradient is correct!")
    else:
        print("The gradient is wrong!")

    return difference < 1e-7  # FAULT: a truth value is returned; it should be the difference itself.
