def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        if i % 100 == 0:
            costs.append(cost)
            if print_cost: print(i, cost)
        w =- learning_rate * grads["dw"]  # FAULT: =- assigns the negative step instead of subtracting it from w, it should be -=
        b = b - learning_rate * grads["db"]
    params = {"w": w, "b": b}
    return params, grads, costs
