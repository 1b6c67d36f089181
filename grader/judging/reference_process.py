"""The process in which the course's code runs: `python -m grader.judging.reference_process`.

It reads a request (JSON) from standard input and writes the answer key (msgpack) to standard
output; a course that is wrong becomes a JSON object with the fields of CourseError and the exit
code COURSE_ERROR_EXIT. Whatever the course prints goes to standard error.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import hashlib
import inspect
import io
import json
import os
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

import msgspec
import numpy as np

from grader.authoring import (
    AuthoredAlternative,
    AuthoredGradient,
    AuthoredMisconception,
    AuthoredQuestion,
    AuthoredVariant,
    Case,
)
from grader.course import (
    AuthoredAssignment,
    course_error,
    load_assignment,
    meant,
    wrong_beside,
    wrong_question,
    wrong_variant,
)
from grader.errors import CourseError
from grader.judging.compare import compare
from grader.judging.expected import (
    AT_QUESTION,
    COURSE_ERROR_EXIT,
    REFERENCE_MEMORY,
    AlternativeKey,
    Answer,
    AnswerKey,
    CaseKey,
    Evidence,
    MisconceptionKey,
    Mutant,
    OwnSlope,
    QuestionKey,
    Slope,
    matching_lines,
)
from grader.judging.gradients import central_differences, relative_difference
from grader.judging.intermediates import intermediates
from grader.judging.mutants import mutants_of
from grader.judging.program import reachable
from grader.judging.trials import Bench
from grader.values import addresses, leaves, root
from grader.wire import pack


def main() -> int:
    """Answer one request."""
    request = json.load(sys.stdin)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory()
    warnings.simplefilter("ignore")  # a saturated reference is the course's business
    try:
        assignment = load_assignment(Path(request["course"]), request["name"])
        secret = bytes.fromhex(request["secret"])
        wanted = _WANTED[request["wanted"]](assignment, secret)
    except CourseError as error:
        fields = {"reason": error.reason, "file": str(error.file or "") or None}
        output.write(json.dumps(fields | {"line": error.line, "question": error.question}).encode())
        return COURSE_ERROR_EXIT
    output.write(msgspec.msgpack.encode(wanted))
    output.close()
    return 0


def limit_memory() -> None:
    """Bound this process's address space, where that can be done."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limit on this system
        import resource  # noqa: PLC0415 - absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (REFERENCE_MEMORY, REFERENCE_MEMORY))


def build_key(assignment: AuthoredAssignment, secret: bytes) -> AnswerKey:
    """Draw the cases of every question and answer them by the reference and the misconceptions."""
    keys = []
    for question in assignment.questions:
        print(f"{AT_QUESTION}{question.spec.name}", file=sys.stderr, flush=True)  # noqa: T201
        keys.append(_question_key(assignment, question, secret))
    return AnswerKey(assignment.spec, tuple(keys))


def compare_slopes(assignment: AuthoredAssignment, secret: bytes) -> list[Slope]:
    """Compare the gradients that the reference returns with central differences, case by case."""
    found = []
    for authored in assignment.gradients:
        question = authored.question
        for case, arguments in _answered(assignment, question, secret):
            returned = leaves(case.expected.value, question.spec.returns)
            found += [
                Slope(question.spec.name, case.id, output, difference)
                for output, difference in _slopes(authored, arguments, returned)
            ]
    return found


def _slopes(
    authored: AuthoredGradient, arguments: Mapping[str, Any], returned: Mapping[str, Any]
) -> Iterable[tuple[str, float]]:
    about = f"gradient '{authored.slopes.__name__}'"
    try:
        for output, (function, at) in authored.slopes(**copy.deepcopy(dict(arguments))).items():
            if output not in returned:
                reason = f"names '{output}', which the reference does not return"
                raise wrong_beside(authored, about, f"{reason}{meant(output, returned)}")
            expected = central_differences(function, at)
            yield output, relative_difference(returned[output], expected)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise course_error(error, authored.file, authored.question.spec.name) from error


MOST_BYTES = 2**20  # of an answer: whole data sets are not worth the time


