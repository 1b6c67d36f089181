"""The search for a change that makes a wrong function right: from where it begins to be wrong.

It asks for calls of changed versions, and is given what came back (a generator of rounds). A change
counts if all that it should make right is right, in every case; one of several mistakes counts if
what its line binds becomes right, or more of what is returned does, and nothing else becomes wrong.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judging.alternatives import by_alternative
from grader.judging.compare import compare
from grader.judging.expected import CaseKey, QuestionKey
from grader.judging.locate import Found, Function, Known, Line, judged_steps, suspects
from grader.judging.repairs.edits import Edit, edits
from grader.results import Observation, Source
from grader.values import addresses

MOST_FAULTS = 4
MOST_VERSIONS = 260  # that are tried for one line
MOST_LINES = 4
LINE_SECONDS = 1.5  # that the versions of one line may take
TIERS = (1, 2, 4, 9)  # ranks: the likelier mistakes are tried first


@dataclass(frozen=True)
class Trial:
    """A call that is to be made: of a version of a function, or of the function as it is."""

    question: str
    case: str
    source: str = ""
    version: int = 0


@dataclass(frozen=True)
class Mistake:
    """A mistake that was found: where, what its line binds, and which kinds of mistake it can be."""

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


Rounds = Generator[Sequence[Trial], Sequence[Observation], Explanation]


@dataclass(frozen=True)
class _State:
    """A version of the function, and what it did in the cases in which it was tried."""

    function: Function
    seen: Mapping[str, Observation]


class Search:
    """The search for one function's mistakes."""

    def __init__(
        self, key: QuestionKey, source: Source, observed: Mapping[str, Observation]
    ) -> None:
        self.key, self.source = key, source
        self.cases = [case for case in key.cases if case.id in observed]
        self.observed = observed
        evidence = key.evidence
        per_case = evidence.intermediates if evidence else ()
        self.known = {
            case.id: Known(found) for case, found in zip(key.cases, per_case, strict=False)
        }
        self._number = 0
        self._seconds = 0.002  # that a call took lately

    def run(self) -> Rounds:
        """Look for mistakes until the function is right without them, or nothing more is found."""
        self.key = self._nearest()
        self.cases = [case for case in self.key.cases if case.id in self.observed]
        function = Function.of(self.source)
        if function is None or not self.known:
            return Explanation()
        state = _State(function, self.observed)
        mistakes: list[Mistake] = []
        begins = None
        for _ in range(MOST_FAULTS):
            found = self._suspects(state)
            begins = begins or next(iter(found), None)
            step = yield from self._mend(state, found)
            if step is None:
                break
            mistake, state, complete = step
            mistakes.append(mistake)
            if complete:
                return Explanation(tuple(mistakes), True, begins)
        return Explanation(tuple(mistakes), False, begins)

    def _nearest(self) -> QuestionKey:
        """Return the key by which most is right: the reference's, or an alternative's."""
        variants = [self.key, *(by_alternative(self.key, other) for other in self.key.alternatives)]

        def right(key: QuestionKey) -> float:
            return sum(self._rightness(self.observed.get(case.id), case) for case in key.cases)

        return max(variants, key=right)

    def _suspects(self, state: _State) -> list[Found]:
        wrong = [c for c in self.cases if self._rightness(state.seen.get(c.id), c) < 1]
        found = suspects(state.function, state.seen, wrong, self.known)
        lines: dict[int, Found] = {}
        for each in found:
            lines.setdefault(each.line.first, each)
        return list(lines.values())

    def _mend(
        self, state: _State, found: Sequence[Found]
    ) -> Generator[Sequence[Trial], Sequence[Observation], tuple[Mistake, _State, bool] | None]:
        """Try changes of the suspected lines, then of those that they read."""
        probe = self._probe(state)
        if probe is None:
            return None
        tried: set[int] = set()
        for suspect in self._candidates(state, found, probe):
            if suspect.line.first in tried or len(tried) >= MOST_LINES:
                continue
            tried.add(suspect.line.first)
            step = yield from self._try_line(state, suspect, probe)
            if step is not None:
                return step
        return None

    def _candidates(self, state: _State, found: Sequence[Found], probe: CaseKey) -> Iterable[Found]:
        yield from found
        for each in found:
            for line in reversed(state.function.lines):
                if line.binds & each.line.reads and line.first < each.line.first:
                    yield Found(line, "", "read")
        for line in reversed(state.function.lines):
            yield Found(line, "", "any")

    def _probe(self, state: _State) -> CaseKey | None:
        """Return the case that changes are tried on first: the most wrong of the smallest."""
        wrong = [c for c in self.cases if self._rightness(state.seen.get(c.id), c) < 1]
        return min(
            wrong,
            key=lambda c: (self._rightness(state.seen.get(c.id), c), len(c.packed_arguments)),
            default=None,
        )

    def _try_line(
        self, state: _State, suspect: Found, probe: CaseKey
    ) -> Generator[Sequence[Trial], Sequence[Observation], tuple[Mistake, _State, bool] | None]:
        found = sorted(edits(state.function, suspect.line, self._keys()), key=lambda e: e.rank)
        most = min(MOST_VERSIONS, int(LINE_SECONDS / self._seconds))
        versions = [e for e in found if _compiles(e.source)][:most]
        for lowest, highest in zip((-1, *TIERS), TIERS, strict=False):
            tier = [each for each in versions if lowest < each.rank <= highest]
            step = yield from self._try_versions(state, suspect, probe, tier)
            if step is not None:
                return step
        return None

    def _try_versions(
        self, state: _State, suspect: Found, probe: CaseKey, versions: Sequence[Edit]
    ) -> Generator[Sequence[Trial], Sequence[Observation], tuple[Mistake, _State, bool] | None]:
        if not versions:
            return None
        started = time.perf_counter()
        seen = yield [self._trial(probe, each.source) for each in versions]
        self._seconds = max(0.0005, (time.perf_counter() - started) / len(versions))
        before = state.seen.get(probe.id)
        base = self._score(state, before, probe, suspect)
        scored = [
            (self._score(state, o, probe, suspect), each)
            for each, o in zip(versions, seen, strict=False)
        ]
        better = sorted(
            ((score, each) for score, each in scored if score > base and _allowed(score, base)),
            key=lambda pair: (pair[0][0] < 1, -pair[0][0], -pair[0][1], pair[1].rank),
        )
        confirmed: list[tuple[Edit, dict[str, Observation], bool]] = []
        for score, each in better[:6]:
            if confirmed and (confirmed[0][2] and score[0] < 1 or each.rank > confirmed[0][0].rank):
                break
            others = [case for case in self.cases if case is not probe]
            more = yield [self._trial(case, each.source) for case in others]
            results = dict(zip([c.id for c in others], more, strict=False))
            results[probe.id] = seen[versions.index(each)]
            if len(results) == len(self.cases) and self._better(state, results, suspect):
                complete = all(self._rightness(results[c.id], c) == 1 for c in self.cases)
                confirmed.append((each, results, complete))
        if not confirmed:
            return None
        edit, results, complete = confirmed[0]
        causes = tuple(each for each, _, whole in confirmed if whole == complete)
        source = replace(self.source, code=edit.source)
        function = Function.of(source)
        if function is None:
            return None
        mistake = Mistake(suspect.line, suspect.address, causes, suspect.why)
        return mistake, _State(function, results), complete

    def _better(self, state: _State, results: Mapping[str, Observation], suspect: Found) -> bool:
        """Whether a version is better in some cases and worse in none."""
        gained = False
        for case in self.cases:
            before = self._score(state, state.seen.get(case.id), case, suspect)
            after = self._score(state, results[case.id], case, suspect)
            if not _allowed(after, before) or after < before:
                return False
            # A value that only stands somewhere in the right computation is no proof by itself.
            gained = gained or after[0] > before[0] or (after[1] == 1.0 > before[1])
        return gained

    def _trial(self, case: CaseKey, source: str) -> Trial:
        self._number += 1
        return Trial(self.key.question.name, case.id, source, self._number)

    def _keys(self) -> list[str]:
        keys: dict[str, None] = {}
        for case in self.cases[:1]:
            for value in (*case.arguments, case.expected.value):
                _collect(value, keys)
        return list(keys)

    # ------------------------------------------------------------ how right a version is

    def _score(
        self, state: _State, observation: Observation | None, case: CaseKey, suspect: Found
    ) -> tuple[float, float]:
        """Return the share of the outputs that are right, and whether the suspected value is."""
        return (
            self._rightness(observation, case),
            self._bound(state, observation, case, suspect),
        )

    def _rightness(self, observation: Observation | None, case: CaseKey) -> float:
        if observation is None or observation.status != "returned":
            return -1.0
        found = compare(self.key.question, observation.value, case.expected.value)
        due = max(1, len(addresses(case.expected.value, self.key.question.returns)))
        right = sum(each.fault is None for each in found)
        return 1.0 if right == len(found) else right / due

    def _bound(
        self, state: _State, observation: Observation | None, case: CaseKey, suspect: Found
    ) -> float:
        """Return how right what the suspected line binds is: 1 if it is, by its name."""
        if observation is None:
            return 0.0
        if suspect.why == "raised" and not suspect.address:
            return float(self._got_further(state, observation, suspect))
        if not suspect.address:
            return 0.0
        steps = [
            each
            for each in judged_steps(state.function, observation.steps, self.known[case.id])
            if each.line.first == suspect.line.first and each.address == suspect.address
        ]
        if not steps:
            return 0.0
        if all(each.named and each.shaped for each in steps):
            return 1.0
        return (
            0.5 if all(each.right and each.shaped and each.named is None for each in steps) else 0.0
        )

    def _got_further(self, state: _State, observation: Observation, suspect: Found) -> bool:
        """Whether a version did not stop in the suspected line, and what the line bound is right."""
        last = observation.steps[-1].line if observation.steps else 0
        line = state.function.line(last)
        if observation.status == "returned":
            return True
        if line is None or line.first <= suspect.line.first:
            return False
        own = [
            each
            for each in judged_steps(
                state.function, observation.steps, self.known[observation.case]
            )
            if each.line.first == suspect.line.first
        ]
        return bool(own) and all(
            each.right and each.shaped and each.named is not False for each in own
        )


def _allowed(after: tuple[float, float], before: tuple[float, float]) -> bool:
    return after[0] >= before[0]


def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _collect(value: object, keys: dict[str, None]) -> None:
    if isinstance(value, dict):
        keys |= dict.fromkeys(key for key in value if isinstance(key, str))
        for part in value.values():
            _collect(part, keys)
    elif isinstance(value, tuple | list):
        for part in value:
            _collect(part, keys)
    elif isinstance(value, str) and len(value) <= 20:
        keys[value] = None
