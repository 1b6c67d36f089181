"""Cells that do not take effect: what the feedback says of them, and what to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.execution.plan import Plan, plan
from grader.spec import Assignment, Question
from grader.submission import read_notebook

F = "def f(x):\n    return x"
ASSIGNMENT = Assignment(
    "a",
    "A",
    (Question("f", "function", "", 1.0, ("y",)), Question("v", "variable", "", 1.0, ("v",))),
)


def code(source: Any) -> dict[str, Any]:
    """Return a code cell."""
    return {"cell_type": "code", "source": source}


def text(source: Any, kind: str = "markdown") -> dict[str, Any]:
    """Return a text cell."""
    return {"cell_type": kind, "source": source}


def planned(folder: Path, *cells: Any) -> Plan:
    """Plan a notebook of cells as they stand in its file."""
    path = folder / "student.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    return plan(read_notebook(path), ASSIGNMENT)


UNREADABLE = {
    "null": code(None),
    "a number": code(3),
    "a list with null": code(["x = 1\n", None]),
    "an object": code({"a": 1}),
    "no source": {"cell_type": "code"},
    "text of null": text(None),
    "text with numbers": text([1, 2]),
    "not a cell": "x = 1",
    "null for a cell": None,
    "a list for a cell": ["x = 1"],
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_cell_without_text_costs_itself(name: str, tmp_path: Path) -> None:
    """The rest is graded; of a cell that may have held code, a note says which it was."""
    result = planned(tmp_path, code(F), UNREADABLE[name], code("v = 1"))
    assert set(result.definitions) == {"f", "v"}
    assert result.definitions["v"].cell == 3
    notes = [note.message for note in result.notes if "Cell 2" in note.message]
    assert len(notes) == (not name.startswith(("text", "no source")))


def test_where_no_cell_has_text(tmp_path: Path) -> None:
    """It is no notebook."""
    with pytest.raises(SubmissionError, match="not a notebook: cell 1 has no text"):
        planned(tmp_path, code(None), text("# Title"))


MISPLACED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "Markdown": (text(F), ("cell 2 is a text cell", "turn it into a code cell")),
    "Markdown with a fence": (text(f"```python\n{F}\n```"), ("cell 2 is a text cell",)),
    "raw": (text(F, "raw"), ("cell 2 is a text cell", "turn it into a code cell")),
    "unknown magic": (code(f"%%memit\n{F}"), ("cell 2", "`%%memit`", "does not know")),
    "unknown magic below another": (code(f"%%time\n%%memit\n{F}"), ("`%%memit`",)),
    "%%timeit": (code(f"%%timeit\n{F}"), ("cell 2", "`%%timeit`", "keeps nothing")),
    "%%timeit with options": (code(f"%%timeit -n 3\n{F}"), ("`%%timeit`", "keeps nothing")),
    "%%bash": (code(f"%%bash\n{F}"), ("`%%bash`", "does not run it as the notebook's Python")),
    "%%html": (code(f"%%html\n{F}"), ("`%%html`", "does not run it as the notebook's Python")),
    "%%python": (code(f"%%python\n{F}"), ("`%%python`", "does not run it as the notebook's")),
    "comments": (code("# def f(x):\n#     return x"), ("cell 2", "commented out")),
    "comments, closely": (code("#def f(x):\n#    return x\n\n"), ("cell 2", "commented out")),
    "comments below a magic": (code("%%time\n# def f(x):\n#     return x"), ("commented out",)),
    "a string": (code(f"'''\n{F}\n'''"), ("cell 2", "in a string")),
}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_definition_that_takes_no_effect_is_found(name: str, tmp_path: Path) -> None:
    """The feedback says where it stands, and what to do."""
    cell, said = MISPLACED[name]
    missing = planned(tmp_path, code("v = 1"), cell).sources["f"].missing
    assert missing.startswith("The notebook does not define `f`")
    for each in said:
        assert each in missing


@pytest.mark.parametrize(
    "cell",
    [
        text("Write a function `f` that returns x."),
        text("Call `f(x)`: def g(x)"),
        code("# def ff(x):\n#     return x"),
        code("# write def f here\ny = 1"),
        code("%%bash\necho f"),
    ],
)
def test_a_name_that_is_only_spoken_of_is_no_definition(
    cell: dict[str, Any], tmp_path: Path
) -> None:
    """Nothing is claimed."""
    result = planned(tmp_path, code("v = 1"), cell)
    assert result.sources["f"].missing == "The notebook does not define `f`."


def test_a_variable_in_a_text_cell(tmp_path: Path) -> None:
    """Variables are found, too."""
    assert "cell 2 is a text cell" in planned(tmp_path, code(F), text("v = 3")).sources["v"].missing


@pytest.mark.parametrize("magic", ["%%timeit", "%%timeit -n1", "\n%%timeit", "%%time\n%%timeit"])
def test_a_timing_experiment_does_not_count(magic: str, tmp_path: Path) -> None:
    """`%%timeit` binds nothing."""
    result = planned(tmp_path, code(F), code(f"{magic}\ndef f(x):\n    return None"))
    assert result.definitions["f"].cell == 1
    assert not result.notes


@pytest.mark.parametrize(
    "magic", ["%%time", "%%capture", "%%capture said", "%%prun -q", "\n%%time"]
)
def test_other_cell_magics_bind(magic: str, tmp_path: Path) -> None:
    """Lines are counted from the cell's first."""
    result = planned(tmp_path, code("v = 1"), code(f"{magic}\n{F}"))
    assert result.definitions["f"].first_line == magic.count("\n") + 2
    assert result.mode == "needed"


