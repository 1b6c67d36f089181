def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    """Take `num_iterations` steps of gradient descent: w := w - α dw, b := b - α db."""
    costs = []
    alpha = 0.009  # FAULT: the step size is fixed; it should be the argument learning_rate.
    for i in range(num_iterations):
        ### START CODE HERE ###
        grads, cost = propagate(w, b, X, Y)
        w = w - alpha * grads["dw"]
        b = b - alpha * grads["db"]
        if i % 100 == 0:
            costs.append(cost)
        if print_cost and i % 100 == 0:
            print("Cost after iteration", i, cost)
        params = {"w": w, "b": b}
        return params, grads, costs  # FAULT: the return stands inside the loop and ends it after one step; it should come after the loop.
        ### END CODE HERE ###
