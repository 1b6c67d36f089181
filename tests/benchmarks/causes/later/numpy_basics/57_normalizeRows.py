def normalizeRows(x):
    squares = x * x
    length = squares.sum(axis=0, keepdims=True)  # FAULT: the sum runs down the columns; it should run along each row, axis=1.
    normalized = x / length  # FAULT: the square root of the sum is missing; it should divide by np.sqrt(length).
    return normalized
