def sigmoid_derivative(x):
    s = sigmoid(x)
    return s - np.square(s)
