"""What a student handed in, and from a file to a validated notebook.

Where submissions come from is the matter of `grader.layouts`. Only the sources of the code cells
are taken from a notebook: stored outputs, metadata, kernelspecs and tags are the student's to write
and decide nothing.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from grader.errors import DisturbedError, SubmissionError, is_of_the_machine
from grader.results import Note
from grader.texts import encodable

MAX_NOTEBOOK_BYTES = 100 * 2**20
MAX_CELLS = 10_000
TEXT_CELLS = ("markdown", "raw", "heading", "html")


@dataclass(frozen=True)
class Cell:
    """A cell; `number` counts from 1 over all cells of the notebook, text cells included."""

    number: int
    source: str


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, in order, what was odd about the file, and the text cells."""

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...] = ()
    texts: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class SubmissionFile:
    """One student's file, not yet read."""

    student: str
    path: Path


class Entry(Protocol):
    """One file that was handed in, not yet read: it lies in a folder or in an archive."""

    @property
    def name(self) -> str:
        """Its name: relative, with `/` between folders.

        Of the notebook it is that within the submission; what lies in its folder or below is named
        from there, so that the notebook finds it.
        """
        ...

    @property
    def size(self) -> int:
        """Its bytes, as the folder or the archive says; reading checks it."""
        ...

    def read(self) -> bytes:
        """Return its content.

        Raises SubmissionError if it is damaged, or larger than MAX_NOTEBOOK_BYTES;
        UnreachableError, which is one, if it cannot be reached now or has changed since.
        """
        ...


@dataclass(frozen=True)
class Submission:
    """One student's hand-in, not yet read.

    `student` is unique in the class, and the same in every download. `path` says to people where
    the notebook stands. `files` is what was handed in beside it. `warning` is what the instructor
    should know, `problem` why there is no notebook to grade: one line each. `handed_in` is a time
    of ISO 8601, with its zone where that is known, or empty where nothing tells it. `late` says
    that the platform calls the hand-in late; it changes no score.
    """

    student: str
    path: str
    notebook: Entry | None
    files: tuple[Entry, ...] = ()
    warning: str = ""
    handed_in: str = ""
    problem: str = ""
    late: bool = False


def readable(name: object) -> str:
    """Return a file's name as text that can be written, also where its bytes are no UTF-8."""
    text = str(name)
    with suppress(UnicodeEncodeError):  # of halves of characters that stand for no bytes
        text = os.fsencode(text).decode("utf-8", "replace")
    return encodable(text)


