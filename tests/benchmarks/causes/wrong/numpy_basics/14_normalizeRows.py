def normalizeRows(x):
    lengths = np.linalg.norm(x, axis=1)  # FAULT: keepdims=True is missing, so that the lengths are no column and are not divided row by row
    return x / lengths
