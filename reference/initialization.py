"""Three ways to initialise a network, and what it learns from each.

Symbols: layers_dims = [n_0, …, n_L]; layer l has W_l (n_l, n_{l-1}) and b_l (n_l, 1). The biases
start at zero. Random weights are standard normal numbers from NumPy's global stream, drawn layer by
layer.

Source of the formulas: He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", equation 10; for
symmetry, Goodfellow, Bengio, Courville, "Deep Learning", section 8.4.
"""

from __future__ import annotations

import numpy as np

from reference import three_layers
from reference.activations import Array
from reference.costs import cross_entropy
from reference.descent import Parameters, step


def initialize_parameters_zeros(layers_dims: list[int]) -> Parameters:
    """Return {"W1", "b1", …, "WL", "bL"}: W_l = 0 (n_l, n_{l-1}), b_l = 0 (n_l, 1)."""
    parameters = {}
    for l in range(1, len(layers_dims)):  # noqa: E741 - the field's symbol
        parameters[f"W{l}"] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        parameters[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return parameters


def initialize_parameters_random(layers_dims: list[int]) -> Parameters:
    """Return {"W1", "b1", …, "WL", "bL"}, with weights that are too large.

    W_l = 10 · standard normal numbers (n_l, n_{l-1}), b_l = 0 (n_l, 1)
    """
    parameters = {}
    for l in range(1, len(layers_dims)):  # noqa: E741 - the field's symbol
        parameters[f"W{l}"] = 10 * np.random.randn(layers_dims[l], layers_dims[l - 1])
        parameters[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return parameters


def initialize_parameters_he(layers_dims: list[int]) -> Parameters:
    """Return {"W1", "b1", …, "WL", "bL"}, as He et al. propose.

    W_l = standard normal numbers · sqrt(2 / n_{l-1}) (n_l, n_{l-1}), b_l = 0 (n_l, 1)
    """
    parameters = {}
    for l in range(1, len(layers_dims)):  # noqa: E741 - the field's symbol
        scale = np.sqrt(2 / layers_dims[l - 1])
        parameters[f"W{l}"] = scale * np.random.randn(layers_dims[l], layers_dims[l - 1])
        parameters[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return parameters


def model(
    X: Array,
    Y: Array,
    learning_rate: float = 0.01,
    num_iterations: int = 15000,
    print_cost: bool = True,  # noqa: FBT001, FBT002 - the course's signature
    initialization: str = "he",
) -> Parameters:
    """Train a network of layers n_x, 10, 5, 1 by gradient descent; return {"W1", "b1", …, "b3"}.

    `initialization` is "zeros", "random" or "he". With `print_cost` the cost is printed at every
    thousandth iteration, the first one included.
    """
    initialize = {
        "zeros": initialize_parameters_zeros,
        "random": initialize_parameters_random,
        "he": initialize_parameters_he,
    }[initialization]
    parameters = initialize([X.shape[0], 10, 5, 1])
    for i in range(num_iterations):
        A3, cache = three_layers.forward(X, parameters)
        grads = three_layers.backward(X, Y, cache)
        parameters = step(parameters, grads, learning_rate)
        if print_cost and i % 1000 == 0:
            print(f"Cost after iteration {i}: {cross_entropy(A3, Y)}")  # noqa: T201 - as the course asks
    return parameters
