"""Rounds: every tool on the same submission, one after the other, then each on the whole class.

A command has a start-up (interpreter, imports, for ours also the reference and the warm parent)
that a class shares. Where all submissions of a class together, each by a command of its own, take
`ones`, and the class in one command takes `whole`, then

    ones  = n · start-up + what the submissions take
    whole =     start-up + what the submissions take

give both, so the further submission of a large class need not be guessed from a small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.others.exercise import RIGHT, WRONG, Exercise, same_sample
from tests.benchmarks.others.meter import Cost, Meter
from tests.benchmarks.others.tools import Tool

Scores = dict[str, dict[str, float]]  # by tool and student


@dataclass(frozen=True)
class Round:
    """What a tool took: by the student of a command, and for the class of `size` in one."""

    size: int
    ones: dict[str, Cost]
    repeated: dict[str, int]  # how often the same notebook is in the class
    whole: Cost | None

    @property
    def _apart(self) -> Cost:
        """All of the class together, each by a command of its own."""
        ones = [_scaled(cost, self.repeated[student]) for student, cost in self.ones.items()]
        memory = max(cost.memory for cost in ones)
        return Cost(sum(cost.cpu for cost in ones), sum(cost.wall for cost in ones), memory)

    @property
    def each(self) -> Cost:
        """The class's cost, in one command where the tool can, divided by its size."""
        return _scaled(self.whole or self._apart, 1 / self.size)

    @property
    def start_up(self) -> Cost | None:
        """What a command takes besides its submissions."""
        if self.whole is None:
            return None
        cpu, wall = self._apart.cpu - self.whole.cpu, self._apart.wall - self.whole.wall
        return Cost(cpu / (self.size - 1), wall / (self.size - 1))

    @property
    def further(self) -> Cost:
        """What one more submission of a class takes."""
        if self.whole is None or self.start_up is None:
            return self.each
        cpu, wall = self.whole.cpu - self.start_up.cpu, self.whole.wall - self.start_up.wall
        return Cost(cpu / self.size, wall / self.size, self.whole.memory)


def _scaled(cost: Cost, factor: float) -> Cost:
    return Cost(factor * cost.cpu, factor * cost.wall, cost.memory)


def play(
    tools: Sequence[Tool], exercise: Exercise, meter: Meter, *, memory: bool = False
) -> tuple[dict[str, Round], Scores]:
    """Play one round; return what each tool took, and the points that it gave."""
    ones: dict[str, dict[str, Cost]] = {tool.name: {} for tool in tools}
    scores: Scores = {tool.name: {} for tool in tools}
    for student in exercise.samples:
        for tool in tools:
            ones[tool.name][student] = meter.run(tool.one(student), memory=memory)
            scores[tool.name] |= tool.scores()
    students = list(exercise.notebooks)
    repeated = {one: sum(same_sample(each) == one for each in students) for one in exercise.samples}
    rounds = {}
    for tool in tools:
        command = tool.all()
        whole = meter.run(command, memory=memory) if command else None
        if whole:
            scores[tool.name] |= _agreeing(tool, scores[tool.name], students)
        rounds[tool.name] = Round(len(students), ones[tool.name], repeated, whole)
    return rounds, scores


def _agreeing(tool: Tool, alone: dict[str, float], students: list[str]) -> dict[str, float]:
    """Return the class's points; they are those that the same notebooks get alone."""
    found = tool.scores()
    assert found == {student: alone[same_sample(student)] for student in students}, tool.name
    return found


def check(scores: Scores, full: float) -> None:
    """See that every tool really graded: what is right gets full marks, what is wrong does not."""
    for tool, points in scores.items():
        assert points[RIGHT] == full, f"{tool} gives {points[RIGHT]} for a right notebook"
        assert points[WRONG] < full, f"{tool} gives full marks for a wrong notebook"
        rights = {student for student, score in points.items() if score == full}
        ours = {student for student in points if scores["ours, execute=all"][student] == full}
        assert rights == ours, f"full marks by {tool}: {sorted(rights)}; ours: {sorted(ours)}"
