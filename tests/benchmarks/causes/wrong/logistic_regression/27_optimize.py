def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    for i in range(num_iterations):
        w = w - learning_rate * propagate(w, b, X, Y)[0]["dw"]
        b = b - learning_rate * propagate(w, b, X, Y)[0]["db"]  # FAULT: propagate is called with the w already changed, both gradients must be taken before either parameter moves
        grads, cost = propagate(w, b, X, Y)  # FAULT: cost and gradients are computed after the step instead of before it
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print(i, cost)
    return {"w": w, "b": b}, grads, costs
