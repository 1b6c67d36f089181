"""Gradient checking: an analytic gradient against central differences.

In one dimension J(θ) = θ x; in n dimensions the network of `reference.three_layers`, of layers 4,
5, 3, 1 where its parameters are unrolled into a vector.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", section 11.5 (central
differences); the relative difference ‖g - g'‖ / (‖g‖ + ‖g'‖) is the course's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.activations import Array
from reference.costs import cross_entropy
from reference.descent import Parameters
from reference.three_layers import Cache, backward, forward

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def forward_propagation(x: float, theta: float) -> float:
    """Return J(θ) = θ x."""
    return theta * x


def backward_propagation(x: float, theta: float) -> float:  # noqa: ARG001 - the course's signature
    """Return dJ/dθ, for J(θ) = θ x."""
    return x


def gradient_check(x: float, theta: float, epsilon: float = 1e-7) -> Any:
    """Return the relative difference between the gradient and its approximation, a scalar.

    approximation = (J(θ + ε) - J(θ - ε)) / (2ε)
    difference = ‖gradient - approximation‖ / (‖gradient‖ + ‖approximation‖)
    """
    J_plus = forward_propagation(x, theta + epsilon)
    J_minus = forward_propagation(x, theta - epsilon)
    approximation = (J_plus - J_minus) / (2 * epsilon)
    return _difference(backward_propagation(x, theta), approximation)


def forward_propagation_n(X: Array, Y: Array, parameters: Parameters) -> tuple[Any, Cache]:
    """Return the cost of LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID, and the cache.

    J = -1/m Σ [y log a + (1 - y) log(1 - a)], a scalar;
    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3).
    """
    A3, cache = forward(X, parameters)
    return cross_entropy(A3, Y), cache


def backward_propagation_n(X: Array, Y: Array, cache: Cache) -> dict[str, Array]:
    """Return the gradients dZ, dW, db of every layer and dA of the hidden ones.

    dZ3 = A3 - Y;  dA_l = W_{l+1}ᵀ dZ_{l+1};  dZ_l = dA_l · relu'(Z_l)
    dW_l = 1/m dZ_l A_{l-1}ᵀ;  db_l = 1/m Σ dZ_l over the examples
    """
    return backward(X, Y, cache)


def gradient_check_n(
    parameters: Parameters,
    gradients: dict[str, Array],
    X: Array,
    Y: Array,
    epsilon: float = 1e-7,
) -> Any:
    """Return the relative difference between the gradients and their approximation, a scalar.

    For every entry i of the parameters, unrolled into a vector θ (47, 1):
    approximation_i = (J(θ with θ_i + ε) - J(θ with θ_i - ε)) / (2ε)
    difference = ‖gradient - approximation‖ / (‖gradient‖ + ‖approximation‖)
    """
    theta, _ = dictionary_to_vector(parameters)  # (47, 1)
    gradient = gradients_to_vector(gradients)  # (47, 1)
    approximation = np.zeros_like(theta)  # (47, 1)
    for i in range(len(theta)):
        step = np.zeros_like(theta)
        step[i] = epsilon
        J_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta + step))
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta - step))
        approximation[i] = (J_plus - J_minus) / (2 * epsilon)
    return _difference(gradient, approximation)


def _difference(gradient: Any, approximation: Any) -> Any:
    """Return ‖g - g'‖ / (‖g‖ + ‖g'‖)."""
    sizes = np.linalg.norm(gradient) + np.linalg.norm(approximation)
    return np.linalg.norm(gradient - approximation) / sizes


def dictionary_to_vector(parameters: Parameters) -> tuple[Array, list[str]]:
    """Unroll W1, b1, W2, b2, W3, b3 into a column (47, 1); return it and its entries' names."""
    theta = np.concatenate([parameters[name].reshape(-1, 1) for name in SHAPES])
    names = [name for name in SHAPES for _ in range(parameters[name].size)]
    return theta, names


def vector_to_dictionary(theta: Array) -> Parameters:
    """Roll a column (47, 1) up into W1, b1, W2, b2, W3, b3."""
    ends = np.cumsum([np.prod(shape) for shape in SHAPES.values()])
    columns = np.split(theta, ends[:-1])
    return {
        name: column.reshape(shape)
        for (name, shape), column in zip(SHAPES.items(), columns, strict=True)
    }


def gradients_to_vector(gradients: dict[str, Array]) -> Array:
    """Unroll dW1, db1, dW2, db2, dW3, db3 into a column (47, 1)."""
    return np.concatenate([gradients["d" + name].reshape(-1, 1) for name in SHAPES])
