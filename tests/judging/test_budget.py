"""What calls cost: the same on a busy machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.repairs.budget import LEAST, Budget, cost
from grader.results import Observation


def called(cpu: float) -> Observation:
    """Return what came of a call that took so many seconds of the processor."""
    return Observation("f", "visible-1", "returned", cpu=cpu)


@given(st.floats(0, 60))
def test_a_call_costs_at_least_what_it_took(cpu: float) -> None:
    """And never half as much again; what takes no time costs what asking does."""
    assert max(cpu, LEAST) <= cost(called(cpu)) * (1 + 1e-9)
    assert cost(called(cpu)) <= 1.5 * max(cpu, LEAST)


@given(st.floats(0.0001, 1), st.floats(1.001, 1.01))
def test_a_little_more_time_seldom_matters(cpu: float, factor: float) -> None:
    """It is the same cost, or the next one."""
    assert cost(called(cpu * factor)) <= 1.5 * cost(called(cpu))


def test_it_is_spent_by_calls_alone() -> None:
    """How long they take by the clock does not matter, within reason."""
    budget, spent = Budget(1.0), []
    for _ in range(4):
        budget.spend([called(0.25)])
        spent.append(budget.is_spent)
    assert spent == [False, False, False, True]
    assert budget.calls(1.0) <= 0


def test_calls_are_bounded_by_what_most_of_them_cost() -> None:
    """One that took long does not spoil it for the others."""
    budget = Budget(10.0)
    budget.spend([called(0.0), called(0.0), called(1.0)])
    assert budget.calls(0.5) == 500


def test_of_more_than_all_nothing_is_left() -> None:
    """The last call may cost more than there was."""
    budget = Budget(0.1)
    budget.spend([called(0.3), called(0.3)])
    assert budget.calls(1.0) == 0


def test_a_worker_that_stood_still_has_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What passes while it is stopped is no time that a search has taken; many calls are."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    budget = Budget(5.0)
    now[0] += 35
    assert not budget.is_spent
    for _ in range(2):
        budget.spend([called(0.0)])
        assert not budget.is_spent
        now[0] += 9
    assert budget.is_spent
