"""The search for a change that makes a wrong function right: from where it begins to be wrong.

It asks for calls of changed versions, and is given what came back (a generator of rounds). A change
counts if it makes everything right, in every case; one of several mistakes counts if what its line
binds becomes right, or more of what is returned does, and nothing becomes wrong by it.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

import numpy as np

from grader.judging.alternatives import by_alternative
from grader.judging.expected import CaseKey, QuestionKey
from grader.judging.lines import Function, Line
from grader.judging.locate import Found, Known, suspects
from grader.judging.repairs.edits import Edit, edits
from grader.judging.repairs.minimal import with_fewer
from grader.judging.repairs.scores import NOTHING, Score, Scores, keys_of
from grader.results import Observation, Source

MOST_FAULTS = 4
MOST_LINES = 7  # that are tried for one mistake
MOST_VERSIONS = 260  # that are tried for one line
MOST_FITTING = 5  # of one rank, that are looked at in all cases
MOST_GROUPS = 3
LINE_SECONDS = 1.0  # that the versions of one line may take
SEARCH_SECONDS = 4.0
MOVING = {
    "order_of_steps",
    "order_of_draws",
    "before_the_loop",
    "after_the_loop",
    "statement_extra",
}
TIERS = (1, 2, 4, 9)  # ranks: the likelier mistakes are tried first


@dataclass(frozen=True)
class Trial:
    """A call that is to be made: of a version of a function, or of the function as it is.

    If it is `traced`, what its lines bind is recorded; only those in `lines`, the first and the
    last, if there are any.
    """

    question: str
    case: str
    source: str = ""
    version: int = 0
    traced: bool = True
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A mistake that was found: where, what its line binds, and the changes that take it back."""

    line: Line
    address: str
    causes: tuple[Edit, ...]
    why: str


@dataclass(frozen=True)
class Explanation:
    """What is known of a wrong function: its mistakes, in the order in which they were found.

    It is `complete` if the function is right without them; `begins` is where it begins to be wrong.
    """

    mistakes: tuple[Mistake, ...] = ()
    complete: bool = False
    begins: Found | None = None


@dataclass(frozen=True)
class _State:
    """A version of the function, and what it did in every case."""

    function: Function
    seen: Mapping[str, Observation]


@dataclass(frozen=True)
class _Fitting:
    """A change that fits, what the version did in every case, and how much is right then."""

    edit: Edit
    seen: Mapping[str, Observation]
    complete: bool
    right: Score


_Calls = Generator[Sequence[Trial], Sequence[Observation], None]
_Step = Generator[Sequence[Trial], Sequence[Observation], tuple[Mistake, _State, bool] | None]


