"""What conditions show by themselves: that they always hold, or that another one undoes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from grader.judging.facts import Fact
from grader.judging.lines import Function


def always_true(function: Function) -> Iterator[Fact]:
    """Yield `if activation == "relu" or "sigmoid"`: texts and numbers are true."""
    for line in function.lines:
        test = line.node.test if isinstance(line.node, ast.If) else None
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
            constants = [v for v in test.values if isinstance(v, ast.Constant)]
            alone = [v for v in constants if v.value and not isinstance(v.value, bool)]
            if alone:
                yield Fact("always_true", ast.unparse(alone[0])[:24], line.first)


def overwritten(function: Function) -> Iterator[Fact]:
    """Yield `if kind == "a": p = ...`, `if kind == "b": p = ...`, `else: p = ...`.

    The last one binds `p` in any case, whatever the first one has bound.
    """
    for node in ast.walk(function.tree):
        body = getattr(node, "body", None)
        for first, second in pairwise(body if isinstance(body, list) else []):
            if isinstance(first, ast.If) and isinstance(second, ast.If) and second.orelse:
                asked = _asked(first), _asked(second)
                is_same = asked[0] is not None and asked[0] == asked[1]
                if is_same and _bound_in(first.body) & _always_bound(second):
                    yield Fact("elif_missing", "", second.lineno)


def _asked(node: ast.If) -> str | None:
    """Return the name that a condition compares with a text or a number."""
    test = node.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return None
    right = test.comparators[0]
    is_name = isinstance(test.left, ast.Name) and isinstance(right, ast.Constant)
    return ast.unparse(test.left) if is_name else None


def _bound_in(body: list[ast.stmt]) -> set[str]:
    assigned = (target for each in body if isinstance(each, ast.Assign) for target in each.targets)
    parts = (p for t in assigned for p in (t.elts if isinstance(t, ast.Tuple) else [t]))
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _always_bound(node: ast.If) -> set[str]:
    """Return the names that every branch of a choice binds."""
    last = node.orelse
    if len(last) == 1 and isinstance(last[0], ast.If):
        return _bound_in(node.body) & _always_bound(last[0])
    return _bound_in(node.body) & _bound_in(last)
