"""Examples of what the functions of the exercise take, for trying them out."""

import sys

import numpy as np
from drawing import draw_outputs, draw_parameters, draw_step

SIZES = (2, 4, 1)  # n_x, n_h, n_y
M = 3


def layer_sizes_test_case():
    """Return X (5, 3) and Y (2, 3)."""
    rng = np.random.default_rng(1)
    return rng.standard_normal((5, M)), rng.standard_normal((2, M))


def initialize_parameters_test_case():
    """Return n_x, n_h and n_y."""
    return SIZES


def forward_propagation_test_case():
    """Return X (2, 3) and the parameters W1 (4, 2), b1 (4, 1), W2 (1, 4), b2 (1, 1)."""
    rng = np.random.default_rng(2)
    return rng.standard_normal((2, M)), draw_parameters(rng, *SIZES)


def compute_cost_test_case():
    """Return A2 (1, 3), Y (1, 3) and the parameters.

    The notebooks that import public_tests expect A2 and Y only, and get no more.
    """
    rng = np.random.default_rng(3)
    A2, Y = draw_outputs(rng, M)
    return (A2, Y) if "public_tests" in sys.modules else (A2, Y, draw_parameters(rng, *SIZES))


def backward_propagation_test_case():
    """Return the parameters, the cache {"Z1", "A1", "Z2", "A2"}, X (2, 3) and Y (1, 3)."""
    rng = np.random.default_rng(4)
    Z1 = rng.standard_normal((4, M))
    A2, Y = draw_outputs(rng, M)
    cache = {"Z1": Z1, "A1": np.tanh(Z1), "Z2": np.log(A2 / (1 - A2)), "A2": A2}
    return draw_parameters(rng, *SIZES), cache, rng.standard_normal((2, M)), Y


def update_parameters_test_case():
    """Return the parameters and their gradients {"dW1", "db1", "dW2", "db2"}."""
    return draw_step(np.random.default_rng(5), *SIZES)


def nn_model_test_case():
    """Return X (2, 3) and Y (1, 3)."""
    rng = np.random.default_rng(6)
    _, Y = draw_outputs(rng, M)
    return rng.standard_normal((2, M)), Y


def predict_test_case():
    """Return the parameters and X (2, 3)."""
    rng = np.random.default_rng(7)
    return draw_parameters(rng, *SIZES), rng.standard_normal((2, M))
