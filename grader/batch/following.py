"""Follow-through for one submission: items that may only inherit an error are run once more.

Each in a kernel of its own that nothing else runs in, with what stands for its wrong helpers: for
functions the reference answers while the item is called, variables get their expected values where
the notebook has bound them. What a kernel sees of those ends with it, and it is asked no hidden
case that decides on points: only visible ones, and cases that are drawn for this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from grader.askable import NOTHING, Reply
from grader.errors import DisturbedError
from grader.execution.clock import Budget
from grader.execution.lending import lending
from grader.execution.lent import Helper, Lent
from grader.execution.plan import Plan
from grader.execution.runner import Again, Request, Runner
from grader.judging.expected import MOST_SETS, AnswerKey, CaseKey, QuestionKey
from grader.judging.helpers import Helpers
from grader.judging.inheriting import (
    Control,
    Retrial,
    Suspicion,
    controlled,
    follow,
    judged_again,
    suspicions,
)
from grader.results import CellFailure, Observation, QuestionResult, Run
from grader.spec import Question

FIRST_SETS = 3  # of drawn cases; where they show no difference, MOST_SETS
LOST = ("Timeout", "Exit")  # how cells fail that would cost as much time again

Ask = Callable[[Question, CaseKey], Request]
"""Makes the request for one case of an item, under the notebook's own name for it."""


