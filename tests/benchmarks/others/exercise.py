"""The exercise that all tools grade: its class, and its questions as files for the other tools."""

from __future__ import annotations

import itertools
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path

from grader.course import course_secret, support_folder
from grader.judging.expected import AnswerKey, answer_key

COURSE = Path(__file__).parents[3]
NAME = "logistic_regression"
SAMPLES = COURSE / "assignments" / NAME / "samples"

RIGHT, WRONG = "amina-1", "chiara-1"  # known to be so, whatever a tool says

# Samples on which the tools cannot be compared.
LEFT_OUT = {
    "farid": "a function that never returns: nbgrader waits 30 s at each such cell, otter for ever",
    "jonas": "not a notebook: the other tools stop with an error",
}


@dataclass(frozen=True)
class Exercise:
    """The answer key, and the class: names of students with their notebooks."""

    key: AnswerKey
    notebooks: dict[str, Path]

    @property
    def samples(self) -> list[str]:
        """One student for each of the samples."""
        return [student for student in self.notebooks if student.endswith("-1")]

    @property
    def points(self) -> dict[str, float]:
        """The points of every question."""
        return {each.question.name: each.question.points for each in self.key.questions}


def same_sample(student: str) -> str:
    """Return the student of `Exercise.samples` whose notebook is the same."""
    return f"{student.rpartition('-')[0]}-1"


def load(students: int) -> Exercise:
    """Draw the cases, and fill a class of any size with the samples, again and again."""
    samples = [path for path in sorted(SAMPLES.glob("*.ipynb")) if path.stem not in LEFT_OUT]
    notebooks = {
        f"{path.stem}-{1 + number // len(samples)}": path
        for number, path in zip(range(students), itertools.cycle(samples), strict=False)
    }
    return Exercise(answer_key(COURSE, NAME, course_secret(COURSE)), notebooks)


def write_files(exercise: Exercise, folder: Path) -> list[Path]:
    """Write what lies beside a notebook in the other tools; return the files.

    That is the modules that it imports, the cases with their expected values, and what compares.
    """
    with support_folder(COURSE, exercise.key.assignment) as support:
        shutil.copytree(support, folder, dirs_exist_ok=True)
    shutil.copy(Path(__file__).with_name("checks.py"), folder)
    (folder / "cases.pickle").write_bytes(pickle.dumps(_plain(exercise.key)))
    return sorted(path for path in folder.iterdir() if path.is_file())


def _plain(key: AnswerKey) -> dict[str, object]:
    return {
        each.question.name: {
            "kind": each.question.kind,
            "rtol": each.question.tolerance.rtol,
            "cases": [
                {"arguments": case.arguments, "seed": case.seed, "expected": case.expected.value}
                for case in each.cases
            ],
        }
        for each in key.questions
    }
