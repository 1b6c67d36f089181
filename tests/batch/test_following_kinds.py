"""Follow-through, by the ways in which an item can depend on another. Real kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from grader.batch.grade import Task, grade_submission
from grader.errors import CourseError, DisturbedError
from grader.execution.kernel import KernelRunner
from grader.execution.own import Files
from grader.execution.plan import Plan
from grader.execution.runner import Request
from grader.judging.helpers import Helpers
from grader.results import Run, SubmissionResult
from grader.spec import Assignment
from grader.submission import SubmissionFile
from tests.batch.relays import CELLS, cells
from tests.conftest import WriteNotebook, question

pytestmark = pytest.mark.slow

STEP = CELLS["step"]
WRONG_BASE = "def base(x):\n    return x ** 2 + 3"
WRONG_FLAT = "flat = 2 * raw.T"
# How `cost` and `ready` go wrong, of which `step` prints one and asks the other; it is right.
WAYS = {
    "raises": "def NAME(x):\n    raise ValueError('not yet')",
    "returns nothing": "def NAME(x):\n    pass",
    "returns another kind": "def NAME(x):\n    return {}",
    "does not end": "def NAME(x):\n    while True: pass",
    "exits": "def NAME(x):\n    raise SystemExit",
    "ends the process": "def NAME(x):\n    import os\n    os._exit(1)",
    "is missing": "",
    "is no function": "NAME = 3",
}
KILLS = "def NAME(x):\n    import os\n    os.kill(os.getppid(), 9)\n    return x[5]"


def graded(task: Task, write: WriteNotebook, **changes: str) -> SubmissionResult:
    """Grade the right notebook with some cells changed."""
    return grade_submission(task, SubmissionFile("student", write(*cells(**changes))))


def lost(result: SubmissionResult) -> set[str]:
    """Return the items that have lost points."""
    return {each.name for each in result.questions if each.score < each.max_score}


def inherited(result: SubmissionResult) -> dict[str, tuple[str, ...]]:
    """Return whose errors items inherit."""
    return {each.name: each.inherits for each in result.questions if each.inherits}


def test_a_right_notebook_inherits_nothing(relay: Task, write_notebook: WriteNotebook) -> None:
    """All points, and no word of anybody's error."""
    result = graded(relay, write_notebook)
    assert (lost(result), inherited(result)) == (set(), {})


@pytest.mark.parametrize(
    "way",
    [*WAYS.values(), pytest.param(KILLS, marks=pytest.mark.hostile)],
    ids=[*WAYS, "ends the kernel"],
)
def test_however_a_helper_goes_wrong_its_callers_keep_their_points(
    relay: Task, write_notebook: WriteNotebook, way: str
) -> None:
    """Also one that is only printed, and one that only decides on a branch."""
    wrong = {name: way.replace("NAME", name) for name in ("cost", "ready")}
    result = graded(relay, write_notebook, **wrong)
    assert lost(result) == {"cost", "ready"}
    assert inherited(result) == dict.fromkeys(("step", "twice"), ("cost", "ready"))
    for name in ("step", "twice"):
        item = question(result, name)
        assert item.status == "passed"
        assert item.message == f"`{name}` is right; it inherits the errors of `cost` and `ready`."


