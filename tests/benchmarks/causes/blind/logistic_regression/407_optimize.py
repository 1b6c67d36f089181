def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []
    grads, cost = propagate(w, b, X, Y)  # FAULT: computed once before the loop, should be computed anew in every step
    dw = grads["dw"]
    db = grads["db"]

    for i in range(num_iterations):
        # update rule
        w = w - learning_rate * dw
        b = b - learning_rate * db

        # Record the costs
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))

    params = {"w": w, "b": b}
    grads = {"dw": dw, "db": db}
    return params, grads, costs
