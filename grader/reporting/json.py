"""`results.json`: everything that grading found, for other programs.

The file has a version and a JSON Schema (`results.schema.json`, made from the classes in
`grader.results`); `read` gives back exactly what `write` was given.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.reporting.guard import Lost, guarded, nobody
from grader.reporting.words import write_text
from grader.results import RESULTS_VERSION, ClassResult, SubmissionResult

SCHEMA_FILE = Path(__file__).with_name("results.schema.json")


def write(results: ClassResult, folder: Path, lost: Lost = nobody) -> list[Path]:
    """Write `results.json`."""
    return [write_text(folder / "results.json", pieces(results, lost))]


def pieces(results: ClassResult, lost: Lost = nobody) -> Iterator[str]:
    """Yield the results as JSON, indented, in a fixed order of keys, a submission at a time."""
    head, _, tail = _indented(replace(results, submissions=())).rpartition('"submissions": []')
    yield f'{head}"submissions": ['
    separator = ""
    for submission in results.submissions:
        text = guarded(submission, _indented, lost)
        yield f"{separator}\n    " + text.replace("\n", "\n    ")
        separator = ","
    yield f"\n  ]{tail}\n" if separator else f"]{tail}\n"


def _indented(part: ClassResult | SubmissionResult) -> str:
    return msgspec.json.format(msgspec.json.encode(part), indent=2).decode()


def read(path: Path) -> ClassResult:
    """Read `results.json`; raise UsageError with the place in the file if it is not valid."""
    try:
        results = msgspec.json.decode(path.read_bytes(), type=ClassResult)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        expected = f"expected results of version {RESULTS_VERSION}"
        raise UsageError(f"{path}: {error}; {expected}") from error
    return replace(results, submissions=tuple(results.submissions))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `results.json`."""
    made = msgspec.json.schema(ClassResult)
    for each in made["$defs"].values():  # some versions of msgspec leave docstrings indented
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
