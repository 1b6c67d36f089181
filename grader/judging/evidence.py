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
from grader.judging.expected import AnswerKey, Evidence, ask_reference

EVIDENCE_SECONDS = 300
SUFFIX = ".msgpack"

_Made = dict[str, Evidence]


def with_evidence(key: AnswerKey, course: Path, secret: bytes, cache: Path | None) -> AnswerKey:
    """Return the answer key with what the causes of wrong answers are looked for with.

    It is kept in the folder `cache`, and made again if anything changes that it depends on.
    Raises CourseError if the assignment is wrong, or making it takes too long.
    """
    name = key.assignment.name
    file = None if cache is None else cache / f"{name}-{_digest(course, name, secret)}{SUFFIX}"
    made = _read(file) if file else None
    if made is None:
        request = {"course": str(course), "name": name, "secret": secret.hex()}
        made = ask_reference({**request, "wanted": "evidence"}, _Made, EVIDENCE_SECONDS)
        if file:
            _write(file, made, name)
    questions = (replace(each, evidence=made.get(each.question.name)) for each in key.questions)
    return replace(key, questions=tuple(questions))


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
