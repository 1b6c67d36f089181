def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []

    # Cost and gradient calculation
    grads, cost = propagate(w, b, X, Y)  # FAULT: cost and gradients are computed once before the loop; this should be done anew in every step.
    dw = grads["dw"]
    db = grads["db"]

    for i in range(num_iterations):
        w = w - learning_rate * dw
        b = b - learning_rate * db

        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))

    params = {"w": w, "b": b}
    grads = {"dw": dw, "db": db}
    return params, grads, costs
