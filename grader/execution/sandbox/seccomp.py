"""The system calls that a student's process may not make: a seccomp filter in classic BPF.

A list of what is denied, so that what NumPy, IPython and students use goes on working: everything
by which a process could reach another one, the network, mounts, the kernel's rarely used parts, or
memory and files that no other limit counts. Calls newer than this list do not exist for it.

The filter is installed when the kernel's own sockets are bound, so no socket can be made any more:
what is left are pairs of connected ones, which asyncio and multiprocessing need. Numbers are those
of x86-64 (`asm/unistd_64.h`) and arm64 (`asm-generic/unistd.h`); any other architecture's calls,
among them 32-bit ones on a 64-bit kernel, kill the process.

What else is denied at step B is in `outside`. Assembled here (`bpf`): bindings of libseccomp need
that library installed, and the pure-Python assemblers on PyPI are at their first releases; these
hundred lines are tested call by call on both architectures (`tests/execution/test_seccomp.py`).
"""

from __future__ import annotations

import errno
from collections.abc import Iterable

from grader.execution.sandbox import bpf
from grader.execution.sandbox.bpf import ALLOW, EQUAL, KILL, refuse

ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
NEWEST_CALL = 462  # mseal, Linux 6.10; later ones are answered with ENOSYS

# name: (x86-64, arm64); None where an architecture does not have the call.
DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "fanotify_init": (300, 262),
    "mknod": (133, None),
    "mknodat": (259, 33),
    # the network; sockets that were made before go on working
    "socket": (41, 198),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    # memory that limits do not count, or that outlives the process
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    # the same of others, which goes by numbers and names that can be guessed
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_unlink": (241, 181),
    # where memory lies
    "vmsplice": (278, 75),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    # files that nobody sees, in messages that are not read yet
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    # pages and inodes that pipes and watches keep, however little of them they show
    "splice": (275, 76),
    "tee": (276, 77),
    "sendfile": (40, 71),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    # which of the files that all may read others have read: what lies in the system's cache
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    # rarely used parts of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_destroy": (207, 1),
    "io_cancel": (210, 3),
    "io_getevents": (208, 4),
    "io_pgetevents": (333, 292),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "_sysctl": (156, None),
    "nfsservctl": (180, 42),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "syslog": (103, 116),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vhangup": (153, 58),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}

# Answered with success, and nothing is done. Locks on files that all may read hold up whoever is
# outside, and are seen by other notebooks; within one notebook hardly anybody needs them. Hints
# what to keep in the system's cache are seen by others, too.
PRETENDED = {
    "flock": (73, 32),
    "fadvise64": (221, 223),
    "readahead": (187, 213),
}
LOCKS = (6, 7, 37, 38)  # what fcntl may be asked: F_SETLK, F_SETLKW and the same of open files
# Answered as by an older kernel; the C library then does without.
MISSING = {
    "clone3": (435, 435),  # its flags lie in memory, where a filter cannot look
    "preadv2": (327, 286),  # reads only what lies in the system's cache, if asked to
    "pwritev2": (328, 287),
}

# Calls of which some arguments are denied.
CLONE = (56, 220)
SOCKETPAIR = (53, 199)
IOCTL = (16, 29)
# Room for files beyond their size, larger buffers, and processes that cannot be looked into.
FALLOCATE = (285, 47)
SETXATTR = ((188, 5), (189, 6), (190, 7))  # of a path, of a link, of a file that is open
FCNTL = (72, 25)
MADVISE = (28, 233)
PRCTL = (157, 167)
SETSOCKOPT = (54, 208)

_NEW_NAMESPACES, _PARENTS_CHILD = 0x7E02_0080, 0x8000
_AF_UNIX, _TYPE_MASK = 1, 0xF
_CONNECTED = (1, 5)  # SOCK_STREAM and SOCK_SEQPACKET; SOCK_RAW is one of datagrams, too
_PR_SET_DUMPABLE = 4
# Larger pipes; and what reaches all who open a file: leases, notices, hints. F_SETLEASE, F_NOTIFY,
# F_SETPIPE_SZ, F_SET_RW_HINT, F_SET_FILE_RW_HINT, F_SETDELEG.
_FCNTL_DENIED = (1024, 1026, 1031, 1036, 1038, 1040)
_MADV_COLD, _MADV_PAGEOUT = 20, 21
_SOL_SOCKET, _SO_SNDBUF, _SO_SNDBUFFORCE = 1, 7, 32
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # typing into a terminal that others read


