"""What nbgrader and otter-grader are given to check with: the same cases, the same expected values.

A copy lies beside the notebook, with the cases (`questions.write_cases`); it runs in the kernels of
those tools and imports nothing of ours.
"""

from __future__ import annotations

import copy
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np

# Written by this benchmark a moment ago; loaded once for all questions of a notebook.
_questions: dict[str, Any] = pickle.loads(  # noqa: S301
    Path(__file__).with_name("cases.pickle").read_bytes()
)


def check(name: str, item: Any) -> None:
    """Raise an exception unless the function or variable is right in every case."""
    question = _questions[name]
    for case in question["cases"]:
        actual = item
        if question["kind"] == "function":
            np.random.seed(case["seed"])
            random.seed(case["seed"])
            actual = item(*copy.deepcopy(case["arguments"]))
        _compare(actual, case["expected"], question["rtol"])


def _compare(actual: Any, expected: Any, rtol: float) -> None:
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        for key, value in expected.items():
            _compare(actual[key], value, rtol)
    elif isinstance(expected, tuple):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            _compare(one, other, rtol)
    else:
        largest = float(np.max(np.abs(expected), initial=0.0))
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=1e-3 * rtol * largest)
