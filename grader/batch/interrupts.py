"""Being asked to stop: at once while nothing runs; then in order, at once if asked again."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from grader.execution.sandbox.memory import descendants

Handler = Callable[[int, FrameType | None], Any]


class Interrupts:
    """While entered: SIGINT and SIGTERM end this process at once, after `at_once` was called.

    From `begin` on, the first SIGINT asks for an end in order: `first` is called. A second one or
    SIGTERM stops: that is a KeyboardInterrupt in the main thread, and `signal` is then the one that
    did it. Elsewhere than in the main thread nothing is changed.
    """

    def __init__(self, first: Callable[[], None], at_once: Callable[[], None]) -> None:
        self._first, self._at_once = first, at_once
        self._before: dict[int, Any] = {}
        self._holding = False
        self._pending: int | None = None
        self._has_begun = False
        self.asked = False
        self.signal = signal.SIGINT

    def stopping(self) -> bool:
        """Tell whether nothing more is to be begun."""
        return self.asked

    def begin(self) -> None:
        """Let what is begun now be ended in order."""
        self._has_begun = True

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
        if not self._has_begun:
            self._at_once()
            _end(number)
        if number == signal.SIGINT and not self.asked:
            self.asked = True
            self._first()
        elif self._holding:
            self._pending = number
        else:
            self.signal = signal.Signals(number)
            raise KeyboardInterrupt

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _end(number: int) -> NoReturn:
    """End this process with all that it has started, as a shell names an end by a signal.

    An exception could be lost in a callback, and Dask takes seconds to close what it has begun.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    for process in descendants(os.getpid()):
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)
    os._exit(128 + number)