def program(machine: str, further: Iterable[bytes] = ()) -> bytes:
    """Return the filter for an architecture (`platform.machine()`), with further rules in it.

    Raises OSError for an architecture that is not known.
    """
    column = column_of(machine)
    refused = bpf.verdict(refuse(errno.EPERM))
    parts = [_checks_of_architecture(machine), _locks(column), *further]
    parts += [bpf.when(EQUAL, number, refused) for number in denied(machine).values()]
    for calls, answer in ((PRETENDED, 0), (MISSING, errno.ENOSYS)):
        then = bpf.verdict(refuse(answer))
        parts += [bpf.when(EQUAL, numbers[column], then) for numbers in calls.values()]
    parts += [bpf.when(EQUAL, CLONE[column], *_clone())]
    parts += [bpf.when(EQUAL, SOCKETPAIR[column], *_socketpair())]
    parts += [bpf.when(EQUAL, IOCTL[column], *_ioctl())]
    parts += [bpf.when(EQUAL, number[column], *rules) for number, rules in _unseen()]
    return b"".join(parts) + bpf.verdict(ALLOW)


def column_of(machine: str) -> int:
    """Return which number of a call is an architecture's. Raises OSError if it is not known."""
    if machine not in ARCHITECTURES:
        raise OSError(f"seccomp: no filter for {machine} processors")
    return list(ARCHITECTURES).index(machine)


def denied(machine: str) -> dict[str, int]:
    """Return the numbers of the calls that are always denied."""
    column = column_of(machine)
    numbers = {name: numbers[column] for name, numbers in DENIED.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _checks_of_architecture(machine: str) -> bytes:
    missing = bpf.verdict(refuse(errno.ENOSYS))
    checks = [
        bpf.load(bpf.ARCHITECTURE),
        bpf.unless(EQUAL, ARCHITECTURES[machine], bpf.verdict(KILL)),
        bpf.load(bpf.NUMBER),
        # among them x86-64's x32, from 0x40000000 on
        bpf.when(bpf.AT_LEAST, NEWEST_CALL + 1, missing),
    ]
    return b"".join(checks)


def _locks(column: int) -> bytes:
    """Pretend to lock; before any rule that lets fcntl pass."""
    pretended = bpf.verdict(refuse(0))
    tests = [bpf.when(EQUAL, command, pretended) for command in LOCKS]
    return bpf.when(EQUAL, FCNTL[column], bpf.argument(1), *tests, bpf.load(bpf.NUMBER))


def _clone() -> list[bytes]:
    # A child of the parent's would be beside the process, not below it.
    flags = _NEW_NAMESPACES | _PARENTS_CHILD
    refused = bpf.when(bpf.ANY_BIT, flags, bpf.verdict(refuse(errno.EPERM)))
    return [bpf.argument(0), refused, bpf.verdict(ALLOW)]


def _socketpair() -> list[bytes]:
    # A pair of datagram sockets could send to any socket that has a name.
    other = bpf.verdict(refuse(errno.EACCES))
    return [
        bpf.argument(0),
        bpf.unless(EQUAL, _AF_UNIX, other),
        bpf.argument(1),
        bpf.keep(_TYPE_MASK),
        *(bpf.when(EQUAL, kind, bpf.verdict(ALLOW)) for kind in _CONNECTED),
        other,
    ]


def _ioctl() -> list[bytes]:
    refused = bpf.verdict(refuse(errno.EPERM))
    tests = [bpf.when(EQUAL, request, refused) for request in (_TIOCSTI, _TIOCLINUX)]
    return [bpf.argument(1), *tests, bpf.verdict(ALLOW)]


def _unseen() -> list[tuple[tuple[int, int], list[bytes]]]:
    """Return what is denied of the calls by which limits would see less than there is."""
    refused, allowed = bpf.verdict(refuse(errno.EPERM)), bpf.verdict(ALLOW)
    # As where a file system cannot do it: programs then write zeros.
    missing = bpf.verdict(refuse(errno.EOPNOTSUPP))
    buffers = [bpf.when(EQUAL, option, refused) for option in (_SO_SNDBUF, _SO_SNDBUFFORCE)]
    commands = [bpf.when(EQUAL, command, refused) for command in _FCNTL_DENIED]
    advice = [bpf.when(EQUAL, n, bpf.verdict(refuse(0))) for n in (_MADV_COLD, _MADV_PAGEOUT)]
    of_sockets = bpf.when(EQUAL, _SOL_SOCKET, bpf.argument(2), *buffers)
    return [
        *((numbers, [missing]) for numbers in SETXATTR),
        (FALLOCATE, [bpf.argument(1), bpf.when(EQUAL, 0, allowed), missing]),
        (FCNTL, [bpf.argument(1), *commands, allowed]),
        (MADVISE, [bpf.argument(2), *advice, allowed]),
        (PRCTL, [bpf.argument(0), bpf.when(EQUAL, _PR_SET_DUMPABLE, refused), allowed]),
        (SETSOCKOPT, [bpf.argument(1), of_sockets, allowed]),
    ]
