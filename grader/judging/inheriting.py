"""Follow-through: whether an item is wrong itself, or inherits the error of a helper.

What an assignment lists as an item's helpers may be answered for by the reference, and nothing
else: an item that its helper builds on could be had from the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judging import wording
from grader.judging.expected import AnswerKey, QuestionKey
from grader.judging.scoring import judge_item, with_notes
from grader.judging.shares import share_of
from grader.results import CellFailure, Observation, QuestionResult, Source
from grader.spec import FollowThrough
from grader.wire import pack

GIVEN_BACK: Mapping[FollowThrough, float] = {"full": 1.0, "half": 0.5, "none": 0.0}


@dataclass(frozen=True)
class Suspicion:
    """An item that may be wrong because of helpers, all of them functions that are not right.

    Its `key` has the cases that it is judged again by. `only` says whether nothing else that is
    not right is used.
    """

    key: QuestionKey
    helpers: tuple[str, ...]
    only: bool

    @property
    def name(self) -> str:
        """The item's name."""
        return self.key.question.name


@dataclass(frozen=True)
class Retrial:
    """What was seen of an item with its helpers answered for: rightly, and then otherwise."""

    suspicion: Suspicion
    seen: tuple[Observation, ...]
    altered: tuple[Observation, ...]


def suspicions(
    key: AnswerKey, results: Sequence[QuestionResult], sources: Mapping[str, Source]
) -> list[Suspicion]:
    """Return the items to be judged again."""
    wrong = {result.name for result in results if result.status != "passed"}
    functions = {each.question.name for each in key.questions if each.question.kind == "function"}
    found = []
    for each in key.questions:
        name = each.question.name
        used = sources[name].uses & wrong if name in wrong else frozenset()
        helpers = used & functions & _builds_on(key, name)
        if helpers and each.follow_through and not sources[name].missing:
            only = helpers == used
            found.append(Suspicion(_key_of(each), tuple(sorted(helpers)), only))
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


def _key_of(key: QuestionKey) -> QuestionKey:
    """Return the key with the cases for this in place of the others; no cause is looked for."""
    others = tuple(replace(other, answers=other.follow_through) for other in key.alternatives)
    return replace(key, cases=key.follow_through, alternatives=others, misconceptions=())


def follow(
    key: AnswerKey,
    results: Sequence[QuestionResult],
    retrials: Iterable[Retrial],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
) -> tuple[QuestionResult, ...]:
    """Return the results with what the retrials have shown. No score becomes lower."""
    wrong = {result.name for result in results if result.status != "passed"}
    before = {result.name: result for result in results}
    verdicts = {}
    for retrial in retrials:
        name = retrial.suspicion.name
        again = judge_item(retrial.suspicion.key, retrial.seen, failures, sources)
        hint = wording.names_suspects(wording.suspects(name, wrong, sources))
        verdicts[name] = _Verdict(retrial, before[name], again, hint)
    policy = key.assignment.follow_through
    return tuple(
        verdicts[each.name].result(policy, verdicts) if each.name in verdicts else each
        for each in results
    )


@dataclass(frozen=True)
class _Verdict:
    """An item's result, and what it is with its helpers answered for; `hint` names suspects."""

    retrial: Retrial
    before: QuestionResult
    again: QuestionResult
    hint: str

    def result(self, policy: FollowThrough, others: Mapping[str, _Verdict]) -> QuestionResult:
        """Return the result that counts."""
        if self.right:
            return self._inherited(policy, self._culprits(others))
        if self.gained and self.takes_notice:
            return self._in_part(policy)
        if self.retrial.suspicion.only and all(o.status == "returned" for o in self.retrial.seen):
            return self._told(wording.wrong_by_itself(self.before.name, self.called))
        return self.before

    @property
    def right(self) -> bool:
        """Whether all is right, by its helpers' answers."""
        all_seen = all(output.cases for output in self.again.outputs)
        return self.again.status == "passed" and all_seen and self.takes_notice

    @property
    def called(self) -> tuple[str, ...]:
        """The helpers that were answered for."""
        called = {name for seen in self.retrial.seen for name in seen.answered}
        return tuple(sorted(called)) or self.retrial.suspicion.helpers

    @property
    def gained(self) -> list[str]:
        """The outputs that are right only with the helpers answered for."""
        right = {output.path for output in self.before.outputs if output.status == "passed"}
        return [
            output.path
            for output in self.again.outputs
            if output.status == "passed" and output.cases and output.path not in right
        ]

    @property
    def takes_notice(self) -> bool:
        """Whether other answers make other results: else its helpers are no matter."""
        seen = {observation.case: observation for observation in self.retrial.seen}
        return any(
            observation.answered and _outcome(observation) != _outcome(seen[observation.case])
            for observation in self.retrial.altered
        )

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
            result = replace(result, status="passed", outputs=self.again.outputs, calls=())
        return with_notes(result, self.retrial.seen)

    def _in_part(self, policy: FollowThrough) -> QuestionResult:
        key, outputs = self.retrial.suspicion.key, [each.path for each in self.again.outputs]
        lost = {each.path for each in self.before.outputs if each.status != "passed"}
        share = share_of(key, outputs, (set(outputs) - lost) | set(self.gained))
        message = wording.inherits_in_part(self.before.name, self.called, self.gained)
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
