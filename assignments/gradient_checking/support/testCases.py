"""The example of the exercise: what its functions of many parameters take."""

import numpy as np
from drawing import draw_parameters


def gradient_check_n_test_case():
    """Return x (4, 3), y (1, 3) and the parameters of layers of 5, 3 units and 1."""
    rng = np.random.RandomState(1)  # the numbers of np.random.seed(1), which is left alone
    x = rng.standard_normal((4, 3))
    y = np.array([[1, 1, 0]])
    return x, y, draw_parameters(rng, 4, 5, 3, 1)
