"""The names that a top-level statement binds, changes in place, reads and calls."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

from grader.execution.aliases import Alias, aliases, root
from grader.execution.effects import NONE, effects_of

# Methods that change the object they are called on; the names that Python and NumPy use.
CHANGING_METHODS = {
    *("add", "append", "clear", "discard", "extend", "fill", "insert", "itemset", "pop"),
    *("popitem", "put", "remove", "resize", "reverse", "seed", "setdefault", "setflags"),
    *("sort", "update", "__setitem__", "__delitem__", "__setattr__", "__delattr__"),
    *("__iadd__", "__isub__", "__imul__", "appendleft", "extendleft", "popleft", "rotate"),
}
# Functions that change their first argument, whether called with a dot (`np.random.shuffle(X)`) or
# by name.
CHANGING_FUNCTIONS = {
    *("copyto", "fill_diagonal", "place", "put", "putmask", "shuffle", "next"),
    *("setattr", "delattr", "setitem", "delitem", "__setattr__", "__delattr__"),
    *("heappush", "heappop", "heapify", "heapreplace", "insort", "insort_left", "insort_right"),
    *("iadd", "isub", "imul", "itruediv", "reload", "update_wrapper"),
}
# Types whose methods may be called with the object as an argument: `dict.update(cfg, t=1)`.
TYPES = {"dict", "list", "set", "bytearray", "object", "type"}
# Functions that do not, among those called by name.
HARMLESS_FUNCTIONS = {"print", "display", "repr", "len", "type", "help", "isinstance", "str"}

# Functions through which names can be bound that no one can read off the source.
REWRITING = {"exec", "globals", "locals"}
# Attributes and methods that do so: of the shell (`get_ipython().user_ns`), of frames, of `runpy`.
REWRITING_ATTRIBUTES = {
    *("user_ns", "user_global_ns", "run_cell", "run_code", "safe_execfile", "safe_run_module"),
    *("f_globals", "f_locals", "__globals__", "register_magic_function", "register_magics"),
}
REWRITING_NAMES = {"register_cell_magic", "register_line_magic", "register_line_cell_magic"}
# What makes generators of random numbers, whose methods change them.
STREAMS = {"default_rng", "RandomState", "Generator", "Random"}

# What is bound without the notebook binding it.
BUILTIN_NAMES = frozenset({*dir(builtins), "get_ipython", "display", "exit", "quit"})


class Names:
    """The names that one statement binds, changes, reads and calls.

    `changes` are changed in place; `touches` are the objects of bare method calls (`plt.show()`),
    which may be; `methods` those of any method call. `calls_now` are the functions that are called
    by name when the statement runs, `calls` also those in the bodies of functions. `passes` are
    pairs of a function called by name and a name given to it. `sets_globals` are bound or changed
    by a `def` when it is called; `changes_arguments` says whether it changes what it is given.
    `rewriting` is a call that can bind any name. `aliases` are second names for one object,
    `makes_stream` says whether a generator of random numbers is made. `effects` are those of the
    statement itself, `effects_inside` those of the functions that it defines. `obscure` says
    whether something is called of which the source does not show what it is, `reaches` whether
    something runs or finds what a text says. `makes_iterator` is for what is used up as it is read.
    """

    def __init__(self, node: ast.stmt) -> None:
        self.binds: set[str] = set()
        self.changes: set[str] = set()
        self.touches: set[str] = set()
        self.reads: set[str] = set()
        self.calls: set[str] = set()
        self.calls_now: set[str] = set()
        self.methods: set[str] = set()
        self.passes: set[tuple[str, str]] = set()
        self.sets_globals: set[str] = set()
        self.rewriting: str | None = None
        every, outside = [*ast.walk(node)], [*_outside_functions(node)]
        self._scopes(node, every)
        for part in outside:
            self.changes |= _changed(part)
            self._bare_call(part)
            self._call_now(part)
        for part in every:
            self._rewrites(part)
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                self._call(part, part.func.id)
        self._loop(node)
        self.changes_arguments = _changes_arguments(node, every)
        self._effects(every, outside)

    def _effects(self, every: list[ast.AST], outside: list[ast.AST]) -> None:
        """Note what the statement does beside binding names, from its parts."""
        self.aliases: set[Alias] = aliases(outside)
        inside = set(every).difference(outside)
        self.effects = effects_of(outside)
        self.effects_inside = effects_of(inside) if inside else NONE
        self.makes_stream = any(_last(part) in STREAMS for part in outside)
        self.makes_iterator = any(_makes_iterator(part) for part in outside)
        calls = [part for part in every if isinstance(part, ast.Call)]
        self.obscure = any(_is_obscure(part) for part in calls)
        self.reaches = any(_reaches(part) for part in calls)

    def _scopes(self, node: ast.stmt, every: list[ast.AST]) -> None:
        """Ask Python's own symbol table which names are the notebook's."""
        try:
            table = symtable.symtable(ast.unparse(node), "<cell>", "exec")
        except SyntaxError:  # a top-level await: take every name as read and bound
            names = {part.id for part in every if isinstance(part, ast.Name)}
            self.reads |= names
            self.binds |= names
            return
        for symbol in table.get_symbols():
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                self.binds.add(symbol.get_name())
            if symbol.is_referenced():
                self.reads.add(symbol.get_name())
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.reads.add(node.target.id)
        for scope in _inner_scopes(table):
            self._inner_scope(scope)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # Not the random stream's state: it is set before each call, and every caller of a
            # function that seeds it, training loops among them, would have to be run.
            parts = (part for part in every if not _seeds(part))
            changed = {name for part in parts for name in _changed(part)}
            self.sets_globals |= changed & self.reads
            self.reads |= self.sets_globals

    def _inner_scope(self, scope: symtable.SymbolTable) -> None:
        for symbol in scope.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                self.reads.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                self.sets_globals.add(symbol.get_name())

    def _bare_call(self, node: ast.AST) -> None:
        """Note what a call whose result is dropped is made on, and what it may change."""
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            return
        function = node.value.func
        if isinstance(function, ast.Attribute):
            self.touches |= _root(function)
            if function.attr.startswith("set"):  # np.set_printoptions, np.seterr
                self.changes |= _root(function)
            of_numpy = _root(function) & {"np", "numpy"} and not function.attr.startswith("save")
            if of_numpy:  # np.divide(X, 255, X)
                self.changes |= set(_given(node.value))

    def _call_now(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self.calls_now.add(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self.methods |= _root(node.func)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                self.calls_now |= _root(decorator)
                if not isinstance(decorator, ast.Name):  # @table.add
                    self.touches |= _root(decorator)
            if isinstance(node, ast.ClassDef):  # __init_subclass__
                self.calls_now |= {name for base in node.bases for name in _root(base)}

    def _rewrites(self, node: ast.AST) -> None:
        """Note what gives access to the notebook's names as a whole."""
        if isinstance(node, ast.Attribute):
            of_shell = node.attr in ("ex", "ev", "push") and _last(node.value) == "get_ipython"
            if of_shell or node.attr in REWRITING_ATTRIBUTES:
                self.rewriting = node.attr
        elif isinstance(node, ast.Name) and node.id in REWRITING_NAMES:
            self.rewriting = node.id
        elif isinstance(node, ast.Subscript | ast.Call):
            named = _named_module(node) if isinstance(node, ast.Call) else [node.slice]
            if any(_is_main(each) for each in named):
                self.rewriting = "__main__"

    def _call(self, call: ast.Call, function: str) -> None:
        self.calls.add(function)
        self.passes |= {(function, name) for name in _given(call)}
        if function in REWRITING or (function == "vars" and not call.args):
            self.rewriting = f"{function}()"

    def _loop(self, node: ast.stmt) -> None:
        """Take what a loop runs over as changed, where the loop changes its own variable."""
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            items = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else [node.iter]
            if node.target.id in self.changes:
                self.changes |= {item.id for item in items if isinstance(item, ast.Name)}


