"""Fingerprints: the same for the same behaviour up to rounding, others for any other."""

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from grader.judging.compare import compare
from grader.judging.fingerprint import Fingerprint, Outcome, fingerprint, of_values
from grader.spec import Question, Tolerance
from grader.wire import ForeignArray, Opaque

ONE = Question("f", "function", "", 1.0, ("x",))
PAIR = Question("f", "function", "", 1.0, ("grads", "cost"))
DUE = ({"dw": np.array([[1.0], [-2.0]]), "db": 0.5}, 6.0)

SHAPES = npst.array_shapes(max_dims=2, max_side=5)
SENSIBLE = st.just(0.0) | st.floats(1e-3, 100) | st.floats(-100, -1e-3)
SPECIAL = st.floats(width=64) | st.sampled_from([math.nan, math.inf, -math.inf, -0.0])


def of(value: Any, due: Any = None, question: Question = ONE) -> Fingerprint:
    """Return the fingerprint of one returned value; without `due`, numbers of about one are."""
    due = np.ones(np.shape(value)) if due is None else due
    return fingerprint(question, [Outcome("returned", value)], [due])


def arrays(elements: st.SearchStrategy[float] = SENSIBLE) -> st.SearchStrategy[NDArray[Any]]:
    """Return small arrays of floats."""
    return npst.arrays(float, SHAPES, elements=elements)


# ---------------------------------------------------------------- the same


@given(arrays(SPECIAL), arrays(SPECIAL))
def test_whatever_is_returned_agrees_with_itself(value: NDArray[Any], due: NDArray[Any]) -> None:
    """Also where it is not finite, or far larger than what is due."""
    first, second = of(value, due), of(value.copy(), due)
    assert first.agrees(second)
    assert first.identifier() == second.identifier()


@given(arrays(), st.randoms(use_true_random=False))
def test_rounding_is_no_difference(value: NDArray[Any], random: Any) -> None:
    """A sum in another order, or 1 / m * a for a / m."""
    noise = np.array([random.uniform(-1, 1) for _ in range(value.size)]).reshape(value.shape)
    other = value * (1 + 1e-14 * noise) + 1e-15 * noise
    assert of(value).agrees(of(other))


def test_identifiers_differ_by_rounding_almost_never() -> None:
    """They are rounded to steps: one that lies on a border is rare enough not to be met here."""
    rng = np.random.default_rng(1)
    for _ in range(2_000):
        value = rng.standard_normal((3, 4)) * 10.0 ** rng.integers(-3, 4)
        other = value * (1 + 1e-15 * rng.standard_normal(value.shape))
        assert of(value).identifier() == of(other).identifier()


@pytest.mark.parametrize("other", [1e-17, -1e-17, 1e-12])
def test_what_is_left_of_zero_is_zero(other: float) -> None:
    """`A - A` in one order or another, where numbers of about one are due."""
    zeros = np.zeros((2, 2))
    assert of(zeros).agrees(of(zeros + other))
    assert of(zeros).identifier() == of(zeros + other).identifier()
    assert of(zeros).identifier() == of(-zeros).identifier()


def test_one_nan_is_as_good_as_another() -> None:
    """0 / 0 has its sign bit set on some machines; np.nan has not."""
    one, other = np.array([np.nan, 1.0]), np.array([-np.nan, 1.0])
    assert of(one) == of(other)


@pytest.mark.parametrize(
    ("value", "other", "due"),
    [
        (1.0, 1, 0.5),
        (np.float64(1.0), np.array(1.0), 0.5),
        ([1.0, 2.0], (1.0, 2.0), [1.0, 3.0]),
        ([1.0, 2.0], np.array([1.0, 2.0]), [1.0, 3.0]),
        ([1.0, 2.0], (1.0, 2.0), (1.0, 3.0)),
        ({"a": 1.0}, {"a": 1.0, "more": 5.0}, {"a": 2.0}),
    ],
)
def test_what_the_comparison_lets_pass_is_alike(value: Any, other: Any, due: Any) -> None:
    """Whether it is right, as it is then, or wrong."""
    question = ONE if not isinstance(due, tuple) else Question("f", "function", "", 1.0, ("x", "y"))
    for expected in (value, due):
        faults = [[c.fault for c in compare(question, v, expected)] for v in (value, other)]
        assert faults[0] == faults[1]
    assert of(value, due, question) == of(other, due, question)


def test_a_list_in_a_structure_may_stand_for_a_tuple() -> None:
    """Also where its numbers are due one by one."""
    due = {"sizes": (1.0, 2.0)}
    assert of({"sizes": [1.0, 3.0]}, due) == of({"sizes": (1.0, 3.0)}, due)


