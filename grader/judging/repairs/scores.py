"""How right a version of a function is: in what it returns, and in what one of its lines binds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from grader.judging.compare import compare
from grader.judging.expected import CaseKey, QuestionKey
from grader.judging.fingerprint import counterparts, of_values
from grader.judging.lines import Function, Line
from grader.judging.locate import Found, Known, Seen, judged_steps, says_nothing
from grader.results import Observation
from grader.values import leaves

NOTHING = -1.0  # no value came back


class Score(NamedTuple):
    """The share of the outputs that are right, and how right is what the suspected line binds.

    That is 1 for the value that the reference gives the same name, a half for one that stands
    somewhere in its computation.
    """

    outputs: float
    bound: float


@dataclass(frozen=True)
class State:
    """A version of the function, and what it did in every case."""

    function: Function
    seen: Mapping[str, Observation]


class Scores:
    """Judges versions of one function; `others` are the keys of other right solutions."""

    def __init__(
        self, key: QuestionKey, known: Mapping[str, Known], others: Sequence[QuestionKey] = ()
    ) -> None:
        self.key, self._known = key, known
        self._expected = [
            {case.id: case.expected for case in each.cases} for each in (key, *others)
        ]
        self._outputs: dict[tuple[int, str], float] = {}  # by version and case

    def of(
        self, function: Function, seen: Observation | None, case: CaseKey, suspect: Found
    ) -> Score:
        """Return the score of what a version did in one case."""
        bound = 0.0 if seen is None else self._bound(function, seen, case, suspect)
        return Score(self.outputs(seen, case), bound)

    def outputs(self, seen: Observation | None, case: CaseKey) -> float:
        """Return the share of the outputs that are right; NOTHING if no value came back."""
        if seen is None or seen.status != "returned":
            return NOTHING
        call = seen.version, seen.case
        if call not in self._outputs:
            expected = [answers[case.id].value for answers in self._expected]
            self._outputs[call] = max(self._share(seen, value) for value in expected)
        return self._outputs[call]

    def _share(self, seen: Observation, expected: Any) -> float:
        found = compare(self.key.question, seen.value, expected)
        return sum(each.fault is None for each in found) / max(1, len(found))

    def tells_more(self, before: Observation, after: Observation, case: CaseKey) -> bool:
        """Whether more of what is right is more than zeros, ones and the like.

        Where right values are all whole numbers, zeros alone do not count.
        """
        every = leaves(case.expected.value, self.key.question.returns)
        telling = {path for path, leaf in every.items() if not says_nothing(leaf)}
        telling = telling or {path for path, leaf in every.items() if np.any(leaf)}

        def right(seen: Observation) -> int:
            found = compare(self.key.question, seen.value, case.expected.value)
            return sum(each.fault is None and each.path in telling for each in found)

        return right(after) > right(before)

    def _bound(self, function: Function, seen: Observation, case: CaseKey, suspect: Found) -> float:
        if suspect.why == "raised" and not suspect.address:
            return float(self._got_further(function, seen, case, suspect))
        steps = [
            each
            for each in self._own_steps(function, seen, case, suspect.line)
            if each.address == suspect.address
        ]
        if not suspect.address or not steps:
            return 0.0
        if all(each.named and each.shaped for each in steps):
            # Of a name that is bound several times, an earlier value may be meant.
            last = of_values([steps[-1].value])
            is_final = last and self._known[case.id].is_final(suspect.address, last)
            return 1.0 if is_final else 0.5
        somewhere = all(each.right and each.shaped and each.named is None for each in steps)
        return 0.5 if somewhere else 0.0

    def shaped(self, function: Function, seen: Observation, case: CaseKey, suspect: Found) -> float:
        """Return 1 if what the suspected line binds has the shape that it should have, else 0."""
        last = function.line(seen.steps[-1].line) if seen.steps else None
        stopped = seen.status != "returned" and (not last or last.first <= suspect.line.first)
        if stopped or not suspect.address:
            return 0.0
        steps = self._own_steps(function, seen, case, suspect.line)
        due = {each.shape for each in self._known[case.id].named(suspect.address)}
        own = [np.shape(each.value) for each in steps if each.address == suspect.address]
        return float(bool(own) and own[-1] in due)

    def _own_steps(
        self, function: Function, seen: Observation, case: CaseKey, line: Line
    ) -> list[Seen]:
        own = [step for step in seen.steps if line.first <= step.line <= line.last]
        return judged_steps(function, own, self._known[case.id])

    def _got_further(
        self, function: Function, seen: Observation, case: CaseKey, suspect: Found
    ) -> bool:
        """Whether a version did not stop in the suspected line, and bound something right there."""
        last = function.line(seen.steps[-1].line) if seen.steps else None
        if last is None or (seen.status != "returned" and last.first <= suspect.line.first):
            return False
        own = self._own_steps(function, seen, case, suspect.line)
        return bool(own) and all(each.named and each.shaped for each in own)

    def carriers(
        self, function: Function, seen: Observation, case: CaseKey
    ) -> Iterator[tuple[Line, str]]:
        """Yield the lines that bind what is returned and wrong, the latest first."""
        for wrong in self._wrong_leaves(seen, case):
            own = of_values([wrong]) if not isinstance(wrong, int) else None  # many are alike
            for step in reversed(seen.steps):
                line = function.line(step.line)
                found = of_values([step.value]) if line and step.address else None
                if line and own and found and own.agrees(found):
                    (judged,) = judged_steps(function, [step], self._known[case.id]) or (None,)
                    if judged is None or not judged.named:  # else it is right, in its own place
                        yield line, step.address
                    break

    def _wrong_leaves(self, seen: Observation, case: CaseKey) -> list[object]:
        question = self.key.question
        found = compare(question, seen.value, case.expected.value)
        actual = dict(counterparts(question, seen.value, case.expected.value))
        return [actual[each.path] for each in found if each.fault and each.path in actual]


def keys_of(cases: Sequence[CaseKey]) -> list[str]:
    """Return the keys and the words in what is passed and returned."""
    keys: dict[str, None] = {}
    for case in cases[:1]:
        for value in (*case.arguments, case.expected.value):
            _collect(value, keys)
    return list(keys)


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
