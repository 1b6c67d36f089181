"""Parameters and gradients as vectors and back, for the network of layers 4, 5, 3, 1."""

import numpy as np
from activations import relu, sigmoid

__all__ = ["dictionary_to_vector", "gradients_to_vector", "relu", "sigmoid", "vector_to_dictionary"]

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def dictionary_to_vector(parameters):
    """Return W1, b1, W2, b2, W3, b3 one below another as a column (47, 1).

    The list that comes with it names the parameter of every entry.
    """
    keys = [name for name, shape in SHAPES.items() for _ in range(np.prod(shape))]
    return _column(parameters[name] for name in SHAPES), keys


def vector_to_dictionary(theta):
    """Return the parameters W1 (5, 4), …, b3 (1, 1) that a column (47, 1) was made of."""
    parameters, start = {}, 0
    for name, (n, n_prev) in SHAPES.items():
        end = start + n * n_prev
        parameters[name] = theta[start:end].reshape(n, n_prev)
        start = end
    return parameters


def gradients_to_vector(gradients):
    """Return dW1, db1, dW2, db2, dW3, db3 one below another as a column (47, 1)."""
    return _column(gradients[f"d{name}"] for name in SHAPES)


def _column(arrays):
    return np.concatenate([np.reshape(array, (-1, 1)) for array in arrays])
