"""One process of the grader's own ends, or stands still, while a class is graded: no score moves.

Many more of them, on assignments that ship: `python -m tests.benchmarks.disturbances`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.batch import relays
from tests.benchmarks.disturbances import Outcome, Place, Quiet, disturb, quiet_run
from tests.conftest import notebook_json
from tests.processes import KINDS, Kind

pytestmark = pytest.mark.slow
STUDENTS = {
    "ann": {"flat": "flat = 2 * raw.T", "ready": "def ready(x):\n    raise ValueError(x)"},
    "bob": {"base": "def base(x):\n    return x ** 2 + 3"},
}


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a class whose items inherit from wrong ones."""
    folder = tmp_path_factory.mktemp("relay")
    (folder / "students").mkdir()
    for student, changes in STUDENTS.items():
        notebook = notebook_json(*relays.cells(**changes))
        (folder / "students" / f"{student}.ipynb").write_text(notebook)
    course = relays.write_course(folder)
    assignment = course / "assignments" / "relay" / "assignment.py"
    limits = "Limits(call_seconds=1, cell_seconds=2)"
    assignment.write_text(relays.ASSIGNMENT.replace("Limits(call_seconds=1)", limits))
    return Place(folder, "relay", folder / "students", course)


@pytest.fixture(scope="module")
def quiet(class_: Place) -> Quiet:
    """Return what comes of the class on a quiet machine."""
    return quiet_run(class_)


def disturbed(class_: Place, folder: Path, kind: Kind, quiet: Quiet, seconds: float) -> Outcome:
    """Disturb the class until something was hit: earlier each time, in the end what comes first."""
    at = random.Random(kind).random()  # noqa: S311 - no secret
    for number, earlier in enumerate((1.0, 0.5, 0.25, 0.0, 0.0, 0.0)):
        (folder / f"{number}").mkdir()
        place = Place(folder / f"{number}", class_.name, class_.students, class_.course)
        if outcome := disturb(place, kind, at * earlier, seconds, quiet):
            return outcome
    raise AssertionError(f"no {kind} was ever there")


def test_on_a_quiet_machine(quiet: Quiet) -> None:
    """Who uses what is wrong loses nothing by it."""
    items = len(relays.CELLS) - 2  # but for the imports, and what is given
    assert quiet.scores == {"ann": items - 2, "bob": items - 1}


@pytest.mark.parametrize("kind", KINDS)
def test_no_score_moves_when_a_process_is_killed(
    class_: Place, tmp_path: Path, quiet: Quiet, kind: Kind
) -> None:
    """What is not graded is said so, and graded by the same command."""
    outcome = disturbed(class_, tmp_path, kind, quiet, 0.0)
    assert (outcome.moved, outcome.is_said) == ([], True), outcome
    assert outcome.second == outcome.not_graded


@pytest.mark.parametrize("kind", ["worker", "zygote", "supervisor", "kernel", "call", "helper"])
def test_no_score_moves_when_a_process_stands_still(
    class_: Place, tmp_path: Path, quiet: Quiet, kind: Kind
) -> None:
    """For longer than a call may take."""
    outcome = disturbed(class_, tmp_path, kind, quiet, 4.0)
    assert (outcome.moved, outcome.not_graded, outcome.is_said) == ([], 0, True), outcome
