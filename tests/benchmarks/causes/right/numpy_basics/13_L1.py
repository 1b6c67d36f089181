def L1(yhat, y):
    return float(sum(a - b if a > b else b - a for a, b in zip(yhat, y)))
