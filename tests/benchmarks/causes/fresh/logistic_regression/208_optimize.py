def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []
    for i in range(1, num_iterations + 1):  # FAULT: the steps are counted from 1, so other costs are recorded; it should be range(num_iterations).
        grads, cost = propagate(w, b, X, Y)
        dw, db = grads["dw"], grads["db"]

        w -= learning_rate * dw  # FAULT: this changes the caller's w in place; it should be w = w - learning_rate * dw.
        b -= learning_rate * db

        if print_cost and i % 100 == 0:  # FAULT: costs are recorded only if they are printed; the recording should not depend on print_cost.
            costs.append(cost)
            print(f"Cost after iteration {i}: {cost}")

    return {"w": w, "b": b}, {"dw": dw, "db": db}, costs