def test_what_is_returned_beside_what_is_due_is_left_out() -> None:
    """Where the question says that more may come."""
    more = Question("f", "function", "", 1.0, ("x",), extra=True)
    assert of((1.0, "more"), 2.0, more) == of(1.0, 2.0, more)
    assert of((1.0, "more"), 2.0) != of(1.0, 2.0)


def test_differences_within_the_tolerance_are_none() -> None:
    """The difference of two gradients is rounding when both are right."""
    check = Question("f", "function", "", 1.0, ("x",), tolerance=Tolerance(rtol=0.0, atol=1e-7))
    assert of(3e-9, 1e-9, check).agrees(of(5e-10, 1e-9, check))
    assert not of(0.3, 1e-9, check).agrees(of(0.29, 1e-9, check))


# ---------------------------------------------------------------- different


@given(arrays(), st.data())
def test_one_entry_makes_a_difference(value: NDArray[Any], data: st.DataObject) -> None:
    """By a thousandth of what is due, or of itself if it is larger."""
    index = data.draw(st.integers(0, value.size - 1))
    other = value.copy()
    other.flat[index] += 1e-3 * max(1.0, abs(value.flat[index]))
    assert not of(value).agrees(of(other))
    assert of(value).identifier() != of(other).identifier()


@given(arrays(), st.sampled_from([*permutations(range(4))][1:]))
@example(np.arange(6.0).reshape(2, 3), (1, 0, 2, 3))
def test_the_order_of_entries_makes_a_difference(
    value: NDArray[Any], order: tuple[int, ...]
) -> None:
    """Swapped, or all in another order: of rows of which no two are the same."""
    rows = np.resize(value, (4, value.shape[-1])) + 300.0 * np.arange(4)[:, np.newaxis]
    assert not of(rows).agrees(of(rows[list(order)]))


@given(arrays(), arrays())
def test_what_agrees_is_close(value: NDArray[Any], other: NDArray[Any]) -> None:
    """Of two arrays of a shape, and never of two shapes."""
    alike = value.shape == other.shape and np.allclose(value, other, rtol=1e-3, atol=1e-3)
    if not alike:
        assert not of(value, np.ones((1, 1))).agrees(of(other, np.ones((1, 1))))


@pytest.mark.parametrize("factor", [-1.0, 2.0, 1e6, 1e200, math.inf, math.nan])
def test_what_is_large_does_not_drown_the_rest(factor: float) -> None:
    """One output that explodes leaves the others to be told apart."""
    grads, cost = DUE
    exploded = {"dw": np.full((2, 1), 1e300), "db": 0.5}
    assert not of((exploded, cost), DUE, PAIR).agrees(of((exploded, factor * cost), DUE, PAIR))
    assert not of((exploded, cost), DUE, PAIR).agrees(of((grads, cost), DUE, PAIR))


@pytest.mark.parametrize(
    "values",
    [
        (np.ones((2, 1)), np.ones((1, 2)), np.ones(2), 1.0, [1.0, 1.0]),
        (np.ones((2, 1)), np.ones((2, 1), int), np.ones((2, 1), bool), np.ones((2, 1), complex)),
        (np.full((2, 1), np.nan), np.full((2, 1), np.inf), np.full((2, 1), -np.inf)),
        (np.array([[np.nan], [1.0]]), np.array([[1.0], [np.nan]]), np.zeros((2, 1))),
        (None, "text", "texts", "x" * 90, "x" * 91, Opaque("a function"), {}, {"a": 1.0}, ()),
        (ForeignArray("object", (2, 1)), ForeignArray("str32", (2, 1))),
    ],
)
def test_other_shapes_kinds_and_texts_are_others(values: tuple[Any, ...]) -> None:
    """Each of these behaves in its own way where an array of shape (2, 1) is due."""
    due = np.array([[1.0], [2.0]])
    found = [of(value, due) for value in values]
    assert len({each.identifier() for each in found}) == len(values)
    for number, one in enumerate(found):
        assert [n for n, other in enumerate(found) if one.agrees(other)] == [number]


def test_where_it_stands_makes_a_difference() -> None:
    """The same number in another output, or in another case, is other behaviour."""
    right, zero = Outcome("returned", DUE), Outcome("returned", (DUE[0], 0.0))
    one = fingerprint(PAIR, [right, zero], [DUE, DUE])
    assert not one.agrees(fingerprint(PAIR, [zero, right], [DUE, DUE]))
    swapped = Outcome("returned", ({"dw": DUE[0]["dw"], "db": 6.0}, 0.5))
    assert not one.agrees(fingerprint(PAIR, [right, swapped], [DUE, DUE]))