# How a notebook keeps `base`, and how it calls it there.
NAMES = {
    "name_ = base": "name_(x)",
    "def default(x, how=base):\n    return how(x)": "default(x)",
    "partial = functools.partial(base)": "partial(x)",
    "ways = {'base': base}": "ways['base'](x)",
    "ways['set'] = base": "ways['set'](x)",
    "listed = [len, base]": "listed[-1](x)",
    "lambda_ = lambda x, f=base: f(x)": "lambda_(x)",
    "class Ways: pass\nWays.base = base": "Ways.base(x)",
    "class Other:\n    value = staticmethod(base)": "Other.value(x)",
    "def outer(f):\n    def inner(x):\n        return f(x)\n    return inner": "outer(base)(x)",
    "closed = outer(base)": "closed(x)",
    "pass": "base(x=x)",
    "...": "next(map(base, [x]))",
}
DECORATED = """
def loud(f):
    @functools.wraps(f)
    def said(*given, **named):
        return f(*given, **named)
    return said
@loud
def base(x):
    return x ** 2 + 3
"""
CALLED = "class Called:\n    def __call__(self, x):\n        return x * 3\n"
# What a helper is, and what it does besides.
KINDS: dict[str, dict[str, str]] = {
    "decorated, a lambda, recursive": {
        "base": DECORATED,
        "cost": "cost = lambda x: None",
        "ready": "def ready(x, n=0):\n    return ready(x, 1) if n < 1 else False",
    },
    "an object, cached, in place": {
        "base": f"{CALLED}base = Called()",
        "cost": "@functools.cache\ndef cost(x):\n    return x[7]",
        "ready": "def ready(x):\n    x *= -1",
    },
    "a global, the seed, a flood": {
        "base": "def base(x):\n    global twice\n    twice = None\n    return x ** 2 + 1 + x",
        "cost": "def cost(x):\n    np.random.seed(1)\n    np.seterr(all='raise')",
        "ready": "def ready(x):\n    print('x' * 10 ** 7)",
    },
}


@pytest.mark.parametrize(
    ("base", "names"),
    [
        (WRONG_BASE, NAMES),
        (DECORATED, NAMES),
        (WRONG_BASE, {"ways = {}\nways['only'] = base": "ways['only'](x)"}),
    ],
    ids=["defined", "decorated", "in one place"],
)
def test_wherever_a_helper_is_kept_it_is_answered_for(
    relay: Task, write_notebook: WriteNotebook, base: str, names: dict[str, str]
) -> None:
    """The function itself is answered for, not only its name."""
    calls = ", ".join(names.values())
    step = "\n".join(names) + f"\ndef step(x):\n    return 3 * np.mean([{calls}], axis=0)"
    result = graded(relay, write_notebook, base=base, step=step)
    assert lost(result) == {"base"}
    assert inherited(result) == dict.fromkeys(("step", "twice"), ("base",))


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_whatever_a_helper_is_it_is_answered_for(
    relay: Task, write_notebook: WriteNotebook, changes: dict[str, str]
) -> None:
    """Functions, objects that can be called; and what they do besides is not done."""
    result = graded(relay, write_notebook, **changes)
    assert lost(result) == set(changes)
    assert inherited(result) == dict.fromkeys(("step", "twice"), tuple(changes))


# ---------------------------------------------------------------- variables

HEIRS: dict[str, tuple[str, ...]] = {"unit": ("flat",), "shift": ("flat",)}
BOTH = HEIRS | {"start": ("init",)}
LOOP = "start = np.zeros(3)\nfor _ in range(2):\n    start = start + init(3)"
VARIABLES: dict[str, tuple[dict[str, str], dict[str, tuple[str, ...]]]] = {
    "another value": ({"flat": WRONG_FLAT, "init": "def init(n):\n    return np.ones(n)"}, BOTH),
    "raises": ({"flat": "flat = raw.T.no", "init": "def init(n):\n    return [][n]"}, BOTH),
    "is missing": ({"flat": "", "init": ""}, BOTH),
    "exits": (
        {"flat": WRONG_FLAT, "init": "def init(n):\n    __import__('os')._exit(1)"},
        BOTH,
    ),
    "in a loop": (
        {"flat": "flat = 3\nflat = raw.T + 1", "init": "def init(n):\n    pass", "start": LOOP},
        BOTH,
    ),
    "through another": (
        {"flat": WRONG_FLAT, "unit": "kept = flat * 2\nunit = kept / 10"},
        HEIRS,
    ),
    "filled": (
        {"flat": "flat = np.zeros((3, 2))\nfor i in range(2):\n    flat[:, i] = 2 * raw[i]"},
        HEIRS,
    ),
    "changed later": ({"flat": WRONG_FLAT, "start": CELLS["start"] + "\nflat[0] = 7"}, HEIRS),
    "in one cell": ({"flat": f"{WRONG_FLAT}\nunit = flat / 5", "unit": ""}, HEIRS),
    "in one line": ({"flat": f"{WRONG_FLAT}; unit = flat / 5", "unit": ""}, HEIRS),
    "changed in place": ({"flat": WRONG_FLAT, "unit": "unit = flat.copy()\nunit /= 5"}, HEIRS),
    "as a default": (
        {"flat": WRONG_FLAT, "shift": "def shift(x, y=flat):\n    y += 0\n    return x + y.sum()"},
        HEIRS,
    ),
}
WHOLE = ("another value", "exits", "in one cell", "in one line")  # also with all cells


