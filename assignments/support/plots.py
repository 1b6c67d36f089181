"""Plots of points in the plane, and of what a trained model makes of the plane around them.

X (2, m) holds one point a column; the labels y are (1, m) or (m,).
"""

import contextlib

import numpy as np

MARGIN = 1.0  # the plane is drawn this far beyond the outermost points
STEPS = 400  # along each side


def plot_data(X, y):
    """Draw the points in the colours of their labels."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - it may be absent

    plt.scatter(X[0], X[1], c=np.ravel(y), s=40, cmap="Spectral", edgecolors="black")


def plot_data_if_possible(X, y):
    """Draw the points, or do nothing where there is no matplotlib."""
    with contextlib.suppress(ImportError):
        plot_data(X, y)


def plot_decision_boundary(model, X, y):
    """Colour the plane by what `model` predicts, and draw the points on top.

    model takes points as the rows of an array (k, 2), and returns a label for each of them.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - it may be absent

    sides = [np.linspace(row.min() - MARGIN, row.max() + MARGIN, STEPS) for row in X]
    across, up = np.meshgrid(*sides)
    predicted = model(np.column_stack([across.ravel(), up.ravel()]))
    plt.contourf(across, up, np.reshape(predicted, across.shape).astype(float), cmap="Spectral")
    plt.xlabel("$x_1$")
    plt.ylabel("$x_2$")
    plot_data(X, y)
