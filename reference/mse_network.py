"""A network with one hidden layer, sigmoids throughout, and the mean squared error as its cost.

Symbols: X (n_x, m) holds one example a column, Y (n_y, m) what is to be learnt; n_h hidden units;
W1 (n_h, n_x), B1 (n_h, 1), W2 (n_y, n_h), B2 (n_y, 1). All arrays are float64.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 5.1.4 (mean squared
error) and 6.5 (algorithms 6.3 and 6.4).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference import shallow_network
from reference.activations import Array, sigmoid, sigmoid_backward
from reference.costs import mean_squared_error


def define_NN_structure(X: Array, Y: Array) -> tuple[int, int, int]:  # noqa: N802 - the course's name
    """Return (n_x, n_h, n_y): the sizes of the layers, with n_h = 4 hidden units."""
    return shallow_network.layer_sizes(X, Y)


def initialize_params(n_x: int, n_h: int, n_y: int) -> tuple[Array, Array, Array, Array]:
    """Return the four of them: W1 (n_h, n_x), B1 (n_h, 1), W2 (n_y, n_h), B2 (n_y, 1).

    The weights are 0.01 times standard normal numbers from NumPy's global stream, W1 drawn before
    W2; the biases are zero.
    """
    drawn = shallow_network.initialize_parameters(n_x, n_h, n_y)
    return drawn["W1"], drawn["b1"], drawn["W2"], drawn["b2"]


def forward_prop(
    W1: Array, B1: Array, W2: Array, B2: Array, X: Array
) -> tuple[Array, Array, Array, Array]:
    """Return Z1 (n_h, m), A1 (n_h, m), Z2 (n_y, m), A2 (n_y, m).

    Z1 = W1 X + B1,  A1 = σ(Z1),  Z2 = W2 A1 + B2,  A2 = σ(Z2)
    """
    Z1 = W1 @ X + B1  # (n_h, m)
    A1 = sigmoid(Z1)  # (n_h, m)
    Z2 = W2 @ A1 + B2  # (n_y, m)
    A2 = sigmoid(Z2)  # (n_y, m)
    return Z1, A1, Z2, A2


def compute_cost(A2: Array, Y: Array) -> Any:
    """Return the mean squared error J = 1/m Σ (a - y)², a scalar."""
    return mean_squared_error(A2, Y)


def backward_prop(
    X: Array, Y: Array, Z1: Array, A1: Array, Z2: Array, A2: Array, W2: Array
) -> tuple[Array, Array, Array, Array]:
    """Return dLdW2 (n_y, n_h), dLdB2 (n_y, 1), dLdW1 (n_h, n_x), dLdB1 (n_h, 1).

    δ2 = 2/m (A2 - Y) · σ'(Z2);  dLdW2 = δ2 A1ᵀ;  dLdB2 = Σ δ2 over the examples
    δ1 = W2ᵀ δ2 · σ'(Z1);  dLdW1 = δ1 Xᵀ;  dLdB1 = Σ δ1
    """
    m = Y.shape[1]
    delta2 = sigmoid_backward(2 / m * (A2 - Y), Z2)  # (n_y, m)
    dLdW2 = delta2 @ A1.T  # (n_y, n_h)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)  # (n_y, 1)

    delta1 = sigmoid_backward(W2.T @ delta2, Z1)  # (n_h, m)
    dLdW1 = delta1 @ X.T  # (n_h, n_x)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)  # (n_h, 1)
    return dLdW2, dLdB2, dLdW1, dLdB1


def update_params(
    W1: Array,
    B1: Array,
    W2: Array,
    B2: Array,
    dLdW2: Array,
    dLdB2: Array,
    dLdW1: Array,
    dLdB1: Array,
    alpha: float,
) -> tuple[Array, Array, Array, Array]:
    """Return W1, B1, W2, B2 after one step of gradient descent: θ := θ - α dL/dθ."""
    return W1 - alpha * dLdW1, B1 - alpha * dLdB1, W2 - alpha * dLdW2, B2 - alpha * dLdB2
