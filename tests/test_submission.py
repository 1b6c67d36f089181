"""From a path to a notebook: whatever a student hands in gets one clear line."""

import errno
import io
import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest

from grader.errors import DisturbedError, SubmissionError
from grader.submission import MAX_NOTEBOOK_BYTES, open_notebook, parse_file, read_notebook
from tests.conftest import notebook_json

NOTEBOOK = notebook_json("x = 'été'", "y = 2")


def v3(cells: list[dict[str, Any]]) -> str:
    """Return a notebook of nbformat 3."""
    content = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
    return json.dumps(content | {"worksheets": [{"cells": cells, "metadata": {}}]})


V3_CELLS: list[dict[str, Any]] = [
    {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Title"]},
    {
        "cell_type": "code",
        "collapsed": False,
        "input": ["x = 1\n", "y = 2"],
        "language": "python",
        "metadata": {},
        "outputs": [],
    },
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8, -16 and -32 with or without a mark; an old Windows encoding with a note."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(NOTEBOOK.replace("\\u00e9", "é").encode(encoding))
    notebook = read_notebook(path)
    assert notebook.cells[0].source == "x = 'été'"
    assert bool(notebook.notes) == (encoding == "cp1252")


def test_nbformat_3(tmp_path: Path) -> None:
    """Older notebooks are read; cells are counted over all of them."""
    path = tmp_path / "a.ipynb"
    path.write_text(v3(V3_CELLS))
    (cell,) = read_notebook(path).cells
    assert (cell.number, cell.source) == (2, "x = 1\ny = 2")


def test_nbformat_2(tmp_path: Path) -> None:
    """The oldest format with worksheets."""
    code = {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}
    content = {"nbformat": 2, "metadata": {}, "worksheets": [{"cells": [code]}]}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(content))
    assert [cell.source for cell in read_notebook(path).cells] == ["x = 1"]


def test_stored_outputs_tags_and_unknown_kernels_are_ignored(tmp_path: Path) -> None:
    """Only sources count, however odd the rest of the file is."""
    content = json.loads(NOTEBOOK)
    content["metadata"] = {"kernelspec": {"name": "no-such-kernel", "language": "julia"}}
    content["cells"][0]["outputs"] = [{"output_type": "nonsense"}]
    content["cells"][0]["metadata"] = {"tags": ["skip-execution", "raises-exception"]}
    content["nbformat_minor"] = 99
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(content))
    assert len(read_notebook(path).cells) == 2


def test_python_2_is_noted(tmp_path: Path) -> None:
    """A notebook for Python 2 is run with Python 3, and says so."""
    path = tmp_path / "a.ipynb"
    path.write_text(
        json.dumps(json.loads(NOTEBOOK) | {"metadata": {"kernelspec": {"name": "python2"}}})
    )
    assert "Python 2" in read_notebook(path).notes[0].message


BROKEN = {
    "empty": ("", "the file is empty"),
    "blank": (" \n\n", "the file is empty"),
    "text": ("import numpy as np\n", "not a notebook"),
    "html": ("<!doctype html>", "not a notebook"),
    "list": ("[1, 2]", "not a notebook"),
    "object": ('{"a": 1}', "has no list of cells"),
    "cut": (NOTEBOOK[:90], "its JSON breaks off at line 1"),
    "conflict": (
        NOTEBOOK.replace('"cells"', '\n<<<<<<< HEAD\n"cells"', 1),
        "unresolved merge conflict (line 2)",
    ),
    "no cells": (notebook_json(), "no cells with code"),
    "blank cells": (notebook_json("", "  "), "no cells with code"),
    "cells are text": ('{"cells": "x", "nbformat": 4}', "its cells are not a list"),
    "cell is text": ('{"cells": ["x"], "nbformat": 4}', "cell 1 has no text"),
    "source is a number": ('{"cells": [{"source": 1}], "nbformat": 4}', "cell 1 has no text"),
    "nbformat 5": ('{"cells": [], "nbformat": 5}', "expected 2, 3 or 4"),
    "nbformat 1": ('{"cells": [], "nbformat": 1}', "expected 2, 3 or 4"),
    "nbformat text": ('{"cells": [], "nbformat": "four"}', "expected 2, 3 or 4"),
    "worksheets broken": ('{"worksheets": 3, "nbformat": 3}', "its cells are not a list"),
    "deep": ("[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    """Each kind of damage has its sentence, and no traceback."""
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(SubmissionError) as caught:
        read_notebook(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """The size is looked at first."""
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_NOTEBOOK_BYTES + 1)
    with pytest.raises(SubmissionError, match="clear the outputs"):
        read_notebook(path)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would block for ever."""
    path = tmp_path / "a.ipynb"
    os.mkfifo(path)
    with pytest.raises(SubmissionError, match="not a file"):
        read_notebook(path)


def test_a_notebook_of_endless_cells_is_not_read(tmp_path: Path) -> None:
    """Each would have a note of its own, on a page that nobody could open."""
    path = tmp_path / "cells.ipynb"
    path.write_text(NOTEBOOK.replace('"cells": [', '"cells": [' + "0, " * 10_001, 1))
    with pytest.raises(SubmissionError, match="at most 10,000 are read"):
        read_notebook(path)


def test_what_the_machine_is_short_of_is_no_fault_of_a_file(tmp_path: Path) -> None:
    """There is no room for another open file."""
    path = tmp_path / "a.ipynb"
    path.write_text(NOTEBOOK)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(DisturbedError, match="Too many open files"):
            open_notebook(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_disk_that_fails_is_no_fault_of_a_file() -> None:
    """What is read may be somebody's whole work."""
    with pytest.raises(DisturbedError, match="the file cannot be read: Input/output error"):
        parse_file(_Failing())


class _Failing(io.BytesIO):
    """A file on a disk that fails."""

    def read(self, _: int | None = -1, /) -> bytes:
        """Fail as the system does."""
        raise OSError(errno.EIO, os.strerror(errno.EIO))
