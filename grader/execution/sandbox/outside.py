"""What is denied besides at step B, where the machine's files and processes are in sight.

There a kernel shares process ids with all others, and an ordinary user's kernel shares the user,
too: what belongs to the user outside of its folder, Landlock alone protects. It governs opening,
making and removing files. It does not govern modes, owners, times, attributes and locks, nor what
is asked of a process other than to be traced; some of the rest it governs in later versions only
(landlock(7)). All of that is denied here.

A filter sees numbers, not paths, so what is denied outside is denied in the notebook's own folder,
too. Honest code changes modes and times on the way (`shutil.copy`, `Path.touch`, unpacking an
archive) and does not look at them again: for it these calls succeed, and do nothing. So do those by
which threads set their own priority, since nobody can see whose thread it is. But who sets
a path's times to now may do so to learn whether it exists: `Path.touch` makes the file only then.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from grader.execution.sandbox import bpf, landlock, seccomp
from grader.execution.sandbox.bpf import ALLOW, EQUAL, refuse

Numbers = tuple[int | None, int | None]  # on x86-64 and arm64; None where there is no such call
Calls = Mapping[str, Numbers]

# Answered with success: modes, owners and times stay as they are.
PRETENDED: Calls = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
}
# The same, but for a path that is given no times; where the path is, and the times.
TIMES: dict[str, tuple[Numbers, int, int]] = {
    "utime": ((132, None), 0, 1),
    "utimes": ((235, None), 0, 1),
    "futimesat": ((261, None), 1, 2),
    "utimensat": ((280, 88), 1, 2),
}
# Answered as by a file system that has none of them; so it is, at each step, who sets one.
ATTRIBUTES: Calls = {
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}
DENIED: Calls = {
    "inotify_add_watch": (254, 27),  # which files others make, and when
}
TRUNCATE: Calls = {"truncate": (76, 45)}
OPENAT2: Calls = {"openat2": (437, 437)}  # its flags lie in memory, where a filter cannot look

# Calls whose first argument is a process: the caller (0), or another.
OF_PROCESSES: Calls = {
    "prlimit64": (302, 261),
}
# The same; but threads ask so for themselves (libzmq's end the process where that fails).
SCHEDULING: Calls = {
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
}
# Calls whose second argument is a process if the first says so; it may be a group, or a user.
OF_PROCESSES_OR_MORE: dict[str, tuple[Numbers, int]] = {
    "setpriority": ((141, 140), 0),
    "ioprio_set": ((251, 30), 1),
}
# A signal's target; to a whole group, or to everyone, with 0 and below.
SIGNALS: Calls = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}
PIDFD_SEND_SIGNAL: Calls = {"pidfd_send_signal": (424, 424)}

FCNTL: Calls = {"fcntl": (72, 25)}
# Duplicates, flags, who holds a lock. Not: who gets a signal, leases, notices, hints, larger pipes,
# of which a user may have so many. Locks themselves are pretended before (`seccomp.LOCKS`).
FCNTL_COMMANDS = (*range(6), 9, 11, 36, 1030, 1032)
# Reading a terminal's state, bytes that wait, blocking, closing on exec, copies that share blocks.
# Not: a file's flags, who gets a signal, what a network card or a disk is asked.
IOCTL_REQUESTS = (
    *(0x5401, 0x802C_542A, 0x540F, 0x5413, 0x541B, 0x5411),
    *(0x5421, 0x5450, 0x5451, 0x4004_9409, 0x4020_940D),
)

# Where the flags are.
OPENS: dict[str, tuple[Numbers, int]] = {
    "open": ((2, None), 1),
    "openat": ((257, 56), 2),
}
_ACCESS, _READ, _TRUNCATE_IT = 0o3, 0o0, 0o1000


def rules(machine: str, process: int, landlock_abi: int) -> list[bytes]:
    """Return the rules for a process of this id, which Landlock of this version confines."""
    refused = bpf.verdict(refuse(errno.EPERM))
    found = _each(PRETENDED, machine, bpf.verdict(refuse(0)))
    found += _times(machine)
    found += _each(ATTRIBUTES, machine, bpf.verdict(refuse(errno.EOPNOTSUPP)))
    found += _each(DENIED, machine, refused)
    found += _each(OPENAT2, machine, bpf.verdict(refuse(errno.ENOSYS)))
    found += _each(OF_PROCESSES, machine, bpf.only(0, (0, process), refuse(errno.EPERM)))
    found += _each(SCHEDULING, machine, bpf.only(0, (0, process), refuse(0)))
    found += _of_processes_or_more(machine, process)
    found += _each(FCNTL, machine, bpf.only(1, FCNTL_COMMANDS, refuse(errno.EPERM)))
    found += _call(seccomp.IOCTL, machine, bpf.only(1, IOCTL_REQUESTS, refuse(errno.ENOTTY)))
    found += _opens(machine, landlock_abi)
    if landlock_abi < landlock.TRUNCATE_SINCE:
        found += _each(TRUNCATE, machine, bpf.verdict(refuse(errno.EACCES)))
    if landlock_abi < landlock.SIGNALS_SINCE:
        found += _each(SIGNALS, machine, bpf.only(0, (process,), refuse(errno.EPERM)))
        found += _each(PIDFD_SEND_SIGNAL, machine, refused)
    return found


def _each(calls: Calls, machine: str, then: bytes) -> list[bytes]:
    return [rule for numbers in calls.values() for rule in _call(numbers, machine, then)]


def _call(numbers: Numbers, machine: str, *then: bytes) -> list[bytes]:
    number = numbers[seccomp.column_of(machine)]
    return [] if number is None else [bpf.when(EQUAL, number, *then)]


def _times(machine: str) -> list[bytes]:
    found = []
    pretended, refused = bpf.verdict(refuse(0)), bpf.verdict(refuse(errno.EPERM))
    for numbers, path, times in TIMES.values():
        of_a_file = (bpf.argument(path), bpf.when(EQUAL, 0, pretended))
        then = (*of_a_file, bpf.argument(times), bpf.when(EQUAL, 0, refused), pretended)
        found += _call(numbers, machine, *then)
    return found


def _of_processes_or_more(machine: str, process: int) -> list[bytes]:
    found = []
    for numbers, a_process in OF_PROCESSES_OR_MORE.values():
        then = (
            bpf.argument(0),
            bpf.unless(EQUAL, a_process, bpf.verdict(refuse(errno.EPERM))),
            bpf.only(1, (0, process), refuse(0)),
        )
        found += _call(numbers, machine, *then)
    return found


def _opens(machine: str, landlock_abi: int) -> list[bytes]:
    """Deny ways to open a file of which Landlock does not know.

    With the fourth access mode a file is opened neither for reading nor for writing, yet can be
    locked; and early versions see no harm in truncating what is opened for reading.
    """
    refused = bpf.verdict(refuse(errno.EACCES))
    found = []
    for numbers, index in OPENS.values():
        tests = [bpf.argument(index), bpf.keep(_ACCESS), bpf.when(EQUAL, _ACCESS, refused)]
        if landlock_abi < landlock.TRUNCATE_SINCE:
            both = bpf.keep(_ACCESS | _TRUNCATE_IT)
            tests += [bpf.argument(index), both, bpf.when(EQUAL, _READ | _TRUNCATE_IT, refused)]
        found += _call(numbers, machine, *tests, bpf.verdict(ALLOW))
    return found
