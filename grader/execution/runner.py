"""The seam at the expensive edge: a Runner runs a planned notebook and answers requests.

`grader.execution.kernel.KernelRunner` does so in confined Jupyter kernels; `FakeRunner` answers
from plain Python functions, for tests of what lies behind the seam.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from grader.askable import NOTHING, Askable, Reply
from grader.execution.lent import Helper
from grader.execution.own import Files
from grader.execution.plan import Plan, plan
from grader.execution.stubs import standing_in
from grader.results import CellFailure, Observation, ObservationStatus, RaisedError, Run
from grader.spec import Assignment, Limits
from grader.submission import read_notebook
from grader.wire import unpack


@dataclass(frozen=True)
class Request:
    """A call of a graded function, or the reading of a graded variable.

    `arguments` are passed by position; those from `required` on only as far as the student's
    function takes them (`takes` of them, where its signature does not say), and by keyword where
    their names in `parameters` tell them apart (of `unused` ones there need be none); those named
    in `reads` are globals where it does not take them. The global random streams are seeded with
    `seed` before the call; with `keeps_seed`, NumPy's is not seeded again by the function. What
    runs after a call that is not `visible` may tell what it was given. A `repeat` is a call that
    was made before, to see whether it gives the same again. With `traced`, what the function's own
    lines bind is recorded (from the first to the last of `lines`, if there are any): it decides
    nothing about the score. With a `source`, a version of the function that is made from it is
    called, for half a second at most; `version` is its number. The helpers in `answered` are
    answered for by an `Answerer`, within what is `askable`. What is `due` are the bytes of the
    right answer: of what is far larger, only the kind, shape or length is kept.
    """

    question: str
    case: str
    kind: Literal["function", "variable"]
    name: str
    arguments: tuple[Any, ...] = ()
    parameters: tuple[str, ...] = ()
    required: int = 0
    reads: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    takes: int = 1000
    visible: bool = True
    seed: int = 0
    keeps_seed: bool = False
    repeat: bool = False
    traced: bool = False
    lines: tuple[int, ...] = ()
    source: str = ""
    version: int = 0
    answered: tuple[Helper, ...] = ()
    askable: Askable = NOTHING
    due: int = 0

    def observed(self, status: ObservationStatus, **seen: Any) -> Observation:
        """Return what was seen of this request."""
        return Observation(
            self.question, self.case, status, repeat=self.repeat, version=self.version, **seen
        )


Again = Callable[[Sequence[Observation]], Sequence[Request]]
"""What else is to be asked, from what was seen in the round before; at the end, nothing."""


class Answerer(Protocol):
    """Answers for helpers, while an item is called that uses them. Called in any thread."""

    def __call__(
        self, helper: Helper, arguments: Mapping[str, Any], stream: Any, seconds: float
    ) -> Reply:
        """Return what the helper returns or raises for these arguments.

        That is a dict with `status`: "returned", then `value`, and the `stream` of random numbers
        where it has moved; or "raised", then `type` and `message`. Arguments are by the reference's
        names and may be anything that comes over the wire. Raises NoAnswerError after `seconds` of
        processor time, and DisturbedError where whoever answers is gone.
        """
        ...


class Runner(Protocol):
    """Runs students' code. A call that hangs, raises, exits or crashes costs its question only."""

    def plan(self, path: Path, assignment: Assignment, files: Files | None = None) -> Plan:
        """Read a notebook and plan its run; no code of it is run. Raises SubmissionError.

        `files` were handed in beside it: modules among them are the student's own work.
        """
        ...

    def run(
        self,
        plan: Plan,
        requests: Sequence[Request],
        limits: Limits,
        support: Path | None,
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """Run the planned notebook, then answer every request, in order; then those of `again`.

        `support` is a folder of modules that the notebook may import; `answerer` answers for the
        helpers that requests name, and for those that the plan lends. The returned Run holds one
        observation for each request. `again` is called after every round, with what was seen in it,
        as long as it asks for more; no process that answers in the first one answers in another.
        Where the kernel is lost after the first one, there are no more.
        """
        ...


@dataclass(frozen=True)
class FakeRunner:
    """A Runner without a kernel: the student's names are given as Python objects."""

    names: Mapping[str, Any]
    failures: tuple[CellFailure, ...] = ()
    asked: list[Request] = field(default_factory=list)

    def plan(self, path: Path, assignment: Assignment, files: Files | None = None) -> Plan:
        """Read and plan in this process."""
        return plan(read_notebook(path), assignment, files)

    def run(
        self,
        plan: Plan,  # noqa: ARG002 - the fake has no notebook
        requests: Sequence[Request],
        limits: Limits,  # noqa: ARG002
        support: Path | None,  # noqa: ARG002
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """Answer every request from the given names; nothing is traced."""
        self.asked.extend(requests)
        seen = tuple(self._observe(request, answerer) for request in requests)
        latest = seen
        while again and (more := again(latest)):
            self.asked.extend(more)
            latest = tuple(self._observe(request, answerer) for request in more)
        return Run(seen, self.failures)

    def _observe(self, request: Request, answerer: Answerer | None) -> Observation:
        if request.name not in self.names:
            return request.observed("missing")
        value = self.names[request.name]
        if request.kind == "variable":
            return request.observed("returned", value=value)
        if not request.answered or answerer is None:
            return _called(request, value)
        exchange = _Exchange(request, answerer)
        helpers = [asdict(helper) for helper in request.answered]
        with standing_in(value.__globals__, value.__name__, helpers, exchange):
            seen = _called(request, value)
        if exchange.refused:
            return request.observed("not_reached")
        return replace(seen, answered=dict(exchange.answered))


class _Exchange:
    """Asks whoever answers for helpers, and counts how often."""

    def __init__(self, request: Request, answerer: Answerer) -> None:
        self._request, self._answerer = request, answerer
        self.answered: Counter[str] = Counter()
        self.refused = False

    def __call__(
        self, name: str, arguments: dict[str, Any], stream: list[Any] | None
    ) -> dict[str, Any]:
        (helper,) = (each for each in self._request.answered if each.name == name)
        self.answered[helper.question] += 1
        bounds = self._request.askable
        if self.answered.total() > bounds.calls or not bounds.admits(helper.question, arguments):
            self.refused = True
            raise RuntimeError("not answered")
        answer = self._answerer(helper, arguments, stream, 10.0)
        known: dict[str, Any] = unpack(answer.packed)
        return known


def _called(request: Request, function: Callable[..., Any]) -> Observation:
    try:
        value = function(*request.arguments)
    except Exception as error:  # noqa: BLE001 - any exception is the student's result
        raised = RaisedError(type(error).__name__, str(error))
        return request.observed("raised", error=raised)
    return request.observed("returned", value=value)
