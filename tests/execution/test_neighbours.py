"""What honest notebooks do beside the maths goes on working at every step of the sandbox."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

import pytest

from grader.execution.kernel import KernelRunner
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.execution.sandbox.confine import Step
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook
from tests.conftest import need_step

LIMITS = Limits(cell_seconds=20, call_seconds=20, notebook_seconds=200, memory_gb=1.0)

# Each is the body of a function, which returns True.
HONEST = {
    "copies_files": """
        import os, shutil
        open("a", "w").write("text")
        shutil.copy("a", "b"), shutil.copy2("a", "c")
        os.makedirs("folder/deeper"), shutil.copytree("folder", "other")
        shutil.move("b", "folder/b"), shutil.copystat("a", "c"), shutil.rmtree("folder")
        return sorted(os.listdir("."))[:2] == ["a", "c"] and open("c").read() == "text"
    """,
    "writes_temporary_files": """
        import os, tempfile
        with tempfile.NamedTemporaryFile("w", dir=".") as file, tempfile.TemporaryDirectory() as d:
            file.write("x"), file.flush()
            with tempfile.TemporaryFile() as other, tempfile.SpooledTemporaryFile() as third:
                other.write(b"x"), third.write(b"x")
            return os.path.getsize(file.name) == 1 and os.path.isdir(d)
    """,
    "saves_and_loads_arrays": """
        import numpy as np
        np.save("x.npy", np.arange(5.0)), np.savez_compressed("x.npz", x=np.arange(5.0))
        np.savetxt("x.txt", np.arange(5.0))
        mapped = np.memmap("x.raw", dtype=float, mode="w+", shape=5)
        mapped[:] = np.load("x.npz")["x"]
        mapped.flush()
        return np.array_equal(mapped, np.load("x.npy", mmap_mode="r"))
    """,
    "replaces_and_touches_files": """
        import os, pathlib
        pathlib.Path("new").touch(), pathlib.Path("new").touch()
        open("old", "w").write("old"), os.replace("new", "old"), os.rename("old", "again")
        os.truncate(os.open("again", os.O_RDWR), 0), os.utime("again", (1, 1))
        os.chmod("again", 0o600), pathlib.Path("again").chmod(0o644), os.link("again", "linked")
        return os.path.getsize("linked") == 0
    """,
    "unpacks_archives": """
        import io, tarfile, zipfile
        with zipfile.ZipFile("a.zip", "w") as file:
            file.writestr("in/x.txt", "text")
        zipfile.ZipFile("a.zip").extractall("out")
        with tarfile.open("a.tar.gz", "w:gz") as file:
            file.add("out", arcname=".")
        tarfile.open("a.tar.gz").extractall("out2")
        return open("out2/in/x.txt").read() == open("out/in/x.txt").read() == "text"
    """,
    "draws_figures": """
        import os
        try:
            import matplotlib
        except ImportError:  # it comes with an extra
            return True
        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
        plt.plot([1, 2]), plt.title("title"), plt.savefig("figure.png"), plt.close()
        return os.path.getsize("figure.png") > 1000
    """,
    "asks_for_processors": """
        import os
        os.sched_setaffinity(0, os.sched_getaffinity(0)), os.nice(0), os.nice(1)
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0))
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        return os.cpu_count() >= len(os.sched_getaffinity(os.getpid())) >= 1
    """,
    "sets_limits": """
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
        return resource.prlimit(0, resource.RLIMIT_CORE) == (0, 0)
    """,
    "uses_threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(3) as pool:
            return sum(pool.map(lambda n: n * n, range(10))) == 285
    """,
    "starts_programs": """
        import subprocess, sys
        command = [sys.executable, "-c", "import os; os.chmod('.', 0o700); print(6 * 7)"]
        return subprocess.run(command, capture_output=True, text=True).stdout == "42\\n"
    """,
    "copies_in_a_shell": """
        import subprocess
        open("s", "w").write("text")
        copied = "cp -p s t && cp -a s v && install -m 600 s w && sed -i s/a/b/ w && cp -r . ../c"
        moved = "mkdir -m 700 d && touch u && mv t u && chmod 600 u && ln s x && tar cf x.tar u"
        done = subprocess.run(f"{copied} && {moved}", shell=True, capture_output=True)
        return (done.returncode, done.stderr) == (0, b"")
    """,
    "runs_an_event_loop": """
        import asyncio
        async def later():
            process = await asyncio.create_subprocess_exec("true")
            return await process.wait() == 0
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(later())
        finally:
            loop.close()
    """,
    "forks_workers": """
        import multiprocessing
        ours, theirs = multiprocessing.Pipe()
        worker = multiprocessing.get_context("fork").Process(target=theirs.send, args=(42,))
        worker.start(), worker.join()
        return ours.recv() == 42
    """,
    "keeps_a_database": """
        import sqlite3
        with sqlite3.connect("x.sqlite") as base:
            base.execute("PRAGMA journal_mode=WAL"), base.execute("create table t (x)")
            base.execute("insert into t values (1)")
        return sqlite3.connect("x.sqlite").execute("select x from t").fetchall() == [(1,)]
    """,
    "shares_a_database": """
        import sqlite3, threading
        def write(number):
            with sqlite3.connect("s.sqlite", timeout=10) as base:
                base.execute("insert into t values (?)", (number,))
            base.close()
        with sqlite3.connect("s.sqlite") as base:
            base.execute("create table t (x)")
        writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
        [w.start() for w in writers], [w.join() for w in writers]
        return base.execute("select sum(x), count(*) from t").fetchall() == [(28, 8)]
    """,
    "keeps_arrays_in_hdf5": """
        import numpy as np
        try:
            import h5py
        except ImportError:  # not among what the grader needs
            return True
        with h5py.File("x.h5", "w") as file:
            file["x"] = np.arange(5.0)
        with h5py.File("x.h5", "a") as file:
            file["y"] = file["x"][:] * 2
        with h5py.File("x.h5", "r") as file, h5py.File("x.h5", "r") as again:
            return file["y"][4] == 8 and again["x"][4] == 4
    """,
    "reads_and_writes_vectors": """
        import os
        number, parts = os.open("v", os.O_RDWR | os.O_CREAT), [bytearray(2), bytearray(1)]
        os.pwritev(number, [b"ab", b"c"], 0), os.preadv(number, parts, 0)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        return parts == [b"ab", b"c"]
    """,
    "locks_and_waits_for_its_files": """
        import fcntl, os, select, termios
        with open("lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX), fcntl.flock(file, fcntl.LOCK_UN)
            fcntl.lockf(file, fcntl.LOCK_EX), fcntl.lockf(file, fcntl.LOCK_UN)
            os.set_blocking(file.fileno(), True), os.set_inheritable(file.fileno(), True)
        reading, writing = os.pipe()
        fcntl.fcntl(reading, fcntl.F_SETFL, os.O_NONBLOCK), os.write(writing, b"x")
        return select.select([reading], [], [], 1)[0] == [reading] and not os.isatty(reading)
    """,
}
NEEDS_SIGNALS = {
    "stops_what_takes_too_long": """
        import subprocess
        try:
            subprocess.run(["sleep", "20"], timeout=0.2)
        except subprocess.TimeoutExpired:
            return True
    """,
    "stops_its_workers": """
        import multiprocessing, time
        worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(20,))
        worker.start(), worker.terminate(), worker.join()
        return worker.exitcode == -15
    """,
}


