"""The reference as a program that can be rewritten. For the reference process only.

Its functions are had as syntax trees; others, made from changed trees, can stand in their places.
"""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import linecache
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, cast

from grader.judging.trees import with_field
from grader.syntax import parsed

PACKAGE = "reference"
_MADE = "__made__"


AnyCallable = Callable[..., Any]


class UnlikeError(Exception):
    """A function of the reference does not answer as it did; the message says when."""


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the reference, with its syntax tree (to be copied before it is changed).

    `function` is what goes by its name: the tree has the decorators that made it.
    """

    function: AnyCallable
    tree: ast.FunctionDef

    @property
    def name(self) -> str:
        """Its name, without the module's."""
        return innermost(self.function).__name__

    def compiled(self, tree: ast.FunctionDef, /, **names: Any) -> AnyCallable:
        """Return the function that a changed tree makes; `names` are known to it besides its own.

        It looks up all other names where the original does, and so do functions inside of it. What
        it encloses has the values that it has now.
        """
        inner = innermost(self.function)
        free = {name: value for name, value in _enclosed(inner) if name != tree.name}
        holder = _empty(_MADE, free | names)
        plain = tree if tree.decorator_list else with_field(tree, args=_without_defaults(tree.args))
        holder.body = [plain, ast.Return(ast.Name(tree.name, ast.Load()))]
        module = ast.fix_missing_locations(ast.Module([holder], type_ignores=[]))
        code = compile(module, f"<{inner.__module__}>", "exec")
        scope: dict[str, Any] = {}
        exec(code, inner.__globals__, scope)  # noqa: S102 - the course's own code, rewritten
        made: AnyCallable = scope[_MADE](**free, **names)
        if isinstance(made, FunctionType) and not tree.decorator_list:
            made.__defaults__ = _copied(inner.__defaults__)
            made.__kwdefaults__ = _copied(inner.__kwdefaults__)
        return made


def innermost(function: AnyCallable) -> FunctionType:
    """Return the function below what decorators have put around it, as far as they say so."""
    return cast("FunctionType", inspect.unwrap(function))


def _empty(name: str, parameters: Iterable[str] = ()) -> ast.FunctionDef:
    made = parsed(f"def {name}({', '.join(parameters)}): pass").body[0]
    return cast("ast.FunctionDef", made)


