"""Limits that strike are named; what a call does stays in the call."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from grader.errors import DisturbedError
from grader.execution.kernel import KernelRunner
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.execution.sandbox import cgroup
from grader.results import Run
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook
from tests.conftest import GradeCells, question
from tests.notebooks import PROPAGATE, solution

WHOLE = Question("f", "function", "", 1.0, ("x",))
SMALL = Limits(
    cell_seconds=5, call_seconds=3, notebook_seconds=40, memory_gb=0.3, disk_mb=10, processes=12
)
Asked = Callable[..., Run]


@pytest.fixture
def ask(runner: KernelRunner) -> Asked:
    """Return a function that runs cells and calls the named functions without arguments."""

    def run(*cells: str, names: str, repeat: int = 1) -> Run:
        requests = [Request(n, "1", "function", n) for n in names.split()] * repeat
        questions = tuple(Question(r.name, "function", "", 1.0, ("x",)) for r in requests)
        notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
        planned = plan(notebook, Assignment("a", "A", questions))
        return runner.run(planned, requests, SMALL, None)

    return run


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("return np.ones((1, 20_000)) + np.ones((20_000, 1))", "needed more than 0.3 GB of memory"),
        ("return [bytes(2**20) for _ in range(400)]", "needed more than 0.3 GB of memory"),
        ("np.save('x.npy', np.ones(2**22))", "wrote more than 10 MB of files"),
        (
            (
                "from threading import Thread\n    import time\n"
                "    for _ in range(99): Thread(target=time.sleep, args=(9,), daemon=True).start()"
            ),
            "started more than 12 processes and threads",
        ),
    ],
    ids=["broadcast", "lists", "disk", "threads"],
)
def test_a_limit_that_strikes_in_a_call_is_named(body: str, limit: str, ask: Asked) -> None:
    """In the item that does it; the next one has all that there is."""
    cell = f"import numpy as np\ndef f():\n    {body}"
    lost, honest = ask(cell, "def g():\n    return 1", names="f g").observations
    assert lost.error
    assert lost.error.limit == limit
    assert honest.value == 1


def test_half_of_the_memory_can_be_used(ask: Asked) -> None:
    """What is allowed is there: the kernel's own memory does not count."""
    cell = "import numpy as np\ndef f():\n    return float(np.ones(25 * 2**20).sum())"
    (seen,) = ask(cell, names="f").observations
    assert seen.value == 25 * 2**20


def test_a_limit_that_strikes_in_a_cell_is_named(ask: Asked) -> None:
    """And what does not need the cell is answered."""
    cells = ("x = [bytes(2**20) for _ in range(400)]", "def f():\n    return 1 or x")
    run = ask(*cells, names="f")
    (failure,) = run.failures
    assert failure.error.limit == "needed more than 0.3 GB of memory"
    assert run.observations[0].value == 1


@pytest.mark.parametrize(
    "harm",
    [
        "np.sum = lambda *_: 42.0",
        "np.random.seed = lambda *_: None",
        "global numbers; numbers = []",
        "import builtins; builtins.sum = builtins.len",
        "import os; os.chdir('/')",
        "import sys; sys.setrecursionlimit(60)",
        "numbers.clear()",
    ],
)
def test_what_a_call_changes_reaches_no_other_question(harm: str, ask: Asked) -> None:
    """Patched NumPy, changed globals, another working folder: gone with the child that did it."""
    cells = (
        "import numpy as np\nnumbers = [1, 2, 3]",
        f"def f():\n    {harm}\n    return 0",
        "def g():\n    np.random.seed(0)\n    return float(np.sum(numbers)), sum(numbers)",
    )
    first, second = ask(*cells, names="f g").observations
    assert first.status == "returned"
    assert second.value == (6.0, 6)


def test_changed_arguments_are_told(grade_cells: GradeCells) -> None:
    """Right or not, the student learns which argument the function changes."""
    in_place = PROPAGATE.replace("m = X.shape[1]", "m = X.shape[1]\n    w += 0.0; X *= 2; X /= 2")
    in_place = in_place.replace("w += 0.0", "w[0, 0] = w[0, 0] + 0")
    seen = question(grade_cells(*solution(propagate=in_place)), "propagate")
    assert seen.status == "passed"
    assert seen.message == ""
    shifting = PROPAGATE.replace("m = X.shape[1]", "m = X.shape[1]\n    w += 1; w -= 1; X += 1")
    seen = question(grade_cells(*solution(propagate=shifting)), "propagate")
    assert "`propagate` changes `X` and `w` in place" in seen.message


def test_an_answer_that_depends_on_the_calls_before(grade_cells: GradeCells) -> None:
    """Right in every case the first time, and not when one is asked again."""
    cell = """
        import numpy as np
        SEEN = []
        def sigmoid(z):
            key = np.asarray(z).tobytes()
            SEEN.append(key)
            return 1 / (1 + np.exp(-z)) if SEEN.count(key) == 1 else z
        """
    seen = question(grade_cells(*solution(sigmoid=cell)), "sigmoid")
    assert seen.status == "failed"
    assert "Called again with the same arguments" in seen.message


TAKES = """
import os, sys
from grader.execution.sandbox import cgroup
outer = cgroup.make(int(sys.argv[1]), 50)
outer.add_this_process()
inner = cgroup.make(int(sys.argv[2]), 50)
if (child := os.fork()) == 0:
    inner.add_this_process()
    bytearray(b"x" * 2**26)
    os._exit(0)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), inner.exceeded_memory, inner.was_short_of_memory)
inner.remove()
"""


@pytest.mark.parametrize(
    ("machine", "own", "code", "whose"),
    [
        (500, 30, -9, [True, False]),
        (30, 500, -9, [False, True]),
        (500, 500, 0, [False, False]),
    ],
)
def test_the_machines_want_of_memory_is_not_the_notebooks(
    machine: int, own: int, code: int, whose: list[bool]
) -> None:
    """Whoever ends the process: what counts is whose limit it is."""
    try:
        cgroup.make(2**25, 50).remove()
    except OSError as error:
        pytest.skip(f"no cgroups here: {error}")
    sizes = [str(each * 2**20) for each in (machine, own)]
    done = subprocess.run(
        [sys.executable, "-c", TAKES, *sizes], capture_output=True, text=True, check=False
    )
    cgroup.sweep()
    assert done.stdout.split() == [str(code), *map(str, whose)], done.stderr


def test_what_the_system_kills_is_no_result() -> None:
    """A call within its own limit, on a machine that has less, each time that it is made."""
    try:
        machine = cgroup.make(400 * 2**20, 500)
    except OSError as error:
        pytest.skip(f"no cgroups here: {error}")
    joins = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in machine.folders)
    cell = "def f():\n    return len(bytearray(b'x' * 500 * 2**20))"
    asked = [Request("f", "1", "function", "f")]
    planned = plan(Notebook((Cell(1, cell),)), Assignment("a", "A", (WHOLE,)))
    try:
        with (
            KernelRunner(prefix=["sh", "-c", f'{joins}; exec "$0" "$@"']) as runner,
            pytest.raises(DisturbedError, match="the machine had no more memory"),
        ):
            runner.run(planned, asked, Limits(memory_gb=1), None)
    finally:
        machine.end()
        machine.remove()
