"""The starter notebook of an assignment: its prose, with the blank cells of the graded items.

The prose is `starter.md`, Markdown. A fence ```python is a code cell, as it stands, but for the
lines between START and END markers: they are the solution of graded variables, of which the starter
shows `name = None` only. A fence ```graded holds the name of a graded function: its cell is made
from the reference's signature and docstring, which so stand once.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader.errors import CourseError, near_miss
from grader.spec import Assignment, Question
from grader.syntax import parsed

STARTER_FILE = "starter.md"
START, END = "### START CODE HERE ###", "### END CODE HERE ###"

_FENCE = re.compile(r"```(\w*)[ \t]*")
_MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A part of the prose: text, code, or the name of a graded function; and where it begins."""

    kind: Literal["text", "python", "graded"]
    text: str
    line: int


def read_starter(file: Path, assignment: Assignment) -> tuple[Part, ...]:
    """Read the prose of an assignment; raise CourseError, with the line, where it is wrong."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"the starter's prose cannot be read: {error}", file=file) from error
    parts = tuple(part for part in _parts(lines, file) if part.text.strip())
    _check(parts, assignment, file)
    return parts


def _parts(lines: list[str], file: Path) -> Iterator[Part]:
    kind: Any = "text"
    begin, kept = 1, list[str]()
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.fullmatch(line)
        closes = kind != "text" and line.rstrip() == "```"
        if closes or (kind == "text" and fence and fence[1] in ("python", "graded")):
            yield _part(kind, kept, begin)
            kind = "text" if closes else fence[1] if fence else kind
            begin, kept = number + 1, []
        else:
            kept.append(line)
    if kind != "text":
        raise CourseError("the fence is never closed", file=file, line=begin - 1)
    yield _part("text", kept, begin)


def _part(kind: Any, lines: list[str], begin: int) -> Part:
    """Return a part without the blank lines around it."""
    blank = next((i for i, line in enumerate(lines) if line.strip()), 0)
    text = "\n".join(lines)
    return Part(kind, text.strip() if kind == "graded" else text.strip("\n"), begin + blank)


def _check(parts: tuple[Part, ...], assignment: Assignment, file: Path) -> None:
    functions = [each.name for each in assignment.questions if each.kind == "function"]
    for part in parts:
        if part.kind == "graded" and part.text not in functions:
            close = near_miss(part.text, functions)
            hint = f"did you mean '{close}'?" if close else f"there are: {', '.join(functions)}"
            reason = f"'{part.text}' is no graded function; {hint}"
            raise CourseError(reason, file=file, line=part.line)
        if part.kind == "python":
            _check_python(part, file)


def _check_python(part: Part, file: Path) -> None:
    try:
        parsed(_MAGIC.sub("pass", part.text))
        _without_solution(part.text)
    except SyntaxError as error:
        line = part.line + (error.lineno or 1) - 1
        raise CourseError(error.msg, file=file, line=line) from error


# ---------------------------------------------------------------- notebooks


def blank_notebook(assignment: Assignment, parts: tuple[Part, ...]) -> str:
    """Return the notebook that students get, as JSON."""
    return _notebook(assignment, parts, _blank_function, _without_solution)


def solved_notebook(assignment: Assignment, parts: tuple[Part, ...]) -> str:
    """Return a notebook whose functions call the reference's, and whose variables are filled in.

    Functions without points that the prose gives, perhaps with mistakes to be found, are replaced.
    """
    blank = {part.text for part in parts if part.kind == "graded"}
    given = (q.name for q in assignment.questions if not q.points and q.name not in blank)
    functions = {question.name for question in assignment.questions if question.kind == "function"}
    replaced = tuple(Part("graded", name, 0) for name in given if name in functions)
    return _notebook(assignment, (*parts, *replaced), _calling_the_reference, str)


def _notebook(
    assignment: Assignment,
    parts: tuple[Part, ...],
    function: Callable[[Question], str],
    code: Callable[[str], str],
) -> str:
    questions = {question.name: question for question in assignment.questions}
    cells = [
        _cell("markdown", part.text)
        if part.kind == "text"
        else _code(code(part.text) if part.kind == "python" else function(questions[part.text]))
        for part in parts
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}}
    return json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    return _cell("code", text) | {"execution_count": None, "outputs": []}


def _blank_function(question: Question) -> str:
    """Return the cell of a graded function: all but its body."""
    quoted = question.docstring.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    closing = "\n" if "\n" in quoted or quoted.endswith('"') else ""
    body = f'"""{quoted}{closing}"""\n{START}\npass\n{END}'
    return (
        f"# GRADED FUNCTION: {question.name}\n"
        f"def {question.name}{question.signature}:\n{textwrap.indent(body, '    ')}"
    )


def _calling_the_reference(question: Question) -> str:
    module, _, name = question.reference.rpartition(".")
    function = parsed(f"lambda {question.signature[1:-1]}: 0", mode="eval").body
    passed = _passed(function.args) if isinstance(function, ast.Lambda) else ()
    call = f"{module}.{name}({', '.join(passed)})"
    head = f"def {question.name}{question.signature}:"
    return f"import {module}\n\n{head}\n    return {call}"


def _passed(taken: ast.arguments) -> Iterator[str]:
    """Yield the arguments of a call that passes on what a function takes."""
    yield from (each.arg for each in (*taken.posonlyargs, *taken.args))
    if taken.vararg:
        yield f"*{taken.vararg.arg}"
    yield from (f"{each.arg}={each.arg}" for each in taken.kwonlyargs)
    if taken.kwarg:
        yield f"**{taken.kwarg.arg}"


def _without_solution(code: str) -> str:
    """Leave of the lines between the markers only which names they bind; raise SyntaxError."""
    kept, solution = list[str](), None
    for number, line in enumerate(code.split("\n"), start=1):
        if line.strip() == START and solution is None:
            solution = list[str]()
            kept.append(line)
        elif line.strip() == END and solution is not None:
            kept += [f"{name} = None" for name in _bound("\n".join(solution))] + [line]
            solution = None
        elif line.strip() in (START, END):
            raise SyntaxError(f"'{line.strip()}' without its other half", ("", number, 0, line))
        elif solution is not None:
            solution.append(line)
        else:
            kept.append(line)
    if solution is not None:
        raise SyntaxError(f"'{START}' without its other half", ("", 1, 0, ""))
    return "\n".join(kept)


def _bound(solution: str) -> list[str]:
    """Return the names that the assignments of a solution bind, in order."""
    stored = [
        part.id
        for statement in parsed(solution).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]
    return list(dict.fromkeys(stored))
