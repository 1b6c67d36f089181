"""The modules that were handed in beside a notebook: they are the student's own work."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Mapping
from functools import cached_property

from grader.execution.names import Names
from grader.syntax import parsed
from grader.texts import encodable

MAX_SOURCE = 200_000  # bytes of one module that is parsed; of a longer one, only its name counts
Files = Mapping[str, bytes]
"""Names, relative and with slashes, and contents."""


def python_files(files: Files) -> dict[str, bytes]:
    """Return the Python files among those that were handed in, the longest without their text."""
    return {
        name: content if len(content) <= MAX_SOURCE else TOO_LONG
        for name, content in files.items()
        if name.endswith(".py") and name == encodable(name)  # else nothing can import it
    }


TOO_LONG = b"?"  # no Python: what it binds is not known


class OwnModules:
    """Python files by the names under which they can be imported, from whatever folder."""

    def __init__(self, files: Files) -> None:
        self._sources: dict[str, bytes] = {}
        for name in sorted(files, key=lambda name: -name.count("/")):  # the nearest one counts
            if name.endswith(".py"):
                parts = name.removesuffix(".py").removesuffix("/__init__").split("/")
                for first in range(len(parts)):
                    self._sources[".".join(parts[first:])] = files[name]
        self._modules: dict[str, OwnModule | None] = {}

    def has(self, module: str) -> bool:
        """Whether importing a module gives one of these; what is loaded already stays."""
        if not module or module.partition(".")[0] in sys.modules:
            return False
        return module in self._sources or any(n.startswith(f"{module}.") for n in self._sources)

    def module(self, name: str) -> OwnModule | None:
        """Return what a module's source shows, None if it cannot be parsed."""
        if name not in self._modules:
            self._modules[name] = None  # for modules that import each other
            self._modules[name] = self._parsed(name)
        return self._modules[name]

    def binds(self, module: str, name: str) -> bool:
        """Whether a name that a module has is of its own, or its source does not show it."""
        found = self.module(module)
        return found is None or name in found.own or name not in found.imported

    def _parsed(self, name: str) -> OwnModule | None:
        text = self._sources.get(name, b"")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return OwnModule(parsed(text), name, self)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class OwnModule:
    """What the source of one module shows: the names of its own, and those that it imports."""

    def __init__(self, tree: ast.Module, name: str, others: OwnModules) -> None:
        self._tree = tree
        self.own: set[str] = set()
        self.imported: set[str] = set()
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node, name, others)
            else:
                self.own |= Names(node).binds

    def _import(self, node: ast.Import | ast.ImportFrom, name: str, others: OwnModules) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            source = ""
            if isinstance(node, ast.ImportFrom):
                package = name.rpartition(".")[0] if node.level else ""
                source = ".".join(part for part in (package, node.module or "") if part)
            if alias.name == "*":
                other = others.module(source) if others.has(source) else None
                self.own |= other.public if other else set()
            elif source and others.has(source) and others.binds(source, alias.name):
                self.own.add(bound)
            else:
                self.imported.add(bound)

    @cached_property
    def public(self) -> set[str]:
        """The names that `from module import *` brings along."""
        for node in self._tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                listed = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else []
                texts = [each.value for each in listed if isinstance(each, ast.Constant)]
                return {text for text in texts if isinstance(text, str)} & (
                    self.own | self.imported
                )
        return {name for name in self.own if not name.startswith("_")}

    def parameters(self, name: str) -> tuple[str, ...] | None:
        """Return the parameters of a function of the module, None where there is no `def`."""
        for node in reversed(self._tree.body):
            if isinstance(node, ast.FunctionDef) and node.name == name and not node.args.vararg:
                return tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args))
        return None

    def uses(self, name: str) -> set[str]:
        """Return the names that a function of the module looks up, through any number of others."""
        reads = {
            bound: found.reads
            for node in self._tree.body
            if not isinstance(node, ast.Import | ast.ImportFrom)
            for found in [Names(node)]
            for bound in found.binds
        }
        seen: set[str] = set()
        wanted = {name}
        while wanted:
            each = wanted.pop()
            seen.add(each)
            wanted |= reads.get(each, set()) - seen
        return seen - {name}
