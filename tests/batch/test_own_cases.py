"""Hidden cases that are drawn for each submission by itself, in a real class."""

from collections import Counter
from pathlib import Path

import pytest

from grader.course import course_secret
from grader.judging.expected import answer_key
from grader.results import SubmissionResult
from tests.batch.classes import NAME, Small, small
from tests.hostile.harness import CANARY, DOUBLE, HONEST

NEITHER = "def total(x):\n    return float(x.max())"


@pytest.fixture
def made(tmp_path: Path) -> Small:
    """Return a small course whose hidden cases are each submission's own."""
    made = small(tmp_path)
    file = made.course / "assignments" / NAME / "assignment.py"
    file.write_text(
        file.read_text().replace("limits =", 'hidden_cases = "submission"\nlimits =', 1)
    )
    return made


def by_student(made: Small) -> dict[str, SubmissionResult]:
    """Return the results of the last run."""
    return {result.student: result for result in made.results()}


def knows_the_cases_of_the_class(made: Small) -> str:
    """Return a function that is right where it has seen the arguments, and nowhere else."""
    key = answer_key(made.course, NAME, course_secret(made.course))
    (question,) = (each for each in key.questions if each.question.name == "total")
    found = {str(case.arguments[0].tolist()): case.expected.value for case in question.cases}
    return f"KNOWN = {found!r}\ndef total(x):\n    return KNOWN.get(str(x.tolist()), 0.0)"


def test_what_is_known_of_the_cases_of_the_class_is_of_no_use(made: Small) -> None:
    """It earns full marks where the cases are the class's, and none where they are its own."""
    cells = "import numpy as np", DOUBLE, knows_the_cases_of_the_class(made), CANARY
    made.write("learned", *cells)
    assert made.grade("--force") == 0
    (total,) = (q for q in by_student(made)["learned"].questions if q.name == "total")
    shown = {case.id: case.status for output in total.outputs for case in output.cases}
    assert total.score == 0
    assert {status for name, status in shown.items() if name.startswith("visible")} == {"passed"}
    assert {status for name, status in shown.items() if name.startswith("hidden")} == {"failed"}

    file = made.course / "assignments" / NAME / "assignment.py"
    file.write_text(file.read_text().replace('"submission"', '"class"'))
    made.grade()
    assert by_student(made)["learned"].score == 10


def test_right_is_right_and_equal_mistakes_are_equal(made: Small) -> None:
    """Whatever was drawn; and another run finds nothing to be graded anew."""
    made.write("right", *HONEST)
    for name in ("one", "other"):
        made.write(name, "import numpy as np", DOUBLE, NEITHER, CANARY, f"name = {name!r}")
    made.grade()
    found = by_student(made)
    assert found["right"].score == 10
    behaviours = Counter(q.behaviour for r in found.values() for q in r.questions if q.behaviour)
    assert list(behaviours.values()) == [2]

    made.grade()
    assert made.gradings() == {"right": 1, "one": 1, "other": 1}
