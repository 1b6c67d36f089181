from functools import reduce


def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []

    def step(state, i):
        (w_, b_), _ = state
        g, c = propagate(w_, b_, X, Y)
        if not i % 100:
            costs.append(c)
            if print_cost:
                print("step", i, "cost", c)
        return (w_ - learning_rate * g["dw"], b_ - learning_rate * g["db"]), g

    (w, b), grads = reduce(step, range(num_iterations), ((w, b), {}))
    return dict(w=w, b=b), grads, costs
