"""What the hostile notebooks are asked for."""

import numpy as np


def double(x):
    """Return 2x, of the shape of x."""
    return 2.0 * np.asarray(x)


def total(x):
    """Return the sum of all entries, a number."""
    return float(np.sum(x))