def test_exceptions_are_told_apart_by_type_and_message() -> None:
    """And from what was stopped, and from what returned."""
    outcomes = [
        Outcome("raised", None, "ValueError", "shapes (2,1) and (2,3) not aligned"),
        Outcome("raised", None, "ValueError", "shapes (2,1) and (3,2) not aligned"),
        Outcome("raised", None, "TypeError", "shapes (2,1) and (2,3) not aligned"),
        Outcome("timed_out"),
        Outcome("crashed"),
        Outcome("returned", None),
    ]
    found = [fingerprint(ONE, [outcome], [1.0]) for outcome in outcomes]
    assert len(set(found)) == len(outcomes)
    assert found[0] == fingerprint(ONE, [outcomes[0]], [1.0])


@pytest.mark.parametrize(
    "value", [2**63, -(10**30), [2**63, 1], [10**400], 10**400, np.uint64(2**64 - 1)]
)
@pytest.mark.parametrize("due", [1.0, 5, [1.0, 2.0], np.ones(2)])
def test_integers_that_no_dtype_holds(value: Any, due: Any) -> None:
    """They have a fingerprint as well, and it is not that of what is right."""
    assert of(value, due).agrees(of(value, due))
    assert not of(value, due).agrees(of(due, due))


@pytest.mark.filterwarnings("error")
@given(arrays(st.floats(width=64)), arrays(st.floats(width=64)))
def test_no_number_is_too_large_or_too_small(value: NDArray[Any], due: NDArray[Any]) -> None:
    """All that a float can hold, where all that a float can hold is due."""
    found = of(value, due)
    assert all(math.isfinite(each) for each in (*found.sums, found.size))


def test_of_many_numbers_each_counts() -> None:
    """More than a data set has: one that is off, or two that are swapped."""
    many = np.random.default_rng(3).standard_normal(100_000)
    due = np.ones_like(many)
    for place in (0, 1023, 1024, 54_321, 99_999):
        off, swapped = many.copy(), many.copy()
        off[place] += 50.0
        swapped[[place, place - 1024]] = swapped[[place - 1024, place]] + 50.0
        assert not of(many, due).agrees(of(off, due))
        assert not of(off, due).agrees(of(swapped, due))


# ---------------------------------------------------------------- identifiers


def test_an_identifier_is_the_same_in_every_process() -> None:
    """It stands in gradebooks: a digest of fixed bytes, not Python's `hash`."""
    found = fingerprint(
        PAIR, [Outcome("returned", ({"dw": np.zeros((2, 1)), "db": 0.5}, 1))], [DUE]
    )
    assert found.identifier(b"salt") == "4e261f939ec988e8"
    assert found.identifier(b"salt") != found.identifier(b"pepper")


@given(st.floats(1e-9, 1e9), st.floats(-1, 1))
def test_identifiers_hold_about_six_digits_of_the_size(size: float, share: float) -> None:
    """More than two steps apart, they differ; in the middle of a step, they do not."""
    one = Fingerprint(b"", (share * size,) * 3, size)
    far = Fingerprint(b"", (share * size + 4e-6 * size,) * 3, size)
    assert one.identifier() != far.identifier()
    step = math.ldexp(1.0, math.frexp(size)[1] - 20)
    middle = step * round(share * size / step)
    near = [Fingerprint(b"", (middle + d * step,) * 3, size) for d in (-0.4, 0.0, 0.4)]
    assert len({each.identifier() for each in near}) == 1


# ---------------------------------------------------------------- values alone


@given(arrays())
def test_axes_of_length_one_do_not_matter_to_values(value: NDArray[Any]) -> None:
    """Intermediates are matched squeezed: (n,) for (n, 1) is told by the comparison."""
    expected, other = of_values([value]), of_values([value[:, np.newaxis]])
    assert expected
    assert other
    assert expected.agrees(other)


@given(arrays(), st.floats(1e-2, 100) | st.floats(-100, -1e-2))
def test_values_are_told_apart(value: NDArray[Any], change: float) -> None:
    """Small ones as well as large ones."""
    for scale in (1e-6, 1.0, 1e6):
        one, other = of_values([scale * value]), of_values([scale * (value + change)])
        assert one
        assert other
        assert not one.agrees(other)


@pytest.mark.parametrize("value", [None, "text", {"a": 1.0}, [1.0], ForeignArray("object", (1,))])
def test_what_is_no_number_is_no_value(value: Any) -> None:
    """There is nothing to match then."""
    assert of_values([1.0, value]) is None
