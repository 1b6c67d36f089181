"""Being asked to stop: in order, at once, and not in the middle of what is held."""

import os
import signal
import subprocess
import sys

import pytest

from grader.batch.interrupts import Interrupts
from tests.batch.classes import wait_until_gone

PREPARING = """
import subprocess, time
from grader.batch.interrupts import Interrupts
child = subprocess.Popen(["sleep", "60"])
with Interrupts(lambda: print("in order"), lambda: print("at once")):
    print(child.pid, flush=True)
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""


def nothing() -> None:
    """Say nothing."""


def send(number: signal.Signals) -> None:
    """Send a signal to this process."""
    os.kill(os.getpid(), number)


def test_the_first_one_asks_and_the_second_stops() -> None:
    """What was installed before is back afterwards."""
    before, told = signal.getsignal(signal.SIGINT), []
    with Interrupts(lambda: told.append("once"), nothing) as interrupts:
        interrupts.begin()
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

    with Interrupts(nothing, nothing) as interrupts:
        interrupts.begin()
        with pytest.raises(KeyboardInterrupt):
            hold(signal.SIGTERM, "the end of what was held")
        hold(None, "the next")
    assert reached == ["the end of what was held", "the next"]
    assert interrupts.signal == signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_only_prepared_is_stopped_at_once(number: signal.Signals) -> None:
    """With what it has started, whatever catches exceptions: there is nothing to be finished."""
    command = [sys.executable, "-c", PREPARING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        process.send_signal(number)
        assert process.communicate(timeout=5)[0] == "at once\n"
    assert process.returncode == 128 + number
    assert wait_until_gone([child]) == []