NEWER = {
    "type X = int": (3, 12),
    "type Pair[T] = tuple[T, T]": (3, 12),
    "def first[T](x: list[T]) -> T:\n    return x[0]": (3, 12),
    "class Box[T]:\n    pass": (3, 12),
    "class Box[T](list):\n    pass": (3, 12),
    "d = {'a': 1}\ny = f'{d['a']}'": (3, 12),
    'd = {"a": 1}\ny = f"{d["a"]:>5} and {d["a"]}"': (3, 12),
    "y = f\"{'\\n'.join('ab')}\"": (3, 12),
    "y = f'''{\n1  # one\n}'''": (3, 12),
    "class Box[T = int]:\n    pass": (3, 13),
    "name = 1\ny = t'hello {name}'": (3, 14),
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass": (3, 14),
}
NOT_NEWER = [
    "type X =",
    "x = (1",
    "def f(x:\n    pass",
    "print 'a'",
    "try:\n    pass\nexcept ValueError, e:\n    pass",
    "y = f'{d['",
    "type X = int\nx = (1",
    "def f[](x):\n    pass",
    "y = t 'hello'",
    "y = f'{1 +}'",
]


@pytest.mark.parametrize("source", [s for s, v in NEWER.items() if v > sys.version_info[:2]])
def test_the_version_that_would_read_it_is_named(source: str, tmp_path: Path) -> None:
    """Where nothing else is wrong with the cell."""
    (broken,) = planned(tmp_path, code(F), code(source)).broken
    version = ".".join(map(str, NEWER[source]))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"Python {version} can read it, Python {here} runs here" in broken.error.message


@pytest.mark.parametrize("source", NOT_NEWER)
def test_no_version_is_named_where_none_would_read_it(source: str, tmp_path: Path) -> None:
    """Only what is sure is claimed."""
    (broken,) = planned(tmp_path, code(F), code(source)).broken
    assert "runs here" not in broken.error.message


def test_python_2_is_explained_by_python(tmp_path: Path) -> None:
    """In its own words."""
    (broken,) = planned(tmp_path, code(F), code("print 'x'")).broken
    assert "Missing parentheses in call to 'print'" in broken.error.message
