"""A notebook's top-level statements, and what each of them binds, changes and reads."""

from __future__ import annotations

import ast
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader.execution.aliases import Alias
from grader.execution.effects import NONE, Effects, is_installed
from grader.execution.magics import MAX_CELL, Magic, python_source
from grader.execution.names import Names
from grader.execution.newer import version_that_reads
from grader.execution.own import OwnModules
from grader.results import CellFailure, Place, RaisedError
from grader.submission import Cell, Notebook
from grader.syntax import parsed_cell

StatementKind = Literal["import", "star", "definition", "assignment", "magic", "other"]

MAX_CODE = 2_000_000  # characters of a notebook
# Magics that define names, write modules or change how code is run.
UNTRUSTED_MAGIC = re.compile(
    r"^[ \t]*%(?:%?(?:run|pylab|store|macro|load|loadpy|reset|autocall|autoindent|writefile|file)"
    r"|%(?:cython|python3?|pypy))\b",
    re.MULTILINE,
)


@dataclass(frozen=True, eq=False)  # each is itself, in sets
class Statement:
    """One top-level statement (of an import, one imported name).

    `source` is what runs, from line `line` of cell `cell` on. `binds` are the names it gives a new
    value, `reads` those it, or a function that it defines, looks up outside itself; the others are
    explained at `grader.execution.names.Names`. `parameters` are those of a `def`. Of an import,
    `module` is what it imports from, `imported` the name there, and `own` says whether that is the
    student's own work. A magic that binds names has no source that would run it by itself.
    """

    cell: int
    line: int
    source: str
    kind: StatementKind
    binds: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    calls_now: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    is_class: bool = False
    passes: frozenset[tuple[str, str]] = frozenset()
    sets_globals: frozenset[str] = frozenset()
    changes_arguments: bool = False
    rewriting: str | None = None
    parameters: tuple[str, ...] | None = None
    aliases: frozenset[Alias] = frozenset()
    makes_stream: bool = False
    effects: Effects = NONE
    effects_inside: Effects = NONE
    obscure: bool = False
    reaches: bool = False
    makes_iterator: bool = False
    module: str = ""
    imported: str = ""
    own: bool = False

    @property
    def is_own_import(self) -> bool:
        """Whether it takes names from a module that is the student's own work."""
        return self.own and self.source.startswith("from ")

    @property
    def place(self) -> Place:
        """Where the statement begins."""
        return Place(self.cell, self.line)


@dataclass(frozen=True)
class Parsed:
    """A notebook's statements, the cells that cannot be parsed, and an untrusted magic if any."""

    statements: tuple[Statement, ...]
    broken: tuple[CellFailure, ...]
    untrusted: str | None


_warnings_lock = threading.Lock()  # catch_warnings changes the state of the whole process


def parse_notebook(notebook: Notebook, own: OwnModules) -> Parsed:
    """Parse every code cell; a cell that cannot be parsed costs only itself."""
    statements: list[Statement] = []
    broken = []
    room = MAX_CODE
    for cell in notebook.cells:
        room -= len(cell.source)
        try:
            if room < 0:
                raise ValueError(f"the notebook has more than {MAX_CODE:,} characters of code")
            with _warnings_lock, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes in the student's strings
                statements += _parse_cell(cell, own)
        except SyntaxError as error:
            broken.append(_broken(cell, error.lineno, _message(error, cell)))
        except (RuntimeError, MemoryError, ValueError, OverflowError) as error:
            # Among them RecursionError, for source that exhausts the parser.
            broken.append(_broken(cell, None, f"{error}" or type(error).__name__))
    return Parsed(tuple(statements), tuple(broken), _untrusted(notebook, statements))


def _broken(cell: Cell, line: int | None, message: str) -> CellFailure:
    """Name what the cell would have bound, as far as that can be seen without parsing it."""
    binds = set(re.findall(r"^[ \t]*def[ \t]+(\w+)", cell.source[:MAX_CELL], re.MULTILINE))
    for targets in re.findall(r"^(\w[\w ,()=]*)=(?!=)", cell.source[:MAX_CELL], re.MULTILINE):
        binds |= set(re.findall(r"\w+", targets))
    error = RaisedError("SyntaxError", message)
    return CellFailure(Place(cell.number, line), error, frozenset(binds))


def _message(error: SyntaxError, cell: Cell) -> str:
    """Return Python's own words, with the version that could read the cell if one could."""
    newer = version_that_reads(cell.source)
    if newer is None:
        return error.msg
    version, here = ".".join(map(str, newer)), ".".join(map(str, sys.version_info[:2]))
    return f"{error.msg} (Python {version} can read it, Python {here} runs here)"


