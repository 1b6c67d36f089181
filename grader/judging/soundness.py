"""What of an assignment's cases and points is weak: points for nothing, and cases that see nothing.

Problems make an assignment unsound. Remarks are for its author to weigh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from grader.judging.compare import compare
from grader.judging.expected import AnswerKey, CaseKey, Noise, QuestionKey
from grader.judging.shares import share_of
from grader.results import case_name
from grader.values import leaves

SHOWN = 4  # of the outputs that a remark is about


def noise_problems(found: Iterable[Noise]) -> Iterator[str]:
    """Name the outputs that ask for noise, each once, with the first case in which they do."""
    told = set()
    for noise in found:
        if (noise.question, noise.output) in told:
            continue
        told.add((noise.question, noise.output))
        how = "to something else" if np.isinf(noise.moved) else f"by {noise.moved:.1g}"
        yield (
            f"`{noise.question}`: in {case_name(noise.case)} `{noise.output}` is rounding noise: "
            "arguments that differ in their last digit, or a computation with more digits, move it "
            f"{how}, and {noise.allowed:.1g} is allowed. Give it a larger tolerance or the case "
            "other arguments, or make the case an Example"
        )


def table_problems(key: AnswerKey) -> Iterator[str]:
    """Name the functions whose hidden cases are all visible: a table of answers is right."""
    for question in key.questions:
        hidden, known = _hidden_and_known(question)
        if hidden and len(hidden) == len(known) and question.question.points:
            yield (
                f"`{question.question.name}`: every hidden case is equal to a visible one, so that "
                "a table of the visible answers is right. Draw the arguments of some Case from the "
                "generator that the function of the cases is given"
            )


def remarks(key: AnswerKey) -> Iterator[str]:
    """Say what is earned for little, and what the cases do not see."""
    for question in key.questions:
        about = f"`{question.question.name}`"
        for remark in (
            _known_cases(question),
            _points_for_arguments(question),
            _points_for_constants(question),
            _left_out(question),
        ):
            if remark:
                yield f"{about}: {remark}"


def _hidden_and_known(key: QuestionKey) -> tuple[list[CaseKey], list[CaseKey]]:
    """Return the hidden cases, and those of them that equal a visible one."""
    if not key.question.parameters:
        return [], []
    visible = {_content(case) for case in key.cases if case.visible}
    hidden = [case for case in key.cases if not case.visible]
    return hidden, [case for case in hidden if _content(case) in visible]


def _content(case: CaseKey) -> tuple[bytes, bytes]:
    return case.packed_arguments, case.expected.packed


def _known_cases(key: QuestionKey) -> str:
    hidden, known = _hidden_and_known(key)
    if not known or (len(known) == len(hidden) and key.question.points):
        return ""
    return f"{len(known)} of {len(hidden)} hidden cases are equal to visible ones"


def _points_for_arguments(key: QuestionKey) -> str:
    if not key.passed or not key.question.points:
        return ""
    return f"{_carry(key, key.passed)} for arguments that are passed through: {_some(key.passed)}"


def _points_for_constants(key: QuestionKey) -> str:
    fixed = _constants(key) - set(key.passed)
    constant = [path for path in key.outputs if path in fixed]
    if not constant or not key.question.points:
        return ""
    return f"{_carry(key, constant)} for one value, right in every case: {_some(constant)}"


def _carry(key: QuestionKey, outputs: Iterable[str]) -> str:
    points = key.question.points * share_of(key, key.outputs, set(outputs))
    return f"{points:.3g} of {key.question.points:g} points are given"


def _some(paths: Sequence[str]) -> str:
    first = ", ".join(f"`{path}`" for path in paths[:SHOWN])
    return first if len(paths) <= SHOWN else f"{first} and {len(paths) - SHOWN} more"


def _constants(key: QuestionKey) -> set[str]:
    """Return the outputs of functions that one value would be right for in every scored case."""
    scored = [case.expected.value for case in key.cases if case.scored]
    if not key.question.parameters or len(scored) < 2:
        return set()
    first, returns = scored[0], key.question.returns
    constant = set(leaves(first, returns))
    for due in scored[1:]:
        found = compare(key.question, first, due)
        constant &= {each.path for each in found if not each.fault}
    return constant


def _left_out(key: QuestionKey) -> str:
    """Name the arguments with a default that scored cases do not give."""
    names = key.question.parameters
    short = [case for case in key.cases if case.scored and len(case.arguments) < len(names)]
    if not short:
        return ""
    missing = ", ".join(f"`{name}`" for name in names[min(len(c.arguments) for c in short) :])
    cases = ", ".join(case_name(case.id) for case in short)
    verb = "is" if "," not in missing else "are"
    return f"a function without defaults fails where {missing} {verb} left out: in {cases}"
