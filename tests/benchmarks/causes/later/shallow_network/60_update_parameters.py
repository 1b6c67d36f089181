def update_parameters(parameters, grads, learning_rate=1.2):
    W1, b1, W2, b2 = [parameters[k] for k in ("W1", "b1", "W2", "b2")]
    dW1, db1, dW2, db2 = [grads[k] for k in ("dW1", "db1", "dW2", "db2")]
    step = 1.2  # FAULT: the step is fixed at 1.2; it should be the argument learning_rate.
    W1 = W1 - step * dW1
    b1 = b1 - step * db1
    W2 = W2 - step * dW2
    b2 = b2 - step * db1  # FAULT: b2 is moved by the gradient of b1; it should be db2.
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