@pytest.mark.parametrize(
    ("name", "execute"), [(name, "needed") for name in VARIABLES] + [(n, "all") for n in WHOLE]
)
def test_errors_of_variables_are_followed_too(
    relay: Task, write_notebook: WriteNotebook, name: str, execute: str
) -> None:
    """What is made from a wrong variable, or by a wrong function, is right but for that."""
    changes, heirs = VARIABLES[name]
    result = graded(with_execute(relay, execute), write_notebook, **changes)
    assert lost(result) == {helper for helpers in heirs.values() for helper in helpers}
    assert inherited(result) == heirs
    item = question(result, "unit")
    assert (item.status, item.message) == (
        "passed",
        "`unit` is right; it inherits the error of `flat`.",
    )


def with_execute(task: Task, execute: str) -> Task:
    """Return the task of running the needed statements, or all cells."""
    assignment = replace(task.key.assignment, execute=execute)  # type: ignore[arg-type]
    return replace(task, key=replace(task.key, assignment=assignment))


# ---------------------------------------------------------------- not inherited

OWN = {
    "wrong value": ({"base": WRONG_BASE, "step": STEP.replace("3 * y", "4 * y")}, "step", "base"),
    "wrong and stopped": (
        {"cost": WAYS["raises"].replace("NAME", "cost"), "step": STEP.replace("3 * y", "4 * y")},
        "step",
        "cost",
    ),
    "raises itself": (
        {"base": WRONG_BASE, "step": STEP.replace("return 3 * y", "return y['a']")},
        "step",
        "base",
    ),
    "of a variable": ({"flat": WRONG_FLAT, "unit": "unit = flat / 4"}, "unit", "flat"),
}


@pytest.mark.parametrize(("changes", "name", "helper"), OWN.values(), ids=OWN.keys())
def test_what_is_wrong_with_a_right_helper_is_an_items_own(
    relay: Task, write_notebook: WriteNotebook, changes: dict[str, str], name: str, helper: str
) -> None:
    """No points, and no suspicion of the helper alone."""
    result = graded(relay, write_notebook, **changes)
    item = question(result, name)
    assert (item.score, item.inherits) == (0, ())
    assert item.message.endswith(
        f"With a right `{helper}` in its place, `{name}` is still wrong: look at `{name}` itself, "
        "too."
    )
    assert "may be the reason" not in item.message


SILENT = {
    "a circle": ({"ping": "def ping(x):\n    return x"}, "pong"),
    "not listed": (
        {"base": WRONG_BASE, "shift": "def shift(x):\n    return x + base(x) - x ** 2 + 14"},
        "shift",
    ),
    "bound before": (
        {"raw": f"{CELLS['raw']}\nflat = raw\nunit = flat / 5", "unit": "", "flat": WRONG_FLAT},
        "unit",
    ),
}


