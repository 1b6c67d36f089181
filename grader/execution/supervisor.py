"""The process between the grader and one kernel: it confines it, watches it, and ends it.

It holds one end of the *leash*, a socket whose other end is the grader's. What it writes there are
reports (JSON): `ready` with the kernel's process id, `error`, `ended`. Anything that it reads, or
the end of the file, means: end the kernel. So a kernel outlives neither the grader nor its
patience. The supervisor itself runs no code of a student's.
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
from dataclasses import replace
from time import monotonic, process_time
from typing import Any

import msgspec

from grader.execution.sandbox import cgroup, disk, linux, memory, private_root, users
from grader.execution.sandbox.confine import Confinement, confine, separate
from grader.execution.sandbox.ending import end_descendants
from grader.execution.sandbox.holdings import LONGEST, Held, Holdings

GRACE = 0.5  # seconds
_ENDING, _AT_LAST = 8.0, 600.0  # seconds for what is left: before the report, and after it
TICK = 0.2  # seconds between two looks of the watchdog
_PAUSE = 2  # times as long as a look took there is none
MACHINE = "machine"  # in place of a limit: the system has killed what it had no memory for
CHANNEL = 3  # the kernel's end of the channel for calls
_READY, _SUPPORT = 4, 5


class KernelRequest(msgspec.Struct, tag="kernel", frozen=True):
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
    support: list[int],
    run_kernel: Callable[[KernelRequest, Callable[[], None]], None],
) -> None:
    """Fork the kernel, watch it until it ends, report how. In the fork, it does not return."""
    os.setsid()
    linux.become_subreaper()
    request = _with_user(request)
    group = _cgroup(request)
    ready, told_ready = os.pipe()
    reason = ""
    try:
        separate(request.confinement)
        child = os.fork()
        if child == 0:
            _run(request, group, (channel, told_ready, *support), run_kernel)
        os.close(channel)
        os.close(told_ready)
        watchdog = _watchdog(request.confinement, group, child)
        code, reason = _watch(request.confinement, child, leash, ready, watchdog)
    finally:
        user = request.confinement.user
        gone = end_descendants(user, group, _ENDING)
        reason = reason or _limit_of(group)
        if group:
            group.remove()
    reason = reason or ("" if gone else "processes")
    _tell(leash, _ending(code, reason))
    if not gone:
        end_descendants(user, group, _AT_LAST)


def _with_user(request: KernelRequest) -> KernelRequest:
    """Give a kernel of root's a user of its own, and its folder to that user.

    Not at step C: there notebooks have the rights of whoever grades them.
    """
    if os.getuid() != 0 or request.confinement.step == "C":
        return request
    user = users.free_user()
    if request.confinement.step != "A":
        users.give(request.confinement.home, user)
    return msgspec.structs.replace(request, confinement=replace(request.confinement, user=user))


def _cgroup(request: KernelRequest) -> cgroup.Cgroup | None:
    if not request.use_cgroup:
        return None
    limits = request.confinement
    bytes_in_all = (
        limits.memory + limits.disk + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    )
    with suppress(OSError):
        return cgroup.make(bytes_in_all, limits.processes)
    return None


def _limit_of(group: cgroup.Cgroup | None) -> str:
    """Say which limit of memory a group has met: its own, the machine's, or none."""
    if group is None:
        return ""
    return "memory" if group.exceeded_memory else MACHINE if group.was_short_of_memory else ""


def _tell(leash: socket.socket, report: dict[str, Any]) -> None:
    with suppress(OSError):
        leash.send(json.dumps(report).encode())


# ---------------------------------------------------------------- the kernel's process


def _run(
    request: KernelRequest,
    group: cgroup.Cgroup | None,
    kept: tuple[int, ...],
    run_kernel: Callable[[KernelRequest, Callable[[], None]], None],
) -> None:
    """Confine this process, then be the kernel, or its pid namespace's first process."""
    try:
        _keep_only(kept)
        if group:
            group.add_this_process()
        os.environ.clear()
        os.environ.update(request.environment)
        confine(request.confinement, _SUPPORT if len(kept) > 2 else None)
        os.closerange(_SUPPORT, _SUPPORT + 1)
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


