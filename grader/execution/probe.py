"""What runs inside the student's kernel to answer the grader's requests.

The kernel stays as the notebook has left it: for every question a child is forked that answers the
question's requests on a channel of its own, so that nothing one question does reaches another.
Nothing that a child reports about itself is believed beyond the values: whoever controls this
process can forge every word. Values are judged outside, on inputs that were not known before.

A request and its answer are one message each: eight bytes of length, then a dict in the wire form.
Between them, a question about a helper and its answer may go the other way, any number of times.
It uses nothing of ours but the wire form, the binding of arguments, stand-ins for helpers and the
system calls.
"""

from __future__ import annotations

import contextlib
import copy
import fcntl
import io
import os
import random
import signal
import socket
import struct
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader import wire
from grader.execution import tracing
from grader.execution.binding import bind
from grader.execution.sandbox import linux
from grader.execution.stubs import Exchange, standing_in

MAX_PRINTED = 20_000
MAX_MESSAGE = 2_000
MAX_FRAMES = 20
MAX_WARNINGS = 8
VERSION_SECONDS = 0.5
VERSION = "<version>"  # in place of a file
HELLO, REFUSED = b"\x06", b"\x15"  # a child is there; none could be forked
OPEN, KILL, LEND = b"open", b"kill", b"lend"
ORDER = struct.Struct("<4sI")  # one of these, and the channel's number

# As they were before a notebook could replace them.
_seeds = (np.random.seed, random.seed)
_fork, _exit, _kill = os.fork, os._exit, os.kill
_deepcopy, _ndarray = copy.deepcopy, np.ndarray
_processor_time = time.process_time
_pack, _unpack = wire.pack, wire.unpack


class TooSlowError(BaseException):
    """A version of a function has had its time; no `except Exception` of the student's keeps it."""


class Tail(io.StringIO):
    """A text stream that keeps the first MAX_PRINTED characters and drops the rest."""

    def close(self) -> None:
        """Stay open: what was printed before is still to be read."""

    def write(self, text: str) -> int:
        """Keep what fits."""
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


def serve(descriptor: int, namespace: dict[str, Any]) -> None:
    """Fork a child for every channel that comes over the switchboard, until it is closed."""
    switchboard = socket.socket(fileno=_high(descriptor))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.become_subreaper()  # of what the children leave behind
    children: dict[int, int] = {}
    while True:
        message, descriptors, _, _ = socket.recv_fds(switchboard, ORDER.size, 1)
        if not message:
            return
        _reap(children)
        order, number = ORDER.unpack(message)
        if order == OPEN:
            children[number] = _open(switchboard, _high(descriptors[0]), namespace)
        elif children.get(number):
            with contextlib.suppress(OSError):
                _kill(children[number], signal.SIGKILL)


def borrow(descriptor: int, namespace: dict[str, Any]) -> None:
    """Take, between two cells, what stands for a wrong item from here on (see `Channel.lend`)."""
    with socket.socket(fileno=os.dup(descriptor)) as switchboard:
        _, descriptors, _, _ = socket.recv_fds(switchboard, ORDER.size, 1)
    channel = socket.socket(fileno=_high(descriptors[0]))
    (length,) = struct.unpack("<Q", _receive(channel, 8))
    lent = _unpack(_receive(channel, length))
    namespace.update(_deepcopy(lent["values"]))  # what came over the wire is read-only
    stand_ins = standing_in(namespace, "", lent["answered"], _exchange(channel, lent["id"]))
    stand_ins.__enter__()
    _borrowed.append(stand_ins)  # they stay


_borrowed: list[Any] = []


def _high(descriptor: int) -> int:
    """Move a file away from 0, 1 and 2, where a notebook that closed those makes room for it."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10)
    os.close(descriptor)
    return moved


def _reap(children: dict[int, int]) -> None:
    """Reap the children that have ended, and kill what they have left behind."""
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG)[0]:
            for number in [number for number, child in children.items() if child == ended]:
                del children[number]
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):  # noqa: PTH208
            with open(f"/proc/self/task/{thread}/children") as file:  # noqa: PTH123
                for process in set(map(int, file.read().split())) - set(children.values()):
                    _kill(process, signal.SIGKILL)


def _open(switchboard: socket.socket, descriptor: int, namespace: dict[str, Any]) -> int:
    """Fork a child that answers on a channel; without one, the grader sees the channel's end."""
    try:
        with warnings.catch_warnings():  # the kernel has threads; the child uses nothing of theirs
            warnings.simplefilter("ignore", DeprecationWarning)
            child = _fork()
    except OSError:
        os.write(descriptor, REFUSED)
        child = -1
    if child == 0:
        try:
            switchboard.close()
            _be_child(socket.socket(fileno=descriptor), namespace)
        finally:
            _exit(0)
    os.close(descriptor)
    return max(child, 0)


