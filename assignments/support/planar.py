"""Points in the plane with labels, drawn anew: the same ones at every call.

The numbers come from generators of their own, so that `np.random.seed` is the notebook's alone.
"""

import numpy as np

M_FLOWER = 400
PETALS = 6
M_EXTRA = 200
BLOBS = 6


def load_planar_dataset():
    """Return X (2, 400), a flower, and Y (1, 400), int: its petals are 0 and 1 by turns."""
    rng = np.random.default_rng(1)
    petal = np.arange(M_FLOWER) % PETALS
    aside = rng.uniform(-1, 1, M_FLOWER)  # from one edge of the petal to the other
    angle = 2 * np.pi / PETALS * (petal + aside / 2)
    radius = 4 * np.cos(aside * np.pi / 2) + 0.3 * rng.standard_normal(M_FLOWER)
    X = np.stack([radius * np.cos(angle), radius * np.sin(angle)])
    return X, (petal % 2).reshape(1, M_FLOWER)


def load_extra_datasets():
    """Return noisy_circles, noisy_moons, blobs, gaussian_quantiles and no_structure.

    Each is a pair X (200, 2), one point a row, and Y (200,), int: 0 and 1, or 0 to 5 for the blobs.
    """
    rng = np.random.default_rng(2)
    return (
        draw_circles(rng, M_EXTRA, inner=0.5, noise=0.15),
        _moons(rng),
        _blobs(rng),
        _gaussian_quantiles(rng),
        (rng.random((M_EXTRA, 2)), rng.integers(0, 2, M_EXTRA)),
    )


def draw_circles(rng, m, inner, noise):
    """Draw points X (m, 2) near two circles around 0, and Y (m,), int.

    Label 0 has the radius 1, label 1 the radius `inner`.
    """
    Y = np.arange(m) % 2
    angle = rng.uniform(0, 2 * np.pi, m)
    radius = np.where(Y == 1, inner, 1.0)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return X + noise * rng.standard_normal((m, 2)), Y


def _moons(rng):
    """Two half circles, each with its end inside the other."""
    Y = np.arange(M_EXTRA) % 2
    angle = rng.uniform(0, np.pi, M_EXTRA)
    side = 1 - 2 * Y  # the first bends upwards, the second downwards
    X = np.column_stack([Y + side * np.cos(angle), Y / 2 + side * np.sin(angle)])
    return X + 0.15 * rng.standard_normal((M_EXTRA, 2)), Y


def _blobs(rng):
    """Round clouds of points in random places."""
    Y = np.arange(M_EXTRA) % BLOBS
    centres = rng.uniform(-8, 8, (BLOBS, 2))
    return centres[Y] + rng.standard_normal((M_EXTRA, 2)), Y


def _gaussian_quantiles(rng):
    """One cloud of points: the nearer half is 0, the farther half 1."""
    X = 0.7 * rng.standard_normal((M_EXTRA, 2))
    distance = np.linalg.norm(X, axis=1)
    return X, (distance > np.median(distance)).astype(int)
