"""A root of its own for one kernel: a small file system in memory, what Python needs read-only.

Nothing else of the machine's files exists in it: no home, no course, no other submission.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.execution.sandbox import linux
from grader.execution.sandbox.linux import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REC

HOME = "/home/student"
WORK, SOCKETS = (
    "work",
    "run",
)  # in the home: the notebook's folder, and that of the kernel's sockets
WRITABLE = (HOME, f"{HOME}/{WORK}", f"{HOME}/{SOCKETS}", "/tmp", "/dev/shm")  # noqa: S108 - inside
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
MAX_FILES = 20_000

_SYSTEM = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/ssl/certs")
_TOP = ("/bin", "/lib", "/lib64", "/sbin")  # links into /usr on most systems


def readable_paths() -> list[str]:
    """Return what a kernel may read: the system's programs and libraries, and this Python's."""
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    top = [path for path in _TOP if os.path.isdir(path) and not os.path.islink(path)]  # noqa: PTH112, PTH114
    paths = [*_SYSTEM, *top, *sorted(str(Path(p).resolve()) for p in python)]
    existing = [path for path in dict.fromkeys(paths) if os.path.exists(path)]  # noqa: PTH110
    return [path for path in existing if not _is_below(path, existing)]


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path != folder and path.startswith(folder + "/") for folder in folders)


def enter(read_only: Iterable[str], size: int, owner: tuple[int, int], support: int | None) -> None:
    """Make the private root and move into it.

    To be called in a mount namespace and as a process of a pid namespace of its own. `size` bytes
    may be written in all; `owner` (user, group) may write. The files in the folder that is open as
    `support` are copied into the notebook's. Raises OSError if the kernel refuses.
    """
    root = "/tmp"  # noqa: S108 - any folder will do: it is covered in this namespace alone
    linux.mount(None, "/", None, MS_REC | linux.MS_PRIVATE)
    with _opened([*read_only, *DEVICES]) as sources:
        options = f"size={size},mode=755,nr_inodes={MAX_FILES}"
        linux.mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, options)
        for path in read_only:
            _bind(sources[path], root + path)
            linux.make_read_only(root + path)
        for path in WRITABLE:
            _make_writable(root + path, owner)
        for path in DEVICES:
            _bind(sources[path], root + path)
            linux.make_read_only(root + path, devices=True)  # written to as before, not touched
        if support is not None:
            _copy(f"/proc/self/fd/{support}", f"{root}{HOME}/{WORK}", owner)
    _add_system_folders(root)
    linux.pivot_to(root)


@contextmanager
def _opened(paths: list[str]) -> Iterator[dict[str, str]]:
    """Open the sources before the new root hides them; yield names that still reach them."""
    descriptors = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in paths}
    try:
        yield {path: f"/proc/self/fd/{number}" for path, number in descriptors.items()}
    finally:
        for number in descriptors.values():
            os.close(number)


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):  # noqa: PTH112 - here and below: runs at every start
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(source, target, None, MS_BIND | MS_REC)


def _make_writable(path: str, owner: tuple[int, int]) -> None:
    os.makedirs(path, exist_ok=True)  # noqa: PTH103
    os.chmod(path, 0o700)  # noqa: PTH101
    os.chown(path, *owner)


def _copy(source: str, target: str, owner: tuple[int, int]) -> None:
    """Copy a folder's files, and those below it, for the owner to read and to change."""
    with os.scandir(source) as entries:
        for entry in entries:
            path = f"{target}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    os.mkdir(path, 0o700)  # noqa: PTH102
                    os.chown(path, *owner)
                    _copy(entry.path, path, owner)
            elif entry.is_file():
                with open(entry.path, "rb") as file, open(path, "xb") as copy:  # noqa: PTH123
                    copy.write(file.read())
                os.chown(path, *owner)


def _add_system_folders(root: str) -> None:
    Path(f"{root}/dev/fd").symlink_to("/proc/self/fd")
    os.makedirs(f"{root}/dev/pts")  # noqa: PTH103
    options = "newinstance,ptmxmode=0666,mode=620"
    with suppress(OSError):  # terminals, for `!command`: some containers do not allow them
        linux.mount("devpts", f"{root}/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, options)
        Path(f"{root}/dev/ptmx").symlink_to("pts/ptmx")
    os.makedirs(f"{root}/proc")  # noqa: PTH103
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    linux.mount("proc", f"{root}/proc", "proc", flags, "hidepid=2")  # process 1 is not shown
    for name in ("bin", "lib", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):  # noqa: PTH114
            Path(f"{root}/{name}").symlink_to(os.readlink(f"/{name}"))  # noqa: PTH115