@dataclass(frozen=True)
class Following:
    """One notebook that has been run and judged, and what is needed to run it again.

    `items` are those that this run counts for; `ask` makes the request for one case of an item. The
    `last` try takes what the notebook itself may have cut short.
    """

    key: AnswerKey
    runner: Runner
    support: Path | None
    helpers: Helpers
    planned: Plan
    run: Run
    ask: Ask
    items: frozenset[str]
    last: bool = False

    def judged(self, results: Sequence[QuestionResult]) -> tuple[QuestionResult, ...]:
        """Judge again the items that use a helper that is not right; all of it in bounded time."""
        observations, sources = self.run.observations, self.planned.sources
        every = suspicions(self.key, results, observations, sources)
        found = [each for each in every if each.name in self.items]
        if not found or any(seen.status == "not_reached" for seen in observations):
            return tuple(results)
        budget = Budget(self.key.assignment.limits.notebook_seconds)
        retrials = self._retrials(self._controls(found, budget), budget)
        return follow(self.key, results, retrials, observations, sources)

    def _retrials(self, controls: Iterable[Control], budget: Budget) -> Iterator[Retrial]:
        for control in controls:
            lent, answered = self._standing_for(control.suspicion)
            # With what is lent, a cell that was lost may run to its end.
            plan = reduce(lending, lent, self._whole_plan if lent else self._plan)
            key = control.suspicion.shown(control.sets)
            asked = [self._with(answered, case, key.question) for case in key.cases]
            seen = self._seen(plan, _and_again(asked), budget)
            again = judged_again(key, seen, self._failures, self.planned.sources)
            if again:
                yield Retrial(control, tuple(seen), again)

    def _with(self, answered: tuple[Helper, ...], case: CaseKey, question: Question) -> Request:
        """Return the request for a case in which helpers are answered for."""
        bounds = case.askable or NOTHING
        return replace(self.ask(question, case), answered=answered, askable=bounds)

    def _controls(self, found: Sequence[Suspicion], budget: Budget) -> list[Control]:
        """Ask once more, without help, all of it in one kernel; then more sets, where need be."""
        more: list[Observation] = []
        sets = dict.fromkeys((each.name for each in found), FIRST_SETS)

        def judged(seen: Sequence[Observation]) -> list[Control]:
            given = self._failures, self.planned.sources
            of = {each.name: [o for o in seen if o.question == each.name] for each in found}
            every = [controlled(e, sets[e.name], of[e.name], *given) for e in found]
            return [each for each in every if each]

        def again(seen: Sequence[Observation]) -> Sequence[Request]:
            if more or any(number > FIRST_SETS for number in sets.values()):
                more.extend(seen)
                return ()
            untold = [each.suspicion for each in judged(seen) if each.untold]
            sets.update((each.name, MOST_SETS) for each in untold)
            return [
                self.ask(each.key.question, case)
                for each in untold
                for drawn in each.key.drawn[FIRST_SETS:]
                for case in drawn
            ]

        asked = [r for each in found for r in _and_again(self._without_help(each))]
        first = self._seen(self._plan, asked, budget, again)
        return judged([*first, *more])

    def _without_help(self, suspicion: Suspicion) -> list[Request]:
        """Return the calls of an item's own cases, and of the first drawn ones."""
        key = suspicion.key
        drawn = (case for each in key.drawn[:FIRST_SETS] for case in each)
        return [self.ask(key.question, case) for case in (*key.cases, *drawn)]

    def _seen(
        self, plan: Plan, asked: Sequence[Request], budget: Budget, again: Again | None = None
    ) -> Sequence[Observation]:
        """Run the plan and ask; nothing is seen where no time is left."""
        if budget.left <= 0:
            return ()
        limits = replace(self.key.assignment.limits, notebook_seconds=budget.left)
        run = self.runner.run(plan, asked, limits, self.support, again, self._answer)
        if run.cut_short and not self.last:
            raise DisturbedError("the notebook's process ended while errors were followed through")
        budget.left -= run.spent
        return run.observations

    @property
    def _plan(self) -> Plan:
        return _without_lost_cells(self.planned, self.run.failures)

    @property
    def _whole_plan(self) -> Plan:
        return replace(self.planned, lost=lost_cells(self.run.failures))

    @property
    def _failures(self) -> tuple[CellFailure, ...]:
        return (*self.planned.broken, *self.run.failures)

    def _standing_for(self, suspicion: Suspicion) -> tuple[list[Lent], tuple[Helper, ...]]:
        """Return what is lent while the notebook runs, and what is answered while it is called.

        A variable is made while the notebook runs, so there the functions that make it are lent.
        """
        keys = [each for each in self.key.questions if each.question.name in suspicion.helpers]
        functions = [self._helper(key) for key in keys if key.question.kind == "function"]
        lent = [
            Lent(self.planned.names[key.question.name], key.cases[0].expected.packed)
            for key in keys
            if key.question.kind == "variable"
        ]
        if suspicion.key.question.kind == "function":
            return lent, tuple(functions)
        bounds = suspicion.key.cases[0].askable or NOTHING
        made = [Lent(helper.name, helper=helper, askable=bounds) for helper in functions]
        return [*lent, *made], ()

    def _helper(self, key: QuestionKey) -> Helper:
        question = key.question
        parameters = self.planned.sources[question.name].parameters
        helper = Helper(
            question=question.name,
            name=self.planned.names[question.name],
            parameters=question.parameters,
            required=question.required,
            reads=question.reads,
            unused=question.unused,
            draws=key.draws,
        )
        return replace(helper, takes=len(parameters)) if parameters else helper

    def _answer(
        self, helper: Helper, arguments: Mapping[str, Any], stream: Any, seconds: float
    ) -> Reply:
        return self.helpers.answer(helper.question, arguments, stream, seconds)


def _and_again(asked: list[Request]) -> list[Request]:
    """Ask for one case of a function twice, in one child."""
    return [*asked, *(replace(each, repeat=True) for each in asked[:1] if each.kind == "function")]


def lost_cells(failures: Sequence[CellFailure]) -> frozenset[int]:
    """Return the numbers of the cells that hang or end the kernel: this was seen twice."""
    return frozenset(each.place.cell for each in failures if each.error.type in LOST)


def _without_lost_cells(plan: Plan, failures: Sequence[CellFailure]) -> Plan:
    lost = {failure.place for failure in failures if failure.error.type in LOST}
    return replace(plan, cells=tuple(cell for cell in plan.cells if cell.place not in lost))
