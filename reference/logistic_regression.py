"""Logistic regression, written as a neural network with a single unit.

Symbols: n features, m examples; X (n, m) holds one example a column, Y (1, m) their labels 0 or 1,
w (n, 1) the weights, b the bias. All arrays are float64 unless said otherwise.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 5.5 and 6.2.2.2
(the cross-entropy of a Bernoulli variable and its gradient through the sigmoid).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activations import Array, log_sigmoid, sigmoid

__all__ = [
    "flatten",
    "initialize_with_zeros",
    "model",
    "optimize",
    "predict",
    "propagate",
    "sigmoid",
    "standardize",
]


def initialize_with_zeros(dim: int) -> tuple[Array, float]:
    """Return w = 0 of shape (dim, 1) and b = 0.0."""
    w = np.zeros((dim, 1))
    b = 0.0
    return w, b


def propagate(w: Array, b: float, X: Array, Y: Array) -> tuple[dict[str, Any], Any]:
    """Return the gradients {"dw": (n, 1), "db": scalar} and the cost, a scalar.

    J  = -1/m Σ [y log a + (1 - y) log(1 - a)],  a = σ(wᵀx + b)
    dw = ∂J/∂w = 1/m X (A - Y)ᵀ
    db = ∂J/∂b = 1/m Σ (a - y)
    """
    m = X.shape[1]

    Z = w.T @ X + b  # (1, m)
    A = sigmoid(Z)  # (1, m)
    log_A, log_1_minus_A = log_sigmoid(Z), log_sigmoid(-Z)  # (1, m), finite where A is 0 or 1
    cost = -np.sum(Y * log_A + (1 - Y) * log_1_minus_A) / m  # scalar

    dZ = A - Y  # (1, m)
    dw = X @ dZ.T / m  # (n, 1)
    db = np.sum(dZ) / m  # scalar

    return {"dw": dw, "db": db}, cost


def optimize(
    w: Array,
    b: float,
    X: Array,
    Y: Array,
    num_iterations: int = 100,
    learning_rate: float = 0.009,
    print_cost: bool = False,  # noqa: FBT001, FBT002 - the course's signature
) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """Take `num_iterations` steps of gradient descent: w := w - α dw, b := b - α db.

    Return three things: {"w", "b"} after the last step, {"dw", "db"} of the last step, and a list
    of the costs before every hundredth step (of steps 0, 100, 200, …).
    """
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]  # (n, 1)
        b = b - learning_rate * grads["db"]  # scalar
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print(f"Cost after iteration {i}: {cost:f}")  # noqa: T201 - what the course asks for
    return {"w": w, "b": b}, grads, costs


def predict(w: Array, b: float, X: Array) -> Array:
    """Return the labels (1, m): 1.0 where σ(wᵀx + b) > 0.5, else 0.0."""
    A: Array = sigmoid(w.T @ X + b)  # (1, m)
    return (A > 0.5).astype(float)


def model(
    X_train: Array,
    Y_train: Array,
    X_test: Array,
    Y_test: Array,  # noqa: ARG001 - the course's signature; only its printed accuracy would need it
    num_iterations: int = 2000,
    learning_rate: float = 0.5,
    print_cost: bool = False,  # noqa: FBT001, FBT002 - the course's signature
) -> dict[str, Any]:
    """Train from zeros on (X_train, Y_train) and predict both sets.

    Return {"costs", "Y_prediction_test", "Y_prediction_train", "w", "b", "learning_rate",
    "num_iterations"}; the predictions are (1, m).
    """
    w, b = initialize_with_zeros(X_train.shape[0])
    params, _, costs = optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)
    return {
        "costs": costs,
        "Y_prediction_test": predict(params["w"], params["b"], X_test),
        "Y_prediction_train": predict(params["w"], params["b"], X_train),
        "w": params["w"],
        "b": params["b"],
        "learning_rate": learning_rate,
        "num_iterations": num_iterations,
    }


def flatten(images: NDArray[Any]) -> NDArray[Any]:
    """Turn images (m, height, width, 3) into columns (height · width · 3, m)."""
    return images.reshape(images.shape[0], -1).T


def standardize(columns: NDArray[Any]) -> Array:
    """Scale pixel values 0…255 to 0…1."""
    return columns / 255.0
