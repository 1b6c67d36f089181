"""What the tools have in common: what they are asked, where they are installed, how they are run.

nbgrader and otter-grader are installed into environments of their own below the user's cache, at
the versions that their modules here pin and, for what they share with us (NumPy, Jupyter), those of
`requirements.lock`. All tools run with the same environment variables: one thread for BLAS, as our
kernels have it, and a home folder of their own, so that no personal configuration counts.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.benchmarks.others.exercise import COURSE
from tests.benchmarks.others.meter import Command, CommandFailedError

# What the notebooks import, and what nbgrader imports without saying so.
BESIDE = ("numpy", "matplotlib", "ipykernel", "setuptools<81")
LOCK = COURSE / "requirements.lock"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grader-benchmark"


class Tool(Protocol):
    """One row of the table."""

    name: str

    def one(self, student: str) -> Command:
        """Return the command that grades one student, with nothing left of earlier runs."""

    def all(self) -> Command | None:
        """Return the command that grades the whole class, or None if there is none."""

    def scores(self) -> dict[str, float]:
        """Return the points that the last command gave."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @classmethod
    def of(cls, requirement: str) -> Environment:
        """Return the environment of a tool; install it if it is not there yet."""
        version = f"py{sys.version_info.major}.{sys.version_info.minor}"
        wanted = "\n".join([requirement, *BESIDE, LOCK.read_text()])
        digest = hashlib.sha256(wanted.encode()).hexdigest()[:8]
        folder = CACHE / f"{requirement.replace('==', '-')}-{version}-{digest}"
        done = folder / "installed"
        if not done.exists():
            print(f"installing {requirement} into {folder}", flush=True)
            run(Command([sys.executable, "-m", "venv", "--clear", folder], COURSE, os.environ))
            pip: list[str | Path] = [folder / "bin" / "pip", "install", "--constraint", LOCK]
            run(Command([*pip, requirement, *BESIDE], COURSE, os.environ))
            done.touch()
        return cls(folder)

    def program(self, name: str) -> Path:
        """Return the path of one of its programs."""
        return self.folder / "bin" / name


def environment_variables(programs: Path) -> dict[str, str]:
    """Return the environment of a command: little, and the same for all tools."""
    home = CACHE / "home"
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", **threads}


def run(command: Command) -> None:
    """Run a command that is not measured. Raises CommandFailedError with what it said."""
    done = subprocess.run(
        list(map(str, command.arguments)),
        cwd=command.folder,
        env=dict(command.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailedError(command, f"ended with code {done.returncode}", done.stdout)
