"""The kernel runner, with real kernels: what goes wrong costs its own question only."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import wire
from grader.execution import jupyter
from grader.execution import notebook as notebook_run
from grader.execution.channel import Channel, ChannelBrokenError
from grader.execution.clock import Budget, Clock
from grader.execution.jupyter import QuickClient
from grader.execution.kernel import KernelRunner
from grader.execution.parent import ConfinementError, Leash, Zygote
from grader.execution.plan import plan
from grader.execution.runner import FakeRunner, Request, Runner
from grader.execution.supervisor import KernelRequest
from grader.results import Observation, Place, Run
from grader.spec import Assignment, Execute, Limits, Question
from grader.submission import Cell, Notebook

FUNCTION = Question("f", "function", "", 1.0, ("f",))
LIMITS = Limits(cell_seconds=2, call_seconds=1, notebook_seconds=60)


shared: Callable[[], KernelRunner]


@pytest.fixture(scope="module", autouse=True)
def _share(runner: KernelRunner) -> None:
    """Let all tests here use one Runner: its warm parent process takes seconds to start."""
    global shared  # noqa: PLW0603 - `run` is called with cells and names alone
    shared = lambda: runner  # noqa: E731


def run(
    *cells: str,
    ask: str,
    limits: Limits = LIMITS,
    execute: Execute = "needed",
    support: Path | None = None,
) -> Run:
    """Run a notebook and ask for each name: functions as `f()`, variables as `x`."""
    names = ask.split()
    requests = [
        Request(name, "case", "function" if name.endswith("()") else "variable", name[:-2])
        if name.endswith("()")
        else Request(name, "case", "variable", name)
        for name in names
    ]
    questions = tuple(Question(r.name, r.kind, "", 1.0, ("x",)) for r in requests)
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    planned = plan(notebook, Assignment("a", "A", questions, execute, limits))
    return shared().run(planned, requests, limits, support)


def statuses(seen: Run) -> list[str]:
    """Return the statuses of the observations, in order."""
    return [observation.status for observation in seen.observations]


def test_values_come_back() -> None:
    """Functions are called, variables read, missing names told."""
    seen = run(
        "def f():\n    print('hello')\n    return {'a': (1, 2.5)}", "x = [1]", ask="f() x g()"
    )
    first, second, third = seen.observations
    assert (first.value, first.printed) == ({"a": (1, 2.5)}, "hello\n")
    assert second.value == [1]
    assert third.status == "missing"
    assert seen.failures == ()


def test_an_exception_costs_one_call_and_names_the_line() -> None:
    """The student's own line, also when a helper or a library raises."""
    cells = (
        "import math\n\ndef helper(x):\n    return math.sqrt(x)\n\ndef f():\n    return helper(-1)",
        "def g():\n    return 1",
    )
    first, second = run(*cells, ask="f() g()").observations
    assert first.error
    assert (first.error.type, first.error.message) == ("ValueError", "math domain error")
    assert (first.error.place, first.error.code) == (Place(1, 7), "return helper(-1)")
    assert second.value == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("while True:\n        pass", "timed_out"),
        ("import os\n    os._exit(0)", "crashed"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("import sys\n    sys.exit(0)", "raised"),
        ("raise KeyboardInterrupt", "raised"),
        ("return input('Your name? ')", "raised"),
        ("while True:\n        try: iter(int, 1)\n        except BaseException: pass", "timed_out"),
    ],
    ids=["loop", "exit", "segfault", "sys.exit", "interrupt", "input", "stubborn loop"],
)
def test_what_a_function_does_costs_its_question_only(body: str, status: str) -> None:
    """What was asked before stands, and what is asked after it is answered."""
    cells = (f"def f():\n    {body}", "x = 1", "y = 2")
    assert statuses(run(*cells, ask="x f() y")) == ["returned", status, "returned"]


def test_a_call_that_is_lost_loses_the_rest_of_its_question() -> None:
    """A question that hangs is not asked for every case; the limit is told."""
    seen = run("calls = []\ndef f():\n    while True: pass", "x = 1", ask="f() f() x")
    assert statuses(seen) == ["timed_out", "timed_out", "returned"]
    assert seen.observations[0].seconds == LIMITS.call_seconds


