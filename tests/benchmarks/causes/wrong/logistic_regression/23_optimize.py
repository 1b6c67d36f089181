def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    alpha = 0.009  # FAULT: the learning rate is hard-coded instead of taken from the argument
    for i in range(1, num_iterations):  # FAULT: the loop begins at 1, so one step too few is taken and step 0 is not recorded
        grads, cost = propagate(w, b, X, Y)
        w = w - alpha * grads["dw"]
        b = b - alpha * grads["db"]
        if print_cost and i % 100 == 0:  # FAULT: the costs are recorded only if print_cost is true, it should decide about the printing alone
            costs.append(cost)
            print(i, cost)
    return {"w": w, "b": b}, grads, costs
