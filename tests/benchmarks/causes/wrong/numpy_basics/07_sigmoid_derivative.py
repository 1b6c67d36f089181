def sigmoid_derivative(x):
    s = sigmoid(x)
    ds = np.dot(s, 1 - s)  # FAULT: np.dot multiplies as vectors or matrices and adds up, instead of entry by entry
    return ds