@pytest.mark.parametrize(
    "cell",
    [
        "import os; x = os._exit(0)",
        "while True:\n    x = 1",
        "x = input()",
        "x = 1 / 0",
        "x = quit()",
    ],
)
def test_what_a_cell_does_costs_what_depends_on_it(cell: str) -> None:
    """The failure is remembered with its place and the names that it would have bound."""
    seen = run(cell, "y = 2", ask="x y")
    assert seen.observations[1].value == 2
    if cell != "x = quit()":  # IPython's quit ends the session after the cell, binding x
        (failure,) = seen.failures
        assert (failure.place.cell, failure.binds) == (1, frozenset("x"))


@pytest.mark.parametrize(
    "cell", ["x = 1", "import time\nx = [time.sleep(1.5) for _ in range(9)]"], ids=["call", "cell"]
)
def test_time_runs_out_for_the_whole_notebook(cell: str) -> None:
    """Every request is accounted for, nothing is blamed, and the limit holds."""
    limits = Limits(cell_seconds=30, call_seconds=30, notebook_seconds=3)
    started = time.monotonic()
    seen = run(cell, "def f():\n    while x: pass", ask="f() f()", limits=limits)
    assert time.monotonic() - started < 6
    assert statuses(seen) == ["not_reached", "not_reached"]
    assert seen.observations[0].error
    assert "the 3 s that a notebook may take were over" in seen.observations[0].error.message
    assert seen.failures == ()


def test_too_many_lost_cells_are_no_fault_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many cells that end the process, the rest is not reached, and that is said."""
    monkeypatch.setattr(notebook_run, "MAX_LOST_CELLS", 2)
    cells = [f"import os\nx{i} = os._exit(0)" for i in range(3)]
    seen = run(*cells, "def f():\n    return 1", ask="f()", execute="all")
    assert statuses(seen) == ["not_reached"]
    assert len(seen.failures) == 2


class NoWelcome(QuickClient):
    """A client that a kernel's first message does not reach."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Lose the welcome, then wait."""
        await self.connect()
        await self.iopub_channel.get_msg(timeout=20)
        await super().wait_for_ready(timeout)


def test_a_kernel_whose_welcome_is_lost_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers, and all goes on."""
    monkeypatch.setattr(jupyter, "QuickClient", NoWelcome)
    monkeypatch.setattr(jupyter, "ASK_SECONDS", 0.3)
    seen = run("x = 6\nx / 0", "def f():\n    return 7 * x", ask="f() x", execute="all")
    assert [each.value for each in seen.observations] == [42, 6]
    assert [failure.place for failure in seen.failures] == [Place(1, 2)]


@pytest.mark.parametrize("lost", [1, 99])
def test_a_kernel_that_does_not_get_ready_is_replaced(
    monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """By another one, and another; then there is an end to it."""
    tries: list[Zygote] = []
    fork = Zygote.fork

    def forked(zygote: Zygote, request: KernelRequest, channel: int, support: Any) -> Leash:
        tries.append(zygote)
        leash = fork(zygote, request, channel, support)
        if len(tries) <= lost:  # it is there, but nothing comes from where it is looked for
            request.connection["ip"] += "-elsewhere"
        return leash

    monkeypatch.setattr(Zygote, "fork", forked)
    monkeypatch.setattr(jupyter, "READY_SECONDS", 0.5)
    if lost < 3:
        assert run("x = 6", ask="x").observations[0].value == 6
    else:
        with pytest.raises(ConfinementError, match="nothing came from them"):
            run("x = 6", ask="x")
    assert len(tries) == min(lost + 1, 3)


def test_execute_all_runs_everything_and_names_the_line_that_fails() -> None:
    """Errors do not stop the notebook."""
    cells = ("x = 1\ny = x / 0\nx = 2", "\n\nz = undefined", "w = x")
    seen = run(*cells, ask="w", execute="all")
    assert seen.observations[0].value == 2
    assert [failure.place for failure in seen.failures] == [Place(1, 2), Place(2, 3)]


def test_inputs_may_be_changed_in_place() -> None:
    """Also inside dictionaries and lists, and without a trace in the next call."""
    cell = "def f(parameters):\n    parameters['W'][0] -= 1\n    return parameters"
    planned = plan(Notebook((Cell(1, cell),)), Assignment("a", "A", (FUNCTION,)))
    inputs = ({"W": [np.ones(2)], "b": 1},)
    requests = [Request("f", str(i), "function", "f", inputs) for i in range(2)]
    for seen in shared().run(planned, requests, LIMITS, None).observations:
        np.testing.assert_array_equal(seen.value["W"][0], [0, 0])


def test_what_numpy_warns_of_is_noted() -> None:
    """Each once; nothing that a notebook says for itself."""
    cell = (
        "import warnings\nimport numpy as np\ndef f():\n    for _ in range(9):\n"
        "        np.exp(np.array([800.0])) - np.log(np.zeros(2))\n"
        "    warnings.warn('overflow encountered in a lie')\n"
        "    warnings.warn('the answer is 42', RuntimeWarning)\n    return 1"
    )
    (seen,) = run(cell, ask="f()").observations
    assert seen.warned == ("overflow encountered in exp", "divide by zero encountered in log")
    assert (seen.value, seen.status) == (1, "returned")


@pytest.mark.parametrize(("action", "status"), [("ignore", "returned"), ("error", "raised")])
def test_a_notebooks_own_filters_of_warnings_hold(action: str, status: str) -> None:
    """What it has made of warnings is left as it is while a function is called."""
    cell = (
        f"import warnings\nimport numpy as np\ndef f():\n    warnings.simplefilter('{action}')\n"
        "    return g()\ndef g():\n    return np.exp(np.array([800.0]))"
    )
    filtered = (
        f"import warnings\nimport numpy as np\nwarnings.simplefilter('{action}')\n"
        "def f():\n    return np.exp(np.array([800.0]))"
    )
    for each in (cell, filtered):
        (seen,) = run(each, ask="f()", execute="all").observations
        assert (seen.status, seen.warned) == (status, ())


def test_keyword_only_parameters_are_passed_by_keyword() -> None:
    """`def model(X, *, num_iterations)` is as good as the course's signature."""
    cell = "def f(a, *, c, b=0):\n    return (a, b, c)"
    planned = plan(Notebook((Cell(1, cell),)), Assignment("a", "A", (FUNCTION,)))
    request = Request("f", "1", "function", "f", (1, 2, 3), ("a", "b", "c"), required=1)
    (seen,) = shared().run(planned, [request], LIMITS, None).observations
    assert seen.value == (1, 2, 3)


