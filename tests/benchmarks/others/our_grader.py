"""Our own command, from outside: start-up, reference, kernels and reports are all in it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from grader.spec import Execute
from tests.benchmarks.others.exercise import COURSE, NAME, Exercise
from tests.benchmarks.others.meter import Command
from tests.benchmarks.others.tools import environment_variables


class Ours:
    """`grader grade`, on one notebook or on the folder."""

    def __init__(self, exercise: Exercise, folder: Path, execute: Execute) -> None:
        self.name = {"all": "ours, execute=all", "needed": "ours, planned"}[execute]
        self._execute, self._class, self._out = execute, folder / "class", folder / "out"
        self._class.mkdir(parents=True)
        for student, notebook in exercise.notebooks.items():
            shutil.copy(notebook, self._class / f"{student}.ipynb")

    def one(self, student: str) -> Command:
        """Grade one notebook."""
        return self._grade(self._class / f"{student}.ipynb")

    def all(self) -> Command:
        """Grade the folder."""
        return self._grade(self._class)

    def _grade(self, path: Path) -> Command:
        shutil.rmtree(self._out, ignore_errors=True)
        options = ["--jobs", "1", "--format", "json", "--execute", self._execute]
        options += ["--force", "--gradebook", str(self._out.parent / "gradebook.sqlite")]
        arguments = ["-m", "grader", "grade", NAME, str(path), "--out", str(self._out), *options]
        environment = environment_variables(Path(sys.executable).parent)
        return Command([sys.executable, *arguments], COURSE, environment)

    def scores(self) -> dict[str, float]:
        """Read `results.json`."""
        results = json.loads((self._out / "results.json").read_text())
        ungraded = [each for each in results["submissions"] if each["status"] != "graded"]
        assert not ungraded, ungraded
        return {each["student"]: each["score"] for each in results["submissions"]}
