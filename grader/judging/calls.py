"""Visible cases as Python that a student can run."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging.expected import CaseKey, QuestionKey
from grader.results import Call, Source
from grader.spec import Question

MAX_CHARACTERS = 4000


def calls(key: QuestionKey, source: Source) -> tuple[Call, ...]:
    """Return the visible calls of a function as code; long ones are left out.

    What is passed, and in which order, is what the student's function takes, as far as that is
    known.
    """
    if key.question.kind != "function":
        return ()
    found = [Call(case.id, _code(key.question, case, source)) for case in key.cases if case.visible]
    return tuple(call for call in found if len(call.code) <= MAX_CHARACTERS)


def _code(question: Question, case: CaseKey, source: Source) -> str:
    given = dict(zip(question.parameters, case.arguments, strict=False))
    passed, values = _passed(question, list(given), source.parameters)
    lines = [f"{name} = {_literal(given[name])}" for name in values]
    seed = [] if question.seed is None else [f"np.random.seed({question.seed})"]
    return "\n".join([*seed, *lines, f"{source.name or question.name}({', '.join(passed)})"])


def _passed(
    question: Question, given: list[str], takes: tuple[str, ...] | None
) -> tuple[list[str], list[str]]:
    """Return the arguments as they are written, and the names that need a value.

    They are bound as `grader.execution.binding` does.
    """
    required, others = given[: question.required], given[question.required :]
    aside = {*question.unused, *question.reads}
    read = [name for name in question.reads if name not in (takes or ())]
    if takes is None:
        passed = [name for name in given if name not in aside]
        return passed, [*passed, *read]
    waiting = [*required, *(name for name in others if name not in {*takes, *aside})]
    passed = []
    for own in takes:
        name = own if own in others else waiting.pop(0) if waiting else None
        if name is None:
            passed += [f"{own}={own}" for own in takes[len(passed) :] if own in others]
            break
        passed.append(name)
    passed += [name for name in waiting if name in required]
    return passed, [*(name.partition("=")[0] for name in passed), *read]


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return f"np.array({value.tolist()!r})" if value.ndim else repr(value.item())
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_literal(part)}" for k, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        left, right = "[]" if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return left + ", ".join(map(_literal, value)) + right
    return repr(value)
