"""Second names for one object: which names a statement binds to what another name holds."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import permutations

from grader.execution.effects import words

Alias = tuple[str, str, bool]
"""A name, one whose object, or a part of it, it may be bound to, and whether through a call of it.

A call of a module's function gives nothing of the module; one of a notebook's own function may give
what that reads.
"""
Held = tuple[str, bool]

# Functions that return what they are given, or a view of it.
VIEWS = words(
    "asarray asanyarray atleast_1d atleast_2d atleast_3d broadcast_to diag diagonal enumerate "
    "expand_dims flip getattr iter list memoryview moveaxis nditer next ravel real "
    "reshape reversed "
    "split squeeze swapaxes transpose tuple vars zip"
)


def aliases(nodes: Iterable[ast.AST]) -> set[Alias]:
    """Return the second names that these nodes bind."""
    return {pair for node in nodes for pair in _bound(node)}


def _bound(node: ast.AST) -> Iterator[Alias]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _pairs(target, node.value)
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        yield from ((one, other, False) for one, other in permutations(names, 2))  # a = b = {}
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield from _pairs(node.target, node.value)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from _pairs(node.target, node.iter)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from _pairs(node.optional_vars, node.context_expr)


def _pairs(target: ast.AST, value: ast.expr) -> Iterator[Alias]:
    """Pair the names of a target with those that its value may hold; one by one where it can be."""
    if (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
        and not any(isinstance(each, ast.Starred) for each in (*target.elts, *value.elts))
    ):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, other)
        return
    names = {root(part) for part in _targets(target)}
    held = set(_held(value))
    yield from ((name, *source) for name in names for source in held if name and name != source[0])


def _targets(target: ast.AST) -> Iterator[ast.AST]:
    if isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _targets(each)
    else:
        yield target.value if isinstance(target, ast.Starred) else target


def _held(value: ast.AST) -> Iterator[Held]:
    """Yield the names whose objects, or parts of them, an expression may give."""
    if isinstance(value, ast.Name):
        yield value.id, False
    elif isinstance(value, ast.Call):
        yield from _held_by_call(value)
    else:
        for each in _parts(value):
            yield from _held(each)


def _parts(value: ast.AST) -> list[ast.expr]:
    """Return the expressions of which one, or a part of one, is an expression's value."""
    match value:
        case (
            ast.Attribute(value=inner)
            | ast.Subscript(value=inner)
            | ast.Starred(value=inner)
            | ast.NamedExpr(value=inner)
        ):
            return [inner]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=parts) | ast.Dict(values=parts):
            return parts
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return parts
    return []


def _held_by_call(call: ast.Call) -> Iterator[Held]:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr not in ("copy", "deepcopy"):
        yield from ((name, True) for name, _ in _held(function.value))  # a view, or a part
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if isinstance(function, ast.Name):
        yield name, True
    if name in VIEWS:
        for each in call.args:
            yield from _held(each)


def root(node: ast.AST) -> str:
    """Return the name at the beginning of `name.attribute[index].method()`, or ""."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.NamedExpr):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
