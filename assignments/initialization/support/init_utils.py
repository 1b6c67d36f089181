"""The network of the exercise, but for how it starts and is trained, and its data sets."""

import cats
import numpy as np
from activations import relu, sigmoid
from planar import draw_circles
from plots import plot_data_if_possible, plot_decision_boundary
from three_layers import (
    backward_propagation,
    forward_propagation,
    predict,
    predict_dec,
    update_parameters,
)
from three_layers import compute_cost as compute_loss

__all__ = [
    "backward_propagation",
    "compute_loss",
    "forward_propagation",
    "load_cat_dataset",
    "load_dataset",
    "plot_decision_boundary",
    "predict",
    "predict_dec",
    "relu",
    "sigmoid",
    "update_parameters",
]


def load_dataset(is_plot=True):  # noqa: FBT002 - the course's signature
    """Return train_X (2, 300), train_Y (1, 300), test_X (2, 100), test_Y (1, 100): two circles.

    The training points are drawn if `is_plot` is true and there is matplotlib.
    """
    rng = np.random.default_rng(1)
    train_X, train_Y = draw_circles(rng, 300, inner=0.75, noise=0.07)
    test_X, test_Y = draw_circles(rng, 100, inner=0.75, noise=0.07)
    if is_plot:
        plot_data_if_possible(train_X.T, train_Y)
    return train_X.T, train_Y.reshape(1, -1), test_X.T, test_Y.reshape(1, -1)


def load_cat_dataset():
    """Return images as columns of numbers from 0 to 1, and their labels.

    train_x (12288, 60), train_y (1, 60), test_x (12288, 26), test_y (1, 26), classes (2,).
    """
    train_x, train_y, test_x, test_y, classes = cats.load_dataset()
    train_x, test_x = (x.reshape(len(x), -1).T / 255 for x in (train_x, test_x))
    return train_x, train_y, test_x, test_y, classes
