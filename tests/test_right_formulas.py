"""Formulas that are equally right, on the shipped cases with the shipped tolerances.

Sums in another order, logarithms in another form: none may fail on rounding. In this process.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference import deep_network, gradient_checking, regularization, shallow_network, three_layers
from tests.conftest import TaskFor, judged, question_key

Formula = Callable[..., Any]


def sig(z: Any) -> Any:
    """Return the sigmoid by the hyperbolic tangent."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


COSTS: dict[str, Callable[[Any, Any], Any]] = {
    "products": lambda A, Y: np.squeeze(
        -(np.dot(Y, np.log(A).T) + np.dot(1 - Y, np.log(1 - A).T)) / Y.shape[1]
    ),
    "mean": lambda A, Y: -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)),
    "log1p": lambda A, Y: -np.sum(Y * np.log(A) + (1 - Y) * np.log1p(-A)) / Y.shape[1],
    "each divided": lambda A, Y: np.sum(-np.log(A) * Y / Y.size - np.log(1 - A) * (1 - Y) / Y.size),
    "chosen": lambda A, Y: -(np.log(A[Y == 1]).sum() + np.log(1 - A[Y == 0]).sum()) / Y.size,
    "one logarithm": lambda A, Y: -np.log(np.where(Y == 1, A, 1 - A)).mean(),
    "a loop": lambda A, Y: (
        sum(-np.log(a) if y else -np.log(1 - a) for a, y in zip(A[0], Y[0], strict=True))
        / Y.shape[1]
    ),
}


def propagate(number: int) -> Formula:
    """Return `propagate` of logistic regression, written in the way of that number."""

    def function(w: Any, b: Any, X: Any, Y: Any) -> Any:
        m = X.shape[1]
        A = (sig, lambda z: np.exp(z) / (1 + np.exp(z)))[number % 2](np.dot(w.T, X) + b)
        dw = (
            X @ (A - Y).T / m,
            np.dot(X / m, (A - Y).T),
            -(1 / m) * np.dot(X, (Y - A).T),
            np.mean(X * (A - Y), axis=1, keepdims=True),
        )[number % 4]
        db = (np.mean(A - Y), (A.sum() - Y.sum()) / m, -1 / m * np.sum(Y - A))[number % 3]
        return {"dw": dw, "db": db}, [*COSTS.values()][number % len(COSTS)](A, Y)

    return function


def optimize(number: int) -> Formula:
    """Return gradient descent with that `propagate`."""

    def function(w: Any, b: Any, X: Any, Y: Any, n: int, rate: float, *_: Any) -> Any:
        costs = []
        for i in range(n):
            grads, cost = propagate(number)(w, b, X, Y)
            w, b = w - rate * grads["dw"], b - rate * grads["db"]
            if i % 100 == 0:
                costs.append(cost)
        return {"w": w, "b": b}, grads, costs

    return function


def shallow_backward(number: int) -> Formula:
    """Return the backward pass of the shallow network, written in the way of that number."""

    def function(parameters: Any, cache: Any, X: Any, Y: Any) -> Any:
        m, A1 = X.shape[1], cache["A1"]
        dZ2 = (cache["A2"] - Y, -(Y - cache["A2"]))[number % 2]
        slope = (1 - np.power(A1, 2), (1 - A1) * (1 + A1), 1 / np.cosh(cache["Z1"]) ** 2)[
            number % 3
        ]
        dZ1 = np.dot(parameters["W2"].T, dZ2) * slope
        if number % 2:
            dZ1, dZ2, m = dZ1 / m, dZ2 / m, 1
        return {
            "dW1": 1 / m * np.dot(dZ1, X.T),
            "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
            "dW2": (A1 @ dZ2.T).T / m,
            "db2": 1 / m * dZ2.sum(1, keepdims=True),
        }

    return function


def nn_model(number: int) -> Formula:
    """Return the training of the shallow network with that backward pass."""

    def function(X: Any, Y: Any, n_h: int, steps: int, *_: Any) -> Any:
        parameters = shallow_network.initialize_parameters(X.shape[0], n_h, Y.shape[0])
        for _step in range(steps):
            Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
            Z2 = np.dot(parameters["W2"], np.tanh(Z1)) + parameters["b2"]
            cache = {"Z1": Z1, "A1": np.tanh(Z1), "A2": sig(Z2)}
            grads = shallow_backward(number)(parameters, cache, X, Y)
            parameters = {k: v - grads["d" + k] * 1.2 for k, v in parameters.items()}
        return parameters

    return function


