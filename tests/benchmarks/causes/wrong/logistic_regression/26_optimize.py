def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = np.zeros(num_iterations // 100)  # FAULT: the number of recorded costs is rounded down, so with e.g. 201 or 50 steps there is one place too few and the assignment raises an IndexError
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w = w + learning_rate * grads["dw"]  # FAULT: plus instead of minus, the step goes up the gradient
        b = b - learning_rate * grads["db"]
        if i % 100 == 0:
            costs[i // 100] = cost
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))
    return {"w": w, "b": b}, grads, list(costs)
