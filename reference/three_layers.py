"""A network of three layers: LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID.

Symbols: X (n_x, m) holds one example a column, Y (1, m) their labels; layer l of n_l units has
W_l (n_l, n_{l-1}) and b_l (n_l, 1); Z_l = W_l A_{l-1} + b_l and A_l = g(Z_l) are (n_l, m).

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", algorithms 6.3 and 6.4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activations import Array, relu, sigmoid
from reference.descent import Parameters

Cache = tuple[NDArray[Any], ...]


def forward(X: Array, parameters: Parameters) -> tuple[Array, Cache]:
    """Return A3 (1, m) and the cache (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)."""
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]

    Z1 = W1 @ X + b1  # (n_1, m)
    A1 = relu(Z1)
    Z2 = W2 @ A1 + b2  # (n_2, m)
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3  # (1, m)
    A3: Array = sigmoid(Z3)

    return A3, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)


def backward(
    X: Array, Y: Array, cache: Cache, scale_1: Array | float = 1.0, scale_2: Array | float = 1.0
) -> dict[str, Array]:
    """Return the gradients of the cross-entropy: dZ, dW, db of every layer, dA of the hidden ones.

    dZ3 = A3 - Y;  dA_l = W_{l+1}ᵀ dZ_{l+1} · scale_l;  dZ_l = dA_l · relu'(Z_l)
    dW_l = 1/m dZ_l A_{l-1}ᵀ;  db_l = 1/m Σ dZ_l over the examples

    scale_l is what A_l was multiplied by after the relu (n_l, m), such as the mask of dropout.
    """
    m = X.shape[1]
    _, A1, _, _, _, A2, W2, _, _, A3, W3, _ = cache

    dZ3 = A3 - Y  # (1, m)
    dW3 = dZ3 @ A2.T / m  # (1, n_2)
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m  # (1, 1)

    dA2 = W3.T @ dZ3 * scale_2  # (n_2, m)
    dZ2 = dA2 * (A2 > 0)
    dW2 = dZ2 @ A1.T / m  # (n_2, n_1)
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m  # (n_2, 1)

    dA1 = W2.T @ dZ2 * scale_1  # (n_1, m)
    dZ1 = dA1 * (A1 > 0)
    dW1 = dZ1 @ X.T / m  # (n_1, n_x)
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m  # (n_1, 1)

    third = {"dZ3": dZ3, "dW3": dW3, "db3": db3}
    second = {"dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2}
    first = {"dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
    return third | second | first
