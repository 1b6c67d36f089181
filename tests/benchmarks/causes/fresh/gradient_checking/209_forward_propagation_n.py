def forward_propagation_n(X, Y, parameters):
    A = X
    cache = ()
    for l in ["1", "2", "3"]:
        W, b = parameters["W" + l], parameters["b" + l]
        Z = np.dot(W, A) + b
        A = relu(Z) if l < "2" else sigmoid(Z)  # FAULT: the second layer gets the sigmoid as well; only the third should, so the condition should be l < "3".
        cache = (Z, A, W, b) + cache  # FAULT: each layer is put in front of the earlier ones; it should be appended, cache + (Z, A, W, b).
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / X.shape[1]
    return cost, cache
