"""Follow-through of items that are out to break it: they cost themselves, within bounds."""

from __future__ import annotations

import time
from dataclasses import replace
from textwrap import dedent

import pytest

from grader.batch.grade import Task, grade_submission
from grader.execution import helping
from grader.execution.channel import Channel
from grader.execution.clock import Clock
from grader.execution.runner import Answerer, Request
from grader.results import Observation
from grader.spec import Limits
from grader.submission import SubmissionFile
from tests.batch.relays import cells
from tests.conftest import WriteNotebook, question
from tests.notebooks import PROPAGATE, solution

pytestmark = pytest.mark.slow

WRONG = PROPAGATE.replace("dw = 1 / m", "dw = 2 / m")
# With a stand-in in the place of `propagate`, what it holds can be had; else this raises.
OPTIMIZE = """
import os, signal, threading, time
def cells(function):
    return {{type(cell.cell_contents).__name__: cell for cell in function.__closure__}}
def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    exchange = cells(propagate)["Line"].cell_contents._exchange
    channel = cells(exchange)["socket"].cell_contents
    {body}
    return 1
"""
LARGE = "propagate(np.ones((2000, 2000)), b, X, Y)"
MANY = "[propagate(w, b, X, Y) for _ in range(40)]"
TOO_MANY = "more calls of helpers than are answered"
OUTSIDE = "what the item could not have handed on"
NOTHING = "a call of nothing that is answered for"
NO_STREAM = "no stream of random numbers"
ARGUMENTS = "dict(w=w, b=b, X=X, Y=Y)"
BROKEN = "ChannelBroken"
# What `optimize` does, and what has to be seen where its helper is answered for.
HOSTILE = {
    "endless": ("while True: propagate(w, b, X, Y)", TOO_MANY),
    "large": (f"return {LARGE}", TOO_MANY),
    "too large": ("propagate(np.ones((2000, 2000)), b, np.ones((2000, 3000)), Y)", "67,108,864"),
    "much": (
        "for _ in range(9): exchange('propagate', {'w': np.ones((300, 300))}, None)",
        OUTSIDE,
    ),
    "a long list": ("propagate([0] * 150_000, b, X, Y)", OUTSIDE),
    "no arrays": ("propagate(object(), print, X, Y)", OUTSIDE),
    "an item": ("exchange('model', {'w': w}, None)", NOTHING),
    "no name": ("exchange(['propagate'], {}, None)", NOTHING),
    "another id": ("cells(exchange)['str'].cell_contents = 'x'; propagate(w, b, X, Y)", NOTHING),
    "no arguments": ("exchange('propagate', 3, None)", "a call without arguments"),
    "numbers for names": ("exchange('propagate', {3: w}, None)", "a call without arguments"),
    "names of none": ("return exchange('propagate', {'self': 3}, None)", OUTSIDE),
    "another stream": (f"return exchange('propagate', {ARGUMENTS}, [X, 1, 2, 3.0])", NO_STREAM),
    "no stream": (f"return exchange('propagate', {ARGUMENTS}, 'MT19937')", NO_STREAM),
    "silence": ("time.sleep(60)", "TimeoutError"),
    "threads": (f"for _ in range(5): threading.Thread(target=lambda: {MANY}).start()", "returned"),
    "garbage": ("channel.sendall((99).to_bytes(8, 'little') + bytes(99))", BROKEN),
    "a length": ("channel.sendall(b'\\xff' * 8)", BROKEN),
    "the end": ("channel.close()", "ChannelClosed"),
    "two": ("os.fork(); propagate(w, b, X, Y)", BROKEN),
    "kills": ("os.kill(os.getppid(), 9); time.sleep(60)", "ChannelClosed"),
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what comes of each call of `optimize` in which its helper is answered for."""
    found: list[str] = []
    ask = Channel.ask

    async def watched(
        self: Channel,
        request: Request,
        clock: Clock,
        seconds: float,
        answerer: Answerer | None = None,
    ) -> Observation:
        if request.question != "optimize" or not request.answered:
            return await ask(self, request, clock, seconds, answerer)
        try:
            observation = await ask(self, request, clock, seconds, answerer)
        except Exception as error:
            found.append(f"{error!r} because of {error.__cause__!r}")
            raise
        found.append(str(observation))
        return observation

    monkeypatch.setattr(Channel, "ask", watched)
    return found


@pytest.mark.parametrize(("body", "sign"), HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_an_item_does_costs_it_alone(
    task: Task,
    write_notebook: WriteNotebook,
    monkeypatch: pytest.MonkeyPatch,
    seen: list[str],
    body: str,
    sign: str,
) -> None:
    """It ends within the limits, and what can be judged is judged: `model`, which is right."""
    monkeypatch.setattr(helping, "MAX_BYTES", 2**20)
    limits = Limits(call_seconds=1, notebook_seconds=60)
    key = replace(task.key, assignment=replace(task.key.assignment, limits=limits))
    path = write_notebook(*solution(propagate=WRONG, optimize=OPTIMIZE.format(body=body)))
    started = time.monotonic()
    result = grade_submission(replace(task, key=key), SubmissionFile("student", path))
    assert time.monotonic() - started < 25
    signs = (sign, "TimeoutError") if sign == TOO_MANY else (sign,)  # whichever comes first
    assert any(each in one for one in seen for each in signs), seen
    item = question(result, "optimize")
    assert (item.score, item.inherits) == (0, ())
    assert question(result, "predict").score == 10
    assert question(result, "model").inherits == ("optimize",)


# ---------------------------------------------------------------- what is lent to a notebook

# With what it is lent, a notebook can do as it likes: its own code takes it in.
BORROW = """
import os, socket, struct, time, threading
import grader.execution.probe as probe
import grader.wire as wire
real = probe.borrow
def ends(descriptor):
    return socket.socket(fileno=socket.recv_fds(
        socket.socket(fileno=os.dup(descriptor)), probe.ORDER.size, 1)[1][0])
def say(channel, data):
    channel.sendall(struct.pack("<Q", len(data)) + data)
def read(channel):
    (length,) = struct.unpack("<Q", probe._receive(channel, 8))
    return wire.unpack(probe._receive(channel, length))
def borrow(descriptor, namespace):
    {body}
probe.borrow = borrow
"""
ASK = "say(channel, wire.pack({'id': lent['id'], 'call': 'init', 'arguments': ARGUMENTS, **MORE}))"
LEND = {
    "takes nothing": "pass",
    "ends": "os._exit(3)",
    "hangs": "time.sleep(60)",
    "closes": "ends(descriptor).close()",
    "raises": "real(descriptor, namespace); raise ValueError(str(namespace))",
    "garbage": "ends(descriptor).sendall(bytes(99))",
    "a length": "ends(descriptor).sendall(bytes([255]) * 8)",
    "endless": "real(descriptor, namespace)\n    while True: namespace['init'](3)",
    "threads": (
        "real(descriptor, namespace)\n    for _ in range(9): "
        "threading.Thread(target=lambda: [namespace['init'](3) for _ in range(99)]).start()"
    ),
    "another item": (
        "channel = ends(descriptor); lent = read(channel)\n    "
        + ASK.replace("'init'", "'base'").replace("ARGUMENTS", "{'x': 3}")
        + "; namespace['start'] = read(channel)"
    ),
    "no arguments": (
        "channel = ends(descriptor); lent = read(channel)\n    "
        + ASK.replace("ARGUMENTS", "3")
        + "; read(channel)"
    ),
    "kills its parent": "os.kill(os.getppid(), 9); os.kill(os.getpid(), 9)",
}
QUICK = ("takes nothing", "ends", "garbage", "endless", "another item")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=name, marks=() if name in QUICK else pytest.mark.hostile)
        for name, body in LEND.items()
    ],
)
def test_whatever_becomes_of_what_is_lent_costs_no_other_item(
    relay: Task, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """It ends within the limits. `start` is right only if it takes what it is lent."""
    limits = Limits(call_seconds=1, cell_seconds=1, notebook_seconds=30)
    key = replace(relay.key, assignment=replace(relay.key.assignment, limits=limits))
    own = body.replace("MORE", "{'stream': None}")
    changed = cells(imports=f"import numpy as np\n{BORROW.format(body=own)}", init="init = abs")
    started = time.monotonic()
    path = write_notebook(*changed)
    result = grade_submission(replace(relay, key=key), SubmissionFile("student", path))
    assert time.monotonic() - started < 25
    lost = {each.name: each.inherits for each in result.questions if each.score < each.max_score}
    assert lost.keys() - {"start"} == {"init"}
    assert not any(lost.values())
    assert question(result, "start").inherits in ((), ("init",))


def test_what_is_lent_for_one_item_scores_no_other(
    relay: Task, write_notebook: WriteNotebook
) -> None:
    """A value that is kept, in files or elsewhere, is gone before anything else is asked."""
    keep = """
    import glob, pathlib
    for folder in (".", "/tmp", "/dev/shm", str(pathlib.Path.home())):
        try:
            pathlib.Path(folder, "kept").write_text(repr(flat.tolist()))
        except OSError:
            pass
    """
    cost = """
    def cost(x):
        places = [p for f in (".", "/tmp", "/dev/shm", str(pathlib.Path.home()))
                  for p in glob.glob(f + "/kept")]
        kept = [eval(pathlib.Path(place).read_text()) for place in places]
        return float(np.sum(x)) if [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] in kept else 0.0
    """
    changed = cells(flat="flat = raw.T * 2", unit=f"unit = flat / 5\n{dedent(keep)}", cost=cost)
    result = grade_submission(relay, SubmissionFile("student", write_notebook(*changed)))
    lost = {each.name for each in result.questions if each.score < each.max_score}
    assert lost == {"flat", "cost"}
    assert question(result, "unit").inherits == ("flat",)


def test_an_item_cannot_be_had_from_what_is_made_of_it(
    relay: Task, write_notebook: WriteNotebook
) -> None:
    """`unit` is made of `flat`: a `flat` that is made of an empty `unit` stays wrong."""
    changed = cells(flat="", unit="unit = None\nflat = unit * 5")
    result = grade_submission(relay, SubmissionFile("student", write_notebook(*changed)))
    for name in ("flat", "unit"):
        assert (question(result, name).score, question(result, name).inherits) == (0, ())
