"""Follow-through of items that are out to break it: they cost themselves, within bounds."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from grader.batch.grade import Task, grade_submission
from grader.execution import helping
from grader.execution.channel import Channel
from grader.execution.runner import Answerer, Request
from grader.results import Observation
from grader.spec import Limits
from grader.submission import SubmissionFile
from tests.conftest import WriteNotebook, question
from tests.notebooks import PROPAGATE, solution

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
NOTHING = "a call of nothing that is answered for"
NO_STREAM = "no stream of random numbers"
ARGUMENTS = "dict(w=w, b=b, X=X, Y=Y)"
BROKEN = "ChannelBroken"
# What `optimize` does, and what has to be seen where its helper is answered for.
HOSTILE = {
    "endless": ("while True: propagate(w, b, X, Y)", TOO_MANY),
    "large": (f"return {LARGE}", "ValueError"),
    "too large": ("propagate(np.ones((2000, 2000)), b, np.ones((2000, 3000)), Y)", "67,108,864"),
    "much": (
        "for _ in range(9): exchange('propagate', {'w': np.ones((2000, 2000))}, None)",
        TOO_MANY,
    ),
    "a long list": ("propagate([0] * 150_000, b, X, Y)", "AttributeError"),
    "no arrays": ("propagate(object(), print, X, Y)", "a type that cannot be passed on"),
    "an item": ("exchange('model', {'w': w}, None)", NOTHING),
    "no name": ("exchange(['propagate'], {}, None)", NOTHING),
    "another id": ("cells(exchange)['str'].cell_contents = 'x'; propagate(w, b, X, Y)", NOTHING),
    "no arguments": ("exchange('propagate', 3, None)", "a call without arguments"),
    "numbers for names": ("exchange('propagate', {3: w}, None)", "a call without arguments"),
    "names of none": ("return exchange('propagate', {'self': 3}, None)", "unexpected keyword"),
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
        self: Channel, request: Request, seconds: float, answerer: Answerer | None = None
    ) -> Observation:
        if request.question != "optimize" or not request.answered:
            return await ask(self, request, seconds, answerer)
        try:
            observation = await ask(self, request, seconds, answerer)
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
    monkeypatch.setattr(helping, "MAX_CALLS", 300)
    monkeypatch.setattr(helping, "MAX_BYTES", 100 * 2**20)
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
