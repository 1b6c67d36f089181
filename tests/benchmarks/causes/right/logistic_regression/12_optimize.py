def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    m = X.shape[1]
    W = np.array(w, dtype=float)
    every = []
    done = 0
    while done < num_iterations:
        A = 1 / (1 + np.exp(-(W.T @ X + b)))
        every.append(-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m)
        dw = X @ (A - Y).T / m
        db = (A - Y).sum() / m
        W += -learning_rate * dw
        b = -learning_rate * db + b
        if print_cost and done % 100 == 0:
            print(every[-1])
        done += 1
    return {"w": W, "b": b}, {"dw": dw, "db": db}, every[::100]
