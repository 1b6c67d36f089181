"""Being asked to stop: in order, at once, and not in the middle of what is held."""

import os
import signal

import pytest

from grader.batch.interrupts import Interrupts


def send(number: signal.Signals) -> None:
    """Send a signal to this process."""
    os.kill(os.getpid(), number)


def test_the_first_one_asks_and_the_second_stops() -> None:
    """What was installed before is back afterwards."""
    before, told = signal.getsignal(signal.SIGINT), []
    with Interrupts(lambda: told.append("once")) as interrupts:
        assert not interrupts.stopping()
        send(signal.SIGINT)
        assert interrupts.stopping()
        with pytest.raises(KeyboardInterrupt):
            send(signal.SIGINT)
    assert told == ["once"]
    assert signal.getsignal(signal.SIGINT) is before


def test_nothing_is_stopped_while_it_is_held() -> None:
    """It is stopped after that, once."""
    reached: list[str] = []

    def hold(number: signal.Signals | None, what: str) -> None:
        with interrupts.held():
            if number:
                send(number)
            reached.append(what)

    with Interrupts(lambda: None) as interrupts:
        with pytest.raises(KeyboardInterrupt):
            hold(signal.SIGTERM, "the end of what was held")
        hold(None, "the next")
    assert reached == ["the end of what was held", "the next"]
    assert interrupts.signal == signal.SIGTERM
