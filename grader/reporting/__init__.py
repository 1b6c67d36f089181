"""Reports: one file per format, all from results alone.

A format is a function of a ClassResult and a folder that writes files there and returns their
paths, the first one being what to open first; it is told whose results cannot be shown. `FORMATS` lists them by the name on the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.reporting import json
from grader.reporting.html import pages
from grader.results import ClassResult

Reporter = Callable[..., list[Path]]

FORMATS: dict[str, Reporter] = {"html": pages.write, "json": json.write}
OF_THE_CLASS = {"html"}  # formats that show everyone in the gradebook; the others show one run
