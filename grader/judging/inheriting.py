"""Follow-through: whether an item is wrong itself, or inherits the error of a helper.

Whoever is right as soon as the helpers are right inherits, whatever a wrong one does to its
callers. An item is asked its own cases again, all of them, with right helpers: it cannot become
right by being judged on easier ones, nor stay wrong by chance. And then once more as it stands, the
control: an item that is right by now without any help, since it draws at random or the machine was
slow, owes its helpers nothing. Whether it is right is all that leaves this: what it says on the
way, it may have from the answers.

What an assignment lists as an item's helpers may be answered for by the reference, and nothing
else, whatever the source uses: an item that its helper builds on could be had from the answers, be
they a function's or the value of a variable (`images = None`, `columns = flatten(images)` and then
`images = unflatten(columns)`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judging import wording
from grader.judging.expected import AnswerKey, QuestionKey
from grader.judging.scoring import judge_item
from grader.judging.shares import share_of
from grader.results import CellFailure, Observation, QuestionResult, Source
from grader.spec import FollowThrough
from grader.wire import pack

GIVEN_BACK: Mapping[FollowThrough, float] = {"full": 1.0, "half": 0.5, "none": 0.0}


@dataclass(frozen=True)
class Suspicion:
    """An item that may be wrong because of helpers, all of which are not right.

    Its `key` has the cases that it is judged again by; `before` is what it was judged. `only` says
    whether nothing else that is not right is used.
    """

    key: QuestionKey
    before: QuestionResult
    helpers: tuple[str, ...]
    only: bool

    @property
    def name(self) -> str:
        """The item's name."""
        return self.before.name


@dataclass(frozen=True)
class Retrial:
    """What was seen of an item with right helpers, and what it is by that.

    `alone` is what was seen when it was asked the same without them, and `control` what it is by
    that; None if that is not known.
    """

    suspicion: Suspicion
    seen: tuple[Observation, ...]
    again: QuestionResult
    alone: tuple[Observation, ...] = ()
    control: QuestionResult | None = None

    @property
    def gained(self) -> list[str]:
        """The outputs that are right only now."""
        without = {path for each in (self.suspicion.before, self.control) for path in _right(each)}
        return [path for path in _right(self.again) if path not in without]


def _right(result: QuestionResult | None) -> list[str]:
    outputs = result.outputs if result else ()
    return [each.path for each in outputs if each.status == "passed" and each.cases]


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
    return found


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
    suspicion: Suspicion,
    seen: Sequence[Observation],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
) -> QuestionResult | None:
    """Judge an item by what was seen when it was asked again; None where not all was asked."""
    if len(seen) < len(suspicion.key.cases) or any(each.status == "not_reached" for each in seen):
        return None
    return judge_item(suspicion.key, seen, failures, sources)


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
        if self.right:
            return self._inherited(policy, self._culprits(others))
        if self.retrial.gained and self.retrial.control:
            return self._in_part(policy)
        if self.is_own:
            return self._told(wording.wrong_by_itself(self.before.name, self.called))
        return self.before

    @property
    def right(self) -> bool:
        """Whether all is right, and not without right helpers."""
        control = self.retrial.control
        return self.retrial.again.status == "passed" and bool(
            control and control.status != "passed"
        )

    @property
    def is_own(self) -> bool:
        """Whether an item is wrong itself: in every case, right helpers really took part.

        What a function raises has to come from its own lines: an argument that cannot be passed on
        to the reference is no error. And a helper that works in place, as its caller expects, has
        none that is right to take its place: the reference's returns what it has to say.
        """
        suspicion = self.retrial.suspicion
        alone = {each.case: _outcome(each) for each in self.retrial.alone if not each.repeat}
        return (
            suspicion.only
            and self.retrial.control is not None
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
            further = other and other.right and name not in seen
            names = other._culprits(others, seen | {name}) if other and further else (name,)
            found |= dict.fromkeys(names)
        return tuple(found)

    def _inherited(self, policy: FollowThrough, helpers: tuple[str, ...]) -> QuestionResult:
        message = wording.inherits(self.before.name, helpers, half=policy == "half")
        result = replace(
            self.before, score=self._score(policy, 1.0), message=message, inherits=helpers
        )
        if policy == "full":
            outputs = self.retrial.again.outputs
            result = replace(
                result, status="passed", outputs=outputs, diagnoses=(), location=None, calls=()
            )
        return result

    def _in_part(self, policy: FollowThrough) -> QuestionResult:
        key, gained = self.retrial.suspicion.key, self.retrial.gained
        outputs = [each.path for each in self.before.outputs]
        share = share_of(key, outputs, {*_right(self.before), *gained})
        message = wording.inherits_in_part(self.before.name, self.called, gained)
        return replace(self._told(message), score=self._score(policy, share), inherits=self.called)

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
