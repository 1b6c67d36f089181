"""How wrong values are related to the right ones."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.judging.distributions import drawn
from grader.judging.expected import QuestionKey
from grader.judging.relations import relations
from grader.results import Observation
from tests.judging.searching import key_of

Array = NDArray[np.float64]


def product(W: Array, X: Array, rate: float) -> Array:
    """Return a product of three things."""
    return rate * (W @ X)


@pytest.fixture(scope="module")
def key() -> QuestionKey:
    """Return the key of `product`, with sizes and rates of each case's own."""
    rng = np.random.default_rng(1)
    return key_of(
        product,
        [
            {
                "W": rng.standard_normal((n, k)),
                "X": rng.standard_normal((k, m)) * 3,
                "rate": rate,
            }
            for n, k, m, rate in [(3, 4, 5, 0.3), (2, 5, 7, 0.7), (4, 3, 6, 1.1)]
        ],
        ("Z",),
    )


def found(key: QuestionKey, wrong: Callable[..., Any]) -> list[tuple[str, str]]:
    """Return the relations of what a function returns, with the quantities that they name."""
    seen = {
        case.id: Observation("product", case.id, "returned", wrong(*case.arguments))
        for case in key.cases
    }
    return [(each.cause, each.about.get("quantity", "")) for each in relations(key, seen)]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda W, X, rate: -rate * (W @ X), ("opposite_sign", "")),
        (lambda W, X, rate: 2 * rate * (W @ X), ("twice", "")),
        (lambda W, X, rate: rate * (W @ X) / 2, ("half", "")),
        (lambda W, X, rate: (rate * (W @ X)).T, ("result_transposed", "")),
        (lambda W, X, rate: np.trunc(rate * (W @ X)), ("truncated", "")),
        (
            lambda W, X, rate: rate * (W @ X) * X.shape[1],
            ("times_size", "the number of columns of `X`"),
        ),
        (
            lambda W, X, rate: rate * (W @ X) / W.shape[0],
            ("divided_by_size", "the number of rows of `W`"),
        ),
        (lambda W, X, rate: rate**2 * (W @ X), ("times_argument", "`rate`")),
        (lambda W, X, rate: W @ X, ("divided_by_argument", "`rate`")),
    ],
)
def test_a_relation_that_holds_in_every_case(
    key: QuestionKey, wrong: Callable[..., Any], expected: tuple[str, str]
) -> None:
    """It is told, with the quantity of the cases' own."""
    assert found(key, wrong) == [expected]


@pytest.mark.parametrize(
    "wrong",
    [
        product,
        lambda W, X, rate: rate * (W @ X) + 1,
        lambda W, X, rate: rate * (W @ X) * 1.5,
        lambda W, X, rate: None,
        lambda W, X, rate: "text",
        lambda W, X, rate: rate * (W @ X) * np.nan,
        lambda W, X, rate: [rate],
    ],
)
def test_else_there_is_silence(key: QuestionKey, wrong: Callable[..., Any]) -> None:
    """Also for what is right."""
    assert found(key, wrong) == []


@given(st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3))
def test_other_factors_are_no_relation(key: QuestionKey, factor: float) -> None:
    """Only those that mean something."""
    told = found(key, lambda W, X, rate: factor * rate * (W @ X))
    assert bool(told) == (factor in (-1.0, 2.0, 0.5, -2.0, -0.5))


def lines(W: Array, X: Array, rate: float) -> Array:
    """Return what has the shape of an argument."""
    return 2 * W + rate


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda W, X, rate: ((2 * W + rate) * 1.000001).astype(np.float32), [("fewer_digits", "")]),
        (lambda W, X, rate: W * 2.3 + rate, [("off_by_multiple", "`W`")]),
        (lambda W, X, rate: W * (2 + len(W)) + rate, [("off_by_multiple", "`W`")]),
        (lambda W, X, rate: np.where(W > 1, np.inf, 2 * W + rate), [("not_finite", "")]),
        (lambda W, X, rate: np.where(W > 1, np.nan, 2 * W - rate), []),
        (lambda W, X, rate: 2 * W + rate + W**2, []),
        (lambda W, X, rate: np.ones(W.shape, dtype=bool), []),
    ],
)
def test_relations_to_arguments_and_kinds(
    wrong: Callable[..., Any], expected: list[tuple[str, str]]
) -> None:
    """A term with an argument; few digits; overflow where all else is right."""
    rng = np.random.default_rng(2)
    cases = [
        {"W": 2 * rng.standard_normal((n, 3)), "X": rng.standard_normal((3, 4)), "rate": 0.3 * n}
        for n in (2, 4, 5)
    ]
    assert found(key_of(lines, cases, ("Z",)), wrong) == expected


@pytest.mark.parametrize(
    ("draw", "cause"),
    [
        (lambda rng, n: rng.random((n, n)), "uniform_for_normal"),
        (lambda rng, n: 10 * rng.standard_normal((n, n)), "other_scale"),
        (lambda rng, n: 0.01 * rng.standard_normal((n, n)), "other_scale"),
        (lambda rng, n: rng.standard_normal((n, n)), "other_draws"),
        (lambda rng, n: np.zeros((n, n)), None),
    ],
)
@given(seed=st.integers(1, 2**32 - 1))
def test_random_numbers_that_are_not_the_right_ones(
    draw: Callable[..., Array], cause: str | None, seed: int
) -> None:
    """They are told by kind and scale, whichever numbers they are."""
    right = np.random.default_rng(0)
    wrong = np.random.default_rng(seed)
    pairs = [(draw(wrong, n), right.standard_normal((n, n))) for n in (9, 12, 15)]
    told = drawn(pairs)
    assert (told[0] if told else None) == cause


def test_the_right_random_numbers_scaled_a_little_otherwise() -> None:
    """They are not others."""
    rng = np.random.default_rng(0)
    pairs = [(1.1 * right, right) for right in (rng.standard_normal((9, 9)) for _ in range(2))]
    assert drawn(pairs) == ("other_scale", {})


def test_so_do_few_numbers_each_case_with_its_own() -> None:
    """Where nothing else could be told of so few; and other numbers are no multiples."""
    rng = np.random.default_rng(0)
    right = [rng.standard_normal((2, n)) for n in (2, 3)]
    assert drawn([(each / each.shape[1], each) for each in right]) == ("other_scale", {})
    assert drawn([(rng.standard_normal(each.shape), each) for each in right]) is None
