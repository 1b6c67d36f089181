from functools import partial


def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    def move(rate, theta, slope):
        return -(rate * slope - theta)

    step = partial(move, alpha)
    second = step(W2, dLdW2), step(B2, dLdB2)
    return (*map(step, (W1, B1), (dLdW1, dLdB1)), *second)
