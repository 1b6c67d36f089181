"""How a process gives up its rights, at each step of the ladder.

Step A: namespaces with a private root, Landlock, seccomp, limits. Step B: Landlock, seccomp,
limits, for containers and CI runners that forbid namespaces. Step C: limits only.

A kernel is confined in three parts, since each has its moment: `separate` by the supervisor before
it forks the kernel's process, `confine` in that process before it starts a thread, `seal` when the
kernel's sockets are bound. No code of a student's has run before the last one is done.
"""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.execution.sandbox import landlock, linux, outside, private_root, seccomp
from grader.execution.sandbox.linux import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
)

Step = Literal["A", "B", "C"]
STEPS: tuple[Step, ...] = ("A", "B", "C")

OPEN_FILES = 256
PENDING = 128  # timers and signals that wait, of all the user's processes
INSIDE = 1000  # the user and group that an ordinary user's kernel sees itself as
_SEPARATE = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
# What a kernel may see of itself at step B. Not the mounts and sockets, which are the machine's.
_OF_ITSELF = (
    *("auxv", "cmdline", "comm", "environ", "exe", "fd", "io", "limits", "maps", "mem", "smaps"),
    *("smaps_rollup", "stat", "statm", "status"),
)
_OF_THE_MACHINE = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg")


@dataclass(frozen=True)
class Confinement:
    """What a kernel is confined to. Sizes in bytes; `processes` counts threads, too.

    `user` is the id that it runs under where the grader is root. `home` is the folder in which all
    that it writes lies; at step A one in the private root. `landlock_abi` is the version to use.
    """

    step: Step
    home: str
    user: int | None
    memory: int
    processes: int
    disk: int
    seconds: int
    landlock_abi: int


def separate(confinement: Confinement) -> None:
    """Leave the machine's namespaces (step A); the next process to be forked is in the new ones.

    The caller keeps the machine's files: the mount namespace is left by `confine`.
    An ordinary user may do so as the root of a user namespace. Root needs none, and without one its
    kernels run under real user ids of their own, which the limit on processes counts one by one.
    """
    if confinement.step != "A":
        return
    if confinement.user is not None:
        linux.unshare(_SEPARATE)
        return
    user, group = os.getuid(), os.getgid()
    linux.unshare(_SEPARATE | CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {user} 1\n")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {group} 1\n")


def confine(confinement: Confinement, support: int | None = None) -> None:
    """Give up every right but those of the step; the folder is then the notebook's.

    At step A, what the folder holds that is open as `support` is copied to the notebook's.
    Raises OSError if the machine refuses any part of it: there is no half-confined kernel.
    """
    readable = private_root.readable_paths()
    if confinement.step == "A":
        linux.unshare(CLONE_NEWNS)
        owner = (confinement.user,) * 2 if confinement.user is not None else (INSIDE,) * 2
        private_root.enter(readable, confinement.disk, owner, support)
    if confinement.user is not None:
        _become(confinement.user, readable)
    _limit(confinement)
    if confinement.step == "C":
        return
    linux.drop_capabilities()
    if confinement.step == "A":
        proc, listed, writable = ["/proc"], [], [*private_root.WRITABLE, "/dev/pts"]
    else:
        proc, listed, writable = _process_files(), ["/proc/self/task"], [confinement.home]
    landlock.restrict(
        confinement.landlock_abi, [*readable, *proc], writable, private_root.DEVICES, listed
    )


def seal(confinement: Confinement) -> None:
    """Limit memory, and deny system calls in all threads (steps A and B). Raises OSError."""
    _limit_memory(confinement)
    if confinement.step == "C":
        return
    further: list[bytes] = []
    if confinement.step == "B":
        further = outside.rules(linux.MACHINE, os.getpid(), confinement.landlock_abi)
    linux.install_filter(seccomp.program(linux.MACHINE, further))


def _process_files() -> list[str]:
    """Return the files of /proc that may be read at step B.

    Among them the list of the first thread's children: it is the one that inherits orphans.
    """
    own = [f"/proc/self/{name}" for name in _OF_ITSELF]
    return [*own, f"/proc/self/task/{os.getpid()}/children", *_OF_THE_MACHINE]


def _become(user: int, readable: list[str]) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    linux.make_dumpable()  # else its own files in /proc would be root's
    hidden = [path for path in readable if not os.access(path, os.R_OK)]
    if hidden:
        raise OSError(f"{hidden[0]}: kernels of root's run as another user, who cannot read it")


def _limit_memory(confinement: Confinement) -> None:
    """Limit memory, counted from what the process has when it is ready.

    Both private memory (RLIMIT_DATA) and address space (RLIMIT_AS), since the first does not count
    what is shared.
    """
    size, data = memory_in_use()
    _set(
        {
            resource.RLIMIT_AS: size + confinement.memory,
            resource.RLIMIT_DATA: data + confinement.memory,
        }
    )


def _limit(confinement: Confinement) -> None:
    """Set the other limits of the process and of what it starts."""
    limits = {
        resource.RLIMIT_FSIZE: confinement.disk,
        resource.RLIMIT_CPU: confinement.seconds,
        resource.RLIMIT_NPROC: confinement.processes + _processes_of_others(confinement),
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: PENDING,
    }
    _set(limits)


def _set(limits: dict[int, int]) -> None:
    for limit, wanted in limits.items():
        _, most = resource.getrlimit(limit)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(limit, (value, value))


def memory_in_use() -> tuple[int, int]:
    """Return the sizes of the address space and of the data in it, in bytes (proc(5), statm)."""
    pages = [int(field) for field in Path("/proc/self/statm").read_text().split()]
    return pages[0] * resource.getpagesize(), pages[5] * resource.getpagesize()


def _processes_of_others(confinement: Confinement) -> int:
    """Return how many threads the user has that are not the kernel's, where the limit counts them.

    It counts them where an ordinary user's kernel shares the user id with all else (steps B, C).
    """
    if confinement.step == "A" or confinement.user is not None:
        return 0
    threads, user = 0, os.getuid()
    for process in os.scandir("/proc"):
        if process.name.isdigit():
            with suppress(OSError):
                if process.stat().st_uid == user:
                    threads += os.stat(f"/proc/{process.name}/task").st_nlink - 2  # noqa: PTH116
    return threads
