"""Follow-through for one submission: items that may only inherit an error are run once more.

Each in a kernel of its own that nothing else runs in, with what stands for its wrong helpers: for
functions the reference answers while the item is called, variables get their expected values where
the notebook has bound them. What a kernel sees of those ends with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.execution.lending import lending
from grader.execution.lent import Helper, Lent
from grader.execution.plan import Plan
from grader.execution.runner import Request, Runner
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey
from grader.judging.helpers import Helpers
from grader.judging.inheriting import Retrial, Suspicion, follow, judged_again, suspicions
from grader.results import CellFailure, Observation, QuestionResult, Run
from grader.spec import Question

LOST = ("Timeout", "Exit")  # how cells fail that would cost as much time again

Ask = Callable[[Question, CaseKey], Request]
"""Makes the request for one case of an item, under the notebook's own name for it."""


@dataclass(frozen=True)
class Following:
    """One notebook that has been run and judged, and what is needed to run it again.

    `items` are those that this run counts for; `ask` makes the request for one case of an item.
    """

    key: AnswerKey
    runner: Runner
    support: Path | None
    helpers: Helpers
    planned: Plan
    run: Run
    ask: Ask
    items: frozenset[str]

    def judged(self, results: Sequence[QuestionResult]) -> tuple[QuestionResult, ...]:
        """Judge again the items that use a helper that is not right; all of it in bounded time."""
        observations, sources = self.run.observations, self.planned.sources
        every = suspicions(self.key, results, observations, sources)
        found = [each for each in every if each.name in self.items]
        if not found or any(seen.status == "not_reached" for seen in observations):
            return tuple(results)
        until = time.monotonic() + self.key.assignment.limits.notebook_seconds
        retrials = self._controlled(list(self._retrials(found, until)), until)
        return follow(self.key, results, retrials, observations, sources)

    def _retrials(self, found: Sequence[Suspicion], until: float) -> Iterator[Retrial]:
        for each in found:
            lent, answered = self._standing_for(each)
            # With what is lent, a cell that was lost may run to its end.
            plan = reduce(lending, lent, self.planned if lent else self._plan)
            asked = [replace(r, answered=answered) for r in self._asked([each])]
            seen = self._seen(plan, asked, until)
            again = judged_again(each, seen, self._failures, self.planned.sources)
            if again:
                yield Retrial(each, tuple(seen), again)

    def _controlled(self, retrials: Sequence[Retrial], until: float) -> Iterator[Retrial]:
        """Ask once more, without help: all of it in one kernel."""
        asked = self._asked([each.suspicion for each in retrials])
        seen = self._seen(self._plan, asked, until) if asked else ()
        for each in retrials:
            alone = tuple(one for one in seen if one.question == each.suspicion.name)
            control = judged_again(each.suspicion, alone, self._failures, self.planned.sources)
            yield replace(each, alone=alone, control=control)

    def _seen(self, plan: Plan, asked: Sequence[Request], until: float) -> Sequence[Observation]:
        """Run the plan and ask; nothing is seen where that fails, or no time is left."""
        left = until - time.monotonic()
        if left <= 0:
            return ()
        limits = replace(self.key.assignment.limits, notebook_seconds=left)
        try:
            run = self.runner.run(plan, asked, limits, self.support, answerer=self._answer)
        except (GraderError, OSError):  # what was judged before stands
            return ()
        return run.observations

    @property
    def _plan(self) -> Plan:
        return _without_lost_cells(self.planned, self.run.failures)

    @property
    def _failures(self) -> tuple[CellFailure, ...]:
        return (*self.planned.broken, *self.run.failures)

    def _asked(self, found: Sequence[Suspicion]) -> list[Request]:
        """Return the calls of the items' cases; one of each function twice, in one child."""
        asked = []
        for each in found:
            calls = [self.ask(each.key.question, case) for case in each.key.cases]
            again = [replace(calls[0], repeat=True)] if calls[0].kind == "function" else []
            asked += [*calls, *again]
        return asked

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
        return [*lent, *(Lent(helper.name, helper=helper) for helper in functions)], ()

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
    ) -> bytes:
        return self.helpers.answer(helper.question, arguments, stream, seconds)


def _without_lost_cells(plan: Plan, failures: Sequence[CellFailure]) -> Plan:
    lost = {failure.place for failure in failures if failure.error.type in LOST}
    return replace(plan, cells=tuple(cell for cell in plan.cells if cell.place not in lost))
