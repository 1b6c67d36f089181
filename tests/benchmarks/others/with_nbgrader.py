"""nbgrader, as its documentation has it used: a course folder, a gradebook, autograde."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import nbformat

from tests.benchmarks.others.exercise import NAME, Exercise, write_files
from tests.benchmarks.others.meter import Command
from tests.benchmarks.others.tools import Environment, environment_variables, run

REQUIREMENT = "nbgrader==0.9.6"

_nbformat: Any = nbformat


class Nbgrader:
    """`nbgrader autograde`, of one student or of all.

    The source notebook has a solution cell for every code cell, and a test cell for every question
    at its end; `nbgrader generate_assignment` registers them. A submission is a student's notebook
    whose code cells are those solution cells, with the released test cells.
    """

    name = "nbgrader autograde"

    def __init__(self, exercise: Exercise, folder: Path) -> None:
        self._program = Environment.of(REQUIREMENT).program("nbgrader")
        self._folder, self._fresh = folder, folder / "gradebook.fresh"
        self._gradebook = folder / "gradebook.db"
        source = folder / "source" / NAME
        source.mkdir(parents=True)
        write_files(exercise, source)
        (folder / "nbgrader_config.py").write_text("c = get_config()\n")
        longest = max(map(_code_cells, exercise.notebooks.values()))
        blanks = [_nbformat.v4.new_code_cell("pass") for _ in range(longest)]
        tests = [_test_cell(name, points) for name, points in exercise.points.items()]
        blank = _nbformat.v4.new_notebook(cells=[*_solutions(blanks), *tests])
        _nbformat.write(blank, source / f"{NAME}.ipynb")
        run(self._command("generate_assignment", NAME, "--log-level=ERROR"))
        self._gradebook.rename(self._fresh)
        released = _read(folder / "release" / NAME / f"{NAME}.ipynb").cells[longest:]
        for student, notebook in exercise.notebooks.items():
            self._submit(student, notebook, released)

    def _submit(self, student: str, notebook: Path, tests: list[Any]) -> None:
        submission = _read(notebook)
        submission.cells = [*_solutions(submission.cells), *tests]
        submission.nbformat_minor = 5  # cells with ids, as the released ones are
        folder = self._folder / "submitted" / student / NAME
        folder.mkdir(parents=True)
        _nbformat.write(submission, folder / f"{NAME}.ipynb")

    def one(self, student: str) -> Command:
        """Grade one student."""
        return self._autograde("--student", student)

    def all(self) -> Command:
        """Grade all students."""
        return self._autograde()

    def _autograde(self, *options: str) -> Command:
        shutil.rmtree(self._folder / "autograded", ignore_errors=True)
        shutil.copy(self._fresh, self._gradebook)
        return self._command("autograde", NAME, *options)

    def _command(self, *arguments: str) -> Command:
        environment = environment_variables(self._program.parent)
        return Command([self._program, *arguments], self._folder, environment)

    def scores(self) -> dict[str, float]:
        """Have the grades exported."""
        run(self._command("export", "--to", "grades.csv"))
        with (self._folder / "grades.csv").open() as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def _read(notebook: Path) -> Any:
    return _nbformat.read(notebook, as_version=4)


def _code_cells(notebook: Path) -> int:
    return sum(cell.cell_type == "code" for cell in _read(notebook).cells)


def _solutions(cells: list[Any]) -> list[Any]:
    """Make code cells the solution cells solution-1, solution-2 and so on."""
    number = 0
    for index, cell in enumerate(cells):
        cell.setdefault("id", f"own-{index}")
        if cell.cell_type == "code":
            number += 1
            cell.metadata["nbgrader"] = _marks(f"solution-{number}", solution=True)
    return cells


def _test_cell(name: str, points: float) -> Any:
    cell = _nbformat.v4.new_code_cell(f"import checks\n\nchecks.check({name!r}, {name})")
    cell.metadata["nbgrader"] = _marks(f"test-{name}", solution=False) | {"points": points}
    return cell


def _marks(grade_id: str, *, solution: bool) -> dict[str, Any]:
    marks = {"grade": not solution, "locked": not solution, "solution": solution, "task": False}
    return {"grade_id": grade_id, "schema_version": 3, **marks}
