"""otter-grader, as its documentation has it used: test files, a zip file of them, run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.benchmarks.others.exercise import Exercise, write_files
from tests.benchmarks.others.meter import Command
from tests.benchmarks.others.tools import Environment, environment_variables, run

REQUIREMENT = "otter-grader==7.0.0"

OTTER_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False

name = {name!r}
points = {points}


@test_case()
def check({name}):
    import checks

    checks.check({name!r}, {name})
"""


class Otter:
    """`otter run`: one notebook a process, with the zip file that `otter generate` makes."""

    name = "otter run"

    def __init__(self, exercise: Exercise, folder: Path) -> None:
        self._program = Environment.of(REQUIREMENT).program("otter")
        self._folder, self._out = folder, folder / "out"
        self._notebooks, self._student = exercise.notebooks, ""
        (folder / "tests").mkdir(parents=True)
        files = write_files(exercise, folder)
        for name, points in exercise.points.items():
            test = OTTER_TEST.format(name=name, points=points)
            (folder / "tests" / f"{name}.py").write_text(test)
        run(self._command("generate", *(file.name for file in files)))

    def one(self, student: str) -> Command:
        """Grade one notebook."""
        self._student = student
        shutil.rmtree(self._out, ignore_errors=True)
        self._out.mkdir()
        return self._command("run", "--output-dir", "out", str(self._notebooks[student]))

    def all(self) -> None:
        """Return None: it takes one notebook at a time."""

    def _command(self, *arguments: str) -> Command:
        environment = environment_variables(self._program.parent)
        return Command([self._program, *arguments], self._folder, environment)

    def scores(self) -> dict[str, float]:
        """Add up the tests of `results.json`."""
        tests = json.loads((self._out / "results.json").read_text())["tests"]
        return {self._student: sum(test.get("score", 0.0) for test in tests)}
