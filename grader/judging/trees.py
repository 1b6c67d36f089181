"""Syntax trees with a part replaced: the original stays as it is, and shares what it can."""

from __future__ import annotations

import ast
import copy
from typing import TypeVar, cast

Node = TypeVar("Node", bound=ast.AST)
Path = tuple[tuple[str, int | None], ...]  # fields from the root, with the index in a list


def with_field(node: Node, **values: object) -> Node:
    """Return a copy of a node with other fields; what is below it is shared."""
    changed = copy.copy(node)
    for key, value in values.items():
        setattr(changed, key, value)
    return changed


def at(tree: ast.AST, path: Path) -> ast.AST:
    """Return the node at a path."""
    for key, index in path:
        value = getattr(tree, key)
        tree = value if index is None else value[index]
    return tree


def located(node: ast.AST, like: ast.AST) -> ast.AST:
    """Give the parts of a node that have no line the one of another node; return it."""
    for each in ast.walk(node):
        if "lineno" in each._attributes and not hasattr(each, "lineno"):
            ast.copy_location(each, like)
    return node


def replaced(tree: Node, path: Path, node: ast.AST) -> Node:
    """Return a tree in which another node stands at a path; what is not on it is shared.

    What is new gets the line of what it replaces.
    """
    if not path:
        return cast("Node", located(node, tree))
    (key, index), *rest = path
    value = getattr(tree, key)
    if index is None:
        return with_field(tree, **{key: replaced(value, tuple(rest), node)})
    changed = [*value]
    changed[index] = replaced(value[index], tuple(rest), node)
    return with_field(tree, **{key: changed})
