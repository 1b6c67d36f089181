"""How an item behaves, for the class as a whole: who makes the same mistake, known or not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from grader.judging.expected import QuestionKey
from grader.judging.fingerprint import Outcome, fingerprint
from grader.results import Observation

MAX_SNIPPET_LINES, MAX_SNIPPET = 60, 4_000  # lines, characters
ELLIPSIS = "…"
NOT_CALLED = ("missing", "not_a_function", "not_reached")


def behaviour(
    key: QuestionKey, observations: Mapping[str, Observation], repeat: Observation | None
) -> str:
    """Return an identifier of what an item does in all cases, and when it is asked again.

    Equal for equal behaviour up to rounding (see `Fingerprint.identifier`); empty for what was
    never called, and for what gives only None: it is not filled in yet. The hidden cases are its
    salt: whoever does not know them cannot find out by it what was returned, or raised, in them.
    """
    asked = [(observations[case.id], case) for case in key.cases]
    if all(seen.status in NOT_CALLED or _is_blank(seen) for seen, _ in asked):
        return ""
    asked += [(repeat, case) for case in key.cases if repeat and repeat.case == case.id]
    due = [case.expected.value for _, case in asked]
    return fingerprint(key.question, (_outcome(seen) for seen, _ in asked), due).identifier(
        _salt(key)
    )


def _is_blank(seen: Observation) -> bool:
    return seen.status == "returned" and _is_nothing(seen.value)


def _is_nothing(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return bool(value) and all(_is_nothing(part) for part in value)
    return value is None


def _outcome(seen: Observation) -> Outcome:
    """Return what is compared; where nothing came back, a limit's words or none."""
    if seen.error is None:
        return Outcome(seen.status, seen.value)
    if seen.error.limit:
        return Outcome(seen.status, error_type=seen.error.type, error_message=seen.error.limit)
    return Outcome(seen.status, seen.value, seen.error.type, seen.error.message)


def _salt(key: QuestionKey) -> bytes:
    salt = hashlib.blake2b(key.question.name.encode())
    for case in key.cases:
        salt.update(case.packed_arguments)
        salt.update(case.expected.packed)
    return salt.digest()


def snippet(source: str) -> str:
    """Return a student's own definition, cut to a length: the last line then says so."""
    lines = source.splitlines()
    text = "\n".join(lines[:MAX_SNIPPET_LINES])
    if len(lines) <= MAX_SNIPPET_LINES and len(text) <= MAX_SNIPPET:
        return text
    kept = text[: MAX_SNIPPET - len(ELLIPSIS) - 1].split("\n")[: MAX_SNIPPET_LINES - 1]
    return "\n".join([*kept, ELLIPSIS])
