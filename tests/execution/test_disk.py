"""The watch over a folder and over what processes hold, without a sandbox: on trees of our own."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import pytest

from grader.execution.sandbox import disk, holdings
from grader.execution.sandbox.holdings import Held, Holdings
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


def look_at(program: str, folder: Path, home: Path) -> tuple[Held, str]:
    """Return what a program holds once it has said something, and what that is."""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        said = process.stdout.readline()
        held = Holdings(str(home), None).look()
        process.kill()
    return held, said


def test_a_folder_by_another_name(tmp_path: Path) -> None:
    """Mappings show the real one, whatever link leads to it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    held, _ = look_at(HOLDS, tmp_path / "real", tmp_path / "link")
    assert len(held.mapped) == 1


EMPTIED = """
import os, sys
sizes = {}
for name in ("open", "current"):
    os.mkdir(name)
    open(f"{name}/file", "w").close()
    for number in range(1000):
        os.link(f"{name}/file", f"{name}/{'n' * 240}{number}")
    for entry in os.listdir(name):
        os.unlink(f"{name}/{entry}")
    kept = os.open(name, os.O_RDONLY)
    status = os.fstat(kept)
    sizes[status.st_ino] = status.st_blocks * 512
os.chdir("current")
os.close(kept)
os.rmdir("../open")
os.rmdir("../current")
print(sizes, flush=True)
sys.stdin.read()
"""


def test_removed_folders_keep_their_blocks(tmp_path: Path) -> None:
    """While one is open, or is where a process is; although they are empty."""
    held, said = look_at(EMPTIED, tmp_path, tmp_path)
    sizes = ast.literal_eval(said)
    assert len(sizes) == 2
    assert {inode: held.open.get(inode) for inode in sizes} == sizes


MAPS = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
for _ in range(15):
    os.mkdir("d" * 250)
    os.chdir("d" * 250)
file = os.open("file", os.O_CREAT | os.O_RDWR)
for _ in range(8000):
    libc.mmap(None, ctypes.c_size_t(4096), 1, 2, file, ctypes.c_long(0))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_look_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 30 MB of mappings' names are read in parts, and no longer than a look may take."""
    tracemalloc.start()
    try:
        held, _ = look_at(MAPS, tmp_path, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert max(held.mappings.values()) > 8000
    assert peak < 5 * MB
    subprocess.run(["rm", "-rf", tmp_path / ("d" * 250)], check=True)
    (tmp_path / "again").mkdir()
    monkeypatch.setattr(holdings, "LONGEST", 0.0)
    held, _ = look_at(MAPS, tmp_path / "again", tmp_path)
    assert held.unseen
    subprocess.run(["rm", "-rf", tmp_path / "again"], check=True)


TAKEN = """
import os, subprocess, sys, time
from grader.execution.sandbox import memory
size = 40 * 2**20
held = bytearray(b"x" * size)
shared = memory.resident(os.getpid())
def started(what):
    found = []
    for _ in range(4):
        reading, writing = os.pipe()
        found.append((os.fork(), reading))
        if not found[-1][0]:
            os.set_inheritable(writing, True)
            what(writing)
            os._exit(0)
        os.close(writing)
        os.read(reading, 1)
    taken = memory.taken(os.getpid(), shared, None, size)
    for process, _ in found:
        os.kill(process, 9)
        os.waitpid(process, 0)
    return taken // size
def nothing(writing):
    os.write(writing, b"x")
    time.sleep(60)
def over(writing):
    held[:] = b"y" * size
    nothing(writing)
def execs(writing):
    program = f"import os, time; x = b'x' * {size}; os.write({writing}, b'x'); time.sleep(60)"
    os.execv(sys.executable, [sys.executable, "-c", program])
print(started(nothing), started(over), started(execs))
"""


def test_only_what_is_shared_is_not_counted() -> None:
    """Pages that a process has written over are its own, and those of another program."""
    done = subprocess.run(
        [sys.executable, "-c", TAKEN], capture_output=True, text=True, check=False
    )
    nothing, over, other = map(int, done.stdout.split())
    assert nothing == 0, done.stderr
    assert over >= 2
    assert other >= 2


def test_sockets_count_as_what_they_may_hold() -> None:
    """As much as two that are full really take, at least."""
    one, other = socket.socketpair()
    with one, other:
        most = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        assert Holdings("/", None)._of_socket >= most