def _given(call: ast.Call) -> list[str]:
    """Return the names that a call is given as they are, by position or by keyword."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [argument.id for argument in arguments if isinstance(argument, ast.Name)]


def _changed(node: ast.AST) -> set[str]:
    """Return the name whose object one node of a statement changes in place, if it does."""
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, _STORES):
        return _root(node)
    if isinstance(node, ast.AugAssign):
        return _root(node.target)
    if not isinstance(node, ast.Call):
        return set()
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    changed = _root(given["out"]) if "out" in given else set()
    of_object = isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING_METHODS
    if of_object:
        changed |= _root(node.func)
    if _last(node) in CHANGING_FUNCTIONS or (of_object and _root(node.func) & TYPES):
        changed |= {name for argument in node.args[:1] for name in _root(argument)}
    return changed


def _last(node: ast.AST) -> str:
    """Return the last part of the name of what is called, "" if it has none or nothing is."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_obscure(call: ast.Call) -> bool:
    """Whether what a call calls cannot be seen: `table['f'](x)`, `getattr(os, 'chdir')('x')`."""
    return not isinstance(call.func, ast.Name | ast.Attribute)


def _makes_iterator(node: ast.AST) -> bool:
    """Whether a statement binds what is used up as it is read."""
    value = node.value if isinstance(node, ast.Assign) else None
    return isinstance(value, ast.GeneratorExp) or (value is not None and _last(value) in _ITERATORS)


_ITERATORS = {"iter", "zip", "map", "filter", "enumerate", "reversed", "count", "cycle", "reader"}


def _reaches(call: ast.Call) -> bool:
    """Whether a call may run or find anything at all, by a text."""
    name = _last(call)
    if name == "getattr":
        return not all(isinstance(each, ast.Constant) for each in call.args[1:2])
    by_name = name in ("eval", "compile") and isinstance(call.func, ast.Name)
    return by_name or name in ("__import__", "import_module", "_getframe")


def _named_module(call: ast.Call) -> list[ast.expr]:
    """Return what a call is given, if it finds a module by its name."""
    return call.args[:1] if _last(call) in ("import_module", "__import__") else []


def _is_main(node: ast.AST) -> bool:
    """Whether an expression names the notebook as a module."""
    is_name = isinstance(node, ast.Name) and node.id == "__name__"
    return is_name or (isinstance(node, ast.Constant) and node.value == "__main__")


def _seeds(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "seed"


_STORES = (ast.Store, ast.Del)


def _root(node: ast.AST) -> set[str]:
    """Return the name at the beginning of `name.attribute[index].method()`, if there is one.

    Of `vars(name)` it is that of the object.
    """
    inner = node.value if isinstance(node, ast.Subscript | ast.Attribute) else node
    if isinstance(inner, ast.Call) and _last(inner) == "vars" and inner.args:
        return _root(inner.args[0])
    return {root(node)} - {""}


def _changes_arguments(node: ast.stmt, every: list[ast.AST]) -> bool:
    """Whether a `def` changes one of its parameters in place."""
    if not isinstance(node, ast.FunctionDef):
        return False
    parameters = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
    return any(_changed(part) & parameters for part in every)


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
