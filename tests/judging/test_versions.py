"""What only the version of NumPy causes is named as such."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.judging.versions import version_note
from grader.results import RaisedError

OLD: dict[str, tuple[Callable[[], Any], str, str]] = {
    "np.float": (lambda: np.float, "1.24", "write that"),  # type: ignore[attr-defined]
    "np.alltrue": (lambda: np.alltrue, "2.0", "Older versions"),  # type: ignore[attr-defined]
    "np.product": (lambda: np.product, "2.0", "Older versions"),  # type: ignore[attr-defined]
    "float of (1, 1)": (lambda: float(np.ones((1, 1))), "2.4", "single entry"),
    "element of (1, 1)": (
        lambda: np.zeros(2).__setitem__(0, np.ones((1, 1))),
        "2.4",
        "single entry",
    ),
    "generator": (lambda: np.sum(x for x in [1, 2]), "2.4", "Python's own `sum`"),  # type: ignore[call-overload]
    "ragged": (lambda: np.array([1, [2, 3]]), "1.24", "differ in length"),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("code", "since", "words"), OLD.values(), ids=OLD)
def test_what_an_older_numpy_let_pass(code: Callable[[], Any], since: str, words: str) -> None:
    """By the messages of the NumPy that runs here."""
    here = tuple(map(int, np.__version__.split(".")[:2]))
    if here < tuple(map(int, since.split("."))):
        code()  # it passes here: there is nothing to explain
        return
    with pytest.raises((AttributeError, TypeError, ValueError)) as caught:
        code()
    note = version_note(RaisedError(type(caught.value).__name__, str(caught.value)))
    assert words in note
    assert f"NumPy {np.__version__} runs here" in note


@pytest.mark.parametrize(
    "error",
    [
        RaisedError("AttributeError", "module 'numpy' has no attribute 'sigmoid'"),
        RaisedError("TypeError", "unsupported operand type(s) for +: 'int' and 'str'"),
        RaisedError("ValueError", "operands could not be broadcast together"),
    ],
)
def test_other_errors_are_no_matter_of_version(error: RaisedError) -> None:
    """Nothing is said."""
    assert version_note(error) == ""
