"""Whether the watchdog sees files that a confined process holds and that have no name."""

from __future__ import annotations

import os
import signal

from grader.execution.sandbox import linux
from grader.execution.sandbox.confine import Confinement, confine, seal
from grader.execution.sandbox.holdings import Holdings

FILES = 3  # each of half of what may be written


def is_seen(confinement: Confinement) -> bool:
    """Let a process write more than it may, to files that it removes; look for them from here.

    It sees nothing where this process may not look into another: some containers forbid it.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _hold(confinement, writing)
        finally:
            os._exit(1)
    os.close(writing)
    try:
        os.read(reading, 1)  # or the end, if it could not be confined
        held = Holdings(confinement.home, confinement.user).look()
        return held.files(confinement.disk) > confinement.disk
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _hold(confinement: Confinement, writing: int) -> None:
    confine(confinement)
    os.chdir(confinement.home)
    seal(confinement)
    for number in range(FILES):
        file = os.open(f"held{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"held{number}")  # noqa: PTH108 - as a notebook would
        os.write(file, bytes(confinement.disk // 2))
    linux.map_file(file, 4096)  # the last one is mapped only
    os.close(file)
    os.write(writing, b"x")
    signal.pause()
