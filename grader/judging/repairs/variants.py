"""What the changes of expressions share: a variant of one, and how expressions are made."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple

from grader.syntax import parsed


class Scope(NamedTuple):
    """What may stand in an expression: names, keys, texts of the function's own, functions.

    `numbers` are the names of single numbers, `tables` those of arrays with several rows and
    columns, `dictionaries` those of dictionaries.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    dictionaries: tuple[str, ...] = ()


class Variant(NamedTuple):
    """A changed expression, the mistake that the change takes back, and how likely that is.

    `cause` is its kind in the catalogue of words, `about` what the words need. The rank is from 1,
    the likeliest, to 9.
    """

    node: ast.expr
    cause: str
    rank: int
    about: Mapping[str, str] = {}


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """Return a call of a function by its name."""
    return ast.Call(parsed(name, mode="eval").body, list(arguments), [])


def with_argument(node: ast.Call, index: int, argument: ast.expr) -> ast.Call:
    """Return a call with another argument."""
    arguments = [*node.args[:index], argument, *node.args[index + 1 :]]
    return ast.Call(node.func, arguments, node.keywords)


def number(value: float) -> ast.expr:
    """Return a number as it is written."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def name_of(name: str) -> ast.expr:
    """Return a name whose value is wanted."""
    return ast.Name(name, ast.Load())


def moved(node: ast.expr, by: int) -> ast.expr:
    """Return a whole number that is more by 1, 0 or -1."""
    if not by:
        return node
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return number(node.value + by)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def turned(node: ast.expr) -> ast.expr:
    """Return an array transposed."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def is_length(node: ast.expr) -> bool:
    """Whether an expression is `len(…)`, or half of it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Div):
        node = node.left
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "len"


def is_text(node: ast.expr) -> bool:
    """Whether an expression makes a text, as keys are made: "W" + str(l), f"W{l}"."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "str"


def size_of(node: ast.expr, axis: int) -> ast.expr:
    """Return the size of an array along an axis."""
    shape = ast.Attribute(node, "shape", ast.Load())
    return ast.Subscript(shape, ast.Constant(axis), ast.Load())


def short(node: ast.expr) -> str:
    """Return an expression as it may be named in a sentence, or nothing."""
    text = ast.unparse(node)
    return text if len(text) <= 24 else ""
