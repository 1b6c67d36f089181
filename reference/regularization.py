"""Weight decay and dropout in a network of three layers (`reference.three_layers`).

Symbols: as there; λ, `lambd`, weighs the squared weights; a hidden unit is kept with the
probability `keep_prob`; the masks D1 (n_1, m) and D2 (n_2, m) hold 1 for what is kept, else 0.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", section 7.1.1 (L2);
Srivastava et al., "Dropout", section 10 (scaling by 1 / keep_prob while training).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.activations import Array, relu, sigmoid
from reference.costs import cross_entropy
from reference.descent import Parameters
from reference.three_layers import Cache, backward


def compute_cost_with_regularization(
    A3: Array, Y: Array, parameters: Parameters, lambd: float
) -> Any:
    """Return J = cross-entropy + λ/(2m) (Σ W1² + Σ W2² + Σ W3²), a scalar."""
    m = Y.shape[1]
    squares = sum(np.sum(parameters[name] ** 2) for name in ("W1", "W2", "W3"))
    return cross_entropy(A3, Y) + lambd / (2 * m) * squares


def backward_propagation_with_regularization(
    X: Array, Y: Array, cache: Cache, lambd: float
) -> dict[str, Array]:
    """Return the gradients of the cost with L2 regularization, by name.

    The names are dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1.
    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
    """
    # The term λ/(2m) Σ W² of the cost adds λ/m W to each dW; nothing else changes.
    m = X.shape[1]
    _, _, W1, _, _, _, W2, _, _, _, W3, _ = cache
    gradients = backward(X, Y, cache)
    for name, W in (("dW1", W1), ("dW2", W2), ("dW3", W3)):
        gradients[name] = gradients[name] + lambd / m * W
    return gradients


def forward_propagation_with_dropout(
    X: Array, parameters: Parameters, keep_prob: float = 0.5
) -> tuple[Array, Cache]:
    """Return A3 (1, m) and the cache (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3).

    For both hidden layers: D = (U < keep_prob), with U uniform in [0, 1) and of A's shape, from
    NumPy's global stream (`np.random.rand`), D1 drawn before D2; A := A · D / keep_prob.
    """
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]

    Z1 = W1 @ X + b1  # (n_1, m)
    A1 = relu(Z1)
    D1 = np.random.rand(*A1.shape) < keep_prob
    A1 = A1 * D1 / keep_prob

    Z2 = W2 @ A1 + b2  # (n_2, m)
    A2 = relu(Z2)
    D2 = np.random.rand(*A2.shape) < keep_prob
    A2 = A2 * D2 / keep_prob

    Z3 = W3 @ A2 + b3  # (1, m)
    A3: Array = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def backward_propagation_with_dropout(
    X: Array, Y: Array, cache: Cache, keep_prob: float
) -> dict[str, Array]:
    """Return the gradients of the cost with dropout, by name.

    The names are dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1.
    cache is that of `forward_propagation_with_dropout`. What was shut off passes no gradient, and
    what was scaled up scales it: dA := dA · D / keep_prob, for both hidden layers.
    """
    Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3 = cache
    without_masks = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
    return backward(X, Y, without_masks, D1 / keep_prob, D2 / keep_prob)
