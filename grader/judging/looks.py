"""What a wrong function's source shows by itself: what is never used, and what is from elsewhere.

These are facts, whether or not they are the reason; they are told where no reason is known.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.judging.lines import Function, Line

ACTIVATIONS = {"sigmoid", "relu", "tanh"}  # which are passed on as values, too


@dataclass(frozen=True)
class Fact:
    """Something that the source shows: its kind in the catalogue of words, a name, a line."""

    cause: str
    name: str
    line: int


def looks(
    function: Function,
    needed: Collection[str],
    named: Collection[str],
    functions: Collection[str] = (),
) -> list[Fact]:
    """Return what is to be told of a function, in the order of its lines.

    `needed` are the parameters that have to be read, as the student's function calls them; `named`
    the names under which the reference has arrays; `functions` the notebook's graded ones.
    """
    if any(_is_left_open(line) for line in function.lines):
        return []  # not filled in: there is nothing to be seen yet
    found = [*_unused_parameters(function, needed), *_unused_values(function, named)]
    return sorted([*found, *_from_elsewhere(function, functions)], key=lambda fact: fact.line)


def _is_left_open(line: Line) -> bool:
    """Whether a statement is as the starter has it: `dw = None`, or several of them."""
    if not isinstance(line.node, ast.Assign):
        return False
    value = line.node.value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return any(isinstance(part, ast.Constant) and part.value is None for part in parts)


def _read(function: Function) -> set[str]:
    return {n.id for n in ast.walk(function.tree) if _is_read(n) and isinstance(n, ast.Name)}


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _unused_parameters(function: Function, needed: Collection[str]) -> Iterator[Fact]:
    read = _read(function)
    for name in function.parameters:
        if name in needed and name not in read:
            yield Fact("unused_parameter", name, function.tree.lineno)


def _unused_values(function: Function, named: Collection[str]) -> Iterator[Fact]:
    """Yield what is worked out and never used: a mask that is not applied."""
    read = _read(function)
    for line in function.lines:
        if isinstance(line.node, ast.Assign):
            for name in sorted(_whole_names(line.node) & set(named) - read):
                yield Fact("unused_value", name, line.first)


def _whole_names(node: ast.Assign) -> set[str]:
    """Return the names that a statement binds alone; of several, some are not wanted."""
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _from_elsewhere(function: Function, functions: Collection[str]) -> Iterator[Fact]:
    """Yield values that are neither passed nor made here: variables of the notebook."""
    own = {*function.parameters, *(name for line in function.lines for name in line.binds)}
    own |= {n.id for n in ast.walk(function.tree) if isinstance(n, ast.Name) and not _is_read(n)}
    own |= {n.arg for n in ast.walk(function.tree) if isinstance(n, ast.arg)}
    known = own | set(functions) | set(dir(builtins)) | _functions_and_modules(function)
    seen = set[str]()
    for line in function.lines:
        if not isinstance(line.node, ast.FunctionDef | ast.ClassDef):
            for name in sorted(line.reads - known - seen):
                seen.add(name)
                yield Fact("from_elsewhere", name, line.first)


def _functions_and_modules(function: Function) -> set[str]:
    """Return the names that are called, or of whose attributes one is called or only looked up."""
    found = {function.tree.name}
    for node in ast.walk(function.tree):
        if isinstance(node, ast.Call):
            found |= {n.id for n in ast.walk(node.func) if isinstance(n, ast.Name)}
            found |= {a.id for a in node.args if isinstance(a, ast.Name)} & ACTIVATIONS
        elif isinstance(node, ast.Attribute) and node.attr in ("pi", "e", "nan", "inf", "newaxis"):
            found |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.arguments | ast.ExceptHandler | ast.Raise):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found
