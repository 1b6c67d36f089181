"""Cases drawn, and answered by the course's functions. For the reference process only."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import inspect
import io
import itertools
import random
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from grader.authoring import AuthoredQuestion, Case
from grader.course import AuthoredAssignment, course_error, meant, wrong_question
from grader.judging.comparable import PLAIN, misfit
from grader.judging.compare import compare
from grader.judging.course_process import AT_QUESTION
from grader.judging.expected import Answer, CaseKey, matching_lines
from grader.spec import Question
from grader.wire import WireError, pack

Answered = list[tuple[CaseKey, Mapping[str, Any]]]  # and the arguments of the reference


def answered(assignment: AuthoredAssignment, question: AuthoredQuestion, secret: bytes) -> Answered:
    """Return every case of a question with the reference's answer."""
    return [
        (case_key(question, case, identifier, secret), of_the_reference(question, case))
        for identifier, case in _draw_all(assignment.spec.name, question, secret)
    ]


def at_question(question: AuthoredQuestion) -> str:
    """Return a line that tells how far the work is, should it be stopped."""
    return f"{AT_QUESTION}{question.line} {question.spec.name}"


def _draw_all(assignment: str, question: AuthoredQuestion, secret: bytes) -> list[tuple[str, Case]]:
    """Return the cases with their names: examples, visible ones, hidden ones."""
    if question.cases is None:
        return [("value", Case())]
    label = f"{assignment}/{question.spec.name}"
    visible = draw(question, generator(f"{label}/visible".encode()))
    hidden = draw(question, generator(secret + f"{label}/hidden".encode()))
    return [
        *named("example", (case for case in visible if not case.scored)),
        *named("visible", (case for case in visible if case.scored)),
        *named("hidden", (case for case in hidden if case.scored)),
    ]


def named(kind: str, cases: Iterable[Case]) -> list[tuple[str, Case]]:
    """Give cases of a kind their identifiers."""
    return [(f"{kind}-{number}", case) for number, case in enumerate(cases, start=1)]


def generator(material: bytes) -> np.random.Generator:
    """Return a generator of random numbers that depends on nothing else."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(material).digest(), "big"))


def draw(question: AuthoredQuestion, rng: np.random.Generator) -> list[Case]:
    """Draw a question's cases. Raises CourseError."""
    function: Any = question.cases
    try:
        cases = list(function(rng) if inspect.signature(function).parameters else function())
    except (Exception, SystemExit) as error:
        raise course_error(error, question.file, question.spec.name) from error
    if not any(isinstance(case, Case) and case.scored for case in cases):
        raise wrong_question(question, "yields no Case; expected at least one")
    for case in cases:
        _check_arguments(question, case)
    return cases


def _check_arguments(question: AuthoredQuestion, case: object) -> None:
    if not isinstance(case, Case):
        raise wrong_question(question, f"yields {case!r:.80}; expected Case(...)")
    known = question.spec.parameters
    for name in case.arguments:
        if name not in known:
            hint = meant(name, known) or f"; it takes {', '.join(known)}"
            raise wrong_question(
                question, f"a case gives '{name}', which the reference does not take{hint}"
            )
    for name in (*known[: question.spec.required], *question.spec.unused, *question.spec.reads):
        if name not in case.arguments:
            raise wrong_question(
                question, f"a case does not give '{name}', which the reference needs"
            )


def case_key(question: AuthoredQuestion, case: Case, identifier: str, secret: bytes) -> CaseKey:
    """Return a case with the reference's answer."""
    visible = not identifier.startswith("hidden")
    _check_sendable(question, case, identifier)
    # The seed can be read off the global stream: a hidden case's must not tell that it is one.
    material = identifier.encode() if visible else secret + identifier.encode()
    drawn = int.from_bytes(hashlib.sha256(material).digest()[:4], "big")
    seed = drawn if question.spec.seed is None else question.spec.seed
    arguments = of_the_reference(question, case)

    def check(value: Any) -> None:
        if fault := cannot_compare(question, value):
            raise wrong_question(question, f"the reference {fault} (case {identifier})")

    expected = answer_of(question.reference, arguments, seed, question.spec.printed, check)
    if expected.status == "raised":
        reason = f"the reference raised {expected.error_type}: {expected.error_message}"
        raise wrong_question(question, f"{reason} ({expected.error_place}, case {identifier})")
    return CaseKey(
        id=identifier,
        visible=visible,
        scored=case.scored,
        seed=seed,
        packed_arguments=pack(_in_order(question, case)),
        expected=expected,
    )


