def normalizeRows(x):
    norm = np.linalg.norm(x, 1, keepdims=True)  # FAULT: the 1 is taken for ord and not for axis, so this is one norm of the whole matrix
    return x / norm
