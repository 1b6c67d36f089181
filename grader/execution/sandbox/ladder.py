"""What this machine can do: each step of the ladder, really tried.

    python -m grader.execution.sandbox.ladder

For each step a process is confined as a kernel would be, and then tries what a student's code
might. A step is usable if it can be set up and stops all of that.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 - sockets load it when it is too late to read files
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from grader.execution.sandbox import cgroup, disk, hiding, landlock, linux, private_root, users
from grader.execution.sandbox.attempts import (
    ATTEMPTS,
    DISK,
    HIDE,
    MEMORY,
    PROCESSES,
    SECONDS,
    WRITE_MORE,
    Target,
    target,
)
from grader.execution.sandbox.confine import STEPS, Confinement, Step, confine, seal, separate
from grader.leftovers import temporary_folder

TRIES = 3  # for something outside may end a process


class TryKilledError(Exception):
    """A process that tried a step was killed."""


@dataclass(frozen=True)
class Attempt:
    """Something that a student's code might try, and what came of it at one step."""

    name: str
    stopped: bool
    detail: str


@dataclass(frozen=True)
class Tried:
    """One step, tried: why it cannot be set up, if it cannot, and what it stops."""

    step: Step
    error: str
    attempts: tuple[Attempt, ...]

    @property
    def usable(self) -> bool:
        """Whether notebooks may be run at this step without being asked for expressly."""
        return not self.error and self.step != "C" and all(a.stopped for a in self.attempts)


@dataclass(frozen=True)
class Machine:
    """What was found out about a machine: its steps, and what they build on."""

    steps: tuple[Tried, ...]
    landlock_abi: int
    cgroup: str  # why none can be made, "" if one can
    root: bool
    processor: str

    @property
    def step(self) -> Step:
        """The highest usable step; C where there is none."""
        return next((tried.step for tried in self.steps if tried.usable), "C")


def examine(landlock_abi: int | None = None) -> Machine:
    """Try every step, each in a process of its own. To be called in a process with one thread.

    `landlock_abi` is the version of Landlock to make use of: the kernel's if none is given.
    """
    version = landlock.abi() if landlock_abi is None else landlock_abi
    return Machine(
        steps=tuple(_try(step, version) for step in STEPS),
        landlock_abi=version,
        cgroup=_try_cgroup(),
        root=os.getuid() == 0,
        processor=linux.MACHINE,
    )


def _try_cgroup() -> str:
    try:
        cgroup.make(MEMORY, PROCESSES).remove()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _try(step: Step, version: int) -> Tried:
    for _ in range(TRIES - 1):
        with suppress(TryKilledError):
            return _tried(step, version)
    try:
        return _tried(step, version)
    except TryKilledError as error:
        return Tried(step, str(error), ())


def _tried(step: Step, version: int) -> Tried:
    """Try one step. Raises TryKilledError."""
    with temporary_folder("try") as folder:
        work, outside = folder / "work", folder / "beside"
        work.mkdir()
        outside.mkdir()
        folder.chmod(0o755)
        confinement = _confinement(step, str(work), version)
        with target(outside) as at:
            found = _in_a_process(lambda: _attempts(confinement, at))
    if isinstance(found, str):
        return Tried(step, found, ())
    return Tried(step, "", tuple(Attempt(**attempt) for attempt in found))


def _confinement(step: Step, work: str, version: int) -> Confinement:
    user = users.free_user() if os.getuid() == 0 and step != "C" else None
    if user is not None:
        os.chown(work, user, user)
    work = private_root.HOME if step == "A" else work
    return Confinement(step, work, user, MEMORY, PROCESSES, DISK, 60, version)


def _in_a_process(run: Callable[[], Any]) -> Any:
    """Run a function in a forked child; return its result, or what went wrong in words.

    The child ends by itself in time, and with its parent: nobody may be able to signal it. Raises
    TryKilledError if it, or a child of its own, was ended in another way.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _end_in_time()
            os.write(writing, json.dumps(run()).encode())
        except TryKilledError:
            os._exit(1)
        except BaseException as error:  # noqa: BLE001 - the child must end here
            os.write(writing, json.dumps(str(error)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:  # noqa: PTH123 - a descriptor
        text = file.read()
    _, status = os.waitpid(child, 0)
    if text:
        return json.loads(text)
    if os.waitstatus_to_exitcode(status) == -signal.SIGALRM:
        return f"it took more than {SECONDS} s"
    raise TryKilledError("the process that tried it was killed")


def _end_in_time() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.alarm(SECONDS)
    linux.signal_on_parents_death(signal.SIGKILL)


def _attempts(confinement: Confinement, at: Target) -> list[dict[str, Any]]:
    """Confine a process as a kernel is, and return what its attempts came to."""
    separate(confinement)

    def confined() -> list[dict[str, Any]]:
        confine(confinement)
        linux.signal_on_parents_death(signal.SIGKILL)  # a change of user has cleared it
        os.chdir(confinement.home)
        seal(confinement)
        return [asdict(_attempt(name, act, at)) for name, act in ATTEMPTS.items()]

    found = _in_a_process(confined)
    if isinstance(found, str):
        raise OSError(found)
    if confinement.step != "A" and disk.exceeds(confinement.home, DISK):
        seen = Attempt(
            WRITE_MORE, stopped=True, detail="seen by the watchdog, which ends the kernel"
        )
        found[-1] = asdict(seen)
    attempts: list[dict[str, Any]] = found
    if confinement.step != "A":
        attempts.append(asdict(Attempt(HIDE, stopped=hiding.is_seen(confinement), detail="")))
    return attempts


def _attempt(name: str, act: Callable[[Target], str], at: Target) -> Attempt:
    try:
        return Attempt(name, stopped=False, detail=act(at))
    except (OSError, MemoryError) as error:
        return Attempt(name, stopped=True, detail=str(error) or type(error).__name__)


def main() -> None:
    """Write what was found out, as JSON."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(asdict(examine()), sys.stdout)


if __name__ == "__main__":
    main()
