def sigmoid(z):
    z = np.array(z)
    ez = np.exp(z)
    return ez / np.sum(1 + ez)  # FAULT: np.sum adds the denominators of all entries together (as in a softmax) instead of dividing entry by entry
