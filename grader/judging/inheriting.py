"""Follow-through: whether an item is wrong itself, or inherits the error of a helper.

Whoever is right as soon as the helpers are right inherits, whatever a wrong one does to its
callers. The reference's answers reach the kernel then, so no case is asked that is hidden and
decides on points: an item is asked its visible cases, and several sets that are drawn for this.

The control asks the same, and the item's own cases, without help. An item that is right by now in
its own cases, since it draws at random or the machine was slow, owes its helpers nothing. Nor does
one whose helpers make no difference in what is asked: what is wrong with it then only shows where
it had no help. As long as they make none, more sets are drawn, up to a bound: a helper that is
slightly wrong often leaves its caller right.

Whether it is right is all that leaves this: what it says on the way, it may have from the answers.

What an assignment lists as an item's helpers may be answered for by the reference, and nothing
else, whatever the source uses: an item that its helper builds on could be had from the answers, be
they a function's or the value of a variable (`images = None`, `columns = flatten(images)` and then
`images = unflatten(columns)`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from grader.judging import wording
from grader.judging.expected import AnswerKey, QuestionKey
from grader.judging.scoring import judge_item
from grader.judging.shares import share_of
from grader.results import CellFailure, Observation, OutputResult, QuestionResult, Source
from grader.spec import FollowThrough
from grader.wire import pack

GIVEN_BACK: Mapping[FollowThrough, float] = {"full": 1.0, "half": 0.5, "none": 0.0}


@dataclass(frozen=True)
class Suspicion:
    """An item that may be wrong because of helpers, all of which are not right.

    `before` is what it was judged. `only` says whether nothing else that is not right is used.
    """

    key: QuestionKey
    before: QuestionResult
    helpers: tuple[str, ...]
    only: bool

    @property
    def name(self) -> str:
        """The item's name."""
        return self.before.name

    def shown(self, sets: int) -> QuestionKey:
        """Return the key with what may be seen beside answers: visible cases, and drawn ones."""
        drawn = tuple(case for each in self.key.drawn[:sets] for case in each)
        visible = [index for index, case in enumerate(self.key.cases) if case.visible]

        def of(every: Sequence[Any], others: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
            more = [one for each in others[:sets] for one in each]
            return (*(every[index] for index in visible), *more)

        alternatives = tuple(
            replace(each, answers=of(each.answers, each.drawn)) for each in self.key.alternatives
        )
        cases = (*(self.key.cases[index] for index in visible), *drawn)
        return replace(self.key, cases=cases, alternatives=alternatives)

    @cached_property
    def is_open(self) -> bool:
        """Whether no case is secret: those that are hidden are the same as the visible ones."""
        visible = {case.packed_arguments for case in self.key.cases if case.visible}
        return all(case.packed_arguments in visible for case in self.key.cases)


@dataclass(frozen=True)
class Control:
    """What was seen of an item without help: in its own cases, and in those of so many sets.

    `own` is what it is by its own cases, `shown` by those that it is asked with right helpers.
    """

    suspicion: Suspicion
    sets: int
    seen: tuple[Observation, ...]
    own: QuestionResult
    shown: QuestionResult

    @property
    def untold(self) -> list[str]:
        """The outputs that are wrong, but not in what was shown: their helpers may be why."""
        right = {*_right(self.suspicion.before), *_right(self.own)}
        return [path for path in _right(self.shown) if path not in right]


@dataclass(frozen=True)
class Retrial:
    """What was seen of an item with right helpers, and what it is by that; and the control."""

    control: Control
    seen: tuple[Observation, ...]
    again: QuestionResult

    @property
    def suspicion(self) -> Suspicion:
        """What was suspected of the item."""
        return self.control.suspicion

    @property
    def gained(self) -> list[str]:
        """The outputs that are right only now, in cases that nobody could know."""
        results = (self.suspicion.before, self.control.own, self.control.shown)
        without = {path for each in results for path in _right(each)}
        return [path for path in self._tried if path not in without]

    @property
    def _tried(self) -> list[str]:
        """The outputs that are right now, and were in a drawn case."""
        drawn = {o.path for o in self.again.outputs if any(not c.visible for c in o.cases)}
        return [path for path in _right(self.again) if path in drawn or self.suspicion.is_open]

    @property
    def right(self) -> bool:
        """Whether all is right, and not without right helpers."""
        return (
            self.again.status == "passed"
            and self.control.own.status != "passed"
            and bool(self.gained)
            and len(self._tried) == len(self.again.outputs)
        )


def _right(result: QuestionResult) -> list[str]:
    return [each.path for each in result.outputs if each.status == "passed" and each.cases]


def suspicions(
    key: AnswerKey,
    results: Sequence[QuestionResult],
    observations: Sequence[Observation],
    sources: Mapping[str, Source],
) -> list[Suspicion]:
    """Return the items to be judged again.

    A variable that is not filled in has no error to be inherited: what is computed from it may be
    a line of the template.
    """
    wrong = {result.name for result in results if result.status != "passed"}
    variables = {q.question.name for q in key.questions if q.question.kind == "variable"}
    blank = {o.question for o in observations if o.status == "returned" and o.value is None}
    before = {result.name: result for result in results}
    found = []
    for each in key.questions:
        name = each.question.name
        used = sources[name].uses & wrong if name in wrong else frozenset()
        helpers = used & _builds_on(key, name) - (blank & variables)
        if helpers and not sources[name].missing:
            only, ordered = helpers == used, tuple(sorted(helpers))
            found.append(Suspicion(replace(each, misconceptions=()), before[name], ordered, only))
    return [each for each in found if each.key.drawn or each.is_open]


def _builds_on(key: AnswerKey, name: str) -> set[str]:
    """Return an item's helpers, and theirs; not those that build on the item in turn."""
    helpers = {each.question.name: each.question.helpers for each in key.questions}

    def below(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            waiting += [each for each in helpers[waiting.pop()] if each not in found]
            found |= set(waiting)
        return found

    return {each for each in below(name) - {name} if name not in below(each)}


def judged_again(
    key: QuestionKey,
    seen: Sequence[Observation],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
) -> QuestionResult | None:
    """Judge an item by what was seen when it was asked again; None where not all was asked."""
    asked = {each.case for each in seen if each.status != "not_reached"}
    if not asked.issuperset(case.id for case in key.cases):
        return None
    return judge_item(key, seen, failures, sources)


def controlled(
    suspicion: Suspicion,
    sets: int,
    seen: Sequence[Observation],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
) -> Control | None:
    """Judge an item by what was seen without help; None where not all was asked."""
    own = judged_again(suspicion.key, seen, failures, sources)
    shown = judged_again(suspicion.shown(sets), seen, failures, sources)
    return Control(suspicion, sets, tuple(seen), own, shown) if own and shown else None


def follow(
    key: AnswerKey,
    results: Sequence[QuestionResult],
    retrials: Iterable[Retrial],
    observations: Sequence[Observation],
    sources: Mapping[str, Source],
) -> tuple[QuestionResult, ...]:
    """Return the results with what the retrials have shown. No score becomes lower."""
    wrong = {result.name for result in results if result.status != "passed"}
    changing = frozenset(each.question for each in observations if each.changed)
    verdicts = {}
    for retrial in retrials:
        name = retrial.suspicion.name
        hint = wording.names_suspects(wording.suspects(name, wrong, sources))
        verdicts[name] = _Verdict(retrial, hint, changing)
    policy = key.assignment.follow_through
    return tuple(
        verdicts[each.name].result(policy, verdicts) if each.name in verdicts else each
        for each in results
    )


@dataclass(frozen=True)
class _Verdict:
    """What a retrial shows; `hint` names suspects, `changing` functions that change arguments."""

    retrial: Retrial
    hint: str
    changing: frozenset[str]

    @property
    def before(self) -> QuestionResult:
        """The result as it was."""
        return self.retrial.suspicion.before

    def result(self, policy: FollowThrough, others: Mapping[str, _Verdict]) -> QuestionResult:
        """Return the result that counts."""
        if self.retrial.right:
            return self._inherited(policy, self._culprits(others))
        if self.retrial.gained:
            return self._in_part(policy)
        if self.is_own:
            return self._told(wording.wrong_by_itself(self.before.name, self.called))
        return self.before

    @property
    def is_own(self) -> bool:
        """Whether an item is wrong itself: in every case, right helpers really took part.

        What a function raises has to come from its own lines: an argument that cannot be passed on
        to the reference is no error. And a helper that works in place, as its caller expects, has
        none that is right to take its place: the reference's returns what it has to say.
        """
        suspicion = self.retrial.suspicion
        alone = {e.case: _outcome(e) for e in self.retrial.control.seen if not e.repeat}
        return (
            suspicion.only
            and self.retrial.again.status != "passed"
            and not self.retrial.gained
            and not self.changing.intersection(suspicion.helpers)
            and all(
                (each.status == "returned" or (each.status == "raised" and each.own_line))
                and (each.answered or _outcome(each) != alone[each.case])
                for each in self.retrial.seen
            )
        )

    @property
    def called(self) -> tuple[str, ...]:
        """The helpers that have been stood for, where that is known: of functions, those called."""
        suspicion = self.retrial.suspicion
        called = {name for seen in self.retrial.seen for name in seen.answered}
        return tuple(sorted(called)) or suspicion.helpers

    def _culprits(
        self, others: Mapping[str, _Verdict], seen: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Return the helpers that are wrong themselves, as far back as they go."""
        found: dict[str, None] = {}
        for name in self.called:
            other = others.get(name)
            further = other and other.retrial.right and name not in seen
            names = other._culprits(others, seen | {name}) if other and further else (name,)
            found |= dict.fromkeys(names)
        return tuple(found)

    def _inherited(self, policy: FollowThrough, helpers: tuple[str, ...]) -> QuestionResult:
        message = wording.inherits(self.before.name, helpers, half=policy == "half")
        result = replace(
            self.before, score=self._score(policy, 1.0), message=message, inherits=helpers
        )
        if policy == "full":
            # What they say of themselves was said beside the answers: it stays there.
            outputs = tuple(
                OutputResult(each.path, "passed", None, "", ())
                for each in self.retrial.again.outputs
            )
            result = replace(
                result, status="passed", outputs=outputs, diagnoses=(), location=None, calls=()
            )
        return result

    def _in_part(self, policy: FollowThrough) -> QuestionResult:
        message = wording.inherits_in_part(self.before.name, self.called, self.retrial.gained)
        score = self._score(policy, self._share())
        return replace(self._told(message), score=score, inherits=self.called)

    def _share(self) -> float:
        """Return the share of the points that the outputs carry which are right now, or were.

        Where answers of another kind fit better now, such as other keys of a dictionary, it is
        theirs alone.
        """
        before, again = self.before, self.retrial.again
        outputs = [each.path for each in before.outputs]
        if outputs != [each.path for each in again.outputs]:
            return again.score / again.max_score if again.max_score else 0.0
        key = self.retrial.suspicion.key
        return share_of(key, outputs, {*_right(before), *self.retrial.gained})

    def _score(self, policy: FollowThrough, share: float) -> float:
        """Return the score, with what is given back of what the helpers cost."""
        lost = max(0.0, share * self.before.max_score - self.before.score)
        return round(self.before.score + GIVEN_BACK[policy] * lost, 9)

    def _told(self, message: str) -> QuestionResult:
        """Say what is known in place of what was suspected."""
        said = self.before.message.replace(self.hint, message) if self.hint else self.before.message
        return replace(self.before, message=said)


def _outcome(seen: Observation) -> object:
    return pack(seen.value) if seen.status == "returned" else seen.status
