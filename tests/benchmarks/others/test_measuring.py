"""The arithmetic of rounds, and that a tool which did not grade is noticed."""

from __future__ import annotations

import pytest

from tests.benchmarks.others.exercise import RIGHT, WRONG
from tests.benchmarks.others.measuring import Round, check
from tests.benchmarks.others.meter import Cost

OURS, OTHER = "ours, execute=all", "otter run"


def test_start_up_is_told_from_submissions() -> None:
    """Start-up is 2 s, a submission takes 0.5 or 1 s; the class has three and two of them."""
    ones = {"a-1": Cost(2.5, 5), "b-1": Cost(3, 6)}
    played = Round(5, ones, {"a-1": 3, "b-1": 2}, Cost(2 + 1.5 + 2, 4 + 3 + 4))
    assert _seconds(played.start_up) == pytest.approx((2, 4))
    assert _seconds(played.further) == pytest.approx((0.7, 1.4))
    assert _seconds(played.each) == pytest.approx((1.1, 2.2))


def _seconds(cost: Cost | None) -> tuple[float, float]:
    assert cost
    return cost.cpu, cost.wall


def test_a_tool_of_single_notebooks_has_their_mean() -> None:
    """It has no class and no start-up that could be shared: three of one, one of the other."""
    played = Round(4, {"a-1": Cost(1, 2), "b-1": Cost(3, 6)}, {"a-1": 3, "b-1": 1}, None)
    assert played.start_up is None
    assert _seconds(played.each) == _seconds(played.further) == (1.5, 3)


def test_points_may_differ_where_something_is_wrong() -> None:
    """Partial credit is each tool's own."""
    check({OURS: {RIGHT: 100, WRONG: 42}, OTHER: {RIGHT: 100, WRONG: 30}}, 100)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({RIGHT: 0.0, WRONG: 0.0}, "gives 0.0 for a right notebook"),
        ({RIGHT: 100.0, WRONG: 100.0}, "full marks for a wrong notebook"),
        ({RIGHT: 100.0, WRONG: 42.0, "bruno-1": 90.0}, "full marks by otter run"),
    ],
)
def test_a_tool_that_did_not_grade_is_noticed(points: dict[str, float], message: str) -> None:
    """Nothing for the right, everything for the wrong, or other notebooks right than ours."""
    ours = {RIGHT: 100.0, WRONG: 42.0, "bruno-1": 100.0}
    with pytest.raises(AssertionError, match=message):
        check({OURS: ours, OTHER: points}, 100)
