def normalizeRows(x):
    rows, cols = x.shape
    length = 0  # FAULT: the sum is set to zero once for all rows; this should stand inside the outer loop.
    for i in range(rows):
        for j in range(cols):
            length += abs(x[i, j])  # FAULT: the absolute values are added up; the squares should be.
        x[i] = x[i] / np.sqrt(length)  # FAULT: the rows are written into the caller's matrix; they should go into a new array.
    return x
