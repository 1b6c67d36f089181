"""What a killed run leaves is removed by the next one; nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.execution.sandbox import cgroup
from grader.execution.sandbox.memory import descendants
from grader.leftovers import make_folder, remove, sweep, temporary_folder
from tests.batch.classes import Small, small
from tests.hostile.harness import HONEST

CLOSES = """
import os, time
exec("pass")
os.makedirs("closed/inside")
open("closed/inside/file", "w").close()
os.chmod("closed/inside", 0)
os.chmod("closed", 0)
time.sleep(4)
"""


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for temporary files of its own, as the system's is: anybody may write."""
    with tempfile.TemporaryDirectory(prefix="leftovers-") as folder:
        Path(folder).chmod(0o1777)
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def confined(course: Small) -> list[str]:
    """Return the command that grades a class without namespaces: kernels then live in folders."""
    python = [sys.executable, "-m"]
    return [*python, "tests.confined", "--no-namespaces", *python, "grader", *course.command()]


def started(course: Small, temporary: Path) -> subprocess.Popen[bytes]:
    """Begin to grade a class; return when kernels run."""
    process = subprocess.Popen(
        confined(course), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    before, until = set(temporary.glob("**/work/closed")), time.monotonic() + 60
    while not set(temporary.glob("**/work/closed")) - before and time.monotonic() < until:
        time.sleep(0.05)
    return process


def groups() -> set[Path]:
    """Return the cgroups of kernels that there are."""
    with suppress(OSError):
        return {path for above in cgroup._own_folders() for path in above.glob("grader-run-*")}
    return set()


@pytest.mark.slow
def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path, temporary: Path) -> None:
    """All its processes killed at once; a run beside it goes on, and the next leaves nothing."""
    courses = []
    for name in ("killed", "beside"):
        (tmp_path / name).mkdir()
        courses.append(small(tmp_path / name))
        courses[-1].write("closes", CLOSES, *HONEST)
    killed, beside = courses
    first = started(killed, temporary)
    processes = [first.pid, *descendants(first.pid)]
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    first.wait()
    left = set(temporary.iterdir())
    assert left
    second = started(beside, temporary)
    assert not left & set(temporary.iterdir())
    live = set(temporary.iterdir())
    sweep()
    cgroup.sweep()
    assert live == set(temporary.iterdir())
    assert second.wait(60) == 0
    assert [result.score for result in beside.results()] == [10.0]
    assert list(temporary.iterdir()) == []
    of_it = tuple(f"grader-run-{process}-" for process in processes)
    assert not [group for group in groups() if group.name.startswith(of_it)]  # others may live


def test_what_a_process_holds_stays(temporary: Path) -> None:
    """Until it lets go, or ends."""
    with temporary_folder("home") as held:
        sweep()
        assert held.exists()
    assert not held.exists()
    left, lock = make_folder("home")
    (left / "closed" / "inside").mkdir(parents=True)
    (left / "closed" / "inside" / "file").touch()
    (left / "closed").chmod(0)
    sweep()
    assert left.exists()
    os.close(lock)
    sweep()
    assert list(temporary.iterdir()) == []


def test_what_is_not_ours_stays(temporary: Path, tmp_path: Path) -> None:
    """Other names, links, files, and folders of other users, whatever they are called."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "file").touch()
    (temporary / "grader-run-home-link").symlink_to(target)
    (temporary / "grader-run-home-file").touch()
    os.mkfifo(temporary / "grader-run-home-pipe")
    for name in ("grader-notes", "grader-run", "my-grader-run-home-x", "grader-run-home-x.d"):
        (temporary / name).mkdir()
    if os.getuid() == 0:
        (temporary / "grader-run-home-others").mkdir()
        os.chown(temporary / "grader-run-home-others", 65534, 65534)
    before = set(temporary.iterdir())
    sweep()
    assert set(temporary.iterdir()) == before
    assert (target / "file").exists()


def test_a_link_in_the_place_of_a_folder_is_not_followed(temporary: Path, tmp_path: Path) -> None:
    """What is removed is the folder that was held, whatever its name has become."""
    target = tmp_path / "target"
    target.mkdir(mode=0o500)
    folder, lock = make_folder("home")
    (folder / "file").touch()
    folder.rename(temporary / "elsewhere")
    folder.symlink_to(target)
    remove(folder, lock)
    os.close(lock)
    assert list((temporary / "elsewhere").iterdir()) == []
    assert target.stat().st_mode & 0o777 == 0o500


IN_A_GROUP = """
import os, signal, subprocess
from grader.execution.sandbox import cgroup
group = cgroup.make(2**26, 8)
child = subprocess.Popen(["sleep", "60"], preexec_fn=group.add_this_process)
print(child.pid, *group.folders, flush=True)
signal.pause()
"""


def test_a_group_of_a_killed_process_is_removed() -> None:
    """With what still runs in it; one that is held stays."""
    try:
        held = cgroup.make(2**26, 8)
    except OSError as error:
        pytest.skip(f"no cgroup can be made here: {error}")
    with subprocess.Popen([sys.executable, "-c", IN_A_GROUP], stdout=subprocess.PIPE) as process:
        assert process.stdout
        inside, *folders = process.stdout.readline().decode().split()
        cgroup.sweep()
        assert all(Path(folder).exists() for folder in folders)
        process.kill()
        process.wait()
        cgroup.sweep()
    assert not any(Path(folder).exists() for folder in folders)
    assert not Path(f"/proc/{inside}/exe").exists()
    assert all(folder.exists() for folder in held.folders)
    held.remove()
    assert not any(folder.exists() for folder in held.folders)