def cannot_compare(question: AuthoredQuestion, value: Any) -> str:
    """Say what a right answer returns that cannot be compared, and what would do; "" if nothing."""
    if value is None:
        return "returns None"
    found = misfit(value, question.spec.returns)
    if found is None:
        return ""
    place = f" in `{found.address}`" if found.address not in ("", question.spec.name) else ""
    verb = "return" if question.cases else "give"
    return f"{verb}s {found.kind}{place}, which cannot be compared; {verb} {found.instead}"


def _check_sendable(question: AuthoredQuestion, case: Case, identifier: str) -> None:
    """Check that the arguments of a case can be sent to a student's notebook."""
    for name, value in case.arguments.items():
        if found := misfit(value, (name,)):
            place = "" if found.address == name else f" in `{found.address}`"
            reason = (
                f"a case gives `{name}` {found.kind}{place}, which cannot be sent to a notebook"
            )
            raise wrong_question(question, f"{reason}; give {PLAIN} (case {identifier})")
    if found := misfit(tuple(case.arguments.values()), ("",)):
        reason = f"the arguments of a case are {found.kind}; give {found.instead}"
        raise wrong_question(question, f"{reason} (case {identifier})")


def of_the_reference(question: AuthoredQuestion, case: Case) -> dict[str, Any]:
    """Return the arguments of a case that the reference takes."""
    unused = question.spec.unused
    return {name: value for name, value in case.arguments.items() if name not in unused}


def _in_order(question: AuthoredQuestion, case: Case) -> tuple[Any, ...]:
    """Return the arguments as they are passed by position: up to the last one that is given."""
    names = question.spec.parameters
    given = [name for name in names if name in case.arguments]
    if list(names[: len(given)]) != given:
        raise wrong_question(
            question, f"cases must give the arguments without a gap: {', '.join(names)}"
        )
    return tuple(case.arguments[name] for name in given)


def answer_of(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    seed: int,
    printed: str | None,
    check: Callable[[Any], None] | None = None,
) -> Answer:
    """Call one of the course's functions; of what it prints, count what matches `printed`.

    `check` may look at what it returns, and raise what is not an answer but a CourseError.
    """
    np.random.seed(seed)
    random.seed(seed)
    copies = copy.deepcopy(dict(arguments))
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            value = called(function, copies)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a misconception may crash as the student's code does
        return _raised(error)
    if check:
        check(value)
    try:
        packed = pack(value)
    except WireError as error:
        return _raised(error)
    return Answer("returned", packed, printed=matching_lines(output.getvalue(), printed))


def is_right(question: Question, answer: Answer, expected: Answer) -> bool:
    """Whether an answer is as right as the expected one."""
    if answer.status != "returned":
        return False
    return not any(each.fault for each in compare(question, answer.value, expected.value))


def called(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function of the course with arguments by name: by position, as far as it takes them.

    So are students' functions called, and a decorator's wrapper may take no others.
    """
    try:
        own = inspect.signature(function).parameters.values()
    except ValueError:  # of what is written in C
        return function(**arguments)
    first = (each.name for each in own if each.kind in _BY_POSITION)
    by_position = list(itertools.takewhile(arguments.__contains__, first))
    named = {name: value for name, value in arguments.items() if name not in by_position}
    return function(*(arguments[name] for name in by_position), **named)


_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _raised(error: BaseException) -> Answer:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Answer(
        "raised",
        error_type=type(error).__name__,
        error_message=str(error),
        error_place=f"{last.filename}:{last.lineno}",
    )
