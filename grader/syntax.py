"""Reading Python source, in any thread."""

from __future__ import annotations

import ast
import threading
from typing import Literal, overload

_lock = threading.RLock()


@overload
def parsed(source: str | bytes, mode: Literal["exec"] = "exec") -> ast.Module: ...
@overload
def parsed(source: str | bytes, mode: Literal["eval"]) -> ast.Expression: ...
def parsed(source: str | bytes, mode: Literal["exec", "eval"] = "exec") -> ast.AST:
    """Return the tree of a source, as `ast.parse` does, for one thread at a time.

    CPython counts how deep a tree is for all threads together, and where two of them make one at
    once, it fails on either (SystemError).
    """
    with _lock:
        return ast.parse(source, mode=mode)


def parsed_cell(source: str) -> ast.Module:
    """Return the tree of a notebook's cell, in which `await` may stand. Raises SyntaxError."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with _lock:
        tree: ast.Module = compile(source, "<cell>", "exec", flags, dont_inherit=True)
    return tree