class Search:
    """The search for one function's mistakes; `explanation` is what is known so far."""

    def __init__(
        self,
        key: QuestionKey,
        source: Source,
        observed: Mapping[str, Observation],
        functions: Sequence[str] = (),
    ) -> None:
        self._source, self._observed, self._functions = source, observed, functions
        per_case = key.evidence.intermediates if key.evidence else ()
        known = {c.id: Known(found) for c, found in zip(key.cases, per_case, strict=False)}
        self._known = {case: found for case, found in known.items() if case in observed}
        self._scores = Scores(_nearest(key, self._known, observed), known)
        self._cases = [case for case in self._scores.key.cases if case.id in self._known]
        self._keys = keys_of(self._cases)
        self._number, self._until = 0, time.monotonic() + SEARCH_SECONDS
        self._seconds = 0.002  # that a call took lately
        self.explanation = Explanation()

    def run(self) -> _Calls:
        """Look for mistakes until the function is right without them, or nothing more is found."""
        function = Function.of(self._source)
        if function is None or not self._cases:
            return
        state = _State(function, self._observed)
        texts = [self._source.code]
        for _ in range(MOST_FAULTS):
            found = self._suspects(state)
            if self.explanation.begins is None:
                self.explanation = Explanation(begins=next(iter(found), None))
            step = yield from self._mend(state, found)
            if step is None:
                return
            mistake, state, complete = step
            texts.append(state.function.source.code)
            mistakes = (*self.explanation.mistakes, mistake)
            self.explanation = replace(self.explanation, mistakes=mistakes, complete=complete)
            if complete:
                yield from self._leave_out_needless(texts)
                return

    def _leave_out_needless(self, texts: Sequence[str]) -> _Calls:
        """Keep the mistakes without whose changes the function is not right."""
        for kept, text in with_fewer(texts):
            seen = yield [self._trial(case, text, traced=False) for case in self._cases]
            results = {each.case: each for each in seen}
            if all(self._scores.outputs(results.get(c.id), c) == 1 for c in self._cases):
                needed = tuple(self.explanation.mistakes[number] for number in sorted(kept))
                self.explanation = replace(self.explanation, mistakes=needed)
                return

    def _suspects(self, state: _State) -> list[Found]:
        """Return the statements to be looked at, each once, the likeliest first."""
        wrong = self._wrong(state)
        found = suspects(state.function, state.seen, wrong, self._known)
        at_the_end = [each for each in found if each.why == "returned"]
        first = [each for each in found if each.why != "returned"]
        for case in wrong[:1]:
            seen = state.seen[case.id]
            if seen.status == "returned":
                carriers = self._scores.carriers(state.function, seen, case)
                first += [Found(line, address, "carried") for line, address in carriers]
        lines: dict[int, Found] = {}
        for each in (*first, *at_the_end):
            lines.setdefault(each.line.first, each)
        return list(lines.values())

    def _wrong(self, state: _State) -> list[CaseKey]:
        """Return the cases that are wrong, the shortest run of the most wrong ones first."""
        wrong = [c for c in self._cases if self._scores.outputs(state.seen.get(c.id), c) < 1]
        return sorted(wrong, key=lambda case: self._effort(state, case))

    def _effort(self, state: _State, case: CaseKey) -> tuple[float, int, int]:
        seen = state.seen[case.id]
        return self._scores.outputs(seen, case), len(seen.steps), len(case.packed_arguments)

    def _mend(self, state: _State, found: Sequence[Found]) -> _Step:
        """Try changes of the suspected lines, then of those that they read, then of any."""
        wrong = self._wrong(state)
        tried: set[int] = set()
        for suspect in self._candidates(state, found):
            over = len(tried) >= MOST_LINES or time.monotonic() > self._until
            if not wrong or over:
                return None
            if suspect.line.first not in tried:
                tried.add(suspect.line.first)
                step = yield from self._try_line(state, suspect, wrong[0])
                if step is not None:
                    return step
        return None

    def _candidates(self, state: _State, found: Sequence[Found]) -> Iterable[Found]:
        yield from found
        backwards = list(reversed(state.function.lines))
        for each in found:
            for line in backwards:
                if isinstance(line.node, ast.For | ast.While) and line.holds(each.line):
                    yield Found(line, "", "loop")
        for each in found:
            for line in backwards:
                if line.binds & each.line.reads and line.first < each.line.first:
                    yield Found(line, "", "read")
        for line in backwards:
            yield Found(line, "", "any")

    def _try_line(self, state: _State, suspect: Found, probe: CaseKey) -> _Step:
        """Try the changes of one line in one case, tier by tier."""
        most = min(MOST_VERSIONS, int(LINE_SECONDS / self._seconds))
        numbers = _numbers(state.function, state.seen[probe.id], probe)
        changes = edits(state.function, suspect.line, self._keys, self._functions, numbers)
        for _, tier in groupby(islice(changes, most), key=_tier):
            fitting = yield from self._fitting(state, suspect, probe, list(tier))
            if fitting:
                return self._taken(suspect, fitting)
        return None

    def _taken(
        self, suspect: Found, fitting: Sequence[_Fitting]
    ) -> tuple[Mistake, _State, bool] | None:
        best = fitting[0]
        function = Function.of(replace(self._source, code=best.edit.source))
        if function is None:
            return None
        causes = tuple(each.edit for each in fitting if each.right == best.right)
        mistake = Mistake(suspect.line, suspect.address, causes, suspect.why)
        return mistake, _State(function, best.seen), best.complete

    def _fitting(
        self, state: _State, suspect: Found, probe: CaseKey, versions: Sequence[Edit]
    ) -> Generator[Sequence[Trial], Sequence[Observation], list[_Fitting]]:
        """Return the likeliest changes that fit in one case, and then in all of them."""
        traced = bool(suspect.address) or suspect.why == "raised"
        lines = suspect.line.first, suspect.line.last
        started = time.perf_counter()
        seen = yield [self._trial(probe, e.source, traced=traced, lines=lines) for e in versions]
        self._seconds = max(0.0005, (time.perf_counter() - started) / len(versions))
        before = self._scores.of(state.function, state.seen.get(probe.id), probe, suspect)
        better = []
        for edit, one in zip(versions, seen, strict=False):
            score = self._scores.of(state.function, one, probe, suspect)
            if score > before and score.outputs >= before.outputs:
                better.append((score, edit, one))
        if not better:
            return []
        better.sort(key=lambda each: (each[0].outputs < 1, each[1].rank, -each[0].outputs))
        groups: dict[tuple[bool, int], list[Edit]] = {}
        for score, edit, _ in better:
            groups.setdefault((score.outputs < 1, edit.rank), []).append(edit)
        for alike in list(groups.values())[:MOST_GROUPS]:
            fitting = yield from self._confirmed(state, suspect, alike)
            if fitting:
                return fitting
        return []

    def _confirmed(
        self, state: _State, suspect: Found, candidates: Sequence[Edit]
    ) -> Generator[Sequence[Trial], Sequence[Observation], list[_Fitting]]:
        fitting = []
        for edit in candidates[:MOST_FITTING]:
            seen = yield [self._trial(case, edit.source) for case in self._cases]
            results = {each.case: each for each in seen}
            scores = [
                self._scores.of(state.function, results.get(c.id), c, suspect) for c in self._cases
            ]
            complete = all(score.outputs == 1 for score in scores)
            if complete or self._is_better(state, scores, suspect, edit):
                right = Score(sum(s.outputs for s in scores), sum(s.bound for s in scores))
                fitting.append(_Fitting(edit, results, complete, right))
        return sorted(fitting, key=lambda each: each.right, reverse=True)

    def _is_better(
        self, state: _State, scores: Sequence[Score], suspect: Found, edit: Edit
    ) -> bool:
        """Whether a version is worse in no case, and proved to be better.

        It is proved by cases that it makes right, or whose line it makes right, the others being
        as they were; or by more that is right in every case that is wrong. Where lines change
        places, what the suspected one binds proves nothing.
        """
        gains = set()
        for case, score in zip(self._cases, scores, strict=True):
            before = self._scores.of(state.function, state.seen.get(case.id), case, suspect)
            after = score
            if edit.cause in MOVING:
                before, after = before._replace(bound=0.0), score._replace(bound=0.0)
            if after.outputs < before.outputs or after < before:
                return False
            if before.outputs < 1:
                gains.add(_gain(before, after))
        return gains in ({"full"}, {"full", "none"}, {"full", "more"}, {"more"})

    def _trial(
        self, case: CaseKey, source: str, *, traced: bool = True, lines: tuple[int, ...] = ()
    ) -> Trial:
        self._number += 1
        name, in_cell = self._scores.key.question.name, "\n" * (self._source.line - 1) + source
        return Trial(name, case.id, in_cell, self._number, traced, lines)


