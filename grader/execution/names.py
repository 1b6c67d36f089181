"""The names that a top-level statement binds, changes in place, reads and calls."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

# Methods that change the object they are called on; the names that Python and NumPy use.
CHANGING_METHODS = {
    *("add", "append", "clear", "discard", "extend", "fill", "insert", "itemset", "pop"),
    *("popitem", "put", "remove", "resize", "reverse", "seed", "setdefault", "setflags"),
    *("sort", "update"),
}
# Functions that change their arguments, among those called with a dot (`np.random.shuffle(X)`).
CHANGING_FUNCTIONS = {"copyto", "fill_diagonal", "place", "put", "putmask", "shuffle"}
# Functions that do not, among those called by name.
HARMLESS_FUNCTIONS = {"print", "display", "repr", "len", "type", "help", "isinstance", "str"}

# Functions through which names can be bound that no one can read off the source.
REWRITING = {"exec", "globals", "locals"}

# What is bound without the notebook binding it.
BUILTIN_NAMES = frozenset({*dir(builtins), "get_ipython", "display", "exit", "quit"})


class Names:
    """The names that one statement binds, changes, reads and calls."""

    def __init__(self, node: ast.stmt) -> None:
        self.binds: set[str] = set()
        self.changes: set[str] = set()
        self.reads: set[str] = set()
        self.calls: set[str] = set()
        self._scopes(node)
        for part in _outside_functions(node):
            self._changes(part)
        self.rewriting: str | None = None
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                self.calls.add(part.func.id)
                if part.func.id in REWRITING or (part.func.id == "vars" and not part.args):
                    self.rewriting = f"{part.func.id}()"

    def _scopes(self, node: ast.stmt) -> None:
        """Ask Python's own symbol table which names are the notebook's."""
        try:
            table = symtable.symtable(ast.unparse(node), "<cell>", "exec")
        except SyntaxError:  # a top-level await: take every name as read and bound
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            self.reads |= names
            self.binds |= names
            return
        for symbol in table.get_symbols():
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                self.binds.add(symbol.get_name())
            if symbol.is_referenced():
                self.reads.add(symbol.get_name())
        for scope in _inner_scopes(table):
            for symbol in scope.get_symbols():
                if symbol.is_global() and symbol.is_referenced():
                    self.reads.add(symbol.get_name())

    def _changes(self, node: ast.AST) -> None:
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(
            node.ctx, ast.Store | ast.Del
        ):
            self._change(node)
        elif isinstance(node, ast.AugAssign):
            self._change(node.target)
            if isinstance(node.target, ast.Name):
                self.reads.add(node.target.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGING_METHODS:
                self._change(node.func)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._bare_call(node.value)

    def _bare_call(self, call: ast.Call) -> None:
        """Take a call whose result is dropped as one that changes its object or its arguments."""
        if isinstance(call.func, ast.Attribute):
            self._change(call.func)
            changing = call.func.attr in CHANGING_FUNCTIONS  # np.random.shuffle(X)
        else:
            changing = isinstance(call.func, ast.Name) and call.func.id not in HARMLESS_FUNCTIONS
        if changing:
            self.changes |= {part.id for part in call.args if isinstance(part, ast.Name)}

    def _change(self, node: ast.AST) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name):
            self.changes.add(node.id)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement without going into the bodies of functions."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _outside_functions(child)


def _inner_scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner_scopes(child)
