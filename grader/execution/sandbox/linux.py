"""The system calls of Linux that Python 3.11 does not offer, through ctypes.

Every function raises OSError with the call's name where the kernel refuses. Numbers, flags and
structures are those of the kernel's own headers (`uapi/linux/*.h`); calls that have a wrapper in
glibc go through it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
MACHINE = platform.machine()

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER = 1, 4, 24, 36
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 38, 47
_MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4
_CAPABILITY_VERSION_3 = 0x2008_0522

# The same on x86-64 and arm64: numbers from 424 on are shared by all architectures.
_MOUNT_SETATTR = 442
_BY_MACHINE = {
    "x86_64": {"pivot_root": 155, "capset": 126, "seccomp": 317},
    "aarch64": {"pivot_root": 41, "capset": 91, "seccomp": 277},
}


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def system_call(number: int, *arguments: Any, name: str) -> int:
    """Make a system call by number. Raises OSError."""
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *wide), name)


def _by_name(name: str, *arguments: Any) -> int:
    try:
        number = _BY_MACHINE[MACHINE][name]
    except KeyError:
        raise OSError(f"{name}: not known for {MACHINE} processors") from None
    return system_call(number, *arguments, name=name)


def _prctl(option: int, *arguments: int, name: str) -> None:
    wide = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    _checked(_libc.prctl(option, *wide), name)


def no_new_privileges() -> None:
    """Let no program that is executed from here on gain rights (setuid, file capabilities)."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, name="PR_SET_NO_NEW_PRIVS")


def signal_on_parents_death(signal_number: int) -> None:
    """Be sent a signal when the parent *thread* ends; cleared by a change of user."""
    _prctl(_PR_SET_PDEATHSIG, signal_number, name="PR_SET_PDEATHSIG")


def make_dumpable() -> None:
    """Make the files below /proc/self the process's own again, after a change of user."""
    _prctl(_PR_SET_DUMPABLE, 1, name="PR_SET_DUMPABLE")


def make_undumpable() -> None:
    """Let no process of the same user look into this one's memory or files."""
    _prctl(_PR_SET_DUMPABLE, 0, name="PR_SET_DUMPABLE")


def become_subreaper() -> None:
    """Become the parent of all descendants whose own parent has ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, name="PR_SET_CHILD_SUBREAPER")


def reach_files_as(user: int, group: int) -> None:
    """Have a user's rights over files and over /proc, and nothing else of theirs: setfsuid(2).

    With another effective user, its processes could change this one's priority meanwhile.
    """
    _libc.setfsgid(ctypes.c_uint(group))
    _libc.setfsuid(ctypes.c_uint(user))


def map_file(descriptor: int, size: int) -> None:
    """Map a file to read it, for good. Python's own mappings keep the file open."""
    prot_read, map_shared = 1, 1
    _libc.mmap.restype = ctypes.c_void_p
    start = _libc.mmap(
        None, ctypes.c_size_t(size), prot_read, map_shared, descriptor, ctypes.c_long(0)
    )
    if start == ctypes.c_void_p(-1).value:
        _checked(-1, "mmap")


def unshare(flags: int) -> None:
    """Leave namespaces for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None = None
) -> None:
    """Mount a file system, or bind a folder or file to another place."""
    encoded = [text.encode() if text is not None else None for text in (source, target, kind)]
    data = options.encode() if options is not None else None
    _checked(_libc.mount(*encoded, ctypes.c_ulong(flags), data), f"mount {target}")


def make_read_only(target: str, *, devices: bool = False) -> None:
    """Make a mount and all below it read-only, without setuid programs and, by default, devices.

    In one call, since the flags of single mounts are locked in a user namespace (Linux 5.12).
    """
    flags = _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | (0 if devices else _MOUNT_ATTR_NODEV)
    attributes = struct.pack("QQQQ", flags, 0, 0, 0)
    arguments = (_AT_FDCWD, target.encode(), _AT_RECURSIVE, attributes, len(attributes))
    system_call(_MOUNT_SETATTR, *arguments, name=f"mount_setattr {target}")


def pivot_to(new_root: str) -> None:
    """Make a folder the root of the mount namespace, and let go of the old one."""
    os.chdir(new_root)
    _by_name("pivot_root", b".", b".")
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount2")
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up all rights of root, for good."""
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # beyond the kernel's last one, or not ours to drop
    _libc.prctl(_PR_CAP_AMBIENT, ctypes.c_ulong(4), 0, 0, 0)
    _by_name("capset", struct.pack("II", _CAPABILITY_VERSION_3, 0), bytes(24))


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install_filter(program: bytes) -> None:
    """Install a seccomp filter (classic BPF, eight bytes an instruction) in all threads."""
    no_new_privileges()  # without it, only root may install one
    set_mode_filter, all_threads = 1, 1
    structure = _FilterProgram(len(program) // 8, program)
    unlike = _by_name("seccomp", set_mode_filter, all_threads, ctypes.byref(structure))
    if unlike:  # the id of a thread whose own filter stands in the way
        raise OSError("seccomp: a thread could not be confined")
