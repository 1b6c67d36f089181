"""The search for a change that makes a wrong function right: from where it begins to be wrong.

It asks for calls of changed versions, and is given what came back (a generator of rounds). Where a
function has several mistakes, one is looked for behind the other.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judging.alternatives import by_alternative
from grader.judging.expected import CaseKey, QuestionKey
from grader.judging.lines import Function, Line
from grader.judging.locate import Found, Known, suspects
from grader.judging.repairs.budget import Budget
from grader.judging.repairs.edits import Edit
from grader.judging.repairs.minimal import with_fewer
from grader.judging.repairs.scores import Scores, State, keys_of
from grader.judging.repairs.trying import Fits, Fitting, Trial, Tries
from grader.results import Observation, Source

MOST_FAULTS = 6
MOST_LINES = 6  # that are tried for one mistake
SHORT = 12  # statements of a function of which two are changed at once
SEARCH_SECONDS = 4.0


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


_Calls = Generator[Sequence[Trial], Sequence[Observation], None]
_Step = Generator[
    Sequence[Trial], Sequence[Observation], tuple[tuple[Mistake, ...], Fitting] | None
]


class Search:
    """The search for one function's mistakes; `explanation` is what is known so far.

    `hints` are kinds of mistakes, by line, that do what the function does: they are tried first.
    """

    def __init__(
        self,
        key: QuestionKey,
        source: Source,
        observed: Mapping[str, Observation],
        functions: Sequence[str] = (),
        *,
        hints: Mapping[int, frozenset[str]] | None = None,
        seconds: float = SEARCH_SECONDS,
    ) -> None:
        self._source, self._observed, self._hints = source, observed, hints or {}
        evidence = key.evidence
        per_case = evidence.intermediates if evidence else ()
        known = {c.id: Known(found) for c, found in zip(key.cases, per_case, strict=False)}
        self._known = {case: found for case, found in known.items() if case in observed}
        variants = [key, *(by_alternative(key, other) for other in key.alternatives)]
        nearest = _nearest(variants, self._known, observed)
        self._scores = Scores(nearest, known, [each for each in variants if each is not nearest])
        self._cases = [case for case in self._scores.key.cases if case.id in self._known]
        texts = evidence.texts if evidence else ()
        words = [*keys_of(self._cases), *(text for text in texts if text.isidentifier())]
        self._budget = Budget(seconds)
        self._budget.spend(observed.values())
        self._tries = Tries(self._scores, self._cases, source, (words, functions), self._budget)
        self.explanation = Explanation()

    def run(self) -> _Calls:
        """Look for mistakes until the function is right without them, or nothing more is found."""
        function = Function.of(self._source)
        if function is None or not self._cases:
            return
        state = State(function, self._observed)
        texts = [self._source.code]
        while len(self.explanation.mistakes) < MOST_FAULTS:
            found = self._suspects(state)
            if self.explanation.begins is None:
                self.explanation = Explanation(begins=next(iter(found), None))
            step = yield from self._mend(state, found)
            if step is None and not self.explanation.mistakes:
                step = yield from self._mend_two(state)
            changed = function.with_code(step[1].source) if step else None
            if step is None or changed is None:
                return
            state = State(changed, step[1].seen)
            texts += [edit.source for edit in step[1].edits]
            mistakes, complete = (*self.explanation.mistakes, *step[0]), step[1].complete
            self.explanation = replace(self.explanation, mistakes=mistakes, complete=complete)
            if complete:
                yield from self._leave_out_needless(texts)
                return

    def _leave_out_needless(self, texts: Sequence[str]) -> _Calls:
        """Keep the mistakes without whose changes the function is not right."""
        for kept, text in with_fewer(texts):
            seen = yield [self._tries.trial(case, text, traced=False) for case in self._cases]
            results = {each.case: each for each in seen}
            if all(self._scores.outputs(results.get(c.id), c) == 1 for c in self._cases):
                needed = tuple(self.explanation.mistakes[number] for number in sorted(kept))
                self.explanation = replace(self.explanation, mistakes=needed)
                return

    def _suspects(self, state: State) -> list[Found]:
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

    def _wrong(self, state: State) -> list[CaseKey]:
        """Return the cases that are wrong, the shortest run of the most wrong ones first."""
        wrong = [c for c in self._cases if self._scores.outputs(state.seen.get(c.id), c) < 1]
        return sorted(wrong, key=lambda case: self._effort(state, case))

    def _effort(self, state: State, case: CaseKey) -> tuple[float, int, int]:
        seen = state.seen[case.id]
        return self._scores.outputs(seen, case), len(seen.steps), len(case.packed_arguments)

    def _mend(self, state: State, found: Sequence[Found]) -> _Step:
        """Try changes of the suspected lines, then of those that they read, then of any."""
        wrong = self._wrong(state)
        likely = (yield from self._try_likely(state, found, wrong[0])) if wrong else None
        if likely:
            return likely
        tried: set[int] = set()
        for suspect in self._candidates(state, found):
            over = len(tried) >= MOST_LINES or self._budget.is_spent
            if not wrong or over:
                return None
            if suspect.line.first not in tried:
                tried.add(suspect.line.first)
                fitting = yield from self._try_line(
                    state, suspect, wrong[0], twice=len(tried) == 1 and suspect in found[:1]
                )
                if fitting:
                    return _taken(suspect, fitting)
        return None

    def _try_likely(self, state: State, found: Sequence[Found], probe: CaseKey) -> _Step:
        """Try what is likely to be: the hints, and behind a mistake the same one elsewhere.

        What is a hint for all of it counts if everything is right without it.
        """
        for suspect, causes, rank in self._likely(found):
            fitting = yield from self._tries.one_change(state, suspect, probe, causes, rank)
            if fitting and (self.explanation.mistakes or fitting[0].complete):
                return _taken(suspect, fitting)
        return None

    def _likely(self, found: Sequence[Found]) -> Iterator[tuple[Found, frozenset[str], int]]:
        """Yield lines, kinds of mistakes to try there, and which rank others have to be below."""
        again = [edit for each in self.explanation.mistakes for edit in each.causes]
        if again:
            causes, rank = frozenset(e.cause for e in again), min(e.rank for e in again)
            yield from ((each, causes, rank) for each in found[:MOST_LINES])
            return
        for each in found[:1]:
            for number, causes in self._hints.items():
                if each.line.first <= number <= each.line.last:
                    yield each, causes, 0

    def _mend_two(self, state: State) -> _Step:
        """Try likely changes of two lines of a short function, if its values tell much."""
        lines = {line.first: line for line in state.function.lines}
        wrong = self._wrong(state)
        if not 1 < len(lines) <= SHORT or not self._scores.key.tells_much or not wrong:
            return None
        suspects = [Found(line, "", "pair") for line in lines.values()]
        fitting = yield from self._tries.changes_of_two_lines(state, suspects, wrong[0])
        pairs = {_changed_lines(state.function, each) for each in fitting}
        if len(pairs) != 1 or len(pair := pairs.pop()) != 2:
            return None  # where it may as well be in other lines, nobody knows
        causes = zip(*(each.edits for each in fitting), strict=True)
        mistakes = tuple(
            Mistake(
                lines[number], "", tuple({edit.source: edit for edit in alike}.values()), "pair"
            )
            for number, alike in zip(pair, causes, strict=True)
        )
        return mistakes, fitting[0]

    def _try_line(self, state: State, suspect: Found, probe: CaseKey, *, twice: bool) -> Fits:
        """Try changes of a line; of the first one that differs, also two of them."""
        fitting = yield from self._tries.one_change(state, suspect, probe)
        if not fitting and twice and suspect.why in ("named", "shape", "raised"):
            fitting = yield from self._tries.two_changes(state, suspect, probe)
        return fitting

    def _candidates(self, state: State, found: Sequence[Found]) -> Iterable[Found]:
        """Yield the first suspects, what the first one is made from, then the others, then any.

        But none that nothing speaks against, and whose values are right.
        """
        yield from found[:2]
        for each in found[:1]:
            yield from self._not_right(state, self._around(state, each))
        yield from found[2:]
        for each in found:
            yield from self._not_right(state, self._around(state, each))
        every = (Found(line, "", "any") for line in reversed(state.function.lines))
        yield from self._not_right(state, every)

    def _not_right(self, state: State, suspects: Iterable[Found]) -> Iterator[Found]:
        """Yield those that do not bind, in every case, what the reference gives the same name.

        Of a dictionary that is put together, something may be missing all the same.
        """
        for each in suspects:
            line = each.line
            addresses = {
                step.address
                for case in self._cases
                for step in state.seen[case.id].steps
                if step.address and line.first <= step.line <= line.last
            }
            bound = (
                self._scores.of(
                    state.function, state.seen[case.id], case, Found(line, address, "named")
                ).bound
                for address in addresses
                for case in self._cases
            )
            is_open = line.is_compound or isinstance(getattr(line.node, "value", None), ast.Dict)
            if is_open or not addresses or any(share < 1 for share in bound):
                yield each

    def _around(self, state: State, suspect: Found) -> Iterable[Found]:
        """Yield the loops that a line stands in, and the lines that bind what it reads.

        With those, the conditions under which they do.
        """
        for line in reversed(state.function.lines):
            if isinstance(line.node, ast.For | ast.While) and line.holds(suspect.line):
                yield Found(line, "", "loop")
        for line in reversed(state.function.lines):
            if line.binds & suspect.line.reads and line.first < suspect.line.first:
                yield Found(line, "", "read")
                owners = (o for o in state.function.lines if o.holds(line))
                yield from (Found(o, "", "read") for o in owners if isinstance(o.node, ast.If))


def _changed_lines(function: Function, fitting: Fitting) -> tuple[int, ...]:
    """Return the statements, by their first lines, that a version changes."""
    old, new = function.text, fitting.source.split("\n")
    changed = [n for n, (was, now) in enumerate(zip(old, new, strict=False)) if was != now]
    lines = (function.line(number + function.source.line) for number in changed)
    return tuple(sorted({line.first for line in lines if line}))


def _taken(suspect: Found, fitting: Sequence[Fitting]) -> tuple[tuple[Mistake, ...], Fitting]:
    """Return the mistakes that the best changes take back: one, or two of one line."""
    best = fitting[0]
    alike = {best.source: best.edits}  # the same in another order is not another possibility
    for each in fitting[1:]:
        if each.right == best.right and len(each.edits) == len(best.edits):
            alike.setdefault(each.source, each.edits)
    mistakes = tuple(
        Mistake(
            suspect.line,
            suspect.address,
            tuple({edit.source: edit for edit in causes}.values()),
            suspect.why,
        )
        for causes in zip(*alike.values(), strict=True)
    )
    return mistakes, best


def _nearest(
    variants: Sequence[QuestionKey],
    known: Mapping[str, Known],
    observed: Mapping[str, Observation],
) -> QuestionKey:
    """Return the key by which most is right: the reference's, or an alternative's."""

    def right(variant: QuestionKey) -> float:
        scores = Scores(variant, known)
        return sum(scores.outputs(observed.get(case.id), case) for case in variant.cases)

    return max(variants, key=right)
