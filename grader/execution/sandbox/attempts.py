"""What the ladder tries at each step: what a student's code might do to the machine around it.

Each attempt raises an OSError where it is stopped. Where nothing stops it, it does no harm: its
targets are a folder and a process of the ladder's own, which get the values that they had.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MEMORY, PROCESSES, DISK = 64 * 2**20, 8, 4 * 2**20  # the limits under which this is tried
ENDED = 64  # processes and threads of the user's that may end while this is tried
SECONDS = 60  # after which whatever an attempt has started ends by itself, on a busy machine too

_SEGMENT = 4096
_IPC_PRIVATE, _IPC_RMID = 0, 0
_F_SETSIG, _F_SETOWN_EX, _F_OWNER_PID = 10, 15, 1
_ACCESS_MODES = 3  # neither reading nor writing
_F_OFD_GETLK, _F_OFD_SETLK = 36, 37
_KINDS_OF_LOCKS = (fcntl.F_RDLCK, fcntl.F_WRLCK)
_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmat.restype = ctypes.c_void_p


@dataclass(frozen=True)
class Target:
    """What the attempts are made on: a file, the process of the ladder, and what it holds.

    `opened` are two descriptors of the file, each opened by itself to be read. `socket` is the name
    of a socket, `memory` the number of a shared segment, -1 if there is none.
    """

    file: Path
    opened: tuple[int, int]
    process: int
    socket: str
    memory: int


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """Make what the attempts are made on: files that anybody may use, if the sandbox allows it."""
    file = folder / "outside"
    file.write_text("secret")
    file.chmod(0o666)
    folder.chmod(0o777)
    name = f"grader-try-{os.getpid()}-{os.urandom(4).hex()}"
    with (
        file.open("rb") as first,
        file.open("rb") as second,
        socket.socket(socket.AF_UNIX) as held,
        _shared_memory() as memory,
    ):
        held.bind(f"\0{name}")
        opened = first.fileno(), second.fileno()
        yield Target(file, opened, os.getpid(), name, memory)


@contextmanager
def _shared_memory() -> Iterator[int]:
    """Make a segment of shared memory that is gone when this process is, however that ends."""
    number = _libc.shmget(_IPC_PRIVATE, _SEGMENT, 0o666)
    if number < 0:
        yield -1
        return
    address = _libc.shmat(number, None, 0)
    _libc.shmctl(number, _IPC_RMID, None)  # once nobody is attached to it any more
    try:
        yield number
    finally:
        _libc.shmdt(ctypes.c_void_p(address))


def _checked(result: int | None) -> None:
    if result in (-1, ctypes.c_void_p(-1).value):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _any_of(*acts: Callable[[], object]) -> str:
    """Try all; return which one was possible. Raises the last one's error if none was."""
    error = OSError("nothing was tried")
    for number, act in enumerate(acts):
        try:
            act()
        except OSError as stopped:
            error = stopped
        else:
            return f"possible, by way {number + 1}"
    raise error


# ---------------------------------------------------------------- files


def _read_files(at: Target) -> str:
    return at.file.read_text()


def _write_files(at: Target) -> str:
    with at.file.open("a") as file:
        file.write("x")
    return "written"


def _truncate_files(at: Target) -> str:
    def by_opening(mode: int) -> None:
        os.close(os.open(at.file, mode | os.O_TRUNC))

    return _any_of(
        lambda: os.truncate(at.file, 0),
        lambda: by_opening(os.O_RDONLY),
        lambda: by_opening(_ACCESS_MODES),
    )


def _move_files(at: Target) -> str:
    beside = at.file.with_name("beside")
    return _any_of(
        lambda: os.link(at.file, "link"),
        lambda: os.link(at.file, beside),
        lambda: at.file.rename(beside),
        lambda: beside.symlink_to(at.file),
        beside.mkdir,
    )


def _change_files(at: Target) -> str:
    """Change what is no content; some of these calls succeed and do nothing, so look at the file.

    A change of the owner to the same one moves the time of the last change.
    """
    paths = (at.file, at.file.parent)

    def seen() -> list[tuple[int, ...]]:
        found = [path.stat() for path in paths]
        return [(s.st_mode, s.st_uid, s.st_mtime_ns, s.st_ctime_ns) for s in found]

    before = seen()
    acts: list[Callable[[Path], object]] = [
        lambda path: path.chmod(0o755),
        lambda path: os.chown(path, -1, path.stat().st_gid),
        lambda path: os.utime(path, (0, 0)),
        os.utime,
        lambda path: os.setxattr(path, "user.grader", b"x"),
    ]
    error = OSError("nothing was changed")
    for act in acts:
        for path in paths:
            try:
                act(path)
            except OSError as stopped:
                error = stopped
    if seen() != before:
        return "changed"
    raise error


