"""Being asked to stop: in order at first, at once if asked again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any]


class Interrupts:
    """While entered: the first SIGINT asks for an end in order, a second one or SIGTERM stops.

    `first` is called at the first one. To stop is a KeyboardInterrupt in the main thread; `signal`
    is then the one that did it. Elsewhere than in the main thread nothing is changed.
    """

    def __init__(self, first: Callable[[], None]) -> None:
        self._first = first
        self._before: dict[int, Any] = {}
        self._holding = False
        self._pending: int | None = None
        self.asked = False
        self.signal = signal.SIGINT

    def stopping(self) -> bool:
        """Tell whether nothing more is to be begun."""
        return self.asked

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing be stopped halfway, such as what is written to a database."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
            number, self._pending = self._pending, None
            if number is not None:
                self._interrupt(number, None)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if number == signal.SIGTERM or self.asked:
            if self._holding:
                self._pending = number
                return
            self.signal = signal.Signals(number)
            raise KeyboardInterrupt
        self.asked = True
        self._first()

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