def linear_backward(number: int) -> Formula:
    """Return the backward pass of a layer, written in the way of that number."""

    def function(dZ: Any, cache: Any) -> Any:
        A_prev, W, _ = cache
        m = A_prev.shape[1]
        dW = (dZ @ A_prev.T / m, np.dot(dZ / m, A_prev.T), (A_prev @ dZ.T).T * (1 / m))[number % 3]
        db = (dZ.mean(1, keepdims=True), 1 / m * dZ.sum(1)[:, None])[number % 2]
        return np.dot(W.T, dZ), dW, db

    return function


def model_backward(AL: Any, Y: Any, caches: Any) -> Any:
    """Return the gradients of the deep network from dZ = AL - Y, without the division."""
    L = len(caches)
    grads: dict[str, Any] = {}
    dZ = AL - Y
    for layer in range(L, 0, -1):
        dA, dW, db = linear_backward(layer)(dZ, caches[layer - 1][0])
        grads |= {f"dA{layer - 1}": dA, f"dW{layer}": dW, f"db{layer}": db}
        if layer > 1:
            dZ = np.where(caches[layer - 2][1] > 0, dA, 0)
    return grads


def check(approximation: Formula, distance: Formula) -> Formula:
    """Return the one-dimensional check, with another quotient and another distance."""

    def function(x: Any, theta: Any, epsilon: float = 1e-7) -> Any:
        plus, minus = theta + epsilon, theta - epsilon
        return distance(x, approximation(x * plus, x * minus, plus, minus, epsilon))

    return function


QUOTIENTS: tuple[Formula, ...] = (
    lambda J, j, p, m, e: (J - j) / (p - m),
    lambda J, j, p, m, e: (J - j) / (2 * e),
    lambda J, j, p, m, e: J / (2 * e) - j / (2 * e),
    lambda J, j, p, m, e: (J - j) * 0.5 / e,
)
DISTANCES: tuple[Formula, ...] = (
    lambda g, a: np.linalg.norm(g - a) / (np.linalg.norm(g) + np.linalg.norm(a)),
    lambda g, a: abs(g - a) / (abs(g) + abs(a)),
)


def check_n(cost: Callable[[Any, Any], Any], quotient: Formula) -> Formula:
    """Return the check of a network with another cost and another quotient."""

    def function(parameters: Any, gradients: Any, X: Any, Y: Any, epsilon: float = 1e-7) -> Any:
        theta = gradient_checking.dictionary_to_vector(parameters)[0]
        grad = gradient_checking.gradients_to_vector(gradients)
        found = np.zeros_like(theta)
        for i in range(len(theta)):
            plus, minus = theta.copy(), theta.copy()
            plus[i] += epsilon
            minus[i] -= epsilon
            J, j = (
                cost(three_layers.forward(X, gradient_checking.vector_to_dictionary(t))[0], Y)
                for t in (plus, minus)
            )
            found[i] = np.squeeze(quotient(J, j, plus[i, 0], minus[i, 0], epsilon))
        return DISTANCES[0](grad, found)

    return function


def penalised(cost: Callable[[Any, Any], Any]) -> Formula:
    """Return the cost with weight decay, with other sums."""

    def function(A3: Any, Y: Any, parameters: Any, lambd: float) -> Any:
        norms = [np.linalg.norm(parameters[name]) ** 2 for name in ("W3", "W2", "W1")]
        return cost(A3, Y) + 1 / Y.shape[1] * lambd / 2 * sum(norms)

    return function


def decayed(X: Any, Y: Any, cache: Any, lambd: float) -> Any:
    """Return the gradients with weight decay, with the decay inside the bracket."""
    m, gradients = X.shape[1], three_layers.backward(X, Y, cache)
    for name, W in (("dW1", cache[2]), ("dW2", cache[6]), ("dW3", cache[10])):
        gradients[name] = (gradients[name] * m + lambd * W) / m
    return gradients


def he(layers_dims: list[int]) -> Any:
    """Return He's parameters from numbers that are scaled as they are drawn."""
    parameters = {}
    for layer in range(1, len(layers_dims)):
        n_prev, n = layers_dims[layer - 1], layers_dims[layer]
        parameters[f"W{layer}"] = np.random.normal(0, np.sqrt(2) / np.sqrt(n_prev), (n, n_prev))
        parameters[f"b{layer}"] = np.zeros((n, 1))
    return parameters