def make_evidence(assignment: AuthoredAssignment, secret: bytes) -> dict[str, Evidence]:
    """Return what the causes of wrong answers are looked for with, for every function."""
    found = {}
    references = {question.reference for question in assignment.questions}
    for question in assignment.questions:
        if question.cases is not None:
            print(f"{AT_QUESTION}{question.spec.name}", file=sys.stderr, flush=True)  # noqa: T201
            found[question.spec.name] = _evidence(assignment, question, references, secret)
    return found


def _evidence(
    assignment: AuthoredAssignment,
    question: AuthoredQuestion,
    references: set[Callable[..., Any]],
    secret: bytes,
) -> Evidence:
    cases = _answered(assignment, question, secret)
    written = [v for v in assignment.variants if v.question == question.spec.name]
    for each in written:
        _check_answers(each, question, cases)
    roots = [*(each.function for each in written), question.reference]
    calls = [(arguments, case.seed) for case, arguments in cases]
    seen = intermediates(reversed(roots), question.spec.returns, calls)
    plain = [root for root in roots if isinstance(root, FunctionType)]
    mutants: tuple[Mutant, ...] = ()
    if plain and all(len(case.expected.packed) <= MOST_BYTES for case, _ in cases):
        mutants = mutants_of(Bench(question.spec, cases, _answer), plain, references)
    constants = [*_constants(plain)]
    texts = tuple(dict.fromkeys(each for each in constants if isinstance(each, str)))
    numbers = tuple(dict.fromkeys(each for each in constants if isinstance(each, int)))
    slopes = tuple(_own_slopes(assignment, question, cases))
    return Evidence(seen, mutants, _read_parameters(plain), texts, numbers, slopes)


def _own_slopes(
    assignment: AuthoredAssignment, question: AuthoredQuestion, cases: Answered
) -> Iterator[OwnSlope]:
    """Yield the gradients of what the question returns beside them: known by their values."""
    case, arguments = cases[0]
    returned = leaves(case.expected.value, question.spec.returns)
    for authored in assignment.gradients:
        given = copy.deepcopy(dict(arguments))
        found = authored.slopes(**given) if authored.question is question else {}
        for output, (function, at) in found.items():
            argument = next((name for name, value in given.items() if value is at), None)
            cost = next(
                (a for a, leaf in returned.items() if _is_the_number(leaf, function, at)), None
            )
            if argument and cost:
                yield OwnSlope(output, argument, cost)


def _is_the_number(leaf: Any, function: Callable[[Any], Any], at: Any) -> bool:
    is_number = isinstance(leaf, np.ndarray | np.generic | float) and np.size(leaf) == 1
    return is_number and bool(np.allclose(leaf, function(at), rtol=1e-9))


def _constants(roots: Iterable[FunctionType]) -> Iterator[str | int]:
    """Yield the texts and whole numbers that stand in right solutions, but for docstrings."""
    for program in roots:
        for each in reachable(program):
            has_docstring = ast.get_docstring(each.tree) is not None
            for statement in each.tree.body[has_docstring:]:
                for node in ast.walk(statement):
                    value = node.value if isinstance(node, ast.Constant) else None
                    if isinstance(value, str | int) and not isinstance(value, bool):
                        yield value


def _read_parameters(roots: Iterable[FunctionType]) -> tuple[str, ...]:
    """Return the parameters of which every right solution makes use."""
    every = []
    for program in roots:
        tree = reachable(program)[0].tree
        taken = {each.arg for each in ast.walk(tree.args) if isinstance(each, ast.arg)}
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        every.append([name for name in dict.fromkeys(names) if name in taken])
    first = every[0] if every else []
    return tuple(name for name in first if all(name in other for other in every))


def _check_answers(variant: AuthoredVariant, question: AuthoredQuestion, cases: Answered) -> None:
    """Check that a variant answers as the reference does."""
    for case, arguments in cases:
        answer = _answer(variant.function, arguments, case.seed, None)
        if answer.status == "raised":
            reason = f"raises {answer.error_type}: {answer.error_message} ({answer.error_place})"
            raise wrong_variant(variant, f"{reason}, case {case.id}")
        wrong = [
            each.path
            for each in compare(question.spec, answer.value, case.expected.value)
            if each.fault
        ]
        if wrong:
            reason = f"does not answer as the reference does: {', '.join(wrong)} (case {case.id})"
            raise wrong_variant(variant, reason)


