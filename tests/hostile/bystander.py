"""A process and a folder beside the sandbox, of the user who grades: hostile notebooks' targets."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# It holds a segment of shared memory, a socket with a name and one with a port, and waits. All the
# time it looks whether a file that everybody may read is locked, and leaves a note if it is.
_PROGRAM = """
import ctypes, fcntl, os, select, socket, struct, sys
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(0, 4096, 0o666)
libc.shmat(segment, None, 0)
libc.shmctl(segment, 0, None)  # it goes with this process
named, name = socket.socket(socket.AF_UNIX), f"bystander-{os.getpid()}-{os.urandom(4).hex()}"
named.bind("\\0" + name)
server = socket.create_server(("127.0.0.1", 0))
print(segment, name, server.getsockname()[1], flush=True)
GET_LOCK, WRITE = 36, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)  # F_OFD_GETLK
def look(file):
    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    fcntl.flock(file, fcntl.LOCK_UN)
    if struct.unpack_from("h", fcntl.fcntl(file, GET_LOCK, WRITE))[0] != fcntl.F_UNLCK:
        raise BlockingIOError("a lock of a part")
with open(os.__file__, "rb") as file:
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        try:
            look(file)
        except BlockingIOError as error:
            with open(sys.argv[1] + "/locked", "a") as note:
                note.write(str(error))
"""
_LIMITS = (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS)


class Bystander:
    """What a notebook is told of it, and how to see that it has not been touched."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        """`folder` lies in another one that is the bystander's, too."""
        assert process.stdout is not None
        self._process, self._folder = process, folder
        segment, name, port = process.stdout.readline().split()
        self.cell = "\n".join(
            (
                f"FOLDER, PROCESS = {str(folder)!r}, {process.pid}",
                f"SEGMENT, SOCKET, PORT = {segment}, {name!r}, {port}",
            )
        )

    def seen(self) -> list[object]:
        """Return all of it that others might change."""
        pid = self._process.pid
        files = [self._folder.parent, self._folder, *sorted(self._folder.iterdir())]
        return [
            self._process.poll(),
            [resource.prlimit(pid, limit) for limit in _LIMITS],
            os.getpriority(os.PRIO_PROCESS, pid),
            os.sched_getaffinity(pid),
            os.sched_getscheduler(pid),
            [_of_file(path) for path in files],
            [path.read_bytes() for path in files if path.is_file()],
        ]


def _of_file(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    times = (found.st_mtime_ns, found.st_ctime_ns)
    attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    return (str(path), found.st_mode, found.st_uid, found.st_gid, *times, attributes)


@contextmanager
def bystander() -> Iterator[Bystander]:
    """Start the process, make the folder; everybody may write there, as far as modes say."""
    with tempfile.TemporaryDirectory(prefix="bystander-") as top:
        folder = Path(top) / "folder"
        folder.mkdir()
        (folder / "file").write_text("as it was")
        (folder / "file").chmod(0o666)
        for path in (Path(top), folder):
            path.chmod(0o777)
        with subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield Bystander(process, folder)
            finally:
                process.kill()
