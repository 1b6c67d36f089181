"""What the processes of a kernel hold that no folder shows: files without a name, kernel memory.

A file that was removed takes its place for as long as a process has it open or mapped. Sockets,
pipes and the like take memory that counts as no process's; here each counts as the most that it can
hold. Descriptors in flight need no count: the filter denies `sendmsg`.
"""

from __future__ import annotations

import os
import re
import signal
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from grader.execution.sandbox.memory import descendants
from grader.execution.sandbox.users import as_user

PASSES = 4  # over processes that come and go while they are looked at
_MAPPING = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ (\d+) +(/.*) \(deleted\)$", re.MULTILINE
)
# Bytes: of an entry in an address space; of a full pipe; of an epoll that watches all there is.
_OF_MAPPING, _OF_PIPE, _OF_OTHER = 256, 2**16, 2**15
_READ = 2**20  # bytes of a list of mappings at a time: it may have hundreds of MB
LONGEST = 1.0  # seconds of this process's time for one look
_SEND_BUFFER = 212_992  # bytes, where the system does not say otherwise


@dataclass
class Held:
    """What was found. Sizes in bytes, by inode; a file that is mapped only has no known size.

    `hidden` are processes that cannot be looked into; `unseen` says that a look takes
    too long.
    """

    open: dict[int, int] = field(default_factory=dict)
    mapped: dict[int, int] = field(default_factory=dict)
    objects: dict[tuple[int, int], int] = field(default_factory=dict)
    others: dict[tuple[int, int], int] = field(default_factory=dict)
    mappings: dict[int, int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    unseen: bool = False

    def files(self, most: int) -> int:
        """Return the size of all files without a name, of which each has at most `most` bytes.

        Nobody but root can learn the size of one that is mapped and not open: it counts as `most`.
        """
        closed = self.mapped.keys() - self.open.keys()
        return sum(self.open.values()) + sum(max(most, self.mapped[inode]) for inode in closed)

    @property
    def kernel_memory(self) -> int:
        """At most what the system's kernel keeps for the processes, beside their pages."""
        held = sum(self.objects.values()) + sum(self.others.values())
        return held + _OF_MAPPING * sum(self.mappings.values())


class Holdings:
    """Looks at the descendants of this process, but for those of `ours`.

    `home` is the folder in which the files lie. `user` is the id that they run under, where that is
    not this process's: with it this process may look into them, even as the root of a container
    that has no right to trace others.
    """

    def __init__(self, home: str, user: int | None, ours: tuple[int, ...] = ()) -> None:
        self._home = os.fsencode(os.path.realpath(home)) + b"/"  # as mappings show it
        self._user, self._ours = user, ours
        self._of_socket = _send_buffer() + _OF_PIPE
        self._hidden: set[int] = set()

    def look(self) -> Held:
        """Return what they hold; look again where some ended meanwhile and may have handed it on.

        A process that hides itself twice is ended: the system then closes what it holds.
        """
        held, self._until = Held(), process_time() + LONGEST
        with as_user(self._user):
            for _ in range(PASSES):
                if not self._pass(held) or held.unseen:
                    break
        for process in self._hidden & held.hidden:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        self._hidden = held.hidden
        return held

    def _pass(self, held: Held) -> bool:
        """Look at each once; whether one ended on the way."""
        gone = False
        for process in descendants(os.getpid()):
            if process not in self._ours:
                held.unseen = held.unseen or process_time() > self._until
                if held.unseen:
                    return False
                try:
                    self._look_into(process, held)
                except OSError:
                    gone = True
        return gone

    def _look_into(self, process: int, held: Held) -> None:
        """Look at all threads: each may have files of its own. One that is ending shows nothing."""
        mapped, hidden = False, True
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            folder = f"/proc/{process}/task/{thread}"
            with suppress(FileNotFoundError, PermissionError):
                self._note_at(f"{folder}/cwd", (process, -1), held)
                for number in os.listdir(f"{folder}/fd"):  # noqa: PTH208
                    self._note_at(f"{folder}/fd/{number}", (process, int(number)), held)
                mapped = mapped or self._note_mappings(process, f"{folder}/maps", held)
                hidden = False
        if hidden:
            held.hidden.add(process)

    def _note_at(self, path: str, place: tuple[int, int], held: Held) -> None:
        with suppress(FileNotFoundError):
            self._note(os.stat(path), place, held)  # noqa: PTH116

    def _note(self, status: os.stat_result, place: tuple[int, int], held: Held) -> None:
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
            held.open[status.st_ino] = on_disk(status)
        elif stat.S_ISDIR(status.st_mode) and status.st_nlink == 0:
            held.open[status.st_ino] = status.st_blocks * 512  # it keeps them when it is emptied
        elif stat.S_ISSOCK(status.st_mode):
            held.objects[status.st_dev, status.st_ino] = self._of_socket
        elif stat.S_ISFIFO(status.st_mode):
            held.objects[status.st_dev, status.st_ino] = _OF_PIPE
        elif not stat.S_IFMT(status.st_mode):  # epoll and the like: all have one inode
            held.others[place] = _OF_OTHER

    def _note_mappings(self, process: int, path: str, held: Held) -> bool:
        lines = 0
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            rest = b""
            while part := file.read(_READ):
                whole, _, rest = (rest + part).rpartition(b"\n")
                lines += whole.count(b"\n") + bool(whole)
                self._note_deleted(whole, held)
                if process_time() > self._until:
                    held.unseen = True
                    break
        held.mappings[process] = lines
        return bool(lines)

    def _note_deleted(self, text: bytes, held: Held) -> None:
        if b"(deleted)" in text:
            for start, end, offset, inode, name in _MAPPING.findall(text):
                if name.startswith(self._home):
                    size = int(end, 16) - int(start, 16) + int(offset, 16)
                    held.mapped[int(inode)] = max(size, held.mapped.get(int(inode), 0))


def on_disk(status: os.stat_result) -> int:
    """Return what a file takes: less than its size if it has holes, never more.

    File systems set blocks aside for files that grow.
    """
    return min(status.st_blocks * 512, max(status.st_size, 4096))


def _send_buffer() -> int:
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/core/wmem_default").read_text())
    return _SEND_BUFFER
