"""The functions that the benchmark of causes is measured on, and notebooks made of them.

`wrong/<assignment>/` holds functions with one to three faults, `right/<assignment>/` right ones in
unusual words; both were written from the assignments' texts alone. So were `later/`, `fresh/`,
`last/` and `blind/`, when the search for causes was there, by people who knew nothing of it. A
line on which a fault can be seen ends in a remark, `# FAULT: what is wrong`; what is handed in has
no such remarks.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.batch.grade import Task, Timed, grade_timed
from grader.course import private_folder, support_folder
from grader.execution.kernel import KernelRunner
from grader.judging.evidence import with_evidence
from grader.judging.expected import AnswerKey, answer_key
from grader.results import QuestionResult, SubmissionResult
from grader.starter import STARTER_FILE, read_starter, solved_notebook
from grader.submission import SubmissionFile

COURSE = Path(__file__).parents[3]
HERE = Path(__file__).parent
SECRET = b"causes"
CACHE = private_folder(COURSE) / "evidence-of-the-benchmark"

_FAULT = re.compile(r"[ \t]*# FAULT:[ \t]*(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One function of the corpus: its source, and the faults that are marked in it, by line."""

    name: str
    assignment: str
    function: str
    source: str
    faults: dict[int, str]

    @property
    def sealed(self) -> bool:
        """Whether it is of the half that nobody reads while causes are worked on."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 1


def entries(kind: str) -> list[Entry]:
    """Return the functions of a kind: `wrong`, `later`, `fresh`, `last`, `blind` or `right`."""
    return [read(file) for file in sorted((HERE / kind).glob("*/*.py"))]


def read(file: Path) -> Entry:
    """Read `<assignment>/<number>_<function>.py`."""
    text = file.read_text(encoding="utf-8")
    faults = {
        number: found[1]
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := _FAULT.search(line))
    }
    function = file.stem.partition("_")[2]
    assignment = file.parent.name
    return Entry(f"{assignment}/{file.stem}", assignment, function, _FAULT.sub("", text), faults)


class Bench:
    """Grades functions of one assignment, each in a notebook whose other functions are right."""

    def __init__(self, key: AnswerKey, support: Path, runner: KernelRunner) -> None:
        self.key = with_evidence(key, COURSE, SECRET, CACHE)
        shutil.copytree(COURSE / "reference", support / "reference", dirs_exist_ok=True)
        file = COURSE / "assignments" / key.assignment.name / STARTER_FILE
        parts = read_starter(file, self.key.assignment)
        self._solved = json.loads(solved_notebook(self.key.assignment, parts))
        self.task = Task(self.key, runner, support)

    def grade(self, function: str, source: str) -> QuestionResult:
        """Return the result of one function."""
        result = self.grade_notebook(function, source)
        return next(each for each in result.questions if each.name == function)

    def grade_notebook(self, function: str, source: str) -> SubmissionResult:
        """Return the result of a notebook in which one function is replaced."""
        return self.timed(function, source).result

    def timed(self, function: str, source: str) -> Timed:
        """Return it with the seconds that each stage took."""
        notebook = self._solved | {"cells": [*self._cells(function, source)]}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "notebook.ipynb"
            path.write_text(json.dumps(notebook), encoding="utf-8")
            return grade_timed(self.task, SubmissionFile("corpus", path))

    def _cells(self, function: str, source: str) -> Iterator[dict[str, object]]:
        for cell in self._solved["cells"]:
            text = "".join(cell["source"])
            mine = re.search(rf"^def {function}\(", text, re.MULTILINE)
            yield cell | {"source": source} if cell["cell_type"] == "code" and mine else cell


@contextmanager
def bench(assignment: str) -> Iterator[Bench]:
    """Open the bench of an assignment."""
    key = answer_key(COURSE, assignment, SECRET)
    with support_folder(COURSE, key.assignment) as support, KernelRunner() as runner:
        yield Bench(key, support, runner)


def main() -> None:
    """Tell of each given file whether it is right, wrong, or raises; nothing of why."""
    files = [Path(name).resolve() for name in sys.argv[1:]]
    for assignment in sorted({file.parent.name for file in files}):
        with bench(assignment) as opened:
            for file in files:
                if file.parent.name == assignment:
                    entry = read(file)
                    status = opened.grade(entry.function, entry.source).status
                    print(f"{entry.name}: {status}, {len(entry.faults)} marked")


if __name__ == "__main__":
    main()
