"""The network of the exercise without regularisation, and its data set."""

import numpy as np
from activations import relu, sigmoid
from plots import plot_data_if_possible, plot_decision_boundary
from three_layers import (
    backward_propagation,
    compute_cost,
    forward_propagation,
    predict,
    predict_dec,
    update_parameters,
)

__all__ = [
    "backward_propagation",
    "compute_cost",
    "forward_propagation",
    "initialize_parameters",
    "load_2D_dataset",
    "plot_decision_boundary",
    "predict",
    "predict_dec",
    "relu",
    "sigmoid",
    "update_parameters",
]


def initialize_parameters(layer_dims):
    """Return W_l (n_l, n_{l-1}) and b_l (n_l, 1), where layer_dims = [n_0, …, n_L].

    The weights are normal numbers, the same ones at every call, divided by sqrt(n_{l-1}); the
    biases are zero.
    """
    rng = np.random.RandomState(3)  # the numbers of np.random.seed(3), which is left alone
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n, n_prev = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.randn(n, n_prev) / np.sqrt(n_prev)
        parameters[f"b{layer}"] = np.zeros((n, 1))
    return parameters


def load_2D_dataset(is_plot=True):  # noqa: FBT002, N802 - the course's signature
    """Return train_X (2, 211), train_Y (1, 211), test_X (2, 200), test_Y (1, 200).

    The labels are 1 above a wavy line and 0 below it; near the line some are wrong. The training
    points are drawn if `is_plot` is true and there is matplotlib.
    """
    rng = np.random.default_rng(3)
    train_X, train_Y = _field(rng, 211)
    test_X, test_Y = _field(rng, 200)
    if is_plot:
        plot_data_if_possible(train_X, train_Y)
    return train_X, train_Y, test_X, test_Y


def _field(rng, m):
    X = rng.uniform([[-0.8], [-0.7]], [[0.5], [0.7]], (2, m))
    line = 1.1 * X[0] + 0.15 - 0.15 * np.sin(6 * X[0])
    Y = X[1] + 0.1 * rng.standard_normal(m) > line
    return X, Y.astype(int).reshape(1, m)
