"""The process in which the course's code runs: `python -m grader.judging.reference_process`.

It reads a request (JSON) from standard input and writes the answer key (msgpack) to standard
output; a course that is wrong becomes a JSON object with the fields of CourseError and the exit
code COURSE_ERROR_EXIT. Whatever the course prints goes to standard error.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.authoring import (
    AuthoredAlternative,
    AuthoredGradient,
    AuthoredMisconception,
    AuthoredQuestion,
    AuthoredVariant,
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
from grader.errors import CourseError, DisturbedError
from grader.judging.answering import (
    Answered,
    answer_of,
    answered,
    at_question,
    cannot_compare,
)
from grader.judging.compare import compare
from grader.judging.course_process import (
    COURSE_ERROR_EXIT,
    DISTURBED_EXIT,
    limit_memory,
    limit_time,
)
from grader.judging.drawing import arguments_of, drawn_sets, with_bounds
from grader.judging.expected import (
    AlternativeKey,
    Answer,
    AnswerKey,
    CaseKey,
    MisconceptionKey,
    QuestionKey,
    Slope,
)
from grader.judging.gradients import off_by
from grader.judging.making import make_evidence
from grader.judging.noise import find_noise
from grader.judging.passing import passed_through
from grader.judging.program import reachable
from grader.values import addresses, leaves, root


def main() -> int:
    """Answer one request."""
    request = json.load(sys.stdin)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory()
    limit_time(int(request["seconds"]))
    warnings.simplefilter("ignore")  # a saturated reference is the course's business
    try:
        assignment = load_assignment(Path(request["course"]), request["name"])
        secret = bytes.fromhex(request["secret"])
        wanted = _WANTED[request["wanted"]](assignment, secret)
    except CourseError as error:
        fields = {"reason": error.reason, "file": str(error.file or "") or None}
        output.write(json.dumps(fields | {"line": error.line, "question": error.question}).encode())
        return COURSE_ERROR_EXIT
    except DisturbedError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return DISTURBED_EXIT
    output.write(msgspec.msgpack.encode(wanted))
    output.close()
    return 0


def build_key(assignment: AuthoredAssignment, secret: bytes) -> AnswerKey:
    """Draw the cases of every question and answer them by the reference and the misconceptions."""
    keys = []
    for question in assignment.questions:
        print(at_question(question), file=sys.stderr, flush=True)  # noqa: T201
        keys.append(_question_key(assignment, question, secret))
    return AnswerKey(assignment.spec, with_bounds(assignment, keys))


def compare_slopes(assignment: AuthoredAssignment, secret: bytes) -> list[Slope]:
    """Compare the gradients that the reference returns with central differences, case by case."""
    found = []
    for authored in assignment.gradients:
        question = authored.question
        for case, arguments in answered(assignment, question, secret):
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
            yield output, off_by(returned[output], function, at)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise course_error(error, authored.file, authored.question.spec.name) from error


_WANTED: dict[str, Callable[[AuthoredAssignment, bytes], object]] = {
    "key": build_key,
    "evidence": make_evidence,
    "slopes": compare_slopes,
    "noise": find_noise,
}


def _question_key(
    assignment: AuthoredAssignment, question: AuthoredQuestion, secret: bytes
) -> QuestionKey:
    cases = answered(assignment, question, secret)
    for variant in assignment.variants:
        if variant.question == question.spec.name:
            _check_variant(variant, question, cases)
    mistakes = [m for m in assignment.misconceptions if m.question is question]
    others = [other for other in assignment.alternatives if other.question is question]
    # What only an example returns, which is not scored, is no output: it could not be wrong.
    outputs = _outputs(question, [case.expected for case, _ in cases if case.scored])
    _outputs(question, [case.expected for case, _ in cases])
    _check_addresses(question, outputs)
    keys = tuple(case for case, _ in cases)
    draws = _draws(question)
    drawn = drawn_sets(assignment, question, keys, secret, draws=draws)
    return QuestionKey(
        question=question.spec,
        outputs=outputs,
        cases=keys,
        misconceptions=tuple(_misconception_key(mistake, cases) for mistake in mistakes),
        alternatives=tuple(_alternative_key(other, cases, drawn) for other in others),
        draws=draws,
        passed=passed_through(question.spec.returns, keys, [case.expected for case in keys]),
        drawn=drawn,
    )


def _draws(question: AuthoredQuestion) -> bool:
    """Whether the reference, or what it calls of the reference, names NumPy's random numbers."""
    names = (
        node.attr if isinstance(node, ast.Attribute) else node.id
        for each in reachable(question.reference)
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute | ast.Name)
    )
    return question.cases is not None and "random" in names


def _alternative_key(
    other: AuthoredAlternative, cases: Answered, drawn: Sequence[Sequence[CaseKey]]
) -> AlternativeKey:
    pattern = other.question.spec.printed
    name = other.answer.__name__

    def check(value: Any) -> None:
        if fault := cannot_compare(other.question, value):
            raise wrong_beside(other, f"alternative '{name}'", fault)

    answers = tuple(
        answer_of(other.answer, args, case.seed, pattern, check) for case, args in cases
    )
    for answer in answers:
        if answer.status == "raised":
            reason = f"raises {answer.error_type}: {answer.error_message} ({answer.error_place})"
            raise wrong_beside(other, f"alternative '{name}'", reason)
    try:
        scored = [answer for answer, (case, _) in zip(answers, cases, strict=True) if case.scored]
        outputs = _outputs(other.question, scored)
        _outputs(other.question, answers)
    except CourseError as error:
        reason = f"does not return as many values as the reference ({error.reason})"
        raise wrong_beside(other, f"alternative '{name}'", reason) from error
    passed = passed_through(other.question.spec.returns, [case for case, _ in cases], answers)
    spec = other.question.spec
    again = tuple(
        tuple(answer_of(other.answer, arguments_of(spec, c), c.seed, pattern) for c in each)
        for each in drawn
    )
    return AlternativeKey(name, other.note, outputs, answers, passed, again)


def _misconception_key(mistake: AuthoredMisconception, cases: Answered) -> MisconceptionKey:
    pattern = mistake.question.spec.printed
    answers = tuple(answer_of(mistake.answer, args, case.seed, pattern) for case, args in cases)
    if all(answer.status == "raised" for answer in answers):
        answer = answers[0]
        reason = f"raises {answer.error_type} in every case: {answer.error_message}"
        about = f"misconception '{mistake.spec.cause}'"
        raise wrong_beside(mistake, about, f"{reason} ({answer.error_place})")
    return MisconceptionKey(mistake.spec, answers)


def _check_variant(variant: AuthoredVariant, question: AuthoredQuestion, cases: Answered) -> None:
    """Check that a variant answers as the reference does."""

    def check(value: Any) -> None:
        if fault := cannot_compare(question, value):
            raise wrong_variant(variant, fault)

    for case, arguments in cases:
        answer = answer_of(variant.function, arguments, case.seed, None, check)
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
    if any(share < 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise wrong_question(question, "shares: expected numbers from 0 that add up to at most 1")


if __name__ == "__main__":
    sys.exit(main())
