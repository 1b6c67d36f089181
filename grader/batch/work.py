"""What is sent to workers: the work of a run, one submission of it, and what comes back.

Workers may be on other machines: everything they need goes with the task, nothing lies on a disk
that they would have to share. Plain data, to be pickled between processes of the grader's own;
nothing of a student's process is ever unpickled.
"""

from __future__ import annotations

import ast
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

import msgspec
import numpy as np

import grader
from grader.digests import digest_of, source_digest
from grader.errors import DisturbedError, GraderError, SubmissionError, is_of_the_machine
from grader.execution.sandbox.confine import Step
from grader.judging.expected import AnswerKey
from grader.results import Note, SubmissionResult
from grader.submission import Submission
from grader.syntax import parsed

Files = tuple[tuple[str, bytes], ...]
"""Names, relative and with slashes, and contents."""


@dataclass(frozen=True)
class Environment:
    """What may change a result without being of the course: versions, and the sandbox's step.

    `code` is a digest of the grader's source files; `modules` are the versions of what notebooks
    import besides NumPy.
    """

    grader: str
    code: str
    python: str
    numpy: str
    modules: str
    step: Step


IMPORTED = ("h5py", "ipython", "matplotlib", "pandas", "pillow", "scikit-learn", "scipy")
WORDS = {"code": "source files of the grader", "step": "sandbox step", "numpy": "NumPy"}


@dataclass(frozen=True)
class Work:
    """What is the same for all submissions of a run.

    `key` is the answer key, packed; `support` are the modules that notebooks may import; `others`
    the names of the functions that the course's other assignments grade; `course` is what it takes
    to answer for students' helpers, and, with a `secret`, to draw hidden cases for each submission.
    """

    key: bytes
    support: Files
    environment: Environment
    notes: tuple[Note, ...] = ()
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    course: Files = ()
    secret: bytes = b""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out the digest of everything that may change a result."""
        object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> str:
        plain = msgspec.msgpack.encode((self.environment, self.notes, self.others))
        key = ("key", zlib.decompress(self.key))
        course = ((name, _meaning(name, content)) for name, content in self.course)
        return digest_of((key, ("plain", plain), *self.support, ("course", b""), *course))


@dataclass(frozen=True)
class Parcel:
    """One submission as it is sent: the notebook, and what was handed in beside it."""

    student: str
    path: str
    notebook: bytes
    files: Files
    digest: str


@dataclass(frozen=True)
class Done:
    """What a worker answers: the result, and where the time went (seconds by stage)."""

    result: SubmissionResult
    stages: Mapping[str, float]
    worker: str


class UnfitError(GraderError):
    """A worker's environment is not the one that the run was begun with."""


@dataclass(frozen=True)
class WorkWanted:
    """What a worker answers that has not been sent the work of this run yet."""


def packed_key(key: AnswerKey) -> bytes:
    """Return an answer key in the form in which it is sent and kept."""
    return zlib.compress(msgspec.msgpack.encode(key))


def unpacked_key(packed: bytes) -> AnswerKey:
    """Return the answer key that was packed."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=AnswerKey)


def parcel(submission: Submission) -> Parcel:
    """Read a submission's files. Raises SubmissionError if there is no notebook to be read."""
    if submission.notebook is None:
        raise SubmissionError(submission.problem)
    notebook = submission.notebook.read()
    files = tuple(sorted((entry.name, entry.read()) for entry in submission.files))
    digest = digest_of((("", notebook), *files))
    return Parcel(submission.student, submission.path, notebook, files, digest)


def folder_files(folder: Path) -> Files:
    """Return the files of a folder and those below it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)


def write_files(files: Files, folder: Path) -> list[str]:
    """Write files below a folder that exists; return the names of those that cannot be.

    Raises DisturbedError where it is not their names' fault.
    """
    failed = []
    for name, content in files:
        path = Path(os.path.normpath(folder / name))
        try:
            if not path.is_relative_to(folder):
                raise ValueError("it lies outside")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except (OSError, ValueError) as error:
            if is_of_the_machine(error):
                raise DisturbedError(f"files cannot be written here: {error.strerror}") from error
            failed.append(name)  # too long, or a folder's; a null character
    return failed


def _meaning(name: str, content: bytes) -> bytes:
    """Return what a file of the course does: a remark in Python changes nothing."""
    if name.endswith(".py"):
        with suppress(SyntaxError, ValueError):
            return ast.dump(parsed(content)).encode("utf-8", "surrogatepass")
    return content


def environment(step: Step) -> Environment:
    """Return this process's own environment."""
    own = grader.__version__, source_digest(), python_version(), np.__version__, _modules()
    return Environment(*own, step)


def differences(own: Environment, due: Environment) -> str:
    """Say what of a worker's environment is not as it is due."""
    fields = Environment.__dataclass_fields__
    return ", ".join(
        f"{WORDS.get(name, name)} {getattr(own, name)}"
        for name in fields
        if getattr(own, name) != getattr(due, name)
    )


@cache
def _modules() -> str:
    found = []
    for name in IMPORTED:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return ", ".join(found) or "none"
