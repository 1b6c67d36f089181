def L2(yhat, y):
    diff = [yi - pi for yi, pi in zip(y, yhat)]
    total = 0
    for d in diff:
        total += d ** 2
    loss = np.sqrt(total)  # FAULT: a square root is taken; the loss should be the sum of the squares itself.
    return loss / len(y)  # FAULT: the loss is divided by m; it should be a sum, not a mean.
