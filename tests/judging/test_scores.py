"""How right a version of a function is."""

import numpy as np

from grader.judging.repairs.scores import Scores
from grader.results import Observation
from tests.judging.searching import key_of


def layer(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Make weights, and biases of zero."""
    W = np.arange(1.0, n + 1)
    b = np.zeros(n)
    return W, b


def test_zeros_that_become_right_tell_nothing() -> None:
    """Many changes hit upon them; the weights are another thing."""
    key = key_of(layer, [{"n": 3}], ("W", "b"))
    (case,) = key.cases
    wrong, zeros, weights = (
        Observation("layer", case.id, "returned", value, version=version)
        for version, value in enumerate(
            ((np.ones(3), np.ones(3)), (np.ones(3), np.zeros(3)), layer(3))
        )
    )
    scores = Scores(key, {})
    assert scores.outputs(wrong, case) < scores.outputs(zeros, case) < scores.outputs(weights, case)
    assert not scores.tells_more(wrong, zeros, case)
    assert scores.tells_more(zeros, weights, case)


def sizes(n: int) -> tuple[int, int]:
    """Return the size of a layer, and of one that is empty."""
    return n, 0


def test_where_all_are_whole_numbers_zeros_do_not_count() -> None:
    """Else nothing could be said of a function that returns sizes."""
    key = key_of(sizes, [{"n": 3}], ("n_x", "n_y"))
    (case,) = key.cases
    wrong, zero, size = (
        Observation("sizes", case.id, "returned", value) for value in ((5, 5), (5, 0), (3, 5))
    )
    assert key.tells_much is False
    assert not Scores(key, {}).tells_more(wrong, zero, case)
    assert Scores(key, {}).tells_more(wrong, size, case)
