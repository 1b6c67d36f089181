"""What runs inside the student's kernel to answer the grader's requests.

Its source is sent to the kernel, together with that of `grader.wire`; it imports nothing of ours.
Nothing that it reports about itself is believed beyond the values: whoever controls this process
can forge every word. Values are judged outside, on inputs that were not known before.

A request and its answer are one message each: eight bytes of length, then a dict in the wire form.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import random
import socket
import struct
import traceback
from types import ModuleType
from typing import Any

import numpy as np

MAX_PRINTED = 20_000
MAX_MESSAGE = 2_000
MAX_FRAMES = 20


class Tail(io.StringIO):
    """A text stream that keeps the first MAX_PRINTED characters and drops the rest."""

    def write(self, text: str) -> int:
        """Keep what fits."""
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


def serve(channel: socket.socket, namespace: dict[str, Any], wire: ModuleType) -> None:
    """Answer requests until the grader closes the channel."""
    while True:
        try:
            (length,) = struct.unpack("<Q", _receive(channel, 8))
            request = wire.unpack(_receive(channel, length))
        except EOFError:
            return
        answer = _answer(request, namespace)
        try:
            message = wire.pack(answer)
        except Exception as error:  # noqa: BLE001 - too large, or not to be taken apart
            message = wire.pack({"id": request["id"], "status": "unreadable", "why": str(error)})
        channel.sendall(struct.pack("<Q", len(message)) + message)


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
    if request["kind"] == "variable":
        return {**answer, "status": "returned", "value": value, "printed": ""}
    if not callable(value):
        return {**answer, "status": "not_a_function", "why": type(value).__name__}
    return {**answer, **_call(value, request)}


def _call(function: Any, request: dict[str, Any]) -> dict[str, Any]:
    printed = Tail()
    arguments = copy.deepcopy(request["arguments"])  # what came over the wire is read-only
    try:
        np.random.seed(request["seed"])
        random.seed(request["seed"])
        by_position, by_name = _bind(function, arguments, request)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(Tail()):
            value = function(*by_position, **by_name)
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt too
        return {"status": "raised", "error": _describe(error), "printed": printed.getvalue()}
    return {"status": "returned", "value": value, "printed": printed.getvalue()}


def _bind(
    function: Any, arguments: list[Any], request: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return what to pass by position and by name: optional arguments only if they are taken."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return arguments, {}
    kinds = {parameter.name: parameter.kind for parameter in parameters}
    keyword_only = {name for name, kind in kinds.items() if kind is inspect.Parameter.KEYWORD_ONLY}
    names = [*request["parameters"], *[""] * len(arguments)]
    named = list(zip(names, arguments, strict=False))
    by_name = {name: value for name, value in named if name in keyword_only}
    by_position = [value for name, value in named if name not in keyword_only]
    if inspect.Parameter.VAR_POSITIONAL in kinds.values():  # perhaps a decorator's wrapper
        return by_position[: request["takes"]], by_name
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    takes = sum(kind in positional for kind in kinds.values())
    required = request["required"] - len(by_name)
    return by_position[: max(takes, required)], by_name


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
    return {"type": type(error).__name__, "message": message, "frames": places}
