"""Functions that end the process they are called in; workers import them by name."""

import os
import signal
from pathlib import Path


def die_once(marker: str) -> str:
    """Be killed at the first call, succeed at the second."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


class Odd:
    """Something that can be sent, but not received."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        """Return what cannot be done."""
        return int, ("no number",)


def fail() -> None:
    """Fail as nothing in a worker should."""
    raise AssertionError("internal \ud800")