@pytest.mark.parametrize(("changes", "name"), SILENT.values(), ids=SILENT.keys())
def test_where_it_cannot_be_known_nothing_is_claimed(
    relay: Task, write_notebook: WriteNotebook, changes: dict[str, str], name: str
) -> None:
    """What was judged before stands."""
    item = question(graded(relay, write_notebook, **changes), name)
    assert (item.score, item.inherits) == (0, ())
    assert "is right" not in item.message
    assert "still wrong" not in item.message


@dataclass(frozen=True)
class Changing:
    """A real Runner whose notebooks have another first cell in their first run, or in no other.

    So a coin falls that a notebook would toss. `fails` are the numbers of runs that fail.
    """

    runner: KernelRunner
    first: str = ""
    fails: tuple[int, ...] = ()
    runs: list[Plan] = field(default_factory=list)

    def plan(self, path: Path, assignment: Assignment, files: Files | None = None) -> Plan:
        """Plan as the real one does."""
        return self.runner.plan(path, assignment, files)

    def run(self, plan: Plan, requests: Sequence[Request], *rest: Any, **more: Any) -> Run:
        """Run with another first cell, if it is the first run."""
        self.runs.append(plan)
        if len(self.runs) in self.fails:
            raise OSError("no more processes")
        if len(self.runs) == 1 and self.first:
            cells = (replace(plan.cells[0], text=self.first), *plan.cells[1:])
            plan = replace(plan, cells=cells)
        return self.runner.run(plan, requests, *rest, **more)


COIN = "def step(x):\n    base(x)\n    return TOSSED * 3 * (x ** 2 + 1)"


def test_what_is_right_by_now_without_help_inherits_nothing(
    relay: Task, runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """An item that was wrong by chance is not right because of its helpers."""
    changing = Changing(runner, first="TOSSED, np = 0, __import__('numpy')")
    cells = {"imports": "TOSSED, np = 1, __import__('numpy')", "base": WRONG_BASE, "step": COIN}
    result = graded(replace(relay, runner=changing), write_notebook, **cells)
    item = question(result, "step")
    assert len(changing.runs) > 2  # with help, and without
    assert (item.score, item.inherits) == (0, ())
    assert "is right" not in item.message


SHIFTED = {"flat": WRONG_FLAT, "shift": "def shift(x):\n    return x + 15"}


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_what_a_run_fails_in_is_done_again(
    relay: Task, runner: KernelRunner, write_notebook: WriteNotebook, fails: int
) -> None:
    """The first run, that of a kernel with help, or of the one without: nothing is lost by it."""
    quiet = graded(relay, write_notebook, **SHIFTED)
    task = replace(relay, runner=Changing(runner, fails=(fails,)))
    assert graded(task, write_notebook, **SHIFTED) == quiet
    assert question(quiet, "unit").inherits == ("flat",)


def test_what_fails_again_is_no_result(
    relay: Task, runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """It is raised, and becomes the reason why there is none."""
    task = replace(relay, runner=Changing(runner, fails=(2, 4)))
    with pytest.raises(OSError, match="no more processes"):
        graded(task, write_notebook, **SHIFTED)


def test_helpers_that_do_not_answer_leave_no_result(
    relay: Task, write_notebook: WriteNotebook
) -> None:
    """The course has gone, and with it what would say who inherits."""

    def gone() -> Path:
        raise CourseError("gone")

    task = replace(relay, helpers=Helpers(gone, "relay"))
    with pytest.raises(DisturbedError, match=r"the reference could not be started \(gone\)"):
        graded(task, write_notebook, base=WRONG_BASE, init="def init(n):\n    return n")


def test_of_a_helper_that_works_in_place_nothing_is_claimed(
    relay: Task, write_notebook: WriteNotebook
) -> None:
    """The reference does not: its caller could not be right with it."""
    result = graded(
        relay,
        write_notebook,
        base="def base(x):\n    x *= x\n    x += 3",
        step="def step(x):\n    y = x.copy()\n    base(y)\n    return 3 * y",
    )
    item = question(result, "step")
    assert (item.score, item.inherits) == (0, ())
    assert "still wrong" not in item.message
