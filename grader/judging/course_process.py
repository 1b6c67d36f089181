"""The processes in which the course's code runs: asking one, its limits, and how it ended."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader.errors import OWN_SIGNALS, CourseError, KilledError, StoppedError

PATIENCE = 5  # times as long by the clock as in processor time, on a busy machine
MEMORY = 4 * 2**30  # bytes of address space
TOO_SLOW = "the reference and its cases took more than {seconds:g} s"
COURSE_ERROR_EXIT = 3
DISTURBED_EXIT = 75  # sysexits(3): it may go well another time
AT_QUESTION = "question: "  # begins the lines on standard error that tell how far it is

Wanted = TypeVar("Wanted")


def ask_reference(request: dict[str, str], wanted: type[Wanted], seconds: float) -> Wanted:
    """Let the reference process answer a request, within limits of processor time and memory.

    What is ended from outside, or says nothing, is asked once more. Raises CourseError if the
    course is wrong; StoppedError, which is one, if there is no answer: KilledError if that may be
    the machine's.
    """
    file = Path(request["course"]) / "assignments" / request["name"] / "assignment.py"
    for last in (False, True):
        try:
            done = _asked({**request, "seconds": str(math.ceil(seconds))}, PATIENCE * seconds)
        except subprocess.TimeoutExpired as error:
            if not last:  # so long by the clock: it may have stood still
                continue
            raise StoppedError(
                TOO_SLOW.format(seconds=seconds), **_begun(file, error.stderr)
            ) from error
        if done.returncode == COURSE_ERROR_EXIT:
            raise CourseError(**json.loads(done.stdout))
        if done.returncode == 0 and done.stdout:
            return msgspec.msgpack.decode(done.stdout, type=wanted)
        if last or not is_disturbed(done.returncode):
            break
    how, kind = _how_it_ended(done), KilledError if is_disturbed(done.returncode) else StoppedError
    if done.returncode == -signal.SIGXCPU:
        how = TOO_SLOW.format(seconds=seconds)
    raise kind(how, **_begun(file, done.stderr))


def _asked(request: dict[str, str], seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run the process; whatever comes between, it is ended with all that it has started."""
    command = [sys.executable, "-m", "grader.judging.reference_process"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603 - this Python, our own module
        command,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=course_environment(),
        process_group=0,  # Ctrl-C at the terminal is for the grader
    )
    try:
        out, said = process.communicate(json.dumps(request).encode(), seconds)
    except subprocess.TimeoutExpired as error:
        _end(process)
        error.stderr = process.communicate()[1]
        raise
    except BaseException:
        _end(process)
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, said)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def is_disturbed(code: int) -> bool:
    """Whether the course's code cannot have ended its process like this: something outside has."""
    return code == DISTURBED_EXIT or (code < 0 and -code not in OWN_SIGNALS)


def _begun(file: Path, stderr: bytes | None) -> dict[str, Any]:
    """Return where a process was that gave no answer: at the question that it had begun."""
    lines = (stderr or b"").decode(errors="replace").splitlines()
    begun = [line.removeprefix(AT_QUESTION) for line in lines if line.startswith(AT_QUESTION)]
    line, _, question = begun[-1].partition(" ") if begun else ("", "", "")
    where = int(line) if line.isdecimal() else None
    return {"file": file, "line": where, "question": question or None}


def _how_it_ended(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    last = [line for line in lines if not line.startswith(AT_QUESTION)][-1:]
    code = done.returncode
    how = f"signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"code {code}"
    return ": ".join([f"the process that runs the course's code ended with {how}", *last])


def course_environment() -> dict[str, str]:
    """Return the environment of processes in which the course's code runs."""
    # One thread: the limit on address space would count the stacks of BLAS threads.
    package_root = str(Path(__file__).parents[2])
    return os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": package_root}


def limit_memory() -> None:
    """Bound this process's address space, where that can be done."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limit on this system
        import resource  # noqa: PLC0415 - absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def limit_time(seconds: int) -> None:
    """Let this process end (SIGXCPU) after so much processor time from now, where that can be."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        used = math.ceil(time.process_time())
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))
