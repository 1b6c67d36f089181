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
        nodes = ast.walk(line.node) if not hasattr(line.node, "body") else ()
        for node in nodes:
            keys = node.keys if isinstance(node, ast.Dict) else []
            texts = [ast.unparse(key) for key in keys if isinstance(key, ast.Constant)]
            for text in sorted({each for each in texts if texts.count(each) > 1}):
                yield Fact("key_twice", text, line.first)


def constants(
    function: Function, usual_texts: Collection[str], usual_numbers: Collection[float]
) -> Iterator[Fact]:
    """Yield texts and numbers that right solutions do not have."""
    lower = {text.lower(): text for text in usual_texts}
    told = set[object]()
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


def _values(line: Line) -> Iterator[Any]:
    """Yield the texts and whole numbers of a statement, but for what is printed or said."""
    waiting: list[ast.AST] = [line.node]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Assert | ast.Raise):
            continue
        if isinstance(getattr(node, "op", None), ast.Mod):
            continue  # every how many steps something is done
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in ("print", "np.random.seed") or name.endswith(("format", "join")):
                continue
        value = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and type(value) in (str, int):
            yield value
        for field, inner in ast.iter_fields(node):
            if field not in ("body", "orelse", "finalbody", "handlers") or node is not line.node:
                parts = inner if isinstance(inner, list) else [inner]
                waiting += [part for part in parts if isinstance(part, ast.AST)]
