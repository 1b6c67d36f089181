"""A notebook's top-level statements, and what each of them binds, changes and reads."""

from __future__ import annotations

import ast
import re
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from IPython.core.inputtransformer2 import TransformerManager

from grader.execution.names import Names
from grader.results import CellFailure, Place, RaisedError
from grader.submission import Cell, Notebook

StatementKind = Literal["import", "star", "definition", "assignment", "other"]

# Source is a student's: how long it may take to parse is bounded by its length. Cells of people are
# far shorter; IPython's transformers take time with the square of it.
MAX_CELL, MAX_LINES, MAX_MAGICS, MAX_CODE = 200_000, 5_000, 50, 2_000_000

# Cell magics whose body is Python, run in the notebook's own namespace.
PYTHON_CELL_MAGICS = re.compile(r"%%(time|timeit|capture|prun|debug)\b")
# Lines that are no Python but are run: magics, shell commands, and magics without their sign (which
# are no assignments: `cat = 0.5`).
LINE_MAGIC = re.compile(
    r"^(?:[%!].*|(?:cat|cd|conda|cp|ls|mkdir|mv|pip|pwd|rm)"
    r"(?![ \t]*[-+*/%@&|^<>]*=)(?:[ \t].*)?)$",
    re.MULTILINE,
)
# Lines that IPython's transformers have to look at one by one.
ANY_MAGIC = re.compile(r"^[ \t]*[%!?].*$|^.*\?[ \t]*$", re.MULTILINE)
LINE_TIME_MAGIC = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
# Magics that define names, write modules or change how code is run.
UNTRUSTED_MAGIC = re.compile(
    r"^[ \t]*%(?:%?(?:run|pylab|store|macro|load|loadpy|reset|autocall|autoindent|writefile|file)"
    r"|%(?:cython|python3?|pypy))\b",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Statement:
    """One top-level statement (of an import, one imported name).

    `source` is what runs, from line `line` of cell `cell` on. `binds` are the names it gives a new
    value, `reads` those it, or a function that it defines, looks up outside itself; the others are
    explained at `grader.execution.names.Names`. `parameters` are those of a `def`.
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


def parse_notebook(notebook: Notebook) -> Parsed:
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
                statements += _parse_cell(cell)
        except SyntaxError as error:
            broken.append(_broken(cell, error.lineno, error.msg))
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


def _untrusted(notebook: Notebook, statements: list[Statement]) -> str | None:
    for cell in notebook.cells:
        if magic := UNTRUSTED_MAGIC.search(cell.source):
            return f"{magic.group().strip()} in cell {cell.number}"
    for statement in statements:
        if statement.rewriting:
            return f"{statement.rewriting} in {statement.place}"
    return None


# ---------------------------------------------------------------- cells


def python_source(source: str) -> str:
    """Turn a cell's text into Python, line for line: magics become comments or calls.

    IPython's own transformers know all that a cell may hold, but take time with the square of its
    length, so they come last and are kept to a bound.
    """
    if len(source) > MAX_CELL or source.count("\n") > MAX_LINES:
        raise ValueError(f"it has more than {MAX_CELL:,} characters or {MAX_LINES:,} lines")
    if PYTHON_CELL_MAGICS.match(source):
        source = "#" + source
    elif source.startswith("%%"):
        return ""
    source = LINE_TIME_MAGIC.sub(r"\1", source)
    candidates = (source, LINE_MAGIC.sub(r"#\g<0>", source))
    return next((text for text in candidates if _is_python(text)), None) or _transformed(source)


def _is_python(source: str) -> bool:
    try:
        _parse(source)
    except SyntaxError:
        return False
    return True


def _parse(source: str) -> ast.Module:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree: ast.Module = compile(source, "<cell>", "exec", flags, dont_inherit=True)
    return tree


def _transformed(source: str) -> str:
    if len(ANY_MAGIC.findall(source)) > MAX_MAGICS:
        return source
    transform: Any = TransformerManager  # IPython's own types are partial
    python: str = transform().transform_cell(numbered(source))
    return python


def numbered(source: str) -> str:
    """Keep the line numbers of a cell that begins with blank lines, which IPython strips."""
    head = re.match(r"(?:[ \t]*\n)*", source)
    text = source[head.end() :] if head else source
    blank = source.count("\n", 0, len(source) - len(text))
    return source if text.startswith("%%") else "#\n" * blank + text


def _parse_cell(cell: Cell) -> list[Statement]:
    source = python_source(cell.source)
    tree = _parse(source)
    # Some errors are found only now: a parameter that comes twice, a `return` outside a function.
    compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    lines = source.split("\n")
    return [
        statement
        for node in tree.body
        if not _is_magic_or_text(node)
        for statement in _statements(node, cell.number, lines)
    ]


def _is_magic_or_text(node: ast.stmt) -> bool:
    """Whether a statement is a line magic, a shell command or a bare string."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    return ast.unparse(node.value).startswith(("get_ipython().run_", "get_ipython().system"))


def _statements(node: ast.stmt, cell: int, lines: list[str]) -> Iterator[Statement]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _imports(node, cell)
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
    )


def _parameters(node: ast.stmt) -> tuple[str, ...] | None:
    if not isinstance(node, ast.FunctionDef) or node.args.vararg:
        return None
    return tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))


def _has_its_lines(node: ast.stmt, lines: list[str]) -> bool:
    """Whether a statement shares none of its lines with another one."""
    rest = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset :].decode()
    return node.col_offset == 0 and (not rest.strip() or rest.lstrip().startswith("#"))


def _imports(node: ast.Import | ast.ImportFrom, cell: int) -> Iterator[Statement]:
    for alias in node.names:
        one: ast.Import | ast.ImportFrom = (
            ast.Import([alias])
            if isinstance(node, ast.Import)
            else ast.ImportFrom(node.module, [alias], node.level)
        )
        star = alias.name == "*"
        bound = alias.asname or alias.name.partition(".")[0]
        yield Statement(
            cell=cell,
            line=node.lineno,
            source=ast.unparse(one),
            kind="star" if star else "import",
            binds=frozenset() if star else frozenset({bound}),
        )


def _kind(node: ast.stmt) -> StatementKind:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return "definition"
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return "assignment"
    return "other"
