def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    n, m = X_train.shape
    w, b, costs = np.zeros((n, 1)), 0.0, []
    for i in range(num_iterations):
        p = 1 / (1 + np.exp(-(w.T @ X_train) - b))
        if i % 100 == 0:
            costs.append(-np.mean(Y_train * np.log(p) + (1 - Y_train) * np.log(1 - p)))
            if print_cost:
                print("cost of step", i, "is", costs[-1])
        delta = (p - Y_train) / m
        w = w - learning_rate * (X_train * delta).sum(axis=1, keepdims=True)
        b = b - learning_rate * delta.sum()
    label = lambda D: (w.T @ D + b > 0) * 1.0
    keys = "costs Y_prediction_test Y_prediction_train w b learning_rate num_iterations".split()
    return dict(zip(keys, [costs, label(X_test), label(X_train), w, b, learning_rate, num_iterations]))
