"""What was handed in beside a notebook is the student's own, however it is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan
from grader.execution.runner import Request
from grader.spec import Assignment, Question
from tests.conftest import WriteNotebook

F = "def f(x, y=1):\n    return helper(x) * y\n"
HELPER = "def helper(x):\n    return x + 1\n"
FILES = {
    "my_utils.py": f"from math import floor\nSCALE = 2\n{HELPER}{F}",
    "listed.py": f"__all__ = ['f', 'SCALE']\nSCALE = 2\n{HELPER}{F}",
    "private.py": f"__all__ = ['helper']\n{HELPER}{F}",
    "again.py": "from my_utils import *\n",
    "pkg/__init__.py": "from .mod import g as f\n",
    "pkg/mod.py": HELPER + F.replace("def f", "def g"),
    "lib/deep.py": HELPER + F,
    "odd.py": "import math\nglobals()['f'] = lambda x, y=1: x + 1\n",
    "broken.py": "def f(x:\n",
}
ASSIGNMENT = Assignment(
    "a", "A", tuple(Question(n, "function", "", 1.0, ("y",)) for n in ("f", "helper"))
)

OWN: dict[str, tuple[str, ...]] = {
    "from": ("from my_utils import f",),
    "from, in a block": ("try:\n    from my_utils import f\nexcept ImportError:\n    pass",),
    "attribute": ("import my_utils", "f = my_utils.f"),
    "attribute of another name": ("import my_utils as u\nf = u.f",),
    "star": ("from my_utils import *",),
    "star of a listed one": ("from listed import *",),
    "star of a star": ("from again import *",),
    "package": ("from pkg import f",),
    "module of a package": ("from pkg.mod import g as f",),
    "importlib": ("import importlib", "f = importlib.import_module('my_utils').f"),
    "subfolder": ("import sys; sys.path.append('lib')", "from deep import f"),
    "folder as a package": ("from lib.deep import f",),
    "bound in a way that cannot be seen": ("from odd import f",),
    "after a wrong one": ("def f(x):\n    return None", "from my_utils import f"),
    "before the right one": ("from broken import f", "def f(x):\n    return x + 1"),
    "star before the right one": ("from private import *", "def f(x):\n    return helper(x)"),
    "import after the right one": ("def f(x):\n    return x + 1", "import my_utils"),
    "reload": ("import my_utils, importlib\nimportlib.reload(my_utils)\nf = my_utils.f",),
}
NOT_OWN: dict[str, tuple[str, ...]] = {
    "a library's": ("from scipy.special import expit as f",),
    "a module that was not handed in": ("from lr_utils import f",),
    "a library's, through an own module": ("from my_utils import floor as f",),
    "not brought by a star": ("from private import *",),
}


def planned(runner: KernelRunner, path: Path) -> Plan:
    """Plan a notebook with the files beside it."""
    return runner.plan(path, ASSIGNMENT, {name: text.encode() for name, text in FILES.items()})


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of what was handed in."""
    folder = tmp_path_factory.mktemp("beside")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("name", OWN)
def test_an_own_module_counts(
    name: str, runner: KernelRunner, write_notebook: WriteNotebook, beside: Path
) -> None:
    """It is defined, and called like what the notebook defines."""
    plan = planned(runner, write_notebook(*OWN[name]))
    assert plan.sources["f"].missing == ""
    assert "f" in plan.definitions
    request = Request("f", "case", "function", "f", (2,), ("x",), required=1)
    (seen,) = runner.run(plan, [request], ASSIGNMENT.limits, beside).observations
    assert (seen.status, seen.value) == ("returned", 3)


@pytest.mark.parametrize("name", NOT_OWN)
def test_what_others_wrote_does_not(
    name: str, runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """Though it is there when the notebook has run."""
    plan = planned(runner, write_notebook(*NOT_OWN[name]))
    assert "The notebook" in plan.sources["f"].missing
    assert "f" not in plan.definitions


def test_the_source_of_a_module_is_not_taken_for_the_notebook_s(
    runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """Parameters and uses are known; there is no line of the notebook to show."""
    plan = planned(runner, write_notebook("x = 1", "from my_utils import f, helper"))
    source = plan.sources["f"]
    assert (source.parameters, set(source.uses), source.code) == (("x", "y"), {"helper"}, "")


def test_a_module_that_fails_is_named(
    runner: KernelRunner, write_notebook: WriteNotebook, beside: Path
) -> None:
    """One that Python cannot read costs what comes from it, and says so."""
    plan = planned(runner, write_notebook("from broken import f"))
    assert plan.sources["f"].missing == ""
    request = Request("f", "case", "function", "f", (2,), ("x",), required=1)
    run = runner.run(plan, [request], ASSIGNMENT.limits, beside)
    assert run.observations[0].status == "missing"
    (failure,) = run.failures
    assert (failure.place.cell, failure.error.type, set(failure.binds)) == (1, "SyntaxError", {"f"})
