def linear_activation_forward(A_prev, W, b, activation):
    pre, kept = linear_forward(A_prev, W, b)
    return (lambda pair: (pair[0], (kept, pair[1])))((relu if activation == "relu" else sigmoid)(pre))
