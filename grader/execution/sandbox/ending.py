"""Ends all that a kernel has left behind, however fast it starts more.

A process that is killed makes room for another one. So first none may start any more: by the
cgroup, where there is one; else each is found, stopped and given a limit of no processes, which
none can raise. Where a kernel has a user of its own, one call of the system's kills all of it.
"""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from time import monotonic, sleep

from grader.execution.sandbox import users
from grader.execution.sandbox.cgroup import Cgroup
from grader.execution.sandbox.memory import walk

_PASSES = 50  # over processes that start others while they are stopped
_PAUSE = 0.002  # seconds, for the system to take down what was killed


def end_descendants(user: int | None, group: Cgroup | None, seconds: float) -> bool:
    """Kill and reap the descendants of this process, a subreaper; whether none is left."""
    until = monotonic() + seconds
    while not _reap():
        if monotonic() > until:
            return False
        if group:
            group.end()
        if user is not None and users.is_of_one_kernel(user):
            _kill_all_of(user)
        _stop_all()
        for process in walk(os.getpid()):
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        sleep(_PAUSE)
    return True


def _reap() -> bool:
    """Take note of those that have ended; whether there are no others. Orphans are this one's."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _stop_all() -> None:
    """Stop what is found until nothing new is."""
    stopped: set[int] = set()
    for _ in range(_PASSES):
        before = len(stopped)
        for process in walk(os.getpid()):
            if process not in stopped:
                _stop(process)
                stopped.add(process)
        if len(stopped) == before:
            return


def _stop(process: int) -> None:
    """Others of its kind could make it go on; the limit they cannot lift."""
    with suppress(OSError, ValueError):
        resource.prlimit(process, resource.RLIMIT_NPROC, (0, 0))
    with suppress(OSError):
        os.kill(process, signal.SIGSTOP)


def _kill_all_of(user: int) -> None:
    """Kill all processes of a user in one call, between whose parts none can start another.

    It is made by a process that has no right beyond that, and which the user cannot signal.
    """
    with suppress(OSError):
        child = os.fork()
        if child == 0:
            try:
                nobodys = users.nobodys(user)
                os.setresuid(nobodys, user, nobodys)
                if os.getresuid() == (nobodys, user, nobodys):
                    os.kill(-1, signal.SIGKILL)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
