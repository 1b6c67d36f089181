"""A network with one hidden layer: LINEAR -> TANH -> LINEAR -> SIGMOID.

Symbols: X (n_x, m) holds one example a column, Y (n_y, m) their labels 0 or 1; n_h hidden units;
W1 (n_h, n_x), b1 (n_h, 1), W2 (n_y, n_h), b2 (n_y, 1). All arrays are float64.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 6.3.2 (hyperbolic
tangent) and 6.5 (algorithms 6.3 and 6.4).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.activations import Array, sigmoid
from reference.costs import cross_entropy
from reference.descent import Parameters, step


def layer_sizes(X: Array, Y: Array) -> tuple[int, int, int]:
    """Return (n_x, n_h, n_y): the sizes of the layers, with n_h = 4 hidden units."""
    n_x = X.shape[0]
    n_h = 4
    n_y = Y.shape[0]
    return n_x, n_h, n_y


def initialize_parameters(n_x: int, n_h: int, n_y: int) -> Parameters:
    """Return {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}.

    The weights are 0.01 times standard normal numbers from NumPy's global stream, W1 drawn before
    W2; the biases are zero.
    """
    W1 = 0.01 * np.random.randn(n_h, n_x)
    b1 = np.zeros((n_h, 1))
    W2 = 0.01 * np.random.randn(n_y, n_h)
    b2 = np.zeros((n_y, 1))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def forward_propagation(X: Array, parameters: Parameters) -> tuple[Array, dict[str, Array]]:
    """Return A2 (n_y, m) and the cache {"Z1", "A1", "Z2", "A2"}.

    Z1 = W1 X + b1,  A1 = tanh(Z1),  Z2 = W2 A1 + b2,  A2 = σ(Z2)
    """
    Z1 = parameters["W1"] @ X + parameters["b1"]  # (n_h, m)
    A1 = np.tanh(Z1)  # (n_h, m)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]  # (n_y, m)
    A2: Array = sigmoid(Z2)  # (n_y, m)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def compute_cost(A2: Array, Y: Array) -> Any:
    """Return the cross-entropy J = -1/m Σ [y log a + (1 - y) log(1 - a)], a scalar."""
    return cross_entropy(A2, Y)


def backward_propagation(
    parameters: Parameters, cache: dict[str, Array], X: Array, Y: Array
) -> dict[str, Array]:
    """Return the gradients {"dW1", "db1", "dW2", "db2"} of the cost, each as its parameter.

    dZ2 = A2 - Y;  dW2 = 1/m dZ2 A1ᵀ;  db2 = 1/m Σ dZ2 over the examples
    dZ1 = W2ᵀ dZ2 · tanh'(Z1), where tanh' = 1 - tanh²;  dW1 = 1/m dZ1 Xᵀ;  db1 = 1/m Σ dZ1
    """
    m = X.shape[1]
    A1, A2 = cache["A1"], cache["A2"]

    dZ2 = A2 - Y  # (n_y, m)
    dW2 = dZ2 @ A1.T / m  # (n_y, n_h)
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m  # (n_y, 1)

    dZ1 = (parameters["W2"].T @ dZ2) * (1 - A1**2)  # (n_h, m)
    dW1 = dZ1 @ X.T / m  # (n_h, n_x)
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m  # (n_h, 1)

    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def update_parameters(
    parameters: Parameters, grads: dict[str, Array], learning_rate: float = 1.2
) -> Parameters:
    """Return the parameters after one step of gradient descent: θ := θ - α dθ."""
    return step(parameters, grads, learning_rate)


def nn_model(
    X: Array,
    Y: Array,
    n_h: int,
    num_iterations: int = 10000,
    print_cost: bool = False,  # noqa: FBT001, FBT002 - the course's signature
) -> Parameters:
    """Train a network with n_h hidden units by gradient descent, α = 1.2; return its parameters.

    The parameters start as `initialize_parameters` draws them from NumPy's global stream. With
    `print_cost` the cost is printed at every thousandth iteration, the first one included.
    """
    n_x, _, n_y = layer_sizes(X, Y)
    parameters = initialize_parameters(n_x, n_h, n_y)
    for i in range(num_iterations):
        A2, cache = forward_propagation(X, parameters)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads)
        if print_cost and i % 1000 == 0:
            print(f"Cost after iteration {i}: {compute_cost(A2, Y):f}")  # noqa: T201 - as the course asks
    return parameters


def predict(parameters: Parameters, X: Array) -> Array:
    """Return the predictions (n_y, m): 1 where A2 > 0.5, else 0."""
    A2, _ = forward_propagation(X, parameters)
    return (A2 > 0.5).astype(float)
