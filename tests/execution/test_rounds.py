"""What is asked after everything that scores, in real kernels: many versions of a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.execution import probe
from grader.execution.kernel import KernelRunner
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.results import Observation
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook

LIMITS = Limits(cell_seconds=2, call_seconds=2, notebook_seconds=60)
KEEPS_GOING = """while True:
        try:
            while True: pass
        except Exception: pass"""
F = Request("f", "one", "function", "f", (3.0,), ("x",), 1, takes=1)


def version(body: str, number: int, **changes: Any) -> Request:
    """Return the call of a version of `f`."""
    return replace(F, source=f"def f(x):\n    {body}\n", version=number, **changes)


def rounds(runner: KernelRunner, *asked: Sequence[Request]) -> list[list[Observation]]:
    """Return what came of each round that is asked after the first one."""
    seen: list[list[Observation]] = []
    waiting = [*asked]

    def again(latest: Sequence[Observation]) -> Sequence[Request]:
        seen.append(list(latest))
        return waiting.pop(0) if waiting else []

    questions = tuple(Question(name, "function", "", 1.0, ("x",)) for name in ("f", "g"))
    cells = (
        "def h(y):\n    return y.nothing\n\ndef f(x):\n    return h(x) if x is None else x",
        "def g():\n    return 'g'",
    )
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    planned = plan(notebook, Assignment("a", "A", questions, "needed", LIMITS))
    runner.run(planned, [F], LIMITS, None, again)
    return seen[1:]


def test_versions_are_called_with_the_arguments_of_their_case(runner: KernelRunner) -> None:
    """Arguments are sent once for several of them; what one changes, the next does not see."""
    array = replace(F, arguments=(np.arange(3.0),), case="two")
    bodies = ("return 2 * x", "x += 1; return x", "return x + 0")
    first = [version(body, n) for n, body in enumerate(bodies)]
    second = [
        version(body, n, arguments=array.arguments, case="two") for n, body in enumerate(bodies)
    ]
    (seen,) = rounds(runner, [*first, *second])
    assert [each.value for each in seen[:3]] == [6.0, 4.0, 3.0]
    assert [each.value.tolist() for each in seen[3:]] == [[0, 2, 4], [1, 2, 3], [0, 1, 2]]
    assert [each.version for each in seen] == [0, 1, 2, 0, 1, 2]


def test_one_child_answers_in_all_rounds(runner: KernelRunner) -> None:
    """It is not the one that answered what scores."""
    body = "global count; count = globals().get('count', 0) + 1; return count"
    first, second = rounds(runner, [version(body, 1)], [version(body, 2)])
    assert (first[0].value, second[0].value) == (1, 2)


@pytest.mark.parametrize(
    ("body", "statuses", "message"),
    [
        ("return undefined", ["raised", "returned"], "name 'undefined' is not defined"),
        (
            "while True: pass",
            ["raised", "returned"],
            f"it took more than {probe.VERSION_SECONDS} s",
        ),
        (KEEPS_GOING, ["raised", "returned"], f"it took more than {probe.VERSION_SECONDS} s"),
        ("import time; time.sleep(9)", ["timed_out", "returned"], ""),
        ("return [[0.5] * 1000] * 4000", ["unreadable", "returned"], ""),
        ("return ) (", ["raised", "returned"], "unmatched ')' (<version>, line 2)"),
        ("import os; os._exit(0)", ["crashed", "crashed"], ""),
        ("import os; os.kill(os.getppid(), 9); x = [0]\n    while x: pass", [], ""),
    ],
    ids=[
        "raises",
        "never ends",
        "keeps what stops it",
        "waits",
        "takes long to tell",
        "is no function",
        "exits",
        "kills",
    ],
)
def test_what_a_version_does(
    runner: KernelRunner, body: str, statuses: list[str], message: str
) -> None:
    """It costs itself; a child that ends, the rest of the round; a kernel, what comes after."""
    again = version("return 1", 2)
    seen = rounds(runner, [version(body, 1), again], [again], [replace(F, name="g", question="g")])
    if not statuses:
        assert seen == []
        return
    assert [each.status for each in seen[0]] == statuses
    assert seen[0][0].error is None or message in seen[0][0].error.message
    assert [each[0].status for each in seen[1:]] == ["returned", "raised"]


def test_many_are_sent_ahead(runner: KernelRunner) -> None:
    """More than fits into the sockets at once, in both directions."""
    large = np.ones((300, 300))
    asked = [version(f"return x * {n}", n, arguments=(large,), case="big") for n in range(12)]
    (seen,) = rounds(runner, asked)
    assert [float(each.value[0, 0]) for each in seen] == [float(n) for n in range(12)]


def test_who_raises_is_told(runner: KernelRunner) -> None:
    """The function's own line, NumPy in it, or something that it calls."""
    bodies = ("return x.nothing", "return np.ones(2) @ np.ones(3)", "return g(1, 2)", "return h(x)")
    prelude = "import numpy as np; "
    (seen,) = rounds(runner, [version(prelude + body, n) for n, body in enumerate(bodies)])
    assert [each.status for each in seen] == ["raised"] * 4
    assert [each.own_line for each in seen] == [True, True, True, False]


def test_a_call_tells_how_much_of_the_processor_it_took(runner: KernelRunner) -> None:
    """Waiting does not count: a busy machine makes no call dearer."""
    idle = version("import time; time.sleep(0.2)", 1)
    loop = "while now() < end: pass"
    busy = version(f"from time import process_time as now; end = now() + 0.2\n    {loop}", 2)
    (seen,) = rounds(runner, [idle, busy])
    assert 0 <= seen[0].cpu < 0.1
    assert 0.2 <= seen[1].cpu < 0.5
