"""The reference as a program that can be rewritten. For the reference process only.

Its functions are had as syntax trees; others, made from changed trees, can stand in their places.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

PACKAGE = "reference"


@dataclass(frozen=True)
class Function:
    """A function of the reference, with its syntax tree (to be copied before it is changed)."""

    function: FunctionType
    tree: ast.FunctionDef

    @property
    def name(self) -> str:
        """Its name, without the module's."""
        return self.function.__name__

    def compiled(
        self, tree: ast.FunctionDef, /, *, located: bool = False, **names: Any
    ) -> FunctionType:
        """Return the function that a changed tree makes; `names` are known to it besides its own.

        It looks up all other names where the original does. A tree is `located` if each of its
        nodes has a line.
        """
        module = ast.Module([tree], type_ignores=[])
        if not located:
            ast.fix_missing_locations(module)
        code = compile(module, f"<{self.function.__module__}>", "exec")
        scope = self.function.__globals__ if not names else _Scope(self.function.__globals__, names)
        made: dict[str, Any] = {}
        exec(code, scope, made)  # noqa: S102 - the course's own code, rewritten
        function: FunctionType = made[tree.name]
        return function


class _Scope(dict[str, Any]):
    """Global names of a module, and some more: looked up when they are needed, not copied."""

    def __init__(self, module: dict[str, Any], names: Mapping[str, Any]) -> None:
        super().__init__(names)
        self._module = module

    def __missing__(self, name: str) -> Any:
        return self._module[name]


def reachable(
    function: Callable[..., Any], beyond: Collection[Callable[..., Any]] = ()
) -> list[Function]:
    """Return the functions of the reference that one of them may call, itself first.

    Functions `beyond` are left out, with what only they call. Of a variant, which stands beside an
    assignment, only functions of its own module are returned: what it takes from the reference is
    given to students, or they write it as another item.
    """
    own = getattr(function, "__module__", PACKAGE)
    own = PACKAGE if own.startswith(f"{PACKAGE}.") else own
    found: dict[FunctionType, Function] = {}
    waiting = [function]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, FunctionType) or each in found or each in beyond:
            continue
        if each.__module__ != own and not each.__module__.startswith(f"{own}."):
            continue
        tree = _tree(each)
        found[each] = Function(each, tree)
        waiting += _called(each, tree)
    return list(found.values())


def _tree(function: FunctionType) -> ast.FunctionDef:
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise TypeError(f"{function.__qualname__} is no function made by `def`")
    tree.decorator_list = []
    tree.returns = None
    for argument in ast.walk(tree.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return tree


def _called(function: FunctionType, tree: ast.FunctionDef) -> Iterator[Any]:
    """Return what the names in a function stand for: also `module.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield function.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = function.__globals__.get(node.value.id)
            if isinstance(module, ModuleType):
                yield getattr(module, node.attr, None)


@contextmanager
def in_place_of(
    replacements: Mapping[FunctionType, Callable[..., Any]], *also: dict[str, Any]
) -> Iterator[None]:
    """Let other functions stand wherever the reference's modules name the original ones.

    `also` are the names of further modules, such as that of a variant.
    """
    changed: list[tuple[dict[str, Any], str, Any]] = []
    modules = [vars(m) for name, m in list(sys.modules.items()) if _is_reference(name)]
    modules += [names for names in also if all(names is not other for other in modules)]
    try:
        for names in modules:
            for name, value in list(names.items()):
                if isinstance(value, FunctionType) and value in replacements:
                    changed.append((names, name, value))
                    names[name] = replacements[value]
        yield
    finally:
        for names, name, value in changed:
            names[name] = value


def _is_reference(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")
