"""Places in a syntax tree at which a slip may happen, and how a tree is changed there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from grader.judging.causes import NOTHING, SEVERAL
from grader.judging.trees import Path

USUAL, LIKELY, RARE = 3, 2, 1

# Calls whose arguments are sizes: a number there is no factor.
_TAKES_SIZES = {"zeros", "ones", "randn", "rand", "reshape", "empty", "full"}


@dataclass(frozen=True)
class Change:
    """What stands at a site instead; `cause` is a kind in the catalogue of words.

    `same` tells slips of one kind apart: those that have it in common are the same slip, made at
    another site. `weight` says how often the slip is seen.
    """

    node: ast.AST
    cause: str
    about: Mapping[str, str] = field(default_factory=dict)
    same: str = ""
    weight: int = LIKELY


@dataclass(frozen=True)
class Scope:
    """What a function knows by name: its parameters, and the line from which on a local is bound.

    `first` holds the integers that expressions have in the first case, by their path, and `shapes`
    those of what has a name.
    """

    tree: ast.FunctionDef
    first: Mapping[Path, int] = field(default_factory=dict)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, int]:
        """The line on which each name is first bound: 0 for a parameter."""
        arguments = self.tree.args
        found = {each.arg: 0 for each in (*arguments.args, *arguments.kwonlyargs)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != "_":
                found[node.id] = min(found.get(node.id, node.lineno), node.lineno)
        return found

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The strings that values are looked up by."""
        found = (
            node.slice.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        )
        return tuple(dict.fromkeys(key for key in found if isinstance(key, str)))

    @cached_property
    def indices(self) -> frozenset[str]:
        """The names that loops count with."""
        loops = (node for node in ast.walk(self.tree) if isinstance(node, ast.For))
        return frozenset(loop.target.id for loop in loops if isinstance(loop.target, ast.Name))


@dataclass(frozen=True)
class Site:
    """A node, where it stands, and what is known there. `parents` are outermost first."""

    node: ast.AST
    path: Path
    parents: tuple[ast.AST, ...]
    statement: ast.stmt
    statement_path: Path
    scope: Scope

    @property
    def parent(self) -> ast.AST:
        """The node that this one belongs to."""
        return self.parents[-1]

    @property
    def variable(self) -> str:
        """What the statement binds: names, or elements as they are written.

        It is empty for what is returned, and `NOTHING` for what binds nothing.
        """
        returned = "" if isinstance(self.statement, ast.Return) else NOTHING
        return bound(self.statement) or returned

    @cached_property
    def is_index(self) -> bool:
        """Whether it is (part of) an index, a key or a size."""
        return any(map(_holds_index, self.parents, (*self.parents[1:], self.node)))

    @property
    def is_operand(self) -> bool:
        """Whether it is one side of an operation of which another is the whole."""
        return isinstance(self.parent, ast.BinOp | ast.UnaryOp)


Operator = Callable[[Site], Iterator[Change]]


def _holds_index(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.Subscript):
        return child is parent.slice
    if isinstance(parent, ast.Call):
        sized = called(parent) in _TAKES_SIZES | {"range"}
        return sized and child is not parent.func
    return isinstance(parent, ast.FormattedValue | ast.keyword)


def sites(scope: Scope) -> Iterator[Site]:
    """Return every expression and statement of a function that may be changed."""
    for index, statement in enumerate(scope.tree.body):
        if not _is_docstring(statement) and not _is_left_alone(scope.tree, statement):
            root = Site(statement, (("body", index),), (scope.tree,), statement, (), scope)
            yield from _below(root)


def _below(site: Site) -> Iterator[Site]:
    node = site.node
    statement, at = site.statement, site.statement_path
    if isinstance(node, ast.stmt):
        statement, at = node, site.path
    here = Site(node, site.path, site.parents, statement, at, site.scope)
    yield here
    for name, index, child in _children(node):
        path = (*site.path, (name, index))
        yield from _below(Site(child, path, (*site.parents, node), statement, at, site.scope))


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, _ENTERED) and not _is_left_alone(node, child):
                yield name, index, child


