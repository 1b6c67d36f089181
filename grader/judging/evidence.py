"""What causes are looked for with, made once for an assignment and then read from a cache.

Likely mistakes are made, and put to the test, in the reference process; they depend on the course's
code and the hidden cases only, never on what students hand in.
"""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from grader.course import reference_files
from grader.digests import digest_of, source_digest
from grader.errors import CourseError, KilledError
from grader.judging.course_process import ask_reference
from grader.judging.expected import (
    AnswerKey,
    Evidence,
    QuestionKey,
    answers_digest,
)

EVIDENCE_SECONDS = 600  # for all questions
EVIDENCE = "evidence"  # the folder of the cache
SUFFIX = ".msgpack"
OTHERWISE = "its reference answers differently when it is called again"

_Made = dict[str, Evidence | str]


def with_evidence(key: AnswerKey, course: Path, secret: bytes, cache: Path | None) -> AnswerKey:
    """Return the answer key with what the causes of wrong answers are looked for with.

    It is kept in the folder `cache`, and made again if anything changes that it depends on. Where
    it cannot be made, the key has none, and says why: a class is graded without, too.
    """
    name = key.assignment.name
    file = None if cache is None else cache / f"{name}-{_digest(course, name, secret)}{SUFFIX}"
    made = _read(file) if file else None
    if made is None:
        made = _made(key, course, secret)
        if file and all(isinstance(each, Evidence) for each in made.values()):
            _write(file, made, name)
    questions = (_with(each, made.get(each.question.name)) for each in key.questions)
    return replace(key, questions=tuple(questions))


def _made(key: AnswerKey, course: Path, secret: bytes) -> _Made:
    request = {"course": str(course), "name": key.assignment.name, "secret": secret.hex()}
    try:
        return ask_reference({**request, "wanted": "evidence"}, _Made, EVIDENCE_SECONDS)
    except KilledError:
        raise
    except CourseError as error:
        functions = [q.question.name for q in key.questions if q.question.kind == "function"]
        return dict.fromkeys(functions, error.reason)


def _with(key: QuestionKey, made: Evidence | str | None) -> QuestionKey:
    if isinstance(made, Evidence) and made.answers != answers_digest(key.cases):
        made = OTHERWISE
    if isinstance(made, str):
        return replace(key, unexplained=made)
    return replace(key, evidence=made)


def unexplained(key: AnswerKey) -> tuple[str, ...]:
    """Say for which questions no causes can be named, and why: a line for each."""
    return tuple(
        f"no causes can be named for `{each.question.name}`: {each.unexplained}"
        for each in key.questions
        if each.unexplained
    )


def _digest(course: Path, name: str, secret: bytes) -> str:
    """Return what the evidence depends on: the grader, its environment, the course, the secret."""
    versions = f"{source_digest()} {platform.python_version()} {np.__version__}"
    known = (("secret", secret), ("versions", versions.encode()))
    return digest_of((*known, *reference_files(course, name)))[:16]


def _read(file: Path) -> _Made | None:
    """Return what is in the cache; None if there is nothing, or it is damaged."""
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=_Made)
    except (OSError, msgspec.DecodeError):  # also ValidationError: another shape
        return None


def _write(file: Path, made: _Made, name: str) -> None:
    """Write the cache, whole or not at all, and remove what it replaces.

    A cache that cannot be written costs time, and nothing else.
    """
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
            draft.write(msgspec.msgpack.encode(made))
        os.replace(draft.name, file)  # noqa: PTH105 - the draft is a name, not a path
        for old in file.parent.glob(f"{name}-{'?' * 16}{SUFFIX}"):
            if old != file:
                old.unlink(missing_ok=True)