@pytest.fixture(scope="module", params=["A", "B"])
def at_step(request: pytest.FixtureRequest) -> Iterator[KernelRunner]:
    """Return a Runner at each step of the sandbox."""
    step: Step = request.param
    need_step(step)
    with KernelRunner(step) as runner:
        yield runner


def came_to(runner: KernelRunner, bodies: dict[str, str]) -> dict[str, object]:
    """Call functions of these bodies; return what each has returned, or why it has not."""
    cells = [f"def {n}():{textwrap.indent(textwrap.dedent(b), '    ')}" for n, b in bodies.items()]
    questions = tuple(Question(name, "function", "", 1.0, ()) for name in bodies)
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    planned = plan(notebook, Assignment("a", "A", questions))
    requests = [Request(name, "1", "function", name) for name in bodies]
    seen = runner.run(planned, requests, LIMITS, None).observations
    return {
        name: one.value if one.status == "returned" else (one.status, one.error)
        for name, one in zip(bodies, seen, strict=True)
    }


@pytest.mark.slow
def test_all_of_it_works(at_step: KernelRunner) -> None:
    """At steps A and B, as this machine's kernel is."""
    bodies = {**HONEST, **NEEDS_SIGNALS}
    assert came_to(at_step, bodies) == dict.fromkeys(bodies, True)


@pytest.mark.slow
@pytest.mark.parametrize("abi", [1, 5])
def test_on_an_older_kernel(
    abi: int, at_step: KernelRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but signals to processes of the notebook's own."""
    machine = replace(at_step.machine, landlock_abi=abi)
    monkeypatch.setattr(at_step._zygote, "_machine", machine)
    assert came_to(at_step, HONEST) == dict.fromkeys(HONEST, True)