_WANTED: dict[str, Callable[[AuthoredAssignment, bytes], object]] = {
    "key": build_key,
    "evidence": make_evidence,
    "slopes": compare_slopes,
}


def _question_key(
    assignment: AuthoredAssignment, question: AuthoredQuestion, secret: bytes
) -> QuestionKey:
    answered = _answered(assignment, question, secret)
    inherited = _for_follow_through(assignment, question, secret)
    mistakes = [m for m in assignment.misconceptions if m.question is question]
    others = [other for other in assignment.alternatives if other.question is question]
    outputs = _outputs(question, [case.expected for case, _ in answered])
    _check_addresses(question, outputs)
    return QuestionKey(
        question=question.spec,
        outputs=outputs,
        cases=tuple(case for case, _ in answered),
        misconceptions=tuple(_misconception_key(mistake, answered) for mistake in mistakes),
        alternatives=tuple(_alternative_key(other, answered, inherited) for other in others),
        follow_through=tuple(case for case, _ in inherited),
        draws=_draws(question),
    )


Answered = list[tuple[CaseKey, Mapping[str, Any]]]  # and the arguments of the reference


def _answered(
    assignment: AuthoredAssignment, question: AuthoredQuestion, secret: bytes
) -> Answered:
    """Return every case of a question with the reference's answer."""
    return [
        (_case_key(question, case, identifier, secret), _of_the_reference(question, case))
        for identifier, case in _draw_all(assignment.spec.name, question, secret)
    ]


def _for_follow_through(
    assignment: AuthoredAssignment, question: AuthoredQuestion, secret: bytes
) -> Answered:
    """Return more cases, drawn for the second judgement of an item that uses a wrong helper."""
    functions = {other.spec.name for other in assignment.questions if other.cases}
    if question.cases is None or not functions & set(question.spec.helpers):
        return []
    label = f"{assignment.spec.name}/{question.spec.name}/follow-through"
    cases = _draw(question, _generator(secret + label.encode()))
    return [
        (_case_key(question, case, identifier, secret), _of_the_reference(question, case))
        for identifier, case in _named("inherited", (case for case in cases if case.scored))
    ]


def _draws(question: AuthoredQuestion) -> bool:
    """Whether the reference, or what it calls of the reference, names NumPy's random numbers."""
    names = (
        node.attr if isinstance(node, ast.Attribute) else node.id
        for each in reachable(question.reference)
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute | ast.Name)
    )
    return question.cases is not None and "random" in names


# ---------------------------------------------------------------- drawing


def _draw_all(assignment: str, question: AuthoredQuestion, secret: bytes) -> list[tuple[str, Case]]:
    """Return the cases with their names: examples, visible ones, hidden ones."""
    if question.cases is None:
        return [("value", Case())]
    label = f"{assignment}/{question.spec.name}"
    visible = _draw(question, _generator(f"{label}/visible".encode()))
    hidden = _draw(question, _generator(secret + f"{label}/hidden".encode()))
    return [
        *_named("example", (case for case in visible if not case.scored)),
        *_named("visible", (case for case in visible if case.scored)),
        *_named("hidden", (case for case in hidden if case.scored)),
    ]


def _named(kind: str, cases: Iterable[Case]) -> list[tuple[str, Case]]:
    return [(f"{kind}-{number}", case) for number, case in enumerate(cases, start=1)]


def _generator(material: bytes) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(hashlib.sha256(material).digest(), "big"))


def _draw(question: AuthoredQuestion, rng: np.random.Generator) -> list[Case]:
    function: Any = question.cases
    try:
        cases = list(function(rng) if inspect.signature(function).parameters else function())
    except Exception as error:
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


# ---------------------------------------------------------------- answering