def _hold_files(at: Target) -> str:
    """Watch, open in a mode that allows no more than to lock, or lock what may be read."""

    def watch() -> None:
        descriptor = _libc.inotify_init()
        _checked(descriptor)
        try:
            _checked(_libc.inotify_add_watch(descriptor, bytes(at.file.parent), 0xFFF))
        finally:
            os.close(descriptor)

    return _any_of(
        watch,
        lambda: os.close(os.open(at.file, _ACCESS_MODES)),
        lambda: fcntl.fcntl(at.opened[0], fcntl.F_SETLEASE, fcntl.F_RDLCK),
        lambda: _lock_whole(*at.opened),
        lambda: _lock_part(*at.opened, fcntl.F_SETLK),
        lambda: _lock_part(*at.opened, _F_OFD_SETLK),
    )


def _lock_whole(first: int, second: int) -> None:
    """Lock a file; the call may succeed and do nothing, so try to lock it once more."""
    fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with suppress(BlockingIOError):
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        raise OSError("nothing was locked")


def _lock_part(first: int, second: int, command: int) -> None:
    """Lock a part of a file, and ask whether who writes would have to wait."""
    reading, writing = (struct.pack("hhqqi4x", kind, 0, 0, 0, 0) for kind in _KINDS_OF_LOCKS)
    fcntl.fcntl(first, command, reading)
    (found,) = struct.unpack_from("h", fcntl.fcntl(second, _F_OFD_GETLK, writing))
    if found == fcntl.F_UNLCK:
        raise OSError("nothing was locked")


# ---------------------------------------------------------------- processes


def _see_processes(at: Target) -> str:
    return f"{len(Path(f'/proc/{at.process}/environ').read_bytes())} bytes of its environment"


def _signal_processes(at: Target) -> str:
    def own(command: int, argument: int | bytes) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            fcntl.fcntl(ours, command, argument)

    owner = struct.pack("ii", _F_OWNER_PID, at.process)
    return _any_of(
        lambda: os.kill(at.process, 0),
        lambda: own(fcntl.F_SETOWN, at.process),
        lambda: own(_F_SETOWN_EX, owner),
    )


def _limit_processes(at: Target) -> str:
    """Set limits that are set already; another way of scheduling, and look whether it is one."""

    def limit() -> None:
        limits = resource.prlimit(at.process, resource.RLIMIT_CORE)
        resource.prlimit(at.process, resource.RLIMIT_CORE, limits)

    def schedule() -> None:
        before, none = os.sched_getscheduler(at.process), os.sched_param(0)
        other = os.SCHED_BATCH if before == os.SCHED_OTHER else os.SCHED_OTHER
        os.sched_setscheduler(at.process, other, none)
        if os.sched_getscheduler(at.process) == before:
            raise OSError("it is scheduled as before")
        os.sched_setscheduler(at.process, before, none)

    return _any_of(limit, schedule)


def _share_memory(at: Target) -> str:
    address = _libc.shmat(at.memory, None, 0)
    _checked(address)
    _libc.shmdt(ctypes.c_void_p(address))
    return "attached"


# ---------------------------------------------------------------- the network


def _use_network(_: Target) -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=1).close()
    return "loopback reached"


def _see_sockets(at: Target) -> str:
    if at.socket in Path("/proc/self/net/unix").read_text():
        return "seen"
    raise OSError("those of the machine are not shown")


# ---------------------------------------------------------------- limits


def _take_memory(_: Target) -> str:
    with mmap.mmap(-1, 2 * MEMORY):  # shared, and so no data in the sense of RLIMIT_DATA
        return "taken"


def _start_processes(_: Target) -> str:
    """Start too many. They end when a pipe is closed: at some steps they cannot be signalled.

    Where the limit counts all the user's, those that have just ended make room for as many more.
    """
    reading, writing = os.pipe()
    children: list[int] = []
    try:
        for _number in range(PROCESSES + ENDED + 1):
            child = os.fork()
            if child == 0:
                os.close(writing)
                os.read(reading, 1)
                os._exit(0)
            children.append(child)
    finally:
        os.close(writing)
        os.close(reading)
        for child in children:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)
    return f"{len(children)} started"


def _fill_disk(_: Target) -> str:
    for number in range(3):
        with open(f"fill{number}", "wb") as file:  # noqa: PTH123 - unbuffered writing is the point
            file.write(bytes(DISK // 2))
    return "written"


HIDE = "hide files from the limit"  # tried from outside: `hiding`
WRITE_MORE = "write more files than allowed"  # the last one: what it wrote is then looked at
ATTEMPTS: dict[str, Callable[[Target], str]] = {
    "read files outside the notebook's folder": _read_files,
    "change the mode, owner, times or attributes of files outside": _change_files,
    "make, link or rename files outside": _move_files,
    "watch or lock files outside": _hold_files,
    "write files outside the notebook's folder": _write_files,
    "truncate files outside": _truncate_files,
    "read other processes": _see_processes,
    "signal other processes": _signal_processes,
    "change the limits or the priority of other processes": _limit_processes,
    "reach memory that other processes share": _share_memory,
    "use the network": _use_network,
    "see the machine's sockets": _see_sockets,
    "take more memory than allowed": _take_memory,
    "start more processes than allowed": _start_processes,
    WRITE_MORE: _fill_disk,
}
