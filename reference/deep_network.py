"""A network of L layers: [LINEAR -> RELU] · (L - 1) -> LINEAR -> SIGMOID.

Symbols: layer l has n_l units, W_l (n_l, n_{l-1}) and b_l (n_l, 1); A_0 = X (n_0, m) holds one
example a column; Z_l = W_l A_{l-1} + b_l and A_l = g(Z_l) are (n_l, m). Gradients dA_l and dZ_l are
those of the m examples' losses, dW_l and db_l those of the cost, their mean.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", algorithms 6.3 and 6.4; the
scale of the weights: LeCun, Bottou, Orr, Müller, "Efficient BackProp", section 4.6.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.activations import Array, relu, relu_backward, sigmoid, sigmoid_backward
from reference.costs import cross_entropy
from reference.descent import Parameters, step

LinearCache = tuple[Array, Array, Array]  # (A_prev, W, b)
Cache = tuple[LinearCache, Array]  # and Z


def initialize_parameters_deep(layer_dims: list[int]) -> Parameters:
    """Return {"W1", "b1", …, "WL", "bL"}, where layer_dims = [n_0, …, n_L].

    W_l is (n_l, n_{l-1}), b_l is (n_l, 1). The weights are standard normal numbers from NumPy's
    global stream, drawn layer by layer and divided by sqrt(n_{l-1}); the biases are zero.
    """
    parameters = {}
    for l in range(1, len(layer_dims)):  # noqa: E741 - the field's symbol
        n, n_prev = layer_dims[l], layer_dims[l - 1]
        parameters[f"W{l}"] = np.random.randn(n, n_prev) / np.sqrt(n_prev)
        parameters[f"b{l}"] = np.zeros((n, 1))
    return parameters


def linear_forward(A: Array, W: Array, b: Array) -> tuple[Array, LinearCache]:
    """Return Z = W A + b (n, m) and the cache (A, W, b), for A (n_prev, m)."""
    Z = W @ A + b  # (n, m)
    return Z, (A, W, b)


def linear_activation_forward(
    A_prev: Array, W: Array, b: Array, activation: str
) -> tuple[Array, Cache]:
    """Return A = g(W A_prev + b) (n, m) and the cache ((A_prev, W, b), Z).

    The activation g is "sigmoid" or "relu".
    """
    Z, linear_cache = linear_forward(A_prev, W, b)
    A: Array = sigmoid(Z) if activation == "sigmoid" else relu(Z)  # (n, m)
    return A, (linear_cache, Z)


def L_model_forward(X: Array, parameters: Parameters) -> tuple[Array, list[Cache]]:  # noqa: N802
    """Return AL (n_L, m) and the caches of the layers 1 … L, in this order."""
    L = len(parameters) // 2
    A, caches = X, []
    for l in range(1, L + 1):  # noqa: E741 - the field's symbol
        activation = "sigmoid" if l == L else "relu"
        A, cache = linear_activation_forward(
            A, parameters[f"W{l}"], parameters[f"b{l}"], activation
        )
        caches.append(cache)
    return A, caches


def compute_cost(AL: Array, Y: Array) -> Any:
    """Return the cross-entropy J = -1/m Σ [y log a + (1 - y) log(1 - a)], a scalar."""
    return cross_entropy(AL, Y)


def linear_backward(dZ: Array, cache: LinearCache) -> tuple[Array, Array, Array]:
    """Return dA_prev (n_prev, m), dW (n, n_prev) and db (n, 1), for dZ (n, m).

    dW = 1/m dZ A_prevᵀ;  db = 1/m Σ dZ over the examples;  dA_prev = Wᵀ dZ
    """
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    dW = dZ @ A_prev.T / m  # (n, n_prev)
    db = np.sum(dZ, axis=1, keepdims=True) / m  # (n, 1)
    dA_prev = W.T @ dZ  # (n_prev, m)
    return dA_prev, dW, db


def linear_activation_backward(
    dA: Array, cache: Cache, activation: str
) -> tuple[Array, Array, Array]:
    """Return dA_prev (n_prev, m), dW (n, n_prev) and db (n, 1), for dA (n, m).

    dZ = dA · g'(Z), where the activation g is "sigmoid" or "relu"; the rest is `linear_backward`.
    """
    linear_cache, Z = cache
    dZ = sigmoid_backward(dA, Z) if activation == "sigmoid" else relu_backward(dA, Z)  # (n, m)
    return linear_backward(dZ, linear_cache)


def L_model_backward(AL: Array, Y: Array, caches: list[Cache]) -> dict[str, Array]:  # noqa: N802
    """Return dA_{l-1}, dW_l and db_l of the layers l = L … 1, as {"dA0", "dW1", "db1", …}.

    dAL = -(Y / AL - (1 - Y) / (1 - AL)) is the gradient of the loss with respect to AL. It goes
    back through the sigmoid of the last layer, then through the relu of each layer before it.
    """
    L = len(caches)
    Y = Y.reshape(AL.shape)
    grads = {}
    # dAL · σ'(ZL) is AL - Y, which needs no division by AL or 1 - AL.
    linear_cache, _ = caches[L - 1]
    dA, grads[f"dW{L}"], grads[f"db{L}"] = linear_backward(AL - Y, linear_cache)
    grads[f"dA{L - 1}"] = dA
    for l in reversed(range(1, L)):  # noqa: E741 - the field's symbol
        dA, grads[f"dW{l}"], grads[f"db{l}"] = linear_activation_backward(dA, caches[l - 1], "relu")
        grads[f"dA{l - 1}"] = dA
    return grads


def update_parameters(
    parameters: Parameters, grads: dict[str, Array], learning_rate: float
) -> Parameters:
    """Return the parameters after one step of gradient descent: θ := θ - α dθ."""
    return step(parameters, grads, learning_rate)
