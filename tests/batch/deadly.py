"""Functions that end the process they are called in; workers import them by name."""

import os
import signal
from pathlib import Path

from grader.batch.work import UnfitError


def die_once(marker: str) -> str:
    """Be killed at the first call, succeed at the second."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def unfit_once(marker: str) -> int:
    """Be unfit at the first call; at the second return the process that is."""
    path = Path(marker)
    if not path.exists():
        path.write_text(str(os.getpid()))
        raise UnfitError("the worker has sandbox step B")
    return int(path.read_text())


class Odd:
    """Something that can be sent, but not received."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        """Return what cannot be done."""
        return int, ("no number",)


def fail() -> None:
    """Fail as nothing in a worker should."""
    raise AssertionError("internal \ud800")