def test_the_line_of_another_function_of_that_name_is_not_named() -> None:
    """A method `f` raises in line 3; the graded `f` has a line 3, too, in another cell."""
    method = "class A:\n    def f(self):\n        raise ValueError('here')"
    (seen,) = run(method, "def f():\n    a = A()\n    return a.f()", ask="f()").observations
    assert seen.error
    assert (seen.error.place, seen.error.code) == (Place(2, 3), "return a.f()")


def test_a_wrapper_is_called_as_what_it_wraps() -> None:
    """A decorator that forgets `functools.wraps` hides the signature."""
    cell = """
def log(f):
    def inner(*args):
        return f(*args)
    return inner
@log
def f(a, b):
    return (a, b)
"""
    assignment = Assignment("a", "A", (FUNCTION,))
    planned = plan(Notebook((Cell(1, cell),)), assignment)
    assert planned.sources["f"].parameters == ("a", "b")
    request = Request("f", "1", "function", "f", (1, 2, 3), ("a", "b", "c"), required=2, takes=2)
    (seen,) = shared().run(planned, [request], LIMITS, None).observations
    assert seen.value == (1, 2)


def test_what_a_hidden_call_leaves_behind_is_not_told() -> None:
    """A cell that fails only after hidden inputs were seen may quote them, if files outlive it."""
    with tempfile.TemporaryDirectory() as folder, KernelRunner("C") as unconfined:
        Path(folder).chmod(0o777)
        _tell_a_hidden_input(Path(folder) / "note", unconfined)


def _tell_a_hidden_input(note: Path, unconfined: KernelRunner) -> None:
    cells = (
        f"import os\nNOTE = {str(note)!r}",
        "if os.path.exists(NOTE): raise ValueError(open(NOTE).read())",
        "def f(x):\n    open(NOTE, 'w').write(str(x))\n    os.kill(os.getppid(), 9)",
        "y = 1",
    )
    requests = [
        Request("f", "hidden-1", "function", "f", (4242,), ("x",), 1, visible=False),
        Request("y", "value", "variable", "y", visible=False),
    ]
    questions = tuple(Question(r.name, r.kind, "", 1.0, ("x",)) for r in requests)
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    planned = plan(notebook, Assignment("a", "A", questions, "all", LIMITS))
    seen = unconfined.run(planned, requests, LIMITS, None)
    assert note.exists()
    assert seen.observations[-1].value == 1
    assert "4242" not in repr(seen)


