"""More cases, drawn for following errors through, and what the reference asks of helpers in them.

While errors are followed through, the reference answers for an item's helpers. So no case is used
then that is kept from students and decides on points: the visible ones are, and cases drawn for
this alone. For the reference process only.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.askable import Askable, Kinds, askable, extent_of, kinds_of
from grader.authoring import AuthoredQuestion
from grader.course import AuthoredAssignment
from grader.errors import CourseError
from grader.judging.answering import answer_of, case_key, draw, generator, named
from grader.judging.expected import MOST_SETS, CaseKey, QuestionKey
from grader.judging.noise import is_noise
from grader.judging.program import AnyCallable, in_place_of
from grader.spec import Question

SECONDS = 10.0  # of the processor, for one question; afterwards, no further set is begun
MOST_WATCHED = 50  # calls in one case, of which the arguments are looked at


def drawn_sets(
    assignment: AuthoredAssignment,
    question: AuthoredQuestion,
    keys: Sequence[CaseKey],
    secret: bytes,
    *,
    draws: bool,
) -> tuple[tuple[CaseKey, ...], ...]:
    """Return sets of cases as the question draws them, none of which is a hidden one.

    A set that cannot be made is left out: it is the other cases that a class is graded by. So is a
    case of rounding noise, and what was asked already, unless the item `draws` random numbers.
    """
    if question.cases is None or not question.spec.helpers:
        return ()
    visible = {case.packed_arguments for case in keys if case.visible}
    left_out = {case.packed_arguments for case in keys}
    left_out -= visible if draws else set()
    began = time.process_time()
    found: list[tuple[CaseKey, ...]] = []
    for number in range(1, MOST_SETS + 1):
        if found and time.process_time() - began > SECONDS:
            break
        try:
            every = [*_drawn(assignment.spec.name, question, number, secret)]
        except CourseError:
            continue
        kept = tuple(each for each in every if each.packed_arguments not in left_out)
        left_out |= set() if draws else {each.packed_arguments for each in kept}
        found += [kept] if kept else []
    return tuple(found)


def _drawn(
    assignment: str, question: AuthoredQuestion, number: int, secret: bytes
) -> Iterator[CaseKey]:
    label = f"{assignment}/{question.spec.name}/follow-through/{number}"
    cases = draw(question, generator(secret + label.encode()))
    scored = (case for case in cases if case.scored)
    for identifier, case in named(f"hidden-{number}", scored):
        key = case_key(question, case, identifier, secret)
        if not is_noise(question, key, arguments_of(question.spec, key)):
            yield key


def arguments_of(question: Question, case: CaseKey) -> dict[str, Any]:
    """Return the arguments of a case that the reference takes, by name."""
    given = zip(question.parameters, case.arguments, strict=False)
    return {name: value for name, value in given if name not in question.unused}


# ---------------------------------------------------------------- what is asked of helpers


def with_bounds(
    assignment: AuthoredAssignment, keys: Sequence[QuestionKey]
) -> tuple[QuestionKey, ...]:
    """Return the questions, whose visible and drawn cases say what may be asked of helpers."""
    authored = {each.spec.name: each for each in assignment.questions}
    takes = {key.question.name: _takes(key) for key in keys if key.question.kind == "function"}
    return tuple(_with_bounds(key, authored, takes) for key in keys)


def _with_bounds(
    key: QuestionKey, authored: Mapping[str, AuthoredQuestion], takes: Kinds
) -> QuestionKey:
    below = _below(key.question.name, authored) & takes.keys()
    if not below:
        return key
    taken = {name: takes[name] for name in sorted(below)}
    watch = _Watch(authored[key.question.name], {authored[n].reference: n for n in taken}, taken)
    return replace(
        key,
        cases=tuple(watch.bounded(case) if case.visible else case for case in key.cases),
        drawn=tuple(tuple(map(watch.bounded, each)) for each in key.drawn),
    )


def _below(name: str, authored: Mapping[str, AuthoredQuestion]) -> set[str]:
    """Return an item's helpers, and theirs."""
    found: set[str] = set()
    waiting = [*authored[name].spec.helpers]
    while waiting:
        each = waiting.pop()
        waiting += authored[each].spec.helpers if each not in found else ()
        found.add(each)
    return found - {name}


def _takes(key: QuestionKey) -> dict[str, frozenset[str]]:
    """Return the kinds of values that a function is given in its own cases, by parameter."""
    found: dict[str, frozenset[str]] = {}
    for case in key.cases:
        for name, value in zip(key.question.parameters, case.arguments, strict=False):
            found[name] = found.get(name, frozenset()) | kinds_of(value)
    return found


@dataclass(frozen=True)
class _Watch:
    """Calls a reference once more, and looks at what it hands on to those of its helpers."""

    question: AuthoredQuestion
    helpers: Mapping[AnyCallable, str]
    takes: Kinds

    def bounded(self, case: CaseKey) -> CaseKey:
        """Return a case that says what may be asked of helpers in it."""
        calls: list[tuple[str, Mapping[str, Any]]] = []
        made = {each: _watched(each, name, calls) for each, name in self.helpers.items()}
        given = arguments_of(self.question.spec, case)
        with in_place_of(made, self.question.reference):
            answer_of(self.question.reference, given, case.seed, None)
        return replace(case, askable=self._askable(case, calls))

    def _askable(self, case: CaseKey, calls: Sequence[tuple[str, Mapping[str, Any]]]) -> Askable:
        looked_at = calls[:MOST_WATCHED]
        takes = {name: dict(kinds) for name, kinds in self.takes.items()}
        for name, given in looked_at:
            for parameter, value in given.items():
                before = takes[name].get(parameter, frozenset())
                takes[name][parameter] = before | kinds_of(value)
        return askable(
            extent_of([*case.arguments, case.expected.value]),
            [extent_of(given.values()) for _, given in looked_at],
            len(calls),
            takes,
            is_data=self.question.cases is None,
        )


def _watched(
    function: AnyCallable, name: str, calls: list[tuple[str, Mapping[str, Any]]]
) -> AnyCallable:
    signature = inspect.signature(function)

    @functools.wraps(function)
    def watched(*given: Any, **named: Any) -> Any:
        arguments: Mapping[str, Any] = {}
        if len(calls) < MOST_WATCHED:
            with contextlib.suppress(TypeError):  # the function itself will say so
                arguments = copy.deepcopy(signature.bind(*given, **named).arguments)
        calls.append((name, arguments))
        return function(*given, **named)

    return watched
