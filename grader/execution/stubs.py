"""Stand-ins for helpers whose answers come from elsewhere. Runs inside the student's kernel.

A stand-in has a wrong helper's name, takes what that takes, and hands it on by the names of the
reference's parameters. For one that draws random numbers, where NumPy's global stream stands goes
along, and comes back: what the helper draws, the item does not draw again.
"""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
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
_INSTALLED = (sys.prefix, sys.base_prefix)


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

    Each is under all names that the notebook has for the helper; and a function of the notebook's
    own does what its stand-in does, wherever else it is kept.
    """
    line = Line(exchange)
    before = dict(namespace)
    graded = {item, *(helper["name"] for helper in helpers)}
    taken = [before[name] for name in graded if name in before]
    changed: dict[str, Any] = {}
    codes: list[tuple[FunctionType, CodeType]] = []
    for helper in helpers:
        own = before.get(helper["name"])
        changed[helper["name"]] = stand_in = _stand_in(helper, own, namespace, line)
        if not callable(own) or sum(each is own for each in taken) > 1:
            continue  # under its other names it may be something else
        names = [name for name, value in before.items() if value is own and name != item]
        changed |= dict.fromkeys(names, stand_in)
        if isinstance(own, FunctionType) and _is_own(own):
            codes.append((own, own.__code__))
            own.__code__ = _handing_on_to(stand_in, own.__code__)
    namespace.update(changed)
    try:
        yield
    finally:
        line.close()
        for function, code in codes:
            function.__code__ = code
        for name in changed:
            if name in before:
                namespace[name] = before[name]
            else:
                namespace.pop(name, None)


def _is_own(function: FunctionType) -> bool:
    """Whether a function is not one of an installed package, which others may call, too."""
    return not function.__code__.co_filename.startswith(_INSTALLED)


def _handing_on_to(stand_in: Callable[..., Any], code: CodeType) -> CodeType:
    """Return the code of a function that hands on what it is given, for one with this code."""

    def hand_on(*given: Any, **named: Any) -> Any:
        target: Any = "target"
        return target(*given, **named)

    constants = hand_on.__code__.co_consts
    return hand_on.__code__.replace(
        co_consts=tuple(stand_in if each == "target" else each for each in constants),
        co_freevars=code.co_freevars,  # or it could not be put in that one's place
    )


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
