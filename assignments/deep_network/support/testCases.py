"""Examples of what the functions of the exercise take, for trying them out."""

import numpy as np
from drawing import draw_outputs, draw_parameters, draw_step

M = 6


def initialize_parameters_test_case():
    """Return n_x, n_h and n_y."""
    return 3, 2, 1


def linear_forward_test_case():
    """Return A (3, 6), W (2, 3) and b (2, 1)."""
    return _layer(np.random.default_rng(1), 3, 2)


def linear_activation_forward_test_case():
    """Return A_prev (3, 6), W (2, 3) and b (2, 1)."""
    return _layer(np.random.default_rng(2), 3, 2)


def L_model_forward_test_case():  # noqa: N802
    """Return X (4, 6) and the parameters of two layers, of 3 units and 1."""
    rng = np.random.default_rng(3)
    return rng.standard_normal((4, M)), draw_parameters(rng, 4, 3, 1)


def L_model_forward_test_case_2hidden():  # noqa: N802
    """Return X (5, 6) and the parameters of three layers, of 4, 3 units and 1."""
    rng = np.random.default_rng(4)
    return rng.standard_normal((5, M)), draw_parameters(rng, 5, 4, 3, 1)


def compute_cost_test_case():
    """Return Y (1, 6) and AL (1, 6)."""
    AL, Y = draw_outputs(np.random.default_rng(5), M)
    return Y, AL


def linear_backward_test_case():
    """Return dZ (3, 6) and the cache (A_prev (5, 6), W (3, 5), b (3, 1))."""
    rng = np.random.default_rng(6)
    return rng.standard_normal((3, M)), _layer(rng, 5, 3)


def linear_activation_backward_test_case():
    """Return dA (2, 6) and the cache ((A_prev (3, 6), W (2, 3), b (2, 1)), Z (2, 6))."""
    rng = np.random.default_rng(7)
    return rng.standard_normal((2, M)), (_layer(rng, 3, 2), rng.standard_normal((2, M)))


def L_model_backward_test_case():  # noqa: N802
    """Return AL (1, 6), Y (1, 6) and the caches of three layers, of 4, 3 units and 1.

    Their inputs are 5; three layers, since mistakes may not show in two.
    """
    rng = np.random.default_rng(8)
    AL, Y = draw_outputs(rng, M)
    caches = [
        (_layer(rng, n_prev, n), rng.standard_normal((n, M))) for n_prev, n in ((5, 4), (4, 3))
    ]
    caches.append((_layer(rng, 3, 1), np.log(AL / (1 - AL))))
    return AL, Y, caches


def update_parameters_test_case():
    """Return the parameters of two layers and their gradients {"dW1", "db1", "dW2", "db2"}."""
    return draw_step(np.random.default_rng(9), 4, 3, 1)


def print_grads(grads):
    """Print every gradient under its name."""
    for name, grad in grads.items():
        print(f"{name} = {grad}")  # noqa: T201 - the student is to see it


def _layer(rng, n_prev, n):
    """Return A_prev (n_prev, 6), W (n, n_prev) and b (n, 1)."""
    sizes = ((n_prev, M), (n, n_prev), (n, 1))
    return tuple(rng.standard_normal(size) for size in sizes)
