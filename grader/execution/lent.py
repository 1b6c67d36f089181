"""What stands for wrong items while the rest of a notebook runs: right values, right answers."""

from __future__ import annotations

from dataclasses import dataclass

from grader.askable import NOTHING, Askable


@dataclass(frozen=True)
class Helper:
    """A graded function whose answers come from elsewhere, under the notebook's name for it.

    `question` is the item's own name; `draws` says whether random numbers are drawn for an answer;
    the others are as in `Request`.
    """

    question: str
    name: str
    parameters: tuple[str, ...] = ()
    required: int = 0
    reads: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    takes: int = 1000
    draws: bool = False


@dataclass(frozen=True)
class Lent:
    """What is given to a kernel between two cells, under the notebook's own `name` for it.

    That is a `helper`, whose calls are answered as long as cells run, within what is `askable`; or
    a variable's value, `packed` in the wire form.
    """

    name: str
    packed: bytes = b""
    helper: Helper | None = None
    askable: Askable = NOTHING
