"""Changes of one line put to the test: in one case first, and those that fit in all cases.

A change counts if it makes everything right, in every case, or is proved to take back one of
several mistakes (see `proof`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, islice, product
from typing import Any

from grader.judging.expected import CaseKey
from grader.judging.locate import Found
from grader.judging.repairs.budget import Budget
from grader.judging.repairs.edits import Edit, edits
from grader.judging.repairs.expressions import Change
from grader.judging.repairs.kinds import Kinds
from grader.judging.repairs.minimal import together
from grader.judging.repairs.proof import LIKELY, is_better
from grader.judging.repairs.scores import Score, Scores, State
from grader.judging.repairs.statements import Moved
from grader.results import Observation, Source

MOST_VERSIONS = 260  # that are tried for one line
MOST_SECOND = 120  # with two changes in one line
MOST_PAIRS = 500  # of changes of two lines
PAIR = 3  # the rank of both together
MOST_FIRST = 10  # changes that a second one is tried on
MOST_OF_A_FIRST = 60
MOST_ALIKE = 4  # changes of one kind that are made twice in a line
MOST_FITTING = 5  # of one rank, that are looked at in all cases
MOST_GROUPS = 3
LINE_SECONDS = 1.5  # that the versions of one line may take
BATCH_SECONDS = 0.5  # that the versions may take that are asked for at once
TIERS = (1, 2, 4, 9)  # ranks: the likelier mistakes are tried first


@dataclass(frozen=True)
class Trial:
    """A call that is to be made: of a version of a function, or of the function as it is.

    If it is `traced`, what its lines bind is recorded; only those in `lines`, the first and the
    last, if there are any. With other `arguments` than the case's, it is called with these.
    """

    question: str
    case: str
    source: str = ""
    version: int = 0
    traced: bool = True
    lines: tuple[int, ...] = ()
    arguments: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Fitting:
    """Changes that fit, one after the other, what the version did in every case, and its score."""

    edits: tuple[Edit, ...]
    seen: Mapping[str, Observation]
    complete: bool
    right: Score

    @property
    def source(self) -> str:
        """The function with all of the changes."""
        return self.edits[-1].source


Fits = Generator[Sequence[Trial], Sequence[Observation], list[Fitting]]
_Seen = Generator[Sequence[Trial], Sequence[Observation], list[Observation]]
_Changes = tuple[Edit, ...]


class Tries:
    """Tries the changes of one function's lines, and remembers what each of a line did."""

    def __init__(
        self,
        scores: Scores,
        cases: Sequence[CaseKey],
        source: Source,
        words: tuple[Sequence[str], Sequence[str]],
        budget: Budget,
    ) -> None:
        self.scores, self.cases, self._source, self.budget = scores, cases, source, budget
        self._keys, self._functions = words
        self._number = 0
        self._promising: list[tuple[Score, Edit]] = []

    def trial(
        self, case: CaseKey, source: str, *, traced: bool = True, lines: tuple[int, ...] = ()
    ) -> Trial:
        """Return the call of a version in one case, its lines numbered as in the cell."""
        self._number += 1
        name, in_cell = self.scores.key.question.name, "\n" * (self._source.line - 1) + source
        return Trial(name, case.id, in_cell, self._number, traced, lines)

    def one_change(
        self,
        state: State,
        suspect: Found,
        probe: CaseKey,
        causes: Collection[str] = (),
        rank: int = 0,
    ) -> Fits:
        """Return the likeliest changes of a line that fit, tier by tier.

        If there are `causes`, only these, and whatever is likelier than a `rank`.
        """
        self._promising = []
        every = self._edits(state, suspect)
        asked = (e for e in every if not causes or e.cause in causes or e.rank < rank)
        found = islice(asked, self._most(MOST_VERSIONS))
        for _, tier in groupby(found, key=_tier):
            fitting = yield from self._fitting(state, suspect, probe, [(edit,) for edit in tier])
            if fitting:
                return fitting
        return []

    def two_changes(self, state: State, suspect: Found, probe: CaseKey) -> Fits:
        """Return pairs of likely changes of the line that was tried last and that fit."""
        best = sorted(self._promising, key=lambda each: (each[0], -each[1].rank), reverse=True)
        firsts = [edit for _, edit in best]
        pairs: list[_Changes] = []
        for first in _of_each_kind(firsts):
            pairs += islice(self._second(state, suspect, first, alike=True), MOST_ALIKE)
        for first in firsts[:MOST_FIRST]:
            pairs += islice(self._second(state, suspect, first), MOST_OF_A_FIRST)
        pairs.sort(key=_likelihood)
        found = yield from self._fitting(
            state, suspect, probe, pairs[: self._most(MOST_SECOND)], sure=True
        )
        return found

    def changes_of_two_lines(self, state: State, suspects: Sequence[Found], probe: CaseKey) -> Fits:
        """Return pairs of likely changes, each of another line, by which everything is right."""
        by_line = [list(self._likely(state, each)) for each in suspects]
        pairs = [
            (first, replace(second, source=text))
            for ones, others in combinations(by_line, 2)
            for first, second in product(ones, others)
            if first.rank + second.rank <= PAIR
            and (text := together(state.function.source.code, first.source, second.source))
        ]
        pairs.sort(key=lambda pair: sum(edit.rank for edit in pair))
        nowhere = replace(suspects[0], address="", why="pair")
        found = yield from self._fitting(
            state, nowhere, probe, pairs[: self._most(MOST_PAIRS)], sure=True
        )
        return [each for each in found if each.complete]

    def _second(
        self, state: State, suspect: Found, first: Edit, *, alike: bool = False
    ) -> Iterator[_Changes]:
        """Yield a change with each likely one behind it; if `alike`, with those of its kind."""
        function = state.function.with_code(first.source)
        line = function.line(suspect.line.first) if function else None
        if function and line:
            again = Found(line, suspect.address, suspect.why)
            kind = _kind(first) if alike else None
            for edit in self._likely(State(function, state.seen), again, kind):
                yield first, edit

    def _likely(
        self, state: State, suspect: Found, kind: tuple[str, str] | None = None
    ) -> Iterator[Edit]:
        """Yield the likely changes of a line; if a `kind` is given, only those of that kind."""
        return self._edits(
            state, suspect, lambda each: each.rank <= LIKELY and kind in (None, _kind(each))
        )

    def _edits(
        self, state: State, suspect: Found, wanted: Callable[[Change | Moved], bool] | None = None
    ) -> Iterator[Edit]:
        kinds = Kinds.of(state.function, state.seen, self.cases)
        return edits(state.function, suspect.line, self._keys, self._functions, kinds, wanted)

    def _most(self, count: int) -> int:
        return min(count, self.budget.calls(LINE_SECONDS))

    def _fitting(
        self,
        state: State,
        suspect: Found,
        probe: CaseKey,
        versions: Sequence[_Changes],
        *,
        sure: bool = False,
    ) -> Fits:
        """Return the likeliest changes that fit in one case, and then in all of them.

        If it has to be `sure`, only those by which everything or the line becomes right.
        """
        if not versions:
            return []
        traced = bool(suspect.address) or suspect.why == "raised"
        lines = suspect.line.first, suspect.line.last
        trials = [self.trial(probe, e[-1].source, traced=traced, lines=lines) for e in versions]
        seen = yield from self._asked(trials)
        before = self.scores.of(state.function, state.seen.get(probe.id), probe, suspect)
        groups: dict[tuple[bool, int], list[_Changes]] = {}
        for changes, one in zip(versions, seen, strict=False):
            score = self.scores.of(state.function, one, probe, suspect)
            if score > before and score.outputs >= before.outputs:
                rank = sum(edit.rank for edit in changes)
                groups.setdefault((score.outputs < 1, rank), []).append(changes)
            elif len(changes) == 1 and changes[0].rank <= LIKELY:
                shaped = self.scores.shaped(state.function, one, probe, suspect)
                self._promising.append((Score(score.outputs, shaped), changes[0]))
        for _, alike in sorted(groups.items())[:MOST_GROUPS]:
            fitting = yield from self._confirmed(state, suspect, alike, sure=sure)
            if fitting:
                return fitting
        return []

    def _asked(self, trials: Sequence[Trial]) -> _Seen:
        """Ask for calls, some at a time, until a line's time is up."""
        seen: list[Observation] = []
        least = self.budget.left - LINE_SECONDS
        while len(seen) < len(trials) and self.budget.left > least and not self.budget.is_spent:
            batch = trials[len(seen) : len(seen) + self.budget.batch(BATCH_SECONDS)]
            more = yield batch
            self.budget.spend(more)
            seen += more
            if len(more) < len(batch):
                break  # the kernel is lost
        return seen

    def _confirmed(
        self, state: State, suspect: Found, candidates: Sequence[_Changes], *, sure: bool
    ) -> Fits:
        fitting = []
        for changes in candidates[:MOST_FITTING]:
            if self.budget.is_spent:
                break
            seen = yield [self.trial(case, changes[-1].source) for case in self.cases]
            self.budget.spend(seen)
            results = {each.case: each for each in seen}
            scores = [
                self.scores.of(state.function, results.get(c.id), c, suspect) for c in self.cases
            ]
            judged = {
                c.id: (results.get(c.id), score)
                for c, score in zip(self.cases, scores, strict=True)
            }
            complete = all(score.outputs == 1 for score in scores)
            if complete or is_better(self.scores, state, suspect, changes, judged, sure=sure):
                bound = 0.0 if complete else sum(score.bound for score in scores)
                right = Score(sum(score.outputs for score in scores), bound)
                fitting.append(Fitting(changes, results, complete, right))
        return sorted(fitting, key=lambda each: each.right, reverse=True)


def _of_each_kind(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield some changes of each kind of which there are several."""
    by_kind: dict[tuple[str, str], list[Edit]] = {}
    for edit in edits:
        by_kind.setdefault(_kind(edit), []).append(edit)
    for alike in by_kind.values():
        yield from alike[:MOST_ALIKE] if len(alike) > 1 else ()


def _kind(edit: Edit | Change | Moved) -> tuple[str, str]:
    """Return what is equal for the same slip, at the same name or call, elsewhere in a line."""
    return edit.cause, edit.about.get("taken", "").partition("(")[0]


def _likelihood(pair: _Changes) -> tuple[bool, int]:
    """Put the same slip in two places before different ones."""
    first, second = pair
    return _kind(first) != _kind(second), first.rank + second.rank


def _tier(edit: Edit) -> int:
    return next(index for index, highest in enumerate(TIERS) if edit.rank <= highest)
