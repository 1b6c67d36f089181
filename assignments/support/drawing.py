"""Random numbers in the shapes that the exercises' examples need; `rng` is where they come from."""

import itertools

import numpy as np


def draw_parameters(rng, *sizes):
    """Return W1, b1, W2, b2, …, drawn in this order, for layers of n_0, …, n_L units.

    W_l is (n_l, n_{l-1}) and b_l (n_l, 1); all of them are standard normal numbers.
    """
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(sizes), start=1):
        parameters[f"W{layer}"] = rng.standard_normal((n, n_prev))
        parameters[f"b{layer}"] = rng.standard_normal((n, 1))
    return parameters


def draw_step(rng, *sizes):
    """Return parameters, and gradients of the same shapes: {"dW1", "db1", …}."""
    parameters = draw_parameters(rng, *sizes)
    grads = draw_parameters(rng, *sizes)
    return parameters, {f"d{name}": grad for name, grad in grads.items()}


def draw_outputs(rng, m):
    """Return activations A (1, m) of an output unit, and labels Y (1, m) of both classes."""
    A = rng.uniform(0.1, 0.9, (1, m))
    Y = rng.permutation(np.arange(m) % 2).reshape(1, m)
    return A, Y