def _case_key(question: AuthoredQuestion, case: Case, identifier: str, secret: bytes) -> CaseKey:
    visible = not identifier.startswith(("hidden", "inherited"))
    # The seed can be read off the global stream: a hidden case's must not tell that it is one.
    material = identifier.encode() if visible else secret + identifier.encode()
    drawn = int.from_bytes(hashlib.sha256(material).digest()[:4], "big")
    seed = drawn if question.spec.seed is None else question.spec.seed
    arguments = _of_the_reference(question, case)
    expected = _answer(question.reference, arguments, seed, question.spec.printed)
    if expected.status == "raised":
        reason = f"the reference raised {expected.error_type}: {expected.error_message}"
        raise wrong_question(question, f"{reason} ({expected.error_place}, case {identifier})")
    if expected.value is None:
        raise wrong_question(question, f"the reference returns None (case {identifier})")
    return CaseKey(
        id=identifier,
        visible=visible,
        scored=case.scored,
        seed=seed,
        packed_arguments=pack(_in_order(question, case)),
        expected=expected,
    )


def _of_the_reference(question: AuthoredQuestion, case: Case) -> dict[str, Any]:
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


def _answer(
    function: Callable[..., Any], arguments: Mapping[str, Any], seed: int, printed: str | None
) -> Answer:
    np.random.seed(seed)
    random.seed(seed)
    copies = copy.deepcopy(dict(arguments))
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            value = function(**copies)
        packed = pack(value)
    except Exception as error:  # noqa: BLE001 - a misconception may crash as the student's code does
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Answer(
            "raised",
            error_type=type(error).__name__,
            error_message=str(error),
            error_place=f"{last.filename}:{last.lineno}",
        )
    return Answer("returned", packed, printed=matching_lines(output.getvalue(), printed))


def _alternative_key(
    other: AuthoredAlternative, cases: Answered, inherited: Answered
) -> AlternativeKey:
    pattern = other.question.spec.printed
    answers, others = (
        tuple(_answer(other.answer, args, case.seed, pattern) for case, args in some)
        for some in (cases, inherited)
    )
    name = other.answer.__name__
    for answer in (*answers, *others):
        if answer.status == "raised":
            reason = f"raises {answer.error_type}: {answer.error_message} ({answer.error_place})"
            raise wrong_beside(other, f"alternative '{name}'", reason)
    try:
        outputs = _outputs(other.question, answers)
    except CourseError as error:
        reason = f"does not return as many values as the reference ({error.reason})"
        raise wrong_beside(other, f"alternative '{name}'", reason) from error
    return AlternativeKey(name, other.note, outputs, answers, others)


def _misconception_key(mistake: AuthoredMisconception, cases: Answered) -> MisconceptionKey:
    pattern = mistake.question.spec.printed
    answers = tuple(_answer(mistake.answer, args, case.seed, pattern) for case, args in cases)
    if all(answer.status == "raised" for answer in answers):
        answer = answers[0]
        reason = f"raises {answer.error_type} in every case: {answer.error_message}"
        about = f"misconception '{mistake.spec.cause}'"
        raise wrong_beside(mistake, about, f"{reason} ({answer.error_place})")
    return MisconceptionKey(mistake.spec, answers)


def _outputs(question: AuthoredQuestion, answers: Iterable[Answer]) -> tuple[str, ...]:
    """Return the addresses of all leaves over all cases, in the order in which they first come."""
    returns = question.spec.returns
    found: dict[str, None] = {}
    for answer in answers:
        try:
            found |= dict.fromkeys(addresses(answer.value, returns))
        except (TypeError, ValueError) as error:
            reason = f"what is returned is not a tuple of {', '.join(returns)}"
            raise wrong_question(question, reason) from error
    return tuple(found)


def _check_addresses(question: AuthoredQuestion, outputs: Iterable[str]) -> None:
    """Check that tolerances and shares are for outputs that there are."""
    known = {*outputs, *map(root, outputs)}
    for setting in ("tolerances", "shares"):
        for address in getattr(question.spec, setting):
            if address not in known:
                hint = meant(address, known) or f"; there are: {', '.join(outputs)}"
                raise wrong_question(question, f"{setting}: no output '{address}'{hint}")
    shares = question.spec.shares
    if any(share <= 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise wrong_question(question, "shares: expected positive numbers that add up to at most 1")


if __name__ == "__main__":
    sys.exit(main())
