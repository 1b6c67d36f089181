def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    params = {"w": w, "b": b}
    costs = [None] * -(-num_iterations // 100)
    for i in range(num_iterations):
        grads, cost = propagate(**params, X=X, Y=Y)
        params = {k: params[k] - learning_rate * grads["d" + k] for k in ("w", "b")}
        block, rest = divmod(i, 100)
        if rest == 0:
            costs[block] = cost
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))
    return params, grads, costs
