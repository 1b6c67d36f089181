"""The starters that ship: filled in, they run to their end; what they import is offered."""

import ast
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course import assignment_names, support_folder
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.starter import STARTER_FILE, blank_notebook, read_starter, solved_notebook
from grader.submission import read_notebook
from tests.conftest import COURSE, TaskFor

NAMES = assignment_names(COURSE)


def written(task_for: TaskFor, name: str, path: Path, *, blank: bool) -> Path:
    """Write the starter of an assignment, blank or filled in with the reference."""
    assignment = task_for(name).key.assignment
    parts = read_starter(COURSE / "assignments" / name / STARTER_FILE, assignment)
    path.write_text((blank_notebook if blank else solved_notebook)(assignment, parts))
    return path


@pytest.mark.parametrize("name", NAMES)
def test_filled_in_it_runs_to_its_end(task_for: TaskFor, tmp_path: Path, name: str) -> None:
    """Every given cell works with right answers: trials, training, plots."""
    pytest.importorskip("matplotlib")
    task = task_for(name)
    assignment = task.key.assignment
    path = written(task_for, name, tmp_path / "solved.ipynb", blank=False)
    notebook = read_notebook(path)
    with support_folder(COURSE, assignment) as support:
        shutil.copytree(COURSE / "reference", support / "reference")
        whole = plan(notebook, replace(assignment, execute="all"))
        asked = [Request("x", "case", "variable", "np")]
        run = task.runner.run(whole, asked, assignment.limits, support)
    assert [(str(f.place), f.error.message) for f in run.failures] == []
    assert whole.broken == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_it_imports_is_offered(task_for: TaskFor, tmp_path: Path, name: str) -> None:
    """NumPy, matplotlib for the plots, Python's own modules, and those of the assignment."""
    path = written(task_for, name, tmp_path / "blank.ipynb", blank=True)
    with support_folder(COURSE, task_for(name).key.assignment) as support:
        offered = {module.stem for module in support.glob("*.py")}
    imported = set()
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module.partition(".")[0])
    assert imported - offered - sys.stdlib_module_names <= {"numpy", "matplotlib"}