def mse_backward(number: int) -> Formula:
    """Return the backward pass under the squared error, written in the way of that number."""

    def function(X: Any, Y: Any, Z1: Any, A1: Any, Z2: Any, A2: Any, W2: Any) -> Any:
        m = X.shape[1]
        slopes = ((A1 * (1 - A1), A2 - A2**2), (sig(Z1) * sig(-Z1), sig(Z2) * sig(-Z2)))[number % 2]
        d2 = (2 / m * (A2 - Y) * slopes[1], -2 * (Y - A2) * slopes[1] / m)[number % 2]
        d1 = (W2.T @ d2 * slopes[0], (d2.T @ W2 * slopes[0].T).T)[number % 2]
        return d2 @ A1.T, d2 @ np.ones((m, 1)), (X @ d1.T).T, d1.sum(1, keepdims=True)

    return function


FORMULAS: dict[str, list[Formula]] = {
    "numpy_basics sigmoid": [
        sig,
        lambda z: np.exp(z) / (1 + np.exp(z)),
        lambda z: (1 + np.exp(-z)) ** -1.0,
    ],
    "numpy_basics sigmoid_derivative": [
        lambda x: sig(x) - sig(x) ** 2,
        lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
        lambda x: 0.25 / np.cosh(x / 2) ** 2,
    ],
    "numpy_basics normalizeRows": [
        lambda x: x / np.sqrt((x * x).sum(1))[:, None],
        lambda x: (x.T / np.linalg.norm(x, axis=1)).T,
    ],
    "numpy_basics softmax": [
        lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(1, keepdims=True),
        lambda x: np.exp(x - np.log(np.exp(x).sum(1, keepdims=True))),
    ],
    "numpy_basics L1": [lambda p, y: np.linalg.norm(y - p, 1), lambda p, y: sum(abs(p - y))],
    "numpy_basics L2": [
        lambda p, y: np.dot(p - y, p - y),
        lambda p, y: np.linalg.norm(y - p) ** 2,
        lambda p, y: np.sum(y**2 - 2 * y * p + p**2),
    ],
    "logistic_regression sigmoid": [sig, lambda z: np.exp(z) / (1 + np.exp(z))],
    "logistic_regression propagate": [propagate(number) for number in range(12)],
    "logistic_regression optimize": [optimize(number) for number in range(8)],
    "shallow_network compute_cost": [lambda A, Y, _, f=f: f(A, Y) for f in COSTS.values()],
    "shallow_network backward_propagation": [shallow_backward(number) for number in range(6)],
    "shallow_network nn_model": [nn_model(number) for number in range(3)],
    "deep_network compute_cost": [*COSTS.values()],
    "deep_network linear_backward": [linear_backward(number) for number in range(6)],
    "deep_network L_model_backward": [model_backward],
    "deep_network linear_activation_backward": [
        lambda dA, cache, g: deep_network.linear_backward(
            dA * (np.int64(cache[1] > 0) if g == "relu" else sig(cache[1]) * sig(-cache[1])),
            cache[0],
        )
    ],
    "initialization initialize_parameters_he": [he],
    "regularization compute_cost_with_regularization": [penalised(f) for f in COSTS.values()],
    "regularization backward_propagation_with_regularization": [decayed],
    "regularization backward_propagation_with_dropout": [
        lambda X, Y, cache, keep: regularization.backward_propagation_with_dropout(
            X, Y, (cache[0], cache[1] * (1 / keep), *cache[2:6], cache[6] / keep, *cache[7:]), 1.0
        )
    ],
    "gradient_checking gradient_check": [check(q, d) for q in QUOTIENTS for d in DISTANCES],
    "gradient_checking gradient_check_n": [
        check_n(cost, quotient)
        for cost, quotient in zip(COSTS.values(), QUOTIENTS * 2, strict=False)
    ],
    "mse_network compute_cost": [
        lambda A, Y: np.mean(np.sum((Y - A) ** 2, axis=0)),
        lambda A, Y: np.linalg.norm(A - Y) ** 2 / Y.shape[1],
        lambda A, Y: np.trace((A - Y) @ (A - Y).T) / Y.shape[1],
        lambda A, Y: np.mean(np.square(A - Y)) * Y.shape[0],
    ],
    "mse_network backward_prop": [mse_backward(number) for number in range(2)],
}


@pytest.mark.parametrize("name", FORMULAS)
def test_an_equally_right_formula_is_right(task_for: TaskFor, name: str) -> None:
    """Whichever way it is written."""
    assignment, function = name.split()
    key = question_key(task_for(assignment).key, function)
    for number, formula in enumerate(FORMULAS[name]):
        result = judged(key, formula)
        assert result.status == "passed", (number, result.message)