def _numbers(function: Function, seen: Observation, case: CaseKey) -> set[str]:
    """Return the names that stand for single numbers in one case."""
    bound: dict[str, bool] = {}
    given = zip(function.parameters, case.arguments, strict=False)
    for name, value in (*given, *((step.address, step.value) for step in seen.steps)):
        is_number = isinstance(value, int | float | np.generic)
        bound[name] = bound.get(name, True) and is_number
    return {name for name, is_number in bound.items() if is_number}


def _gain(before: Score, after: Score) -> str:
    """Say how much of a case that was wrong a version makes right."""
    if after.outputs == 1 or after.bound == 1.0 > before.bound:
        return "full"
    # That a value came back where there was none is nothing yet.
    return "more" if after.outputs > before.outputs != NOTHING else "none"


def _nearest(
    key: QuestionKey, known: Mapping[str, Known], observed: Mapping[str, Observation]
) -> QuestionKey:
    """Return the key by which most is right: the reference's, or an alternative's."""
    variants = [key, *(by_alternative(key, other) for other in key.alternatives)]

    def right(variant: QuestionKey) -> float:
        scores = Scores(variant, known)
        return sum(scores.outputs(observed.get(case.id), case) for case in variant.cases)

    return max(variants, key=right)


def _tier(edit: Edit) -> int:
    return next(index for index, highest in enumerate(TIERS) if edit.rank <= highest)
