"""What an item may ask its helpers: what it was given, parts of it, and what it makes of that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.askable import NOTHING, Askable, askable, extent_of

SIZES = (3, 4, 5)
NUMBERS = frozenset({"numbers"})
WEIGHTS, DATA = np.ones((3, 4)), np.ones((4, 5))
BOUNDS = askable(
    extent_of([WEIGHTS, DATA]),
    [extent_of([np.ones((3, 5))])] * 2,
    2,
    {"activate": {"z": NUMBERS}},
    is_data=False,
)


def admits(value: Any, bounds: Askable = BOUNDS) -> bool:
    """Whether a value may be handed to the helper."""
    return bounds.admits("activate", {"z": value})


@given(st.data())
def test_parts_of_what_is_handed_on_may_be(data: st.DataObject) -> None:
    """Any batch, row, column or number, turned, flattened or as a list."""
    whole = data.draw(st.sampled_from([WEIGHTS, DATA, WEIGHTS @ DATA]))
    axis = data.draw(st.integers(0, 1))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, whole.shape[axis])] * 2)))
    part = np.take(whole, range(first, last), axis)
    index = data.draw(st.integers(0, 2))
    for value in (part, part.T, part.ravel() if part.size == whole.size else part[:, :1]):
        assert admits(value)
        assert admits(value.tolist())
    assert admits(whole[index])
    assert admits(float(whole[index, 0]))


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=4, max_side=30)))
def test_no_more_is_admitted_than_could_come_of_it(value: np.ndarray[Any, Any]) -> None:
    """Every axis is as long as one that is there, but for one that is shorter; not too many."""
    known = {1, *SIZES, 12, 15, 20}
    other = [size for size in value.shape if size not in known]
    fits = value.ndim <= 2 and (not other or (len(other) == 1 and other[0] < 20))
    assert admits(value) == (fits and value.size <= BOUNDS.numbers)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=9)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=9)
    ),
    max_leaves=40,
)


@given(ANYTHING)
def test_anything_is_judged(value: Any) -> None:
    """Whatever comes over the wire, there is an answer; no text, and nothing that is deep."""
    if admits(value):
        extent = extent_of([value])
        assert not extent.texts
        assert extent.depth <= 1
        assert extent.numbers <= BOUNDS.numbers


@pytest.mark.parametrize("count", [1, 7, 400])
def test_calls_follow_the_references(count: int) -> None:
    """With room for a call for each example, and never without end."""
    bounds = askable(extent_of([DATA]), [extent_of([DATA])], count, {}, is_data=False)
    assert count * 5 < bounds.calls <= 10_000
    assert bounds.calls <= 20 + 4 * count * 21


def test_a_number_may_say_how_many_there_are() -> None:
    """Such as of hidden units, in what the reference does not call a helper of."""
    bounds = askable(extent_of([DATA, 7]), [], 0, {}, is_data=False)
    assert admits(np.ones((7, 4)), bounds)
    assert not admits(np.ones((9, 9)), bounds)


def test_what_a_variable_is_made_of_has_any_size() -> None:
    """Its data come out of files."""
    bounds = askable(extent_of([3]), [], 0, {}, is_data=True)
    assert admits(np.ones((50, 60, 3)), bounds)


def test_where_nothing_is_known_nothing_is_answered() -> None:
    """Not one call."""
    assert NOTHING.calls == 0
