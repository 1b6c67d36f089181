def sigmoid_derivative(x):
    # derivative of 1/(1+e^-x) is e^-x / (1+e^-x)^2
    top = -np.exp(-x)  # FAULT: the minus sign is wrong, the inner derivative cancels it
    bottom = 1 + np.exp(-x) ** 2  # FAULT: only the exponential is squared, instead of the whole sum 1 + np.exp(-x)
    return top / bottom
