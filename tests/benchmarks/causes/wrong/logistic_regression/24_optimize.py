def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    history = []
    grads, cost = propagate(w, b, X, Y)  # FAULT: propagate is called once before the loop instead of at every step, so gradients and cost stay those of the start
    for step in range(num_iterations):
        if step % 100 == 0:
            history.append(cost)
            if print_cost:
                print("cost", step, cost)
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
    return {"w": w, "b": b}, grads, history