def _be_child(channel: socket.socket, namespace: dict[str, Any]) -> None:
    """Let nothing reach the kernel's own streams, which a child cannot use; then answer."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    tail = Tail()
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        setattr(sys, name, tail)
    channel.sendall(HELLO)
    given: Any = None
    while True:
        try:
            (length,) = struct.unpack("<Q", _receive(channel, 8))
            request = _unpack(_receive(channel, length))
        except EOFError:
            return
        if request["arguments"] is None:
            request["arguments"] = given  # those of the request before
        given = request["arguments"]
        with standing_in(
            namespace, request["name"], request["answered"], _exchange(channel, request["id"])
        ):
            message = _message(request, namespace)
        channel.sendall(struct.pack("<Q", len(message)) + message)


def _message(request: dict[str, Any], namespace: dict[str, Any]) -> bytes:
    """Return the answer as it is sent; that of a version has to be ready in its time, too."""
    try:
        return _pack(_answer(request, namespace))
    except (Exception, TooSlowError) as error:  # noqa: BLE001 - too large, or not to be taken apart
        return _pack({"id": request["id"], "status": "unreadable", "why": str(error)})
    finally:
        if request["source"]:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _exchange(channel: socket.socket, identity: str) -> Exchange:
    """Return what asks the grader in the middle of a call."""

    def exchange(name: str, arguments: dict[str, Any], stream: list[Any] | None) -> dict[str, Any]:
        message = _pack({"id": identity, "call": name, "arguments": arguments, "stream": stream})
        channel.sendall(struct.pack("<Q", len(message)) + message)
        (length,) = struct.unpack("<Q", _receive(channel, 8))
        answer: dict[str, Any] = _unpack(_receive(channel, length))
        return answer

    return exchange


def _receive(channel: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        part = channel.recv(min(2**20, length - len(data)))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _answer(request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": request["id"]}
    if request["name"] not in namespace:
        return {**answer, "status": "missing"}
    value = namespace[request["name"]]
    if request["source"]:
        try:
            value = _version(request, namespace)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no such version
            return {**answer, "status": "raised", "error": _describe(error)}
    if request["kind"] == "variable":
        return {**answer, "status": "returned", "value": value, "printed": ""}
    if not callable(value):
        return {**answer, "status": "not_a_function", "why": type(value).__name__}
    return {**answer, **_call(value, request, namespace)}


def _call(function: Any, request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    printed = Tail()
    arguments = _deepcopy(request["arguments"])  # what came over the wire is read-only
    seen: dict[str, Any] = {}
    begun = _processor_time()
    try:
        for seed in _seeds:
            seed(request["seed"])
        by_position, by_name, read = bind(function, request, arguments)
        namespace.update(read)
        if request["keeps_seed"]:
            _keep_seed(namespace)
        tracer = tracing.Tracer(function if request["traced"] else None, request["lines"])
        seen["steps"] = tracer.steps
        streams = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(Tail())
        with streams[0], streams[1], _noted_warnings(seen), tracer:
            if request["source"]:
                signal.setitimer(signal.ITIMER_PROF, VERSION_SECONDS, VERSION_SECONDS)
            seen["value"] = function(*by_position, **by_name)
        seen["status"] = "returned"
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt too
        seen |= {"status": "raised", "error": _describe(error)}
    np.random.seed = _seeds[0]
    seen["cpu"] = _processor_time() - begun
    seen["printed"] = printed.getvalue()
    seen["changed"] = [
        position
        for position, (given, left) in enumerate(zip(request["arguments"], arguments, strict=False))
        if not _same(given, left)
    ]
    return seen


@contextlib.contextmanager
def _noted_warnings(seen: dict[str, Any]) -> Iterator[None]:
    """Take note of what NumPy warns of; what else becomes of a warning stays as it is."""
    found: list[str] = []
    before = warnings.showwarning

    def note(message: Any, category: Any, *place: Any, **more: Any) -> None:
        if issubclass(category, RuntimeWarning) and len(found) < MAX_WARNINGS:
            found.append(str(message))
        before(message, category, *place, **more)

    warnings.showwarning = note
    try:
        yield
    finally:
        warnings.showwarning = before
        seen["warned"] = list(dict.fromkeys(found))


def _version(request: dict[str, Any], namespace: dict[str, Any]) -> Any:
    """Return a version of a function of the notebook, made from its changed source."""
    signal.signal(signal.SIGPROF, _too_slow)
    made: dict[str, Any] = {}
    exec(compile(request["source"], VERSION, "exec"), namespace, made)  # noqa: S102 - as its cell was
    return made[request["name"]]


def _too_slow(*_: Any) -> None:
    raise TooSlowError(f"it took more than {VERSION_SECONDS} s")


def _keep_seed(namespace: dict[str, Any]) -> None:
    """Let `np.random.seed` do nothing, also under another name of the notebook's."""
    np.random.seed = _pass_over
    others = [name for name, value in namespace.items() if value is _seeds[0]]
    namespace.update(dict.fromkeys(others, _pass_over))


def _pass_over(*_: Any, **__: Any) -> None:
    """Stand for `np.random.seed` where the stream has been seeded for the function.

    Versions of an exercise seed in other places, with other numbers, or not at all; all of them
    then draw the same.
    """


def _same(given: Any, left: Any) -> bool:
    """Whether an argument is still what was given: the wire's types, compared bit by bit."""
    if type(given) is not type(left):
        return False
    if isinstance(given, _ndarray):
        return bool(
            given.dtype == left.dtype
            and given.shape == left.shape
            and given.tobytes() == left.tobytes()
        )
    if isinstance(given, dict):
        return given.keys() == left.keys() and all(_same(given[key], left[key]) for key in given)
    if isinstance(given, list | tuple):
        return len(given) == len(left) and all(map(_same, given, left))
    return bool(given == left or given != given)  # noqa: PLR0124 - NaN


def _describe(error: BaseException) -> dict[str, Any]:
    """Return type, message, and the frames: qualified name, its first line, the line, the file."""
    frames = list(traceback.walk_tb(error.__traceback__))[-MAX_FRAMES:]
    try:
        message = str(error)[:MAX_MESSAGE]
    except Exception:  # noqa: BLE001 - a student's own __str__
        message = ""
    places = [
        [frame.f_code.co_qualname, frame.f_code.co_firstlineno, line or 0, frame.f_code.co_filename]
        for frame, line in frames
    ]
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    return {"type": name, "message": message, "frames": places}
