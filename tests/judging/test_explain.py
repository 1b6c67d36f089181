"""Where functions begin to be wrong and why, found by changing them; no kernels."""

from typing import Any

import numpy as np
import pytest

from grader.judging.expected import QuestionKey
from tests.judging.searching import explain, key_of


def layer(dZ: Any, A: Any, W: Any) -> Any:
    """Go back through a linear layer."""
    m = A.shape[1]
    dW = dZ @ A.T / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA = W.T @ dZ
    return dA, dW, db


RIGHT = [
    "def layer(dZ, A, W):",
    "    m = A.shape[1]",
    "    dW = np.dot(dZ, A.T) / m",
    "    db = np.sum(dZ, axis=1, keepdims=True) / m",
    "    dA = np.dot(W.T, dZ)",
    "    return dA, dW, db",
]


@pytest.fixture(scope="module")
def key() -> QuestionKey:
    """Return the key of `layer`, for three shapes of which no two sizes are the same."""
    rng = np.random.default_rng(6)
    cases = [
        {
            "dZ": rng.standard_normal((n, m)),
            "A": rng.standard_normal((k, m)),
            "W": rng.standard_normal((n, k)),
        }
        for n, k, m in [(3, 4, 5), (2, 5, 7), (4, 3, 6)]
    ]
    return key_of(layer, cases, ("dA", "dW", "db"))


def changed(**lines: str) -> str:
    """Return the right function with some lines changed, by their numbers (`l3=...`)."""
    text = list(RIGHT)
    for number, line in lines.items():
        text[int(number[1:]) - 1] = f"    {line}"
    return "\n".join(text)


@pytest.mark.parametrize(
    ("code", "line", "cause"),
    [
        (changed(l2="m = A.shape[0]"), 2, "wrong_axis_of_shape"),
        (changed(l3="dW = np.dot(dZ, A.T)"), 3, "not_averaged"),
        (changed(l3="dW = np.dot(dZ, A) / m"), 3, "transpose_missing"),
        (changed(l3="dW = np.dot(A, dZ.T) / m"), 3, "transpose_missing"),
        (changed(l4="db = np.sum(dZ, axis=0, keepdims=True) / m"), 4, "wrong_axis"),
        (changed(l4="db = np.sum(dZ, axis=1) / m"), 4, "keepdims_missing"),
        (changed(l4="db = -np.sum(dZ, axis=1, keepdims=True) / m"), 4, "sign_extra"),
        (changed(l4="db = np.sum(dz, axis=1, keepdims=True) / m"), 4, "unbound_name"),
        (changed(l5="dA = np.multiply(W.T, dZ)"), 5, "entrywise_product"),
        (changed(l5="dA = np.dot(W.T, A)"), 5, "neighbour"),
        (changed(l6="return dW, dA, db"), 6, "order_of_values"),
        (changed(l6="return dA, dW"), 6, "return_missing"),
        (changed(l4="db = np.sum(dZ**2 + A[0], axis=1) ** 3"), 4, None),
    ],
)
def test_one_mistake(key: QuestionKey, code: str, line: int, cause: str | None) -> None:
    """Its line is named, and its cause where it can be known."""
    found = explain(key, code)
    assert found.location is not None
    assert found.location.place.line == line
    assert found.location.place.cell == 3
    assert [each.cause for each in found.diagnoses] == ([cause] if cause else [])


def test_several_mistakes_are_found_one_behind_the_other(key: QuestionKey) -> None:
    """Each with its own line."""
    code = changed(
        l2="m = A.shape[0]",
        l4="db = np.sum(dZ, axis=1) / m",
        l5="dA = np.dot(W, dZ)",
    )
    found = explain(key, code)
    told = {(each.place.line, each.cause) for each in found.diagnoses if each.place}
    assert told == {
        (2, "wrong_axis_of_shape"),
        (4, "keepdims_missing"),
        (5, "transpose_missing"),
    }


def test_a_name_of_the_students_own_is_used(key: QuestionKey) -> None:
    """What is said is about the student's line, in the student's words."""
    text = changed(l3="step = np.dot(dZ, A.T)", l6="return dA, step, db")
    (diagnosis,) = explain(key, text).diagnoses
    assert diagnosis.code == "step = np.dot(dZ, A.T)"
    assert "`step`" in diagnosis.message


def test_no_solution_is_handed_out(key: QuestionKey) -> None:
    """Neither the changed line nor what is due in it."""
    (diagnosis,) = explain(key, changed(l5="dA = np.dot(W.T, A)")).diagnoses
    assert "`A`" in diagnosis.message
    assert "dZ" not in diagnosis.message


@pytest.mark.parametrize(
    "code",
    [
        changed(l3="dW = np.ones_like(W)", l4="db = np.ones((3, 1))", l5="dA = A"),
        changed(l6="return None"),
        "def layer(dZ, A, W):\n    pass",
        "layer = lambda dZ, A, W: (A, W, dZ)",
        "def layer(dZ, A, W):\n    return helper(dZ)",
        "def layer(:",
    ],
)
def test_nothing_is_claimed_where_nothing_is_known(key: QuestionKey, code: str) -> None:
    """Silence is better than a guess."""
    assert explain(key, code).diagnoses == ()


def test_a_version_that_never_ends_is_no_trouble(key: QuestionKey) -> None:
    """A loop whose end a change would take away (`seconds` of a version are bounded elsewhere)."""
    code = changed(l4="db = sum(dZ[:, j] for j in range(m)) / m")
    found = explain(key, code)
    assert found.location is not None
    assert found.location.place.line == 4
