"""The data set of the exercise, and what the network built in it is used with.

What the student writes in the exercise is not here.
"""

import sys

import numpy as np
from cats import load_dataset as load_data
from dnn_utils import relu, relu_backward, sigmoid, sigmoid_backward
from yours import yours_to_write

__all__ = [
    "initialize_parameters",
    "load_data",
    "predict",
    "print_mislabeled_images",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
]

__getattr__ = yours_to_write(
    "initialize_parameters_deep",
    "linear_forward",
    "linear_activation_forward",
    "L_model_forward",
    "compute_cost",
    "linear_backward",
    "linear_activation_backward",
    "L_model_backward",
    "update_parameters",
)


def initialize_parameters(n_x, n_h, n_y):
    """Return W1 (n_h, n_x), b1 (n_h, 1), W2 (n_y, n_h), b2 (n_y, 1) for a network of two layers.

    The weights are small normal numbers from NumPy's global stream, the biases zero.
    """
    W1 = 0.01 * np.random.randn(n_h, n_x)
    W2 = 0.01 * np.random.randn(n_y, n_h)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}


def predict(X, y, parameters):
    """Return the labels (1, m), 0 or 1, that the network gives to X; print how many are as in y.

    The probabilities are those of the notebook's own `L_model_forward`.
    """
    caller = sys._getframe(1).f_globals
    if "L_model_forward" not in caller:
        raise NameError("`predict` calls your `L_model_forward`: define it in the notebook first.")
    probabilities, _ = caller["L_model_forward"](X, parameters)
    p = (probabilities > 0.5).astype(int)
    print(f"Accuracy: {np.mean(p == y)}")  # noqa: T201 - the student is to see it
    return p


def print_mislabeled_images(classes, X, y, p):
    """Show the images, columns of X (64 · 64 · 3, m), whose prediction p (1, m) is not y (1, m)."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - it may be absent

    wrong = np.flatnonzero(np.ravel(p) != np.ravel(y))
    names = [name.decode() for name in classes]
    plt.figure(figsize=(3 * max(1, len(wrong)), 3))
    for place, k in enumerate(wrong, start=1):
        plt.subplot(1, len(wrong), place)
        plt.imshow(X[:, k].reshape(64, 64, 3), interpolation="nearest")
        plt.axis("off")
        plt.title(f"{names[int(np.ravel(p)[k])]}?\nIt is: {names[int(np.ravel(y)[k])]}")
