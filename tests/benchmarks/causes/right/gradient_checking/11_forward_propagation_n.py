def forward_propagation_n(X, Y, parameters):
    p = parameters

    def linear(A_prev, l):
        # the bias as weights of a constant input 1
        extended = np.hstack((p["W" + l], p["b" + l]))
        return extended.dot(np.vstack((A_prev, np.ones((1, A_prev.shape[1])))))

    Z1 = linear(X, "1")
    A1 = Z1 * (Z1 > 0)
    Z2 = linear(A1, "2")
    A2 = Z2 * (Z2 > 0)
    Z3 = linear(A2, "3")
    A3 = sigmoid(Z3)
    # -log(sigmoid(z)) = log(1 + exp(-z)) and -log(1 - sigmoid(z)) = log(1 + exp(z))
    J = np.mean(np.logaddexp(0, (1 - 2 * Y) * Z3))
    return J, (Z1, A1, p["W1"], p["b1"], Z2, A2, p["W2"], p["b2"], Z3, A3, p["W3"], p["b3"])