def _untrusted(notebook: Notebook, statements: list[Statement]) -> str | None:
    for cell in notebook.cells:
        if magic := UNTRUSTED_MAGIC.search(cell.source):
            return f"{magic.group().strip()} in cell {cell.number}"
    for statement in statements:
        if statement.rewriting:
            return f"{statement.rewriting} in {statement.place}"
    return None


# ---------------------------------------------------------------- cells


def _parse_cell(cell: Cell, own: OwnModules) -> list[Statement]:
    source, magics = python_source(cell.source)
    tree = parsed_cell(source)
    # Some errors are found only now: a parameter that comes twice, a `return` outside a function.
    compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    lines = source.split("\n")
    found = [
        statement
        for node in tree.body
        if not _is_text(node)
        for statement in _statements(node, cell.number, lines, own)
        if not (_is_magic(node) and not statement.effects.acts)
    ]
    found += [_magic(cell, magic) for magic in magics if _matters(magic)]
    return sorted(found, key=lambda statement: statement.line)


def _matters(magic: Magic) -> bool:
    return magic.effects.acts or magic.unknown or bool(magic.binds)


def _magic(cell: Cell, magic: Magic) -> Statement:
    return Statement(
        cell=cell.number,
        line=magic.line,
        source=magic.text,
        kind="magic",
        binds=magic.binds,
        effects=magic.effects,
        reaches=magic.unknown,
    )


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and (isinstance(node.value.value, str))
    )


def _is_magic(node: ast.stmt) -> bool:
    """Whether a statement is a line magic or a shell command, or a number."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    return ast.unparse(node.value).startswith(("get_ipython().run_", "get_ipython().system"))


def _statements(
    node: ast.stmt, cell: int, lines: list[str], own: OwnModules
) -> Iterator[Statement]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _imports(node, cell, own)
        return
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    last = node.end_lineno or first
    whole = "\n".join(lines[first - 1 : last])
    source = whole if _has_its_lines(node, lines) else ast.unparse(node)
    names = Names(node)
    yield Statement(
        cell=cell,
        line=first,
        source=source,
        kind=_kind(node),
        binds=frozenset(names.binds),
        changes=frozenset(names.changes),
        touches=frozenset(names.touches),
        reads=frozenset(names.reads),
        calls=frozenset(names.calls),
        calls_now=frozenset(names.calls_now),
        methods=frozenset(names.methods),
        is_class=isinstance(node, ast.ClassDef),
        passes=frozenset(names.passes),
        sets_globals=frozenset(names.sets_globals),
        changes_arguments=names.changes_arguments,
        rewriting=names.rewriting,
        parameters=_parameters(node),
        aliases=frozenset(names.aliases),
        makes_stream=names.makes_stream,
        effects=names.effects,
        effects_inside=names.effects_inside,
        obscure=names.obscure,
        reaches=names.reaches,
        makes_iterator=names.makes_iterator,
    )


def _parameters(node: ast.stmt) -> tuple[str, ...] | None:
    if not isinstance(node, ast.FunctionDef) or node.args.vararg:
        return None
    return tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))


def _has_its_lines(node: ast.stmt, lines: list[str]) -> bool:
    """Whether a statement shares none of its lines with another one."""
    rest = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset :].decode()
    return node.col_offset == 0 and (not rest.strip() or rest.lstrip().startswith("#"))


def _imports(node: ast.Import | ast.ImportFrom, cell: int, own: OwnModules) -> Iterator[Statement]:
    for alias in node.names:
        one: ast.Import | ast.ImportFrom = (
            ast.Import([alias])
            if isinstance(node, ast.Import)
            else ast.ImportFrom(node.module, [alias], node.level)
        )
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        star = alias.name == "*"
        bound = {alias.asname or alias.name.partition(".")[0]}
        is_own = own.has(module)
        if star:
            found = own.module(module) if is_own else None
            bound = found.public if found else set()
        elif is_own and isinstance(node, ast.ImportFrom):
            is_own = own.binds(module, alias.name)
        yield Statement(
            cell=cell,
            line=node.lineno,
            source=ast.unparse(one),
            kind="star" if star else "import",
            binds=frozenset(bound),
            effects=Effects(acts=own.has(module), needs=not is_installed(module)),
            rewriting="__main__" if module == "__main__" else None,
            module=module,
            imported=alias.name,
            own=is_own,
        )


def _kind(node: ast.stmt) -> StatementKind:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return "definition"
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return "assignment"
    return "other"
