"""Visible cases as Python that a student can run."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging.expected import CaseKey, QuestionKey
from grader.results import Call

MAX_CHARACTERS = 4000


def calls(key: QuestionKey) -> tuple[Call, ...]:
    """Return the visible calls of a function as code; long ones are left out."""
    if key.question.kind != "function":
        return ()
    found = [Call(case.id, _code(key, case)) for case in key.cases if case.visible]
    return tuple(call for call in found if len(call.code) <= MAX_CHARACTERS)


def _code(key: QuestionKey, case: CaseKey) -> str:
    names = key.question.parameters[: len(case.arguments)]
    lines = [
        f"{name} = {_literal(value)}" for name, value in zip(names, case.arguments, strict=True)
    ]
    return "\n".join([*lines, f"{key.question.name}({', '.join(names)})"])


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return f"np.array({value.tolist()!r})" if value.ndim else repr(value.item())
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_literal(part)}" for k, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        left, right = "[]" if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return left + ", ".join(map(_literal, value)) + right
    return repr(value)
