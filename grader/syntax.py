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
