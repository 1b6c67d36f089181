"""What is taken of an answer: what a right one can need is kept as it is, the rest described."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution import bounds, tracing
from grader.execution.tracing import Tracer
from grader.results import Step
from grader.wire import ForeignArray, Opaque, pack, unpack
from tests.test_wire import VALUES, same


def crossed(value: Any, due: Any) -> Any:
    """Return what is kept of a value where another one is due."""
    message = pack(value)
    return bounds.kept(unpack(message), len(message), len(pack(due)))


@given(VALUES)
def test_what_is_due_is_kept(value: Any) -> None:
    """Bit by bit."""
    assert same(crossed(value, value), value)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ([1] * 150_000, [1] * 150_000),
        (np.zeros(3_000_000, complex), np.zeros(3_000_000, np.int8)),
        ((np.zeros(7_000_000), "text"), (np.zeros(7_000_000), "text")),
        ([0.5] * 10_000, [0.5] * 100),
        (np.zeros((500, 500)), np.zeros((2, 3))),
    ],
)
def test_what_can_be_compared_is_kept(value: Any, due: Any) -> None:
    """A wrong dtype, a longer list, and a larger array than is due get their own words."""
    assert same(crossed(value, due), value)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.zeros(60_000_000, np.int8), ForeignArray("int8", (60_000_000,))),
        ({"y": np.zeros(10**6)}, {"y": ForeignArray("float64", (10**6,))}),
        ((0.5, np.zeros(10**6), 0.5), (0.5, ForeignArray("float64", (10**6,)), 0.5)),
        ([0] * 30_000, Opaque("a list of length 30000, far larger than what is due")),
        ("x" * 3_000_000, Opaque("a string, far larger than what is due")),
    ],
)
def test_what_is_far_larger_is_described(value: Any, kept: Any) -> None:
    """By its kind, shape or length; what stands beside it is kept."""
    assert crossed(value, 0.5) == kept


def test_nothing_of_a_large_message_stays_in_memory() -> None:
    """An array is a part of its message: of a large one, a copy is kept."""
    kept, _ = crossed((np.arange(3.0), np.zeros(7_000_000)), 0.5)
    assert kept.base is None
    assert not kept.flags.writeable


# ---------------------------------------------------------------- steps

STEPS = st.lists(
    st.one_of(
        VALUES,
        st.tuples(st.integers(), st.text(), VALUES).map(list),
        st.tuples(st.just(3), st.just("y"), st.integers(0, 30_000).map(np.zeros)).map(list),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(STEPS)
def test_steps_are_within_what_is_traced(said: list[Any]) -> None:
    """Whatever is said."""
    found = bounds.steps(unpack(pack(said)), 0)
    assert sum(each.value.nbytes for each in found if isinstance(each.value, np.ndarray)) <= (
        tracing.MAX_BYTES
    )
    assert all(len(each.address) <= tracing.MAX_ADDRESS for each in found)
    assert all(np.size(each.value) <= tracing.MAX_ENTRIES for each in found)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ([[3, "y", 0.5]] * 5_000, tracing.MAX_OF_A_KIND + 1),
        ([[3, f"y{n}", 0.5] for n in range(5_000)], tracing.MAX_STEPS + 1),
        ([[3, f"y{n}", np.zeros(20_000)] for n in range(300)], 12),
        ([[3, "y", np.zeros(20_001)], [3, "y", "text"], [3, "y", [1.0]]], 0),
        ([[0.5, "y", 1], [3, 4, 1], [3, "y"], [3, "y", 1, 2], 3, None, [10**30, "y", 1]], 0),
        ([[3, "", None], [3, "", None]], 1),
        ({"a": 1}, 0),
    ],
)
def test_steps_that_are_no_steps_are_dropped(said: Any, count: int) -> None:
    """More than the tracer records, and of other things."""
    assert len(bounds.steps(unpack(pack(said)), 0)) == count


def test_steps_of_other_lines_are_dropped() -> None:
    """Where the tracer was asked for some lines only, but for the one that it ended in."""
    said = [[3, "a", 1], [4, "b", 2], [5, "c", 3], [9, "", None]]
    assert bounds.steps(said, 0, (4, 4)) == (Step(4, "b", 2), Step(9, "", None))


def test_what_the_tracer_records_is_kept() -> None:
    """Of a loop with more than it keeps, and of arrays and containers, every step."""

    def work(x: Any) -> Any:
        total, parts = 0.0, {}
        for n in range(100):
            total += n
            parts[f"a{n % 3}"] = x * n
        return total, parts

    with Tracer(work) as tracer:
        work(np.ones((30, 40)))
    found = bounds.steps(unpack(pack(tracer.steps)), 0)
    assert [[each.line, each.address] for each in found] == [each[:2] for each in tracer.steps]
    assert all(same(s.value, each[2]) for s, each in zip(found, tracer.steps, strict=True))


def test_large_numbers_weigh_as_much_as_they_cost_to_be_written() -> None:
    """Thousands of keys that take seconds to be printed, each time."""
    told = crossed({2**8190 + i: None for i in range(2600)}, {"W1": np.zeros((3, 2))})
    assert isinstance(told, Opaque)
