"""Dask schedulers and workers for tests: processes of their own, on this machine alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.execution.sandbox.memory import descendants
from tests.batch.classes import command_of

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[bytes]


@dataclass
class Daskers:
    """A scheduler and its workers, each with a folder of its own below `folder`."""

    folder: Path
    workers: list[Process] = field(default_factory=list)
    scheduler: Process | None = None
    address: str = ""

    def begin(self) -> str:
        """Start a scheduler; return its address."""
        file = self.folder / f"scheduler-{time.monotonic_ns()}.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start("scheduler", *options, "--scheduler-file", str(file))
        until = time.monotonic() + 30
        while not (file.exists() and file.read_text().endswith("}")):
            assert time.monotonic() < until, "no scheduler has started"
            time.sleep(0.05)
        self.address = str(json.loads(file.read_text())["address"])
        return self.address

    def join(self, *options: str, root: Path = ROOT) -> Process:
        """Start a worker of one thread, with a nanny, and wait until the scheduler knows it.

        `root` is where its grader is.
        """
        fixed = ["--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"]
        worker = self._start("worker", self.address, *fixed, *options, root=root)
        self.workers.append(worker)
        log = self.place / "log"
        until = time.monotonic() + 60
        while "Registered to" not in log.read_text():
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        return worker

    def _start(self, *command: str, root: Path = ROOT) -> Process:
        self.place = place = self.folder / f"{command[0]}-{time.monotonic_ns()}"
        place.mkdir()
        with (place / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "dask", *command],
                cwd=place,
                env=os.environ
                | {
                    "PYTHONPATH": str(root),
                    "TMPDIR": str(self.temporary),
                    # Two deaths and no more, for the sake of time:
                    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
                },
                stdout=log,
                stderr=log,
                process_group=0,
            )

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of all of them; short, for sockets have to fit."""
        temporary = self.folder / "t"
        temporary.mkdir(mode=0o755, exist_ok=True)
        return temporary

    def left(self) -> list[str]:
        """Return what of the grader's lies in the temporary folder."""
        return [path.name for path in self.temporary.glob("grader-*")]

    def end(self) -> None:
        """End them all, as whoever manages a cluster does; nothing may be left of the grader."""
        below = [pid for worker in self.workers for pid in descendants(worker.pid)]
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(30)
        if self.scheduler:
            self.scheduler.terminate()
            self.scheduler.wait(30)
        until = time.monotonic() + 60
        while any(Path(f"/proc/{pid}").exists() for pid in below) or self.left():
            assert time.monotonic() < until, (below, self.left())
            time.sleep(0.05)


@contextmanager
def daskers(folder: Path) -> Iterator[Daskers]:
    """Start a scheduler; end it, and whoever has joined it, with the block."""
    folder.chmod(0o755)  # for kernels that run as other users to pass
    made = Daskers(folder)
    made.begin()
    try:
        yield made
        made.end()
    finally:
        for process in [*made.workers, *([made.scheduler] if made.scheduler else [])]:
            process.kill()
            process.wait()


def graders(worker: Process) -> list[int]:
    """Return the processes below a nanny in which Dask's tasks run."""
    return [n for n in descendants(worker.pid) if "spawn_main" in command_of(n)]
