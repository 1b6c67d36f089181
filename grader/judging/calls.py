"""Visible cases as Python that a student can run."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging.expected import CaseKey, QuestionKey
from grader.results import Call

MAX_CHARACTERS = 4000


def calls(key: QuestionKey, takes: tuple[str, ...] | None) -> tuple[Call, ...]:
    """Return the visible calls of a function as code; long ones are left out.

    `takes` are the parameters of the student's function, as far as they are known: what only some
    versions take is passed to those that do.
    """
    if key.question.kind != "function":
        return ()
    found = [Call(case.id, _code(key, case, takes)) for case in key.cases if case.visible]
    return tuple(call for call in found if len(call.code) <= MAX_CHARACTERS)


def _code(key: QuestionKey, case: CaseKey, takes: tuple[str, ...] | None) -> str:
    question = key.question
    names = question.parameters[: len(case.arguments)]
    lines = [
        f"{name} = {_literal(value)}" for name, value in zip(names, case.arguments, strict=True)
    ]
    left_out = {*question.unused, *question.reads} - set(takes or ())
    passed = [name for name in names if name not in left_out]
    return "\n".join([*lines, f"{question.name}({', '.join(passed)})"])


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return f"np.array({value.tolist()!r})" if value.ndim else repr(value.item())
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_literal(part)}" for k, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        left, right = "[]" if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return left + ", ".join(map(_literal, value)) + right
    return repr(value)
