"""What failed while the notebook ran, traced back to what failed first.

A module that is missing in cell 1 makes a NameError in cell 6 and another in cell 10; only the
first is the student's (or the course's) concern.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from grader.judging.versions import version_note
from grader.results import CellFailure, Note, NoteLevel, Place, RaisedError, Source

_UNBOUND = re.compile(r"^name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"object has no attribute '(\w+)'")
_NO_MODULE = re.compile(r"^No module named '([\w.]+)'")


def unbound_name(error: RaisedError) -> str | None:
    """Return the name that a NameError is about."""
    found = (
        _UNBOUND.match(error.message) if error.type in ("NameError", "UnboundLocalError") else None
    )
    return found[1] if found else None


def rebound(error: RaisedError, sources: Mapping[str, Source]) -> tuple[str, Place] | None:
    """Return the name because of which a line fails that may be right, and who binds it."""
    source = next((each for each in sources.values() if each.name == error.function), None)
    called = error.type == "TypeError" and error.message.endswith("object is not callable")
    attribute = _NO_ATTRIBUTE.search(error.message) if error.type == "AttributeError" else None
    if source is None or not (called or attribute):
        return None
    use = rf"\s*\.\s*{attribute[1]}\b" if attribute else r"\s*\("
    found = [
        (name, place)
        for name, place in source.rebound.items()
        if re.search(rf"(?<![\w.]){re.escape(name)}{use}", error.code)
    ]
    return found[0] if len(found) == 1 else None


def first_failure(name: str, failures: Sequence[CellFailure]) -> CellFailure | None:
    """Return the failure because of which a name is not bound, followed back to its beginning."""
    return _first(name, _by_name(failures))


def _by_name(failures: Sequence[CellFailure]) -> dict[str, CellFailure]:
    return {name: failure for failure in failures for name in failure.binds}


def _first(name: str, by_name: dict[str, CellFailure]) -> CellFailure | None:
    seen: set[str] = set()
    found = None
    wanted: str | None = name
    while wanted and wanted not in seen:
        seen.add(wanted)
        failure = by_name.get(wanted)
        found = failure or found
        wanted = unbound_name(failure.error) if failure else None
    return found


def reason(failure: CellFailure) -> str:
    """Say what failed and where, as the rest of a sentence."""
    error, place = failure.error, failure.place
    if _is_broken(failure):
        return f"Python cannot read {place}: {error.message}"
    module = _NO_MODULE.match(error.message) if error.type == "ModuleNotFoundError" else None
    if module:
        return f"the module `{module[1]}` is not available here ({place})"
    if error.limit:
        return f"{place} {error.limit}"
    if error.type in ("Timeout", "Exit"):
        return f"{place} did not finish: {error.message}"
    return f"{place} stopped with {error.type}: {error.message}"


def _is_broken(failure: CellFailure) -> bool:
    """Whether Python cannot read the cell itself: an import may fail for what a module holds."""
    return failure.error.type == "SyntaxError" and not failure.is_import


def sentence(text: str) -> str:
    """Return a text as a sentence, with a capital letter and a full stop."""
    return full_stop(text[0].upper() + text[1:])


def full_stop(text: str) -> str:
    """Return a text with a full stop, unless it has an end of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def failure_notes(failures: Sequence[CellFailure]) -> list[Note]:
    """Return one note for each failure that does not follow from another one."""
    by_name = _by_name(failures)
    return [_note(failure) for failure in failures if not _follows(failure, by_name)]


def _follows(failure: CellFailure, by_name: dict[str, CellFailure]) -> bool:
    name = unbound_name(failure.error)
    return name is not None and _first(name, by_name) not in (None, failure)


def _note(failure: CellFailure) -> Note:
    message = sentence(reason(failure))
    if failure.is_import:
        message += " What does not need it was graded all the same."
    if _is_broken(failure):
        message += " Nothing in that cell takes effect."
    message = f"{message} {version_note(failure.error)}".rstrip()
    level: NoteLevel = "error" if _is_broken(failure) else "warning"
    return Note(level, message, failure.place.cell, failure.place.line)
