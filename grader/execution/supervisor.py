"""The process between the grader and one kernel: it confines it, watches it, and ends it.

It holds one end of the *leash*, a socket whose other end is the grader's. What it writes there are
`Report`s; anything that it reads, or the end of the file, means: end the kernel. So a kernel
outlives neither the grader nor its patience. The supervisor itself runs no code of a student's.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from grader.execution.sandbox import cgroup, disk, linux, private_root, users
from grader.execution.sandbox.confine import Confinement, confine, separate

TICK = 0.1  # seconds between two looks at the folder
CHANNEL = 3  # the kernel's end of the channel for calls
_READY = 4


@dataclass(frozen=True)
class KernelRequest:
    """What the grader asks for: a kernel, how it is reached, and what it may use.

    `connection` is the content of a Jupyter connection file. `output` is in bytes.
    """

    confinement: Confinement
    connection: dict[str, Any]
    environment: dict[str, str]
    output: int
    use_cgroup: bool


def supervise(
    request: KernelRequest,
    leash: socket.socket,
    channel: int,
    run_kernel: Callable[[KernelRequest, Callable[[], None]], None],
) -> None:
    """Fork the kernel, watch it until it ends, report how. Does not return to the caller's code."""
    os.setsid()
    linux.become_subreaper()
    request = _with_user(request)
    group = _cgroup(request)
    ready, told_ready = os.pipe()
    try:
        separate(request.confinement)
        child = os.fork()
        if child == 0:
            _run(request, group, channel, told_ready, run_kernel)
        os.close(channel)
        os.close(told_ready)
        _tell(leash, {"pid": child})
        _tell(leash, _watch(request.confinement, child, leash, ready))
    finally:
        _end_descendants()
        if group:
            group.remove()


def _with_user(request: KernelRequest) -> KernelRequest:
    """Give a kernel of root's a user of its own, and its folder to that user."""
    if os.getuid() != 0:
        return request
    user = users.free_user()
    if request.confinement.step != "A":
        users.give(request.confinement.home, user)
    return replace(request, confinement=replace(request.confinement, user=user))


def _cgroup(request: KernelRequest) -> cgroup.Cgroup | None:
    if not request.use_cgroup:
        return None
    limits = request.confinement
    memory = limits.memory + limits.disk + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with suppress(OSError):
        return cgroup.make(f"grader-{os.getpid()}", memory, limits.processes)
    return None


def _tell(leash: socket.socket, report: dict[str, Any]) -> None:
    with suppress(OSError):
        leash.send(json.dumps(report).encode())


# ---------------------------------------------------------------- the kernel's process


def _run(
    request: KernelRequest,
    group: cgroup.Cgroup | None,
    channel: int,
    told_ready: int,
    run_kernel: Callable[[KernelRequest, Callable[[], None]], None],
) -> None:
    """Confine this process, then be the kernel, or its pid namespace's first process."""
    try:
        _keep_only(channel, told_ready)
        if group:
            group.add_this_process()
        os.environ.clear()
        os.environ.update(request.environment)
        confine(request.confinement)
        linux.signal_on_parents_death(signal.SIGKILL)
        if request.confinement.step == "A":
            _be_init()
        os.chdir(f"{request.confinement.home}/{private_root.WORK}")
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        run_kernel(request, _say_ready)
    except BaseException:  # noqa: BLE001 - whatever it is, it is reported, not printed
        with suppress(OSError):
            os.write(_READY, b"E" + traceback.format_exc().encode()[-2000:])
        os._exit(70)
    os._exit(0)


def _keep_only(channel: int, told_ready: int) -> None:
    """Close every file but the two, which get the numbers CHANNEL and _READY."""
    moved = [os.dup(channel), os.dup(told_ready)]
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    high = max(*moved, _READY) + 1
    for number, wanted in zip(moved, (CHANNEL, _READY), strict=True):
        os.dup2(os.dup2(number, high + wanted), wanted)
    os.closerange(_READY + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _say_ready() -> None:
    os.write(_READY, b"R")
    os.close(_READY)


def _be_init() -> None:
    """Fork the kernel and stay behind as process 1, which signals from inside do not reach.

    A kernel that were process 1 itself would not die of its own signals, nor reap what others leave.
    """
    kernel = os.fork()
    if kernel == 0:
        linux.signal_on_parents_death(signal.SIGKILL)
        return
    os.closerange(0, _READY + 1)
    while True:
        ended, status = os.wait()
        if ended == kernel:
            os._exit(os.waitstatus_to_exitcode(status) % 256)


# ---------------------------------------------------------------- watching


def _watch(
    confinement: Confinement, child: int, leash: socket.socket, ready: int
) -> dict[str, Any]:
    """Wait for the kernel's end, or bring it about; return the report."""
    process = os.pidfd_open(child)
    poll = select.poll()
    for descriptor in (process, leash.fileno(), ready):
        poll.register(descriptor, select.POLLIN)
    reason = ""
    look_at_folder = confinement.step != "A"
    while True:
        events = {fd for fd, _ in poll.poll(TICK * 1000 if look_at_folder else None)}
        if ready in events:
            poll.unregister(ready)
            _relay(leash, ready)
        if leash.fileno() in events:
            os.kill(child, signal.SIGKILL)
            poll.unregister(leash.fileno())
        if look_at_folder and not reason and disk.exceeds(confinement.home, confinement.disk):
            reason = "disk"
            os.kill(child, signal.SIGKILL)
        if process in events:
            return _ending(child, reason)


def _relay(leash: socket.socket, ready: int) -> None:
    word = os.read(ready, 4000)
    if word == b"R":
        _tell(leash, {"ready": True})
    elif word:
        _tell(leash, {"error": word[1:].decode(errors="replace")})


def _ending(child: int, reason: str) -> dict[str, Any]:
    _, status, usage = os.wait4(child, 0)
    return {
        "ended": os.waitstatus_to_exitcode(status),
        "reason": reason,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss * 1024,
    }


def _end_descendants() -> None:
    """Kill all that the kernel has left behind, for as long as there is any.

    At step A the pid namespace has done so. Elsewhere orphans become the supervisor's children.
    """
    until = monotonic() + 5
    while monotonic() < until:
        for child in _children():
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def _children() -> list[int]:
    """Return the processes whose parent is this one."""
    own, found = str(os.getpid()), []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                stat = Path(f"/proc/{entry.name}/stat").read_bytes().decode(errors="replace")
                if stat.rpartition(")")[2].split()[1] == own:
                    found.append(int(entry.name))
    return found
