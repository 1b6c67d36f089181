"""Texts, numbers and keys that right solutions do not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import Any

from grader.judging.facts import Fact
from grader.judging.lines import Function, Line

LEAST_FIXED = 5  # smaller numbers are written down for many reasons
_LAYER_KEY = re.compile(r"(d?[A-Za-z])\d+")


def keys_twice(function: Function) -> Iterator[Fact]:
    """Yield `{"b1": b1, "b1": b2}`, which keeps the last one."""
    for line in function.lines:
        for node in line.nodes:
            keys = node.keys if isinstance(node, ast.Dict) else []
            texts = [ast.unparse(key) for key in keys if isinstance(key, ast.Constant)]
            for text in sorted({each for each in texts if texts.count(each) > 1}):
                yield Fact("key_twice", text, line.first)


def constants(
    function: Function, usual_texts: Collection[str], usual_numbers: Collection[float]
) -> Iterator[Fact]:
    """Yield texts and numbers that right solutions do not have."""
    lower = {text.lower(): text for text in usual_texts}
    told: set[object] = _own_keys(function)
    for line in function.lines:
        for value in _values(line):
            if value in told or value in usual_texts or value in usual_numbers:
                continue
            told.add(value)
            if isinstance(value, str):
                key = _LAYER_KEY.fullmatch(value)
                if value.lower() in lower:
                    yield Fact("spelling", repr(value), line.first)
                elif key and key[1] in usual_texts:
                    yield Fact("fixed_layer_key", repr(value), line.first)
            elif value >= LEAST_FIXED and usual_numbers:
                yield Fact("fixed_size_at_sight", repr(value), line.first)


def _own_keys(function: Function) -> set[object]:
    """Return the keys of dictionaries that the function makes for itself, and does not return."""
    returned = {name for line in function.lines for name in _returned(line)}
    keys: set[object] = set()
    for line in function.lines:
        if isinstance(line.node, ast.Assign) and not line.binds & returned:
            stored = [n.slice for n in line.node.targets if isinstance(n, ast.Subscript)]
            if isinstance(line.node.value, ast.Dict):
                stored += [key for key in line.node.value.keys if key]
            keys |= {each.value for each in stored if isinstance(each, ast.Constant)}
    return keys


def _returned(line: Line) -> set[str]:
    """Return the names that are returned as they are, not only a part of them."""
    if not isinstance(line.node, ast.Return):
        return set()
    taken_apart = {node.value for node in line.nodes if isinstance(node, ast.Subscript)}
    return {n.id for n in line.nodes if isinstance(n, ast.Name) and n not in taken_apart}


def _values(line: Line) -> Iterator[Any]:
    """Yield the texts and whole numbers of a statement, but for what is printed or said."""
    passed_over = {inner for node in line.nodes if _says_nothing(node) for inner in ast.walk(node)}
    for node in line.nodes:
        value = node.value if isinstance(node, ast.Constant) else None
        if node not in passed_over and type(value) in (str, int):
            yield value


def _says_nothing(node: ast.AST) -> bool:
    """Whether the numbers and texts in a part are the student's own: of messages, of intervals."""
    if isinstance(node, ast.Assert | ast.Raise):
        return True
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        return name in ("print", "np.random.seed") or name.endswith(("format", "join"))
    return isinstance(getattr(node, "op", None), ast.Mod)  # every how many steps