def test_a_message_that_is_none_costs_its_cell(tmp_path: Path) -> None:
    """A notebook that sends its own, malformed messages to the grader."""
    forge = (
        "k = get_ipython().kernel\n"
        "k.send_response(k.iopub_socket, 'error', {'ename': 'a', 'evalue': 'b', 'traceback': None})"
    )
    seen = run(forge, "x = 1", ask="x", execute="all")
    assert seen.observations[0].value == 1


def test_optional_arguments_are_passed_as_far_as_they_are_taken() -> None:
    """A function without `print_cost` is called without it; one that lacks `w` raises."""
    notebook = Notebook((Cell(1, "def f(a, b=0):\n    return (a, b)\ndef g():\n    return 0"),))
    requests = [
        Request("f", "case", "function", "f", (1, 2, 3), ("a", "b", "c"), required=1),
        Request("g", "case", "function", "g", (1, 2, 3), ("a", "b", "c"), required=1),
    ]
    questions = tuple(Question(r.name, "function", "", 1.0, ("x",)) for r in requests)
    planned = plan(notebook, Assignment("a", "A", questions))
    first, second = shared().run(planned, requests, LIMITS, None).observations
    assert first.value == (1, 2)
    assert second.error
    assert second.error.type == "TypeError"


def test_the_random_stream_is_seeded_before_each_call() -> None:
    """What one call draws does not depend on the calls before it."""
    seen = run("import numpy as np\ndef f():\n    return np.random.rand()", ask="f() f()")
    first, second = seen.observations
    assert first.value == second.value


def test_the_kernel_knows_nothing_of_its_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No token, no home, no path to the course; the support modules can be imported."""
    monkeypatch.setenv("GITHUB_TOKEN", "secret-of-the-runner")
    (tmp_path / "helper_utils.py").write_text("answer = 42\n")
    seen = run(
        "import os, helper_utils\nhere = os.getcwd()\nfiles = sorted(os.listdir('.'))\n"
        "env = repr(dict(os.environ))\nanswer = helper_utils.answer",
        ask="here files env answer",
        support=tmp_path,
    )
    here, files, env, answer = (observation.value for observation in seen.observations)
    assert answer == 42
    assert files == ["helper_utils.py"]
    assert "secret-of-the-runner" not in env
    assert str(Path.cwd()) not in env.replace(str(Path(sys.executable).parent), "")
    assert not Path(here).exists()


def test_what_is_written_to_the_channel_beforehand_is_no_answer() -> None:
    """A notebook that writes to every open file still gets its own answers only."""
    scribble = """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b"\\x05\\0\\0\\0\\0\\0\\0\\0forge")
    except OSError:
        pass
x = 1
"""
    seen = run(scribble, "def f():\n    return 2", ask="x f()", execute="all")
    # Which of its own files it hits first decides how far the kernel still gets.
    assert seen.observations[1].status in ("returned", "crashed", "not_reached")
    assert seen.observations[1].value in (2, None)


def test_a_thread_that_writes_for_ever_costs_its_notebook_only() -> None:
    """The cell is left out, or the channel is broken; the grader does not wait for its end."""
    scribble = """
import os, socket, threading
def write():
    sockets = [d for d in range(3, 64) if is_unix_socket(d)]
    while True:
        for descriptor in sockets:
            try:
                os.write(descriptor, b"x" * 4096)
            except OSError:
                pass
def is_unix_socket(descriptor):
    try:
        return socket.socket(fileno=os.dup(descriptor)).family == socket.AF_UNIX
    except OSError:
        return False
threading.Thread(target=write, daemon=True).start()
x = 1
"""
    started = time.monotonic()
    limits = Limits(cell_seconds=2, call_seconds=1, notebook_seconds=6)
    seen = run(scribble, "def f():\n    return 2", ask="f()", execute="all", limits=limits)
    assert time.monotonic() - started < 12
    assert [observation.value for observation in seen.observations] in ([2], [None])


def test_a_forged_answer_is_not_believed() -> None:
    """An answer that was not asked for costs its question, and does not shift the next ones."""
    forge = """
import os, struct, msgpack
def f():
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<Q", 1) + b"\\xc0")
        except OSError:
            pass
    return 1

def g():
    return 2
