"""Examples of what the functions of the exercise take, for trying them out."""

import numpy as np
import three_layers
from drawing import draw_outputs, draw_parameters

SIZES = (3, 2, 3, 1)  # n_x, n_1, n_2, n_3
M = 5


def compute_cost_with_regularization_test_case():
    """Return a3 (1, 5), Y (1, 5) and the parameters of layers of 2, 3 units and 1, for 3 inputs."""
    rng = np.random.default_rng(1)
    a3, Y = draw_outputs(rng, M)
    return a3, Y, draw_parameters(rng, *SIZES)


def backward_propagation_with_regularization_test_case():
    """Return X (3, 5), Y (1, 5) and the cache (Z1, A1, W1, b1, Z2, …, b3) of its forward pass."""
    rng = np.random.default_rng(2)
    X, parameters = rng.standard_normal((3, M)), draw_parameters(rng, *SIZES)
    _, Y = draw_outputs(rng, M)
    return X, Y, three_layers.forward_propagation(X, parameters)[1]


def forward_propagation_with_dropout_test_case():
    """Return X (3, 5) and the parameters of layers of 2, 3 units and 1."""
    rng = np.random.default_rng(3)
    return rng.standard_normal((3, M)), draw_parameters(rng, *SIZES)


def backward_propagation_with_dropout_test_case():
    """Return X (3, 5), Y (1, 5) and the cache (Z1, D1, A1, W1, b1, Z2, D2, A2, …, b3).

    The masks D1 (2, 5) and D2 (3, 5) hold bools, and A1 and A2 are 0 where they are False.
    """
    rng = np.random.default_rng(4)
    X = rng.standard_normal((3, M))
    A3, Y = draw_outputs(rng, M)
    W1, b1, W2, b2, W3, b3 = draw_parameters(rng, *SIZES).values()
    Z1, D1, A1 = _masked(rng, 2)
    Z2, D2, A2 = _masked(rng, 3)
    Z3 = np.log(A3 / (1 - A3))
    return X, Y, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def _masked(rng, n):
    """Return made-up Z, D and A (n, 5) of a layer of which every third entry is shut off."""
    Z = rng.standard_normal((n, M))
    D = (np.arange(n * M) % 3 > 0).reshape(n, M)
    A = rng.uniform(0.1, 2.0, (n, M))
    A[~D | (Z < 0)] = 0.0
    return Z, D, A
