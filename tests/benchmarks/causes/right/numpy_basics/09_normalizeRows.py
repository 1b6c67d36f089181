def normalizeRows(x):
    inverse = 1 / np.sqrt(np.einsum("ij,ij->i", x, x))
    return np.diag(inverse) @ x
