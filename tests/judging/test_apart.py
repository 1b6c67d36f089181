"""What looks at a reference in a process of its own: ended by itself, or from outside."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from grader.errors import DisturbedError
from grader.judging.apart import apart
from grader.judging.expected import Evidence

FOUND = Evidence()


def ending(times: int, number: signal.Signals) -> Callable[[], Evidence]:
    """Return work whose process is ended by a signal, so many times."""
    left, given = os.pipe()
    os.write(given, b"k" * times)
    os.set_blocking(left, False)

    def work() -> Evidence:
        try:
            os.read(left, 1)
        except BlockingIOError:
            return FOUND
        os.kill(os.getpid(), number)
        return FOUND

    return work


def test_a_process_that_is_ended_from_outside_is_begun_again() -> None:
    """What it finds then is as good."""
    assert apart(ending(1, signal.SIGKILL)) == FOUND


def test_twice_is_no_result() -> None:
    """The machine may be at fault."""
    with pytest.raises(DisturbedError, match="signal 9"):
        apart(ending(2, signal.SIGKILL))


def test_a_crash_of_its_own_is_the_references() -> None:
    """It costs the causes of one question."""
    assert "signal 6" in str(apart(ending(1, signal.SIGABRT)))


def test_one_that_stands_still_is_begun_again() -> None:
    """Once; what never ends takes too long."""
    assert apart(ending(1, signal.SIGSTOP), seconds=0.2) == FOUND
    assert "took more than 0.2 s" in str(apart(ending(2, signal.SIGSTOP), seconds=0.2))
