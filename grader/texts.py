"""Text that others wrote, as text that can be encoded, recorded and shown, whoever wrote it."""

from __future__ import annotations

import re
from typing import Any

_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_ANSI = re.compile(r"\x1b\[[0-9;:]*[A-Za-z]")
_COMMAND = re.compile(r":(?=:)|##(?=\w*\[)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def encodable(text: str) -> str:
    """Return a text that every file and database can hold.

    In place of half a character (a lone surrogate), and of the null character, which a database may
    refuse, it has the sign for what cannot be read. Nothing else is changed: it may be source.
    """
    return _UNFIT.sub("\ufffd", text)


def encodable_in(value: Any) -> Any:
    """Return plain data (dictionaries, lists, atoms) in which every text is encodable."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {encodable_in(key): encodable_in(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [encodable_in(part) for part in value]
    return value


def clean_text(text: object, most: int) -> str:
    """Return what a student's process says, as text of at most so many characters.

    Colours of a terminal and control characters are left out. What is no text is "".
    """
    if not isinstance(text, str):
        return ""
    plain = _CONTROL.sub("", _ANSI.sub("", encodable(str.__str__(text)[: 2 * most])))
    return plain[:most]


def without_commands(text: str) -> str:
    """Return a text in which CI finds no command, wherever its lines are folded.

    GitHub's runner looks for `::name ...::` at the beginning of a line and for `##[name]` anywhere
    in it, that of Azure for `##vso[...]`.
    """
    return _COMMAND.sub(r"\g<0> ", text)
