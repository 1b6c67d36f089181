def sigmoid_derivative(x):
    s = sigmoid(x)
    return s(1 - s)  # FAULT: the sign * is missing, so that s is called like a function
