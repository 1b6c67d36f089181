from functools import partial


def gradient_check(x, theta, epsilon=1e-07):
    def central(f, at, h):
        above, below = f(at + h), f(at - h)
        return (above - below) / (h + h)

    approx = central(partial(forward_propagation, x), theta, epsilon)
    exact = backward_propagation(x, theta)
    length = lambda v: np.sqrt(np.square(v))
    return np.divide(length(approx - exact), np.add(length(approx), length(exact)))
