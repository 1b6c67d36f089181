"""What statements bind, and targets whose keys are kept, so that they are worked out once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.judging.trees import with_field

SLICE = "__slice__"  # by this name a rewritten function knows `slice`
_STEADY = (
    *(ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.JoinedStr),
    *(ast.FormattedValue, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context),
)


def targets(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the names, elements and attributes that a statement assigns to, however nested."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _flat(target)
    elif isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.AnnAssign) and statement.value
    ):
        yield from _flat(statement.target)


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Starred):
        yield from _flat(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _flat(each)
    else:
        yield target


def is_steady(target: ast.expr) -> bool:
    """Whether a target can be looked at again without calling anything."""
    return all(isinstance(each, _STEADY) for each in ast.walk(target))


def with_kept_key(target: ast.Subscript, kept: str) -> ast.Subscript:
    """Return an element as a target that binds its key to the name `kept`."""
    key = ast.NamedExpr(ast.Name(kept, ast.Store()), as_value(target.slice))
    return with_field(target, slice=key)


def as_value(key: ast.expr) -> ast.expr:
    """Return an index as an expression that may stand elsewhere: `1:n` as a call of `slice`."""
    if isinstance(key, ast.Tuple):
        return ast.Tuple([as_value(each) for each in key.elts], ast.Load())
    if isinstance(key, ast.Slice):
        ends = (key.lower, key.upper, key.step)
        return ast.Call(ast.Name(SLICE, ast.Load()), [e or ast.Constant(None) for e in ends], [])
    return key
