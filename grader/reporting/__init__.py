"""Reports: one file per format, all from results alone.

A format is a function of a ClassResult and a folder that writes files there and returns their
paths, the first one being what to open first; it says whose results cannot be shown. `FORMATS`
lists them by the name on the command line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from grader.reporting import json
from grader.reporting.guard import Lost, nobody
from grader.reporting.html import pages
from grader.results import ClassResult


class Reporter(Protocol):
    """Writes a format; names to `lost` the students whose results cannot be shown."""

    def __call__(self, results: ClassResult, folder: Path, lost: Lost = nobody) -> list[Path]:
        """Write the files, and return their paths."""
        ...


FORMATS: dict[str, Reporter] = {"html": pages.write, "json": json.write}
OF_THE_CLASS = {"html"}  # formats that show everyone in the gradebook; the others show one run
