"""What this machine can do: each step of the ladder, really tried.

    python -m grader.execution.sandbox.ladder

For each step a process is confined as a kernel would be, and then tries what a student's code
might. A step is usable if it can be set up and stops all of that.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 - sockets load it when it is too late to read files
import json
import mmap
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.execution.sandbox import cgroup, disk, hiding, landlock, linux, private_root, users
from grader.execution.sandbox.confine import STEPS, Confinement, Step, confine, seal, separate
from grader.leftovers import temporary_folder

MEMORY, PROCESSES, DISK = 64 * 2**20, 8, 4 * 2**20  # for the attempts


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


def examine() -> Machine:
    """Try every step, each in a process of its own. To be called in a process with one thread."""
    version = landlock.abi()
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
    with temporary_folder("try") as folder:
        outside = folder / "outside"
        outside.write_text("secret")
        outside.chmod(0o666)
        work = folder / "work"
        work.mkdir()
        folder.chmod(0o755)
        confinement = _confinement(step, str(work), version)
        found = _in_a_process(lambda: _attempts(confinement, outside))
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
    """Run a function in a forked child; return its result, or what went wrong in words."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(run()).encode())
        except BaseException as error:  # noqa: BLE001 - the child must end here
            os.write(writing, json.dumps(str(error)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:  # noqa: PTH123 - a descriptor
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else "the process that tried it was killed"


def _attempts(confinement: Confinement, outside: Path) -> list[dict[str, Any]]:
    """Confine a process as a kernel is, and return what its attempts came to."""
    bystander = os.getppid()
    separate(confinement)

    def confined() -> list[dict[str, Any]]:
        confine(confinement)
        os.chdir(confinement.home)
        seal(confinement)
        return [asdict(_attempt(name, act, bystander, outside)) for name, act in ATTEMPTS.items()]

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
        counted = hiding.is_seen(confinement)
        attempts.append(asdict(Attempt(HIDE, stopped=counted, detail="")))
    return attempts


def _attempt(name: str, act: Callable[[int, Path], str], bystander: int, outside: Path) -> Attempt:
    try:
        return Attempt(name, stopped=False, detail=act(bystander, outside))
    except (OSError, MemoryError) as error:
        return Attempt(name, stopped=True, detail=str(error) or type(error).__name__)


# ---------------------------------------------------------------- what is tried; an error stops it


def _read_files(_: int, outside: Path) -> str:
    return outside.read_text()


def _write_files(_: int, outside: Path) -> str:
    with outside.open("a") as file:
        file.write("x")
    return "written"


def _see_processes(bystander: int, _: Path) -> str:
    return f"{len(Path(f'/proc/{bystander}/environ').read_bytes())} bytes of its environment"


def _signal_processes(bystander: int, _: Path) -> str:
    os.kill(bystander, 0)
    return "possible"


def _use_network(_: int, __: Path) -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=1).close()
    return "loopback reached"


def _take_memory(_: int, __: Path) -> str:
    with mmap.mmap(-1, 2 * MEMORY):  # shared, and so no data in the sense of RLIMIT_DATA
        return "taken"


def _start_processes(_: int, __: Path) -> str:
    children: list[int] = []
    try:
        for _number in range(PROCESSES + 1):
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    finally:
        for child in children:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
    return f"{PROCESSES + 1} started"


def _fill_disk(_: int, __: Path) -> str:
    for number in range(3):
        with open(f"fill{number}", "wb") as file:  # noqa: PTH123 - unbuffered writing is the point
            file.write(bytes(DISK // 2))
    return "written"


HIDE = "hide files from the limit"
WRITE_MORE = "write more files than allowed"  # the last one: what it wrote is then looked at
ATTEMPTS: dict[str, Callable[[int, Path], str]] = {
    "read files outside the notebook's folder": _read_files,
    "write files outside the notebook's folder": _write_files,
    "read other processes": _see_processes,
    "signal other processes": _signal_processes,
    "use the network": _use_network,
    "take more memory than allowed": _take_memory,
    "start more processes than allowed": _start_processes,
    WRITE_MORE: _fill_disk,
}


def main() -> None:
    """Write what was found out, as JSON."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(asdict(examine()), sys.stdout)


if __name__ == "__main__":
    main()
