"""Follow-through for one submission: items that may only inherit an error are run once more.

Each in a kernel of its own that nothing else runs in, on cases of its own, with its wrong helpers
answered for by the reference. What a kernel sees of those answers ends with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.execution.plan import Plan
from grader.execution.runner import Helper, Request, Runner
from grader.judging.expected import AnswerKey, CaseKey
from grader.judging.helpers import Helpers
from grader.judging.inheriting import Retrial, Suspicion, follow, suspicions
from grader.results import CellFailure, Observation, QuestionResult, Run
from grader.spec import Question

ALTERED_CALLS = 50  # of helpers, after which no more cases are asked with other answers
LOST = ("Timeout", "Exit")  # how cells fail that would cost as much time again

Ask = Callable[[Question, CaseKey], Request]
"""Makes the request for one case of an item, under the notebook's own name for it."""


@dataclass(frozen=True)
class Following:
    """One notebook that has been run and judged, and what is needed to run it again.

    `items` are those that this run counts for.
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
        out_of_time = any(seen.status == "not_reached" for seen in self.run.observations)
        every = suspicions(self.key, results, self.planned.sources)
        found = [each for each in every if each.name in self.items]
        if not found or out_of_time:
            return tuple(results)
        failures = (*self.planned.broken, *self.run.failures)
        return follow(
            self.key, results, list(self._retrials(found)), failures, self.planned.sources
        )

    def _retrials(self, found: Sequence[Suspicion]) -> Iterator[Retrial]:
        limits = self.key.assignment.limits
        until = time.monotonic() + limits.notebook_seconds
        plan = _without_lost_cells(self.planned, self.run.failures)
        for each in found:
            left = until - time.monotonic()
            if left <= 0:
                return
            asked = self._requests(each)
            bounded = replace(limits, notebook_seconds=left)
            again = _Again(asked)
            try:
                run = self.runner.run(plan, asked, bounded, self.support, again, self._answer)
            except (GraderError, OSError):  # what was judged before stands
                continue
            _, repeat, *altered = again.seen or (None, None)
            seen = (*run.observations, repeat) if repeat else run.observations
            yield Retrial(each, seen, tuple(filter(None, altered)))

    def _requests(self, suspicion: Suspicion) -> list[Request]:
        key = suspicion.key
        helpers = tuple(self._helper(name) for name in suspicion.helpers)
        return [replace(self.ask(key.question, case), answered=helpers) for case in key.cases]

    def _helper(self, name: str) -> Helper:
        (key,) = (each for each in self.key.questions if each.question.name == name)
        question, parameters = key.question, self.planned.sources[name].parameters
        helper = Helper(
            question=name,
            name=self.planned.names[name],
            parameters=question.parameters,
            required=question.required,
            reads=question.reads,
            unused=question.unused,
            draws=key.draws,
        )
        return replace(helper, takes=len(parameters)) if parameters else helper

    def _answer(
        self,
        request: Request,
        helper: Helper,
        arguments: Mapping[str, Any],
        stream: Any,
        seconds: float,
    ) -> bytes:
        return self.helpers.answer(
            helper.question, arguments, stream, seconds, altered=request.altered
        )


class _Again:
    """Asks some of the cases again, and keeps what comes of it in `seen`.

    The one with the fewest calls of helpers twice, to see whether it gives the same; then it, and
    perhaps others, with other answers than the right ones.
    """

    def __init__(self, asked: Sequence[Request]) -> None:
        self._requests = {request.case: request for request in asked}
        self._has_asked = False
        self.seen: tuple[Observation, ...] = ()

    def __call__(self, seen: Sequence[Observation]) -> list[Request]:
        if self._has_asked:
            self.seen = tuple(seen)
            return []
        self._has_asked = True
        return self._chosen(seen)

    def _chosen(self, seen: Sequence[Observation]) -> list[Request]:
        first = [each for each in seen if each.status == "returned" and each.answered]
        counts = sorted((sum(each.answered.values()), each.case) for each in first)
        chosen: list[Request] = []
        calls = 0
        for count, case in counts:
            request = self._requests[case]
            calls += count
            if not chosen:
                chosen += [request, replace(request, repeat=True)]
            elif calls > ALTERED_CALLS:
                break
            chosen.append(replace(request, altered=True))
        return chosen


def _without_lost_cells(plan: Plan, failures: Sequence[CellFailure]) -> Plan:
    lost = {failure.place for failure in failures if failure.error.type in LOST}
    return replace(plan, cells=tuple(cell for cell in plan.cells if cell.place not in lost))
