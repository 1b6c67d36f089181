"""Stand-ins for helpers whose answers come from elsewhere. Runs inside the student's kernel.

A stand-in has a wrong helper's name, takes what that takes, and hands it on by the names of the
reference's parameters. For one that draws random numbers, where NumPy's global stream stands goes
along, and comes back: what the helper draws, the item does not draw again.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.execution.binding import by_reference

Exchange = Callable[[str, dict[str, Any], list[Any] | None], dict[str, Any]]
"""Gives a helper's name, its arguments and the stream to whoever answers; returns the answer."""

RAISED: dict[str, type[Exception]] = {
    each.__name__: each
    for each in (
        *(ArithmeticError, AssertionError, AttributeError, FloatingPointError, IndexError),
        *(KeyError, LookupError, MemoryError, NotImplementedError, OverflowError, RuntimeError),
        *(TypeError, ValueError, ZeroDivisionError),
    )
}

# As they were before a notebook could replace them.
_deepcopy, _Lock = copy.deepcopy, threading.Lock
_get_state, _set_state = np.random.get_state, np.random.set_state


class Line:
    """What the stand-ins of one call share: one of them speaks at a time, none after the end."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._lock, self._open = exchange, _Lock(), True

    def ask(self, name: str, arguments: dict[str, Any], *, draws: bool) -> Any:
        """Return what is answered, or raise it."""
        with self._lock:
            if not self._open:
                raise RuntimeError(f"{name} was called after the call that it was a part of")
            answer = self._exchange(name, arguments, _stream() if draws else None)
            if answer["status"] == "raised":
                raise RAISED.get(answer["type"], RuntimeError)(answer["message"])
            if answer["stream"] is not None:
                _set_state(("MT19937", *answer["stream"]))
            return _deepcopy(answer["value"])  # what came over the wire is read-only

    def close(self) -> None:
        """Let what is being asked be answered, and nothing more."""
        with self._lock:
            self._open = False


def _stream() -> list[Any]:
    _, keys, *rest = _get_state()
    return [np.asarray(keys), *rest]


@contextmanager
def standing_in(
    namespace: dict[str, Any], item: str, helpers: list[dict[str, Any]], exchange: Exchange
) -> Iterator[None]:
    """Let stand-ins be in the places of helpers while an item is called.

    Each is under all names that the notebook has for the helper.
    """
    line = Line(exchange)
    before = dict(namespace)
    changed: dict[str, Any] = {}
    for helper in helpers:
        own = before.get(helper["name"])
        names = [name for name, value in before.items() if value is own and own is not None]
        names = [name for name in {*names, helper["name"]} if name != item]
        changed |= dict.fromkeys(names, _stand_in(helper, own, namespace, line))
    namespace.update(changed)
    try:
        yield
    finally:
        line.close()
        for name in changed:
            if name in before:
                namespace[name] = before[name]
            else:
                namespace.pop(name, None)


def _stand_in(
    helper: dict[str, Any], own: Any, namespace: dict[str, Any], line: Line
) -> Callable[..., Any]:
    arguments_of = by_reference(own, helper)

    def stand_in(*given: Any, **named: Any) -> Any:
        arguments = arguments_of(given, named)
        for name in helper["reads"]:
            if name not in arguments and name in namespace:
                arguments[name] = namespace[name]
        return line.ask(helper["name"], arguments, draws=helper["draws"])

    stand_in.__name__ = stand_in.__qualname__ = helper["name"]
    return stand_in