def _enclosed(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function knows from the functions around it."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # it is empty
            continue


def _without_defaults(arguments: ast.arguments) -> ast.arguments:
    """Leave out defaults, which may name what is no longer known: they are copied."""
    nothing = ast.Constant(None)
    by_name = [default and nothing for default in arguments.kw_defaults]
    return with_field(arguments, defaults=[nothing] * len(arguments.defaults), kw_defaults=by_name)


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001 - whatever it says, it cannot be copied
        return value


# ---------------------------------------------------------------- reading


def reachable(function: AnyCallable, beyond: Collection[AnyCallable] = ()) -> list[Function]:
    """Return the functions of the reference that one of them may call, itself first.

    Functions `beyond` are left out, with what only they call. Of a variant, which stands beside an
    assignment, only functions of its own module are returned: what it takes from the reference is
    given to students, or they write it as another item. What cannot be read is left out, too.
    """
    return [each for each in _below(function, beyond) if isinstance(each, Function)]


def is_readable(function: AnyCallable) -> bool:
    """Whether a function, or the one that a `functools.partial` calls, can be rewritten."""
    first = next(iter(_below(function, ())), None)
    return isinstance(first, Function) and first.function is _called_by(function)


def is_wholly_read(function: AnyCallable) -> bool:
    """Whether all that a function may call of the reference can be rewritten."""
    return all(isinstance(each, Function) for each in _below(function, ()))


def _below(function: AnyCallable, beyond: Collection[AnyCallable]) -> list[Function | AnyCallable]:
    """Return what a function may call of the course's, with its tree where it has one."""
    root = _called_by(function)
    own = _module(root) or PACKAGE
    own = PACKAGE if own.startswith(f"{PACKAGE}.") else own
    if own in sys.modules and own != PACKAGE:
        return []  # it is a library's
    found: dict[int, Function | AnyCallable] = {}
    passed = {id(each) for each in beyond}
    waiting: list[Any] = [root]
    while waiting:
        each = _called_by(waiting.pop(0))
        is_own = _module(each) == own or _module(each).startswith(f"{own}.")
        if not callable(each) or not is_own or id(each) in found or id(each) in passed:
            continue
        tree = _tree(each)
        found[id(each)] = each if tree is None else Function(each, tree)
        if tree is not None:
            waiting += _called(innermost(each), tree)
    return list(found.values())


def _called_by(value: Any) -> Any:
    while isinstance(value, functools.partial):
        value = value.func
    return value


def _module(value: Any) -> str:
    module = getattr(value, "__module__", None)
    return module if isinstance(module, str) else ""


def _tree(function: AnyCallable) -> ast.FunctionDef | None:
    """Return a function's tree, or None where there is none to be had, as of a class."""
    inner = None if isinstance(function, type) else inspect.unwrap(function)
    found = _definition(inner) if isinstance(inner, FunctionType) else None
    if found is None:
        return None
    tree = copy.deepcopy(found)
    if inner is function:
        tree.decorator_list = []
    tree.returns = None
    for argument in ast.walk(tree.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return tree


def _definition(function: FunctionType) -> ast.FunctionDef | None:
    """Find where a function is defined, by `def` or as a lambda, in the text of its module."""
    code = function.__code__
    module = _parsed("".join(linecache.getlines(code.co_filename, function.__globals__)))
    own = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    found: list[ast.FunctionDef] = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found += [node] if first == code.co_firstlineno else []
        elif isinstance(node, ast.Lambda) and code.co_name == "<lambda>":
            names = (*(a.arg for a in (*node.args.posonlyargs, *node.args.args)),
                     *(a.arg for a in node.args.kwonlyargs))  # fmt: skip
            if node.lineno == code.co_firstlineno and names == own:
                found.append(_named(node))
    return found[0] if len(found) == 1 else None


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    try:
        return parsed(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _named(node: ast.Lambda) -> ast.FunctionDef:
    """Return a lambda as a function that returns its value."""
    returned = ast.copy_location(ast.Return(node.body), node.body)
    made = with_field(_empty("__lambda__"), args=node.args, body=[returned])
    return ast.copy_location(made, node)


def _called(function: FunctionType, tree: ast.FunctionDef) -> Iterator[Any]:
    """Return what the names in a function stand for: also `module.name`, and what it encloses."""
    enclosed = dict(_enclosed(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield enclosed.get(node.id, function.__globals__.get(node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = function.__globals__.get(node.value.id)
            if isinstance(module, ModuleType):
                yield getattr(module, node.attr, None)


# ---------------------------------------------------------------- putting in place

Replacements = Mapping[AnyCallable, AnyCallable]


def standing_for(function: AnyCallable, made: Replacements) -> AnyCallable:
    """Return what stands in a function's place, or calls what stands in another's."""
    if isinstance(function, functools.partial):
        inner = standing_for(function.func, made)
        return functools.partial(inner, *function.args, **function.keywords)
    return next((other for each, other in made.items() if each is function), function)


@contextmanager
def in_place_of(replacements: Replacements, *also: AnyCallable) -> Iterator[None]:
    """Let other functions stand wherever the reference's modules name the original ones.

    So do the modules of functions `also`, such as that of a variant.
    """
    by_identity = {id(each): made for each, made in replacements.items()}
    changed: list[tuple[dict[str, Any], str, Any]] = []
    modules = [vars(m) for name, m in list(sys.modules.items()) if _is_reference(name)]
    for each in also:
        names = getattr(inspect.unwrap(_called_by(each)), "__globals__", {})
        modules += [names] if all(names is not other for other in modules) else []
    try:
        for names in modules:
            for name, value in list(names.items()):
                if id(value) in by_identity:
                    changed.append((names, name, value))
                    names[name] = by_identity[id(value)]
        yield
    finally:
        for names, name, value in changed:
            names[name] = value


def _is_reference(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")
