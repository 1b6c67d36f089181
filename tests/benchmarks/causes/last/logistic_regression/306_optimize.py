def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    for i in range(num_iterations):
        # cost and gradients
        grads, cost = propagate(w, b, X, Y)
        dw, db = grads["dw"], grads["db"]
        # update
        w = w - learning_rate * dw
        b = b - learning_rate * db
        # record the costs
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print(f"Cost after iteration {i}: {cost}")
    return {"w": w, "b": b}, {"dw": dw, "db": db}, cost  # FAULT: this is the last cost only; the list costs should be returned.