_ENTERED = (
    *(ast.expr, ast.stmt, ast.keyword, ast.comprehension, ast.excepthandler, ast.match_case),
)


def _is_left_alone(parent: ast.AST, child: ast.AST) -> bool:
    """Whether nothing that is graded comes of it: what is bound, called or only printed."""
    if isinstance(getattr(child, "ctx", None), ast.Store | ast.Del):
        return True
    if isinstance(parent, ast.Call) and child is parent.func:
        return not isinstance(child, ast.Attribute)  # x.T.sum(): x.T is a value
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
        return called(child.value) == "print"
    return isinstance(child, ast.If) and "print_cost" in ast.unparse(child.test)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


# ---------------------------------------------------------------- reading


def called(node: ast.AST) -> str:
    """Return the last part of the name of what is called, or nothing: "sum" of `np.sum(x)`."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def text(node: ast.AST) -> str:
    """Return a node as it is written: a name or an element; else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript):
        return _key(node.slice)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return text(node.value)
    return ""


def _key(node: ast.expr) -> str:
    """Return a key, or the part of it that is the same for all layers: "dW" of `"dW" + str(l)`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    if isinstance(node, ast.BinOp):
        parts = [node.left]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def described(node: ast.AST) -> str:
    """Return what a term or factor is made of, for the words: names, at most three."""
    names = [text(each) for each in ast.walk(node) if isinstance(each, ast.Name | ast.Subscript)]
    kept = dict.fromkeys(each for each in names if each and each != "np")
    return SEVERAL.join(list(kept)[:3])


def is_step(statement: ast.AST) -> bool:
    """Whether what is bound is made of its own old value: `w = w - …`."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.BinOp):
        return False
    return ast.unparse(statement.value.left) == ast.unparse(statement.targets[0])


def bound(statement: ast.stmt) -> str:
    """Return what a statement binds, as it is written; else nothing."""
    target: ast.AST | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        target = statement.target
    targets = target.elts if isinstance(target, ast.Tuple) else [target] if target else []
    return SEVERAL.join(filter(None, map(text, targets)))


def is_count(node: ast.AST) -> bool:
    """Whether it is the number of examples."""
    return (isinstance(node, ast.Name) and node.id == "m") or is_columns(node)


def is_columns(node: ast.AST) -> bool:
    """Whether it is the number of columns of an array: `X.shape[1]`."""
    return axis_of_shape(node) == 1


def axis_of_shape(node: ast.AST) -> int | None:
    """Return which axis of a shape is taken: 1 of `X.shape[1]`."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)):
        return None
    index = node.slice
    if node.value.attr != "shape" or not isinstance(index, ast.Constant):
        return None
    return index.value if isinstance(index.value, int) else None


def is_number(node: ast.AST, *values: float) -> bool:
    """Whether it is a number that is written down (one of these, if some are given)."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return False
    return isinstance(node.value, int | float) and (not values or node.value in values)


# ---------------------------------------------------------------- writing


def binary(left: ast.AST, operator: ast.operator, right: ast.AST) -> ast.BinOp:
    """Return an operation on two expressions."""
    return ast.BinOp(left, operator, right)  # type: ignore[arg-type]


def number(value: float) -> ast.Constant:
    """Return a number, written down."""
    return ast.Constant(value)


def name(identifier: str) -> ast.Name:
    """Return a name that is looked up."""
    return ast.Name(identifier, ast.Load())


def numpy(function: str, *arguments: ast.AST, **keywords: ast.AST) -> ast.Call:
    """Return a call of one of NumPy's functions."""
    return call(ast.Attribute(name("np"), function, ast.Load()), *arguments, **keywords)


def call(function: ast.expr, *arguments: ast.AST, **keywords: ast.AST) -> ast.Call:
    """Return a call."""
    given = [ast.keyword(key, cast("ast.expr", value)) for key, value in keywords.items()]
    return ast.Call(function, list(arguments), given)  # type: ignore[arg-type]


def together(*statements: ast.stmt) -> ast.If:
    """Return several statements as one."""
    return ast.If(ast.Constant(value=True), list(statements), [])
