def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []

    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        dw, db = grads["dw"], grads["db"]

        w = w - learning_rate * dw
        b = b - learning_rate * db

        if print_cost and i % 100 == 0:
            costs.append(cost)  # FAULT: recorded only when print_cost is true, should be recorded at every 100th step in any case
            print("Cost after iteration %i: %f" % (i, cost))

    params = {"w": w, "b": b}
    grads = {"dw": dw, "db": db}

    return params, grads, costs