"""
    forged, honest = run(forge, ask="f() g()").observations
    assert forged.status != "returned"
    assert honest.value == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: {"id": np.zeros(2)},
        lambda identity: {"id": identity, "status": np.zeros(2)},
        lambda identity: {"id": identity, "status": "passed"},
        lambda _: [1],
        lambda _: None,
    ],
    ids=["id", "status", "unknown status", "list", "nothing"],
)
def test_nonsense_breaks_the_channel(answer: Callable[[str], object]) -> None:
    """Whatever the kernel says that is no answer is told apart, not an error of the grader's."""
    ours, theirs = socket.socketpair()

    def reply() -> None:
        (length,) = struct.unpack("<Q", theirs.recv(8))
        request = wire.unpack(theirs.recv(length))
        message = wire.pack(answer(request["id"]))
        theirs.sendall(struct.pack("<Q", len(message)) + message)

    with ours, theirs:
        thread = threading.Thread(target=reply)
        thread.start()
        clock, request = Clock(Budget(60), 0, 0), Request("f", "1", "function", "f")
        with pytest.raises(ChannelBrokenError):
            asyncio.run(Channel(ours, {}).ask(request, clock, 5))
        thread.join()


def test_nothing_is_left_behind() -> None:
    """No process and no folder outlives the run, also of children that the notebook started."""
    marker = f"sleep 4242{os.getpid()}"
    cell = f"import subprocess\nx = subprocess.Popen({marker.split()!r}) and 1"
    assert statuses(run(cell, "def f():\n    while True: pass", ask="x f()")) == [
        "returned",
        "timed_out",
    ]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = subprocess.run(["pgrep", "-f", marker], capture_output=True, check=False).stdout
        if not found.split():
            return
        time.sleep(0.1)
    for process in found.split():
        os.kill(int(process), signal.SIGKILL)
    pytest.fail("a child of the notebook is still running")


def test_output_without_end_is_not_kept() -> None:
    """A flood of output costs the grader no memory, and the functions are still graded."""
    cell = "for _ in range(3000):\n    print('x' * 10_000)"
    before = threading.active_count()
    seen = run(cell, "x = 1", ask="x", execute="all", limits=Limits(20, 5, 60))
    assert seen.observations[0].value == 1
    assert threading.active_count() <= before + 2


def test_the_fake_answers_like_a_kernel() -> None:
    """The Runner's fake, for tests of what lies behind the seam."""
    names = {"f": lambda x: x + 1, "x": 3, "bad": lambda: 1 / 0}
    runner: Runner = FakeRunner(names)
    requests = [
        Request("f", "1", "function", "f", (1,)),
        Request("x", "1", "variable", "x"),
        Request("bad", "1", "function", "bad"),
        Request("none", "1", "function", "none"),
    ]
    planned = plan(Notebook(()), Assignment("a", "A", ()))
    seen = runner.run(planned, requests, LIMITS, None)
    assert seen.observations[:2] == (
        Observation("f", "1", "returned", 2),
        Observation("x", "1", "returned", 3),
    )
    assert statuses(seen)[2:] == ["raised", "missing"]


@pytest.mark.parametrize("lost", ["os._exit(0)", "while True: pass"])
def test_a_statement_lost_after_a_failed_one_costs_itself(lost: str) -> None:
    """It is left out when the notebook is run again."""
    cell = f"import os\nx = 1 / 0\n{lost}\ny = 2"
    seen = run("def f():\n    return 1", cell, ask="f() y", execute="all")
    assert statuses(seen) == ["returned", "returned"]
    assert [str(failure.place) for failure in seen.failures] == ["cell 2, line 3", "cell 2, line 2"]


def test_an_error_that_is_only_shown_stops_nothing() -> None:
    """What comes after it is run once."""
    cell = "n = []\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()"
    seen = run(f"{cell}\nn.append(1)\nx = len(n)", ask="x", execute="all")
    assert seen.observations[0].value == 1


def test_a_whole_cell_is_gone_on_with_after_what_failed() -> None:
    """A missing module above a definition costs the module, not the definition."""
    cell = (
        "x = 1\nfrom no_such_module import *\ny = open(\n    'nowhere.csv')\ndef f():\n    return x"
    )
    seen = run(cell, "z = 1 / 0\nw = 2", ask="f() w x y", execute="all")
    assert statuses(seen) == ["returned", "returned", "returned", "missing"]
    places = [(str(failure.place), sorted(failure.binds)) for failure in seen.failures]
    assert places == [
        ("cell 1, line 2", []),
        ("cell 1, line 3", ["y"]),
        ("cell 2, line 1", ["z"]),
    ]
