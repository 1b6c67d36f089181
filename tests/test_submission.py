"""From a path to a notebook: whatever a student hands in gets one clear line."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.submission import MAX_NOTEBOOK_BYTES, find_submissions, read_notebook
from tests.conftest import WriteNotebook, notebook_json

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


def test_a_folder_is_searched_without_its_hidden_parts(tmp_path: Path) -> None:
    """Checkpoints are older versions, not submissions."""
    for name in ("b.ipynb", "a.ipynb", "x/c.ipynb", ".ipynb_checkpoints/a.ipynb", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(NOTEBOOK)
    found, errors = find_submissions([tmp_path])
    assert [submission.student for submission in found] == ["a", "b", "c"]
    assert not errors


def test_files_named_alike_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    """One folder a student, all with the exercise's own file name."""
    for name in ("ann/hw.ipynb", "bob/hw.ipynb"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(NOTEBOOK)
    found, _ = find_submissions([tmp_path])
    assert [submission.student for submission in found] == ["ann", "bob"]


def test_a_bad_path_loses_nothing_else(tmp_path: Path, write_notebook: WriteNotebook) -> None:
    """What exists is found; what does not is named, once each."""
    good = write_notebook("x = 1")
    (tmp_path / "empty").mkdir()
    found, errors = find_submissions([tmp_path / "nowhere", good, tmp_path / "empty", good])
    assert [submission.path for submission in found] == [good]
    assert [str(e).removeprefix(str(tmp_path)) for e in errors] == [
        "/nowhere: no such file or folder",
        "/empty: no notebooks (*.ipynb) in this folder or below",
    ]
