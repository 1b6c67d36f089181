"""Definitions that take no effect: in a text cell, under a magic, in comments or a string."""

from __future__ import annotations

import ast
import re

from grader.execution.magics import CELL_MAGIC, OTHER_CELL_MAGICS, cell_magic
from grader.submission import Cell, Notebook
from grader.syntax import parsed

MAX_TEXT = 50_000  # characters of a cell that are looked at


def misplaced(name: str, notebook: Notebook) -> str:
    """Say where a definition stands that takes no effect, and what to do; "" if there is none."""
    texts = (
        (cell.number, "is a text cell that holds one; turn it into a code cell")
        for cell in notebook.texts
        if _defines(cell.source, name)
    )
    codes = ((cell.number, _without_effect(cell, name)) for cell in notebook.cells)
    number, why = max((each for each in (*texts, *codes) if each[1]), default=(0, ""))
    return f"cell {number} {why}" if why else ""


def _without_effect(cell: Cell, name: str) -> str:
    source = cell.source[:MAX_TEXT]
    if magic := cell_magic(source):
        return _under(magic) if _defines(source, name) else ""
    text = _without_magics(source)
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and all(line.lstrip().startswith("#") for line in lines):
        bare = re.sub(r"^[ \t]*#(?: (?=\S)|(?= ))?", "", text, flags=re.MULTILINE)
        if _defines(bare, name) or _defines(re.sub("^#", "", text, flags=re.MULTILINE), name):
            return "holds one that is commented out; remove the `#` from its lines"
    if _defines(_string(text), name):
        return "holds one in a string; remove the quotes around it"
    return ""


def _under(magic: str) -> str:
    if magic == "timeit":
        why = "keeps nothing of what the cell defines"
    elif magic in OTHER_CELL_MAGICS:
        why = "does not run it as the notebook's Python"
    else:
        why = "Jupyter does not know here"
    return f"holds one under `%%{magic}`, which {why}; remove that line"


def _defines(text: str, name: str) -> bool:
    """Whether a text holds a definition with at least one line of its body, or an assignment."""
    called = re.escape(name)
    function = rf"^[ \t>]*def[ \t]+{called}[ \t]*\([^\n]*\n(?:[ \t>]*\n)*[ \t>]*[ \t]+\S"
    variable = rf"^{called}[ \t]*=(?!=)"
    return bool(re.search(f"{function}|{variable}", text[:MAX_TEXT], re.MULTILINE))


def _without_magics(source: str) -> str:
    while found := CELL_MAGIC.match(source):
        source = source[found.end() :]
    return source


def _string(source: str) -> str:
    """Return the string that a cell is, "" if it is anything else."""
    stripped = source.strip()
    if not stripped.endswith(("'''", '"""')):
        return ""
    try:
        body = parsed(stripped).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return value.value if is_text else ""  # type: ignore[union-attr]
