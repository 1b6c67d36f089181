"""A worker's own things, and how it grades what it is sent. Heavy: for worker processes only."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from grader.batch.grade import Task, Timed, grade_timed, not_run
from grader.batch.own_cases import OwnCases
from grader.batch.work import (
    Done,
    Environment,
    Files,
    Parcel,
    UnfitError,
    Work,
    differences,
    environment,
    unpacked_key,
    write_files,
)
from grader.errors import CourseError, GraderError, reason
from grader.execution.kernel import KernelRunner
from grader.execution.sandbox.confine import Step
from grader.judging.helpers import Helpers
from grader.leftovers import make_folder, remove
from grader.results import Note
from grader.submission import SubmissionFile
from grader.texts import encodable

NOTEBOOK = "notebook.ipynb"
# Nothing to do if told so. Else more than once: what the worker has started may end a little later.
SWEEP = 'trap "" INT TERM HUP; read -r _ || for s in 0 1 4; do sleep $s; rm -rf -- "$0"; done'
MAX_RUNS = 4  # whose work a worker keeps


class Desk:
    """A worker's own things: the kernels' parent, and the work of the latest runs."""

    def __init__(self, step: Step | None = None) -> None:
        self.folder, self._hold = make_folder("worker")
        self.folder.chmod(0o711)  # for kernels that run as other users to pass
        self._sweeper = _sweeper(self.folder)
        self.runner = KernelRunner(step, where=self.folder)
        self._tasks: dict[str, Task] = {}
        self._lock = threading.Lock()

    def task(self, digest: str, work: Work | None) -> Task | None:
        """Return the task of a run, or None if its work is not there and was not sent."""
        with self._lock:
            if work and digest not in self._tasks:
                self._tasks[digest] = self._unpacked(work)
                while len(self._tasks) > MAX_RUNS:
                    _put_away(self._tasks.pop(next(iter(self._tasks))))
            return self._tasks.get(digest)

    def _unpacked(self, work: Work) -> Task:
        support = Path(tempfile.mkdtemp(prefix="support-", dir=self.folder))
        if failed := write_files(work.support, support):
            raise GraderError(f"the assignment's modules cannot be written here: {failed[0]}")
        others = {name: frozenset(functions) for name, functions in work.others}
        key = unpacked_key(work.key)
        course = cache(lambda: self._course(work.course))
        followed = work.course and any(each.question.helpers for each in key.questions)
        helpers = Helpers(course, key.assignment.name) if followed else None
        cases = OwnCases(key, course, work.secret) if work.secret else None
        return Task(key, self.runner, support, work.notes, others, helpers, cases=cases)

    def _course(self, files: Files) -> Path:
        """Write what there is of the course to a folder that nobody but this user can read."""
        course = Path(tempfile.mkdtemp(prefix="course-", dir=self.folder))
        if failed := write_files(files, course):
            raise OSError(f"the course cannot be written here: {failed[0]}")
        return course

    def close(self) -> None:
        """End the kernels' parent and those who answer for helpers, and leave no files."""
        for task in self._tasks.values():
            _put_away(task)
        self.runner.close()
        remove(self.folder, self._hold)
        self._sweeper.communicate(b"\n")


def _put_away(task: Task) -> None:
    if task.helpers:
        task.helpers.close()


def _sweeper(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that removes the folder when this one is gone, even if it was killed.

    Whoever else could do it may be on another machine. A small one: there is one for each worker.
    """
    return subprocess.Popen(  # noqa: S603 - a fixed script
        ["/bin/sh", "-c", SWEEP, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        process_group=0,
    )


_desks: list[Desk] = []
_lock = threading.Lock()


def desk(step: Step | None = None) -> Desk:
    """Return this process's desk; the first call makes it, and decides about the sandbox's step."""
    with _lock:
        if not _desks:
            _desks.append(Desk(step))
            atexit.register(_desks[0].close)
        return _desks[0]


def describe() -> Environment:
    """Return this process's environment. Waits until its kernels' parent is warm."""
    return environment(desk().runner.step)


def grade(due: Environment, task: Task, parcel: Parcel) -> Done:
    """Grade one submission, whatever comes.

    Raises UnfitError if this worker is not as it is due.
    """
    started = time.perf_counter()
    if other := differences(describe(), due):
        raise UnfitError(f"the worker {_name()} has {other}; the run was begun with others")
    with _on_disk(task, parcel) as (own, path):
        timed = _safely(own, SubmissionFile(parcel.student, path), parcel.digest)
    result = replace(timed.result, path=parcel.path)
    stages = {**timed.stages, "total": time.perf_counter() - started}
    return Done(result, stages, _name())


def _safely(task: Task, submission: SubmissionFile, digest: str) -> Timed:
    """Grade one submission; an error of the grader's own costs this one alone, and is named."""
    try:
        key = task.cases.drawn(submission.student, digest) if task.cases else task.key
        return grade_timed(replace(task, key=key), submission)
    except CourseError as error:
        message = f"no hidden cases could be drawn for it: {error.reason}"
        return Timed(not_run(task, submission, "not_graded", message))
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the others must go on
        if "GRADER_TRACEBACK" in os.environ:
            traceback.print_exc()
        return Timed(not_run(task, submission, "not_graded", reason(error)))


@contextmanager
def _on_disk(task: Task, parcel: Parcel) -> Iterator[tuple[Task, Path]]:
    """Write the notebook to a file; and where more was handed in, that beside the modules.

    A module of the assignment's stands, whatever the student's own of that name holds.
    """
    with tempfile.TemporaryDirectory(prefix="submission-", dir=desk().folder) as temporary:
        folder = Path(temporary)
        path = folder / NOTEBOOK
        path.write_bytes(parcel.notebook)
        if parcel.files:
            task = _with_files(task, parcel.files, folder / "beside")
        yield task, path


def _with_files(task: Task, files: Files, beside: Path) -> Task:
    """Lay what was handed in beside the modules of the assignment, none of which it stands for."""
    given = [*task.support.iterdir()] if task.support else []
    modules = {path.stem for path in given if path.is_file()}
    folders = {path.name for path in given if path.is_dir()}  # of data: the files in them stand
    own = tuple(
        file
        for file in files
        if file[0].partition("/")[0].partition(".")[0] not in modules and file[0] not in folders
    )
    beside.mkdir()
    failed = write_files(own, beside)
    if task.support:
        shutil.copytree(task.support, beside, dirs_exist_ok=True)
    names = ", ".join(f"`{encodable(name[:60])}`" for name in failed[:5])
    message = f"What was handed in beside the notebook could not all be laid there: {names}."
    notes = (*task.notes, Note("warning", message)) if failed else task.notes
    return replace(task, support=beside, notes=notes, beside=dict(own))


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