# ---------------------------------------------------------------- reading


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of nbformat 2, 3 or 4.

    Raises SubmissionError with one line that says what is wrong and what to do.
    """
    with open_notebook(path) as file:
        return parse_file(file)


def parse_file(file: BinaryIO) -> Notebook:
    """Read a notebook from an open file. Raises SubmissionError."""
    text, notes = _decode(_read_bytes(file))
    content = _parse(text)
    every = _cells(content)
    if len(every) > MAX_CELLS:
        number = f"{len(every):,} cells, at most {MAX_CELLS:,} are read"
        raise SubmissionError(f"the notebook has {number}; was the right file handed in?")
    cells = [(number, cell, _source(cell)) for number, cell in enumerate(every, start=1)]
    code = tuple(
        Cell(number, source)
        for number, cell, source in cells
        if source and source.strip() and cell.get("cell_type") == "code"
    )
    texts = tuple(
        Cell(number, source) for number, cell, source in cells if source and not _may_be_code(cell)
    )
    without = [number for number, cell, source in cells if source is None and _may_be_code(cell)]
    if not code and without:
        raise SubmissionError(f"not a notebook: cell {without[0]} has no text")
    if not code:
        raise SubmissionError("the notebook has no cells with code; was the right file handed in?")
    passed_over = (_passed_over(number) for number in without)
    return Notebook(code, (*notes, *_python_2_notes(content), *passed_over), texts)


def open_notebook(path: Path) -> BinaryIO:
    """Open a notebook's file.

    Raises SubmissionError if it is none, or too large; DisturbedError if the machine is at fault.
    """
    try:
        if not path.is_file():
            raise SubmissionError("not a file; expected a notebook (.ipynb)")
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_BYTES:
            raise SubmissionError(too_large(size))
        return path.open("rb")
    except OSError as error:
        raise _unread(error) from error


def _unread(error: OSError) -> DisturbedError | SubmissionError:
    kind = DisturbedError if is_of_the_machine(error) else SubmissionError
    return kind(f"the file cannot be read: {error.strerror}")


def too_large(size: int) -> str:
    """Return what is said of a file of more bytes than are read."""
    return (
        f"the file has {size / 2**20:.0f} MB, at most {MAX_NOTEBOOK_BYTES / 2**20:.0f} MB "
        "are read; clear the outputs and hand it in again"
    )


def _read_bytes(file: BinaryIO) -> bytes:
    try:
        data = file.read(MAX_NOTEBOOK_BYTES)
    except OSError as error:
        raise _unread(error) from error
    if not data.strip():
        raise SubmissionError("the file is empty; save the notebook and hand it in again")
    return data


def _decode(data: bytes) -> tuple[str, list[Note]]:
    """Decode UTF-8, -16 or -32, with or without a mark; else Windows-1252, with a note."""
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        message = "The file is not UTF-8; it was read as Windows-1252: letters may be wrong."
        return data.decode("cp1252", "replace"), [Note("warning", message)]


def _parse(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise SubmissionError("the file is nested too deeply to be a notebook") from error
    except ValueError as error:
        raise _not_json(text, error) from error
    if not isinstance(content, dict) or not ({"cells", "worksheets"} & content.keys()):
        raise SubmissionError("not a notebook: it is JSON, but has no list of cells")
    return content


def _not_json(text: str, error: ValueError) -> SubmissionError:
    conflict = re.search(r"^(<<<<<<<|=======|>>>>>>>)", text, re.MULTILINE)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return SubmissionError(
            f"the file holds the markers of an unresolved merge conflict (line {line}); "
            "resolve the conflict and hand it in again"
        )
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return SubmissionError("not a notebook: expected a Jupyter notebook file (JSON)")
    where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file"
    return SubmissionError(
        f"the notebook is damaged: its JSON breaks off at {where}; open and save it in Jupyter"
    )


def _cells(content: dict[str, Any]) -> list[Any]:
    """Return the cells. Of all the formats' differences only where the sources are matters."""
    major = content.get("nbformat", 4)
    if not isinstance(major, int) or not 2 <= major <= 4:
        raise SubmissionError(f"nbformat {major!r:.20} is not known; expected 2, 3 or 4")
    cells = content.get("cells") if major == 4 else _cells_of_worksheets(content)
    if not isinstance(cells, list):
        raise SubmissionError("not a notebook: its cells are not a list")
    return cells


def _cells_of_worksheets(content: dict[str, Any]) -> list[Any] | None:
    """Return the cells of nbformat 2 and 3, which stand in worksheets."""
    sheets = content.get("worksheets")
    try:
        return [cell for sheet in sheets or [] for cell in sheet["cells"]]
    except (TypeError, KeyError):
        return None


def _source(cell: Any) -> str | None:
    """Return a cell's text, None if it has none."""
    source = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return encodable(source.replace("\r\n", "\n").replace("\r", "\n"))


def _may_be_code(cell: Any) -> bool:
    return not isinstance(cell, dict) or cell.get("cell_type") not in TEXT_CELLS


def _passed_over(number: int) -> Note:
    message = f"Cell {number} was passed over: what stands as its source in the file is no text."
    return Note("warning", message, number)


def _python_2_notes(content: dict[str, Any]) -> list[Note]:
    metadata = content.get("metadata")
    kernelspec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernelspec.get("name") if isinstance(kernelspec, dict) else None
    if name != "python2":
        return []
    return [Note("info", "The notebook was written for Python 2; it is run with Python 3.")]
