"""The system calls that a student's process may not make: a seccomp filter in classic BPF.

A list of what is denied, so that what NumPy, IPython and students use goes on working: everything
by which a process could reach another one, the network, mounts, the kernel's rarely used parts, or
memory and files that no other limit counts. Calls newer than this list do not exist for it.

The filter is installed when the kernel's own sockets are bound, so no socket can be made any more:
what is left are pairs of connected ones, which asyncio and multiprocessing need. Numbers are those
of x86-64 (`asm/unistd_64.h`) and arm64 (`asm-generic/unistd.h`); any other architecture's calls,
among them 32-bit ones on a 64-bit kernel, kill the process.

Assembled here: bindings of libseccomp need that library installed, and the pure-Python assemblers
on PyPI are at their first releases; these hundred lines are tested call by call on both
architectures (`tests/execution/test_seccomp.py`).
"""

from __future__ import annotations

import errno
import struct

ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
NEWEST_CALL = 462  # mseal, Linux 6.10; later ones are answered with ENOSYS

KILL, ALLOW = 0x8000_0000, 0x7FFF_0000


def refuse(number: int) -> int:
    """Return the filter's verdict that lets a call fail with an errno."""
    return 0x0005_0000 | number


# name: (x86-64, arm64); None where an architecture does not have the call.
DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
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
    "vmsplice": (278, 75),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    # files that nobody sees, in messages that are not read yet, and room that is no file's size
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    # pages and inodes that pipes and watches keep, however little of them they show
    "splice": (275, 76),
    "tee": (276, 77),
    "sendfile": (40, 71),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    # rarely used parts of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
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

# Calls of which some arguments are denied.
CLONE = (56, 220)
CLONE3 = (
    435,
    435,
)  # its flags lie in memory, where a filter cannot look: glibc falls back to clone
SOCKETPAIR = (53, 199)
IOCTL = (16, 29)
# A signal's target is the first argument; to a whole group, or to everyone, with 0 and below.
SIGNALS = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}
PIDFD_SEND_SIGNAL = (424, 424)
# Room for files beyond their size, larger buffers, and processes that cannot be looked into.
FALLOCATE = (285, 47)
FCNTL = (72, 25)
PRCTL = (157, 167)
SETSOCKOPT = (54, 208)

_NEW_NAMESPACES = 0x7E02_0080
_AF_UNIX, _SOCK_DGRAM, _TYPE_MASK = 1, 2, 0xF
_F_SETPIPE_SZ, _PR_SET_DUMPABLE = 1031, 4
_SOL_SOCKET, _SO_SNDBUF, _SO_SNDBUFFORCE = 1, 7, 32
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # typing into a terminal that others read

_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data


# ---------------------------------------------------------------- the assembler


_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value & 0xFFFF_FFFF)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _argument(index: int) -> bytes:
    """Load the lower half of an argument: all that is tested here are 32-bit values."""
    return _load(_ARGUMENTS + 8 * index)


def _verdict(value: int) -> bytes:
    return _instruction(_RETURN, value)


def _if(code: int, value: int, *then: bytes) -> bytes:
    """Run the instructions `then` if the test holds; go on behind them if it does not."""
    return _instruction(code, value, 0, len(b"".join(then)) // 8) + b"".join(then)


# ---------------------------------------------------------------- the filter


def program(machine: str, only_signal: int | None = None) -> bytes:
    """Return the filter for an architecture (`platform.machine()`).

    With `only_signal`, signals may be sent to the process of that id only: for kernels whose
    Landlock does not confine them. Raises OSError for an architecture that is not known.
    """
    if machine not in ARCHITECTURES:
        raise OSError(f"seccomp: no filter for {machine} processors")
    column = list(ARCHITECTURES).index(machine)
    refused = _verdict(refuse(errno.EPERM))
    parts = [_checks_of_architecture(machine)]
    parts += [_if(_EQUAL, number, refused) for number in denied(machine).values()]
    parts += [_if(_EQUAL, CLONE3[column], _verdict(refuse(errno.ENOSYS)))]
    parts += [_if(_EQUAL, CLONE[column], *_clone())]
    parts += [_if(_EQUAL, SOCKETPAIR[column], *_socketpair())]
    parts += [_if(_EQUAL, IOCTL[column], *_ioctl())]
    parts += [_if(_EQUAL, number[column], *rules) for number, rules in _unseen()]
    if only_signal is not None:
        parts += [_if(_EQUAL, numbers[column], *_only(only_signal)) for numbers in SIGNALS.values()]
        parts += [_if(_EQUAL, PIDFD_SEND_SIGNAL[column], refused)]
    return b"".join(parts) + _verdict(ALLOW)


def denied(machine: str) -> dict[str, int]:
    """Return the numbers of the calls that are always denied."""
    column = list(ARCHITECTURES).index(machine)
    numbers = {name: numbers[column] for name, numbers in DENIED.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _checks_of_architecture(machine: str) -> bytes:
    missing = _verdict(refuse(errno.ENOSYS))
    checks = [
        _load(_ARCHITECTURE),
        _instruction(_EQUAL, ARCHITECTURES[machine], 1, 0) + _verdict(KILL),
        _load(_NUMBER),
        _if(_AT_LEAST, NEWEST_CALL + 1, missing),  # among them x86-64's x32, from 0x40000000 on
    ]
    return b"".join(checks)


def _clone() -> list[bytes]:
    refused = _if(_ANY_BIT, _NEW_NAMESPACES, _verdict(refuse(errno.EPERM)))
    return [_argument(0), refused, _verdict(ALLOW)]


def _socketpair() -> list[bytes]:
    # A pair of datagram sockets could send to any socket that has a name.
    other = _verdict(refuse(errno.EACCES))
    return [
        _argument(0),
        _instruction(_EQUAL, _AF_UNIX, 1, 0) + other,
        _argument(1),
        _instruction(_AND, _TYPE_MASK),
        _if(_EQUAL, _SOCK_DGRAM, other),
        _verdict(ALLOW),
    ]


def _ioctl() -> list[bytes]:
    refused = _verdict(refuse(errno.EPERM))
    tests = [_if(_EQUAL, request, refused) for request in (_TIOCSTI, _TIOCLINUX)]
    return [_argument(1), *tests, _verdict(ALLOW)]


def _unseen() -> list[tuple[tuple[int, int], list[bytes]]]:
    """Return what is denied of the calls by which limits would see less than there is."""
    refused = _verdict(refuse(errno.EPERM))
    # As where a file system cannot do it: programs then write zeros.
    missing = _verdict(refuse(errno.EOPNOTSUPP))
    buffers = [_if(_EQUAL, option, refused) for option in (_SO_SNDBUF, _SO_SNDBUFFORCE)]
    of_sockets = _if(_EQUAL, _SOL_SOCKET, _argument(2), *buffers)
    return [
        (FALLOCATE, [_argument(1), _if(_EQUAL, 0, _verdict(ALLOW)), missing]),
        (FCNTL, [_argument(1), _if(_EQUAL, _F_SETPIPE_SZ, refused), _verdict(ALLOW)]),
        (PRCTL, [_argument(0), _if(_EQUAL, _PR_SET_DUMPABLE, refused), _verdict(ALLOW)]),
        (SETSOCKOPT, [_argument(1), of_sockets, _verdict(ALLOW)]),
    ]


def _only(process: int) -> list[bytes]:
    refused = _verdict(refuse(errno.EPERM))
    return [_argument(0), _if(_EQUAL, process, _verdict(ALLOW)), refused]
