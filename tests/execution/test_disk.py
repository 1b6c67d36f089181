"""The watch over a folder and over what processes hold, without a sandbox: on trees of our own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grader.execution.sandbox import disk
from grader.execution.sandbox.holdings import Holdings
from grader.execution.sandbox.private_root import MAX_FILES

MB = 2**20


def fill(path: Path, size: int = MB) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))


def test_what_takes_room_counts_once(tmp_path: Path) -> None:
    """Holes take none; several names of one file are one file; links are not followed."""
    fill(tmp_path / "a" / "file")
    (tmp_path / "again").hardlink_to(tmp_path / "a" / "file")
    (tmp_path / "link").symlink_to("/usr")
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(100 * MB)
    assert disk.exceeds(str(tmp_path), MB)
    assert not disk.exceeds(str(tmp_path), MB + MB // 4)
    assert disk.exceeds(str(tmp_path), MB + MB // 4, held=MB)


def test_a_deep_tree_is_counted(tmp_path: Path) -> None:
    """Deeper than a path may be long, and than this process may have files open."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("down", dir_fd=here)
        there = os.open("down", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = there
    file = os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.write(file, bytes(MB))
    os.close(file)
    os.close(here)
    open_files = len([*Path("/proc/self/fd").iterdir()])
    folders = 2001 * 4096
    assert disk.exceeds(str(tmp_path), MB // 2)
    assert not disk.exceeds(str(tmp_path), folders + 2 * MB)
    assert len([*Path("/proc/self/fd").iterdir()]) == open_files
    subprocess.run(["rm", "-rf", tmp_path / "down"], check=True)


def test_too_many_files_are_too_much(tmp_path: Path) -> None:
    """However little they take; and it does not take long to say so."""
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}").symlink_to("x")
    started = time.monotonic()
    assert disk.exceeds(str(tmp_path), 2**40)
    assert time.monotonic() - started < 5


CLOSED = """
import os, sys
from grader.execution.sandbox import disk
os.makedirs("a/b/c")
open("a/b/c/file", "wb").write(bytes(2**20))
for mode in (0, 0o100, 0o200, 0o300, 0o400, 0o600):
    for folder in ("a/b/c", "a/b", "a"):
        os.chmod(folder, mode)
    assert not disk.exceeds(os.getcwd(), 2**21), oct(mode)
    assert os.stat("a").st_mode & 0o777 == mode, oct(mode)
    assert disk.exceeds(os.getcwd(), 2**19), oct(mode)
    for folder in ("a", "a/b", "a/b/c"):
        os.chmod(folder, 0o700)
print("counted")
"""


def test_closed_folders_are_counted_and_stay_closed() -> None:
    """By an ordinary user, who has to open them first."""
    become = ["-m", "tests.confined", "--user", sys.executable] if os.getuid() == 0 else []
    course = str(Path(__file__).parents[2])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        done = subprocess.run(
            [sys.executable, *become, "-c", CLOSED],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": course},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout == "counted\n", done.stderr


HOLDS = """
import ctypes, os, socket, sys, threading
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
def removed(name):
    file = os.open(name, os.O_CREAT | os.O_RDWR)
    os.unlink(name)
    os.write(file, bytes(2**20))
    return file
def apart():
    assert libc.syscall(436, 200, 255, 2) == 0
    removed("thread")
    print("ready", flush=True)
    sys.stdin.read()
kept = removed("open")
file = removed("mapped")
libc.mmap(None, ctypes.c_size_t(4096), 1, 2, file, ctypes.c_long(0))
os.close(file)
pair = socket.socketpair()
threading.Thread(target=apart).start()
libc.pthread_exit(None) if "leader" in sys.argv else None
"""


@pytest.mark.parametrize("how", ["", "leader"])
def test_what_has_no_name_is_seen(tmp_path: Path, how: str) -> None:
    """Open, mapped, or in the table of one thread, even where the first thread has ended."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, how],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the test's own has no name
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        held = Holdings(str(tmp_path), None).look()
        assert [size for size in held.open.values() if size == MB] == [MB, MB]
        assert len(held.mapped) == 1
        assert 12 * MB <= held.files(10 * MB) < 13 * MB  # with what other tests hold
        assert held.kernel_memory >= 2 * 200_000
        process.kill()
    assert Holdings(str(tmp_path), None).look().files(MB) < MB


def test_sockets_count_as_what_they_may_hold() -> None:
    """As much as two that are full really take, at least."""
    one, other = socket.socketpair()
    with one, other:
        most = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        assert Holdings("/", None)._of_socket >= most