def _keep_only(kept: tuple[int, ...]) -> None:
    """Close every file but those, which get the numbers CHANNEL, _READY and _SUPPORT."""
    null = os.open(os.devnull, os.O_RDWR)
    high = max(*kept, null, _SUPPORT) + 1
    for number, source in enumerate((null, null, null, *kept)):
        os.dup2(source, high + number)
    for number in range(len(kept) + 3):
        os.dup2(high + number, number)
    os.closerange(len(kept) + 3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _say_ready() -> None:
    os.write(_READY, b"R")
    os.close(_READY)


def _be_init() -> None:
    """Fork the kernel and stay behind as process 1: it reaps all others, and ends them at the end.

    A kernel that were process 1 itself would not die of its own signals.
    """
    kernel = os.fork()
    if kernel == 0:
        linux.signal_on_parents_death(signal.SIGKILL)
        return
    os.closerange(0, _READY + 1)
    linux.make_undumpable()
    signal.signal(signal.SIGTERM, lambda *_: os.kill(-1, signal.SIGKILL))
    code = 0
    with suppress(ChildProcessError):  # until there is no other process left
        while True:
            ended, status = os.wait()
            if ended == kernel:
                code = os.waitstatus_to_exitcode(status)
                with suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)
    os._exit(code % 256)


# ---------------------------------------------------------------- watching


def _watch(
    confinement: Confinement,
    child: int,
    leash: socket.socket,
    ready: int,
    watchdog: Callable[[bool], str],
) -> tuple[int, str]:
    """Wait for the kernel's end, or bring it about; return its exit code and what limit struck."""
    process = os.pidfd_open(child)
    poll = select.poll()
    for descriptor in (process, leash.fileno(), ready):
        poll.register(descriptor, select.POLLIN)
    reason, sealed = "", False
    while True:
        events = {fd for fd, _ in poll.poll(TICK * 1000)}
        if ready in events:
            poll.unregister(ready)
            sealed = _relay(leash, ready, child)
        if leash.fileno() in events:
            poll.unregister(leash.fileno())
            with suppress(OSError):
                leash.recv(16)  # left unread, it would make the grader's end lose the report
            _end(confinement, child, process)
        if not reason and (reason := watchdog(sealed)):
            _end(confinement, child, process)
        if process in events:
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status), reason


def _watchdog(
    confinement: Confinement, group: cgroup.Cgroup | None, child: int
) -> Callable[[bool], str]:
    """Return what looks for limits that the kernel of the system does not tell of, or not keep.

    It looks into processes once they are sealed, and for at most a third of the time.
    """
    shared = memory.resident(os.getpid())
    apart = confinement.step == "A"
    ours = (child,) if apart else ()  # the first process of the pid namespace
    holdings = Holdings(confinement.home, confinement.user, ours)
    most = confinement.disk * 5 // 4  # more than one file may have: what stops there can go on
    # More than one process may have, which the system stops at: with page tables, and a socket.
    user, most_memory = confinement.user, confinement.memory * 9 // 8
    not_before, slow = 0.0, 0

    def look(sealed: bool) -> str:  # noqa: FBT001
        nonlocal slow
        started = process_time()
        held = Held() if not sealed or (apart and group) else holdings.look()
        left = most_memory - held.kernel_memory
        taken = 0 if group else memory.taken(os.getpid(), shared, user, left)
        slow = slow + 1 if held.unseen or process_time() - started > LONGEST else 0
        if slow > 1:  # what takes so long to look at is more than a notebook needs
            return "memory"
        if limit := "memory" if taken > left and not group else _limit_of(group):
            return limit
        if not apart and disk.exceeds(confinement.home, most, held.files(confinement.disk)):
            return "disk"
        return ""

    def at_times(sealed: bool) -> str:  # noqa: FBT001
        nonlocal not_before
        started = monotonic()
        if started < not_before:
            return ""
        found = look(sealed)
        ended = monotonic()
        not_before = ended + _PAUSE * (ended - started)
        return found

    return at_times


def _end(confinement: Confinement, child: int, process: int) -> None:
    """End the kernel; give a pid namespace's first process a moment to end and count the others."""
    if confinement.step == "A":
        os.kill(child, signal.SIGTERM)
        if select.select([process], [], [], GRACE)[0]:
            return
    os.kill(child, signal.SIGKILL)


def _relay(leash: socket.socket, ready: int, child: int) -> bool:
    """Pass on that the kernel is ready, and which process it is: at step A, the child's child.

    Return whether it is.
    """
    word = os.read(ready, 4000)
    if word == b"R":
        kernel = next(iter(memory.descendants(child)), child)
        _tell(leash, {"ready": kernel, "supervisor": os.getpid()})
    elif word:
        _tell(leash, {"error": word[1:].decode(errors="replace")})
    return word == b"R"


def _ending(code: int, reason: str) -> dict[str, Any]:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "ended": code,
        "reason": reason,
        "cpu": usage.ru_utime + usage.ru_stime + own.ru_utime + own.ru_stime,
    }
