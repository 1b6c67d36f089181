def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
        costs.append(cost)  # FAULT: the cost is recorded at every step instead of at every hundredth only
        if print_cost and i % 100 == 0:
            print(f"Cost after step {i}: {cost}")
    params = {"w": w,
              "b": w}  # FAULT: copy and paste, the entry "b" holds w instead of b
    return params, grads, costs
