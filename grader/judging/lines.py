"""A student's function as its source shows it: its statements, what each reads and binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from grader.results import Source
from grader.syntax import parsed

MOST_CHARACTERS = 20_000  # of a function that is looked at
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")  # the fields that hold statements


@dataclass(frozen=True)
class Line:
    """A simple statement of the student's function, or the head of a compound one."""

    node: ast.stmt
    first: int
    last: int
    reads: frozenset[str]
    binds: frozenset[str]

    @property
    def is_compound(self) -> bool:
        """Whether other statements stand in it."""
        return is_compound(self.node)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The parts of the statement, from the outside inwards, without those of its blocks."""
        return self.node, *(node for part in _head(self.node) for node in ast.walk(part))

    def holds(self, other: Line) -> bool:
        """Whether another statement stands in one of this one's blocks."""
        return self.last < other.first <= (self.node.end_lineno or 0)


class Function:
    """The student's function, as its source shows it. Lines are those of the cell."""

    def __init__(self, source: Source) -> None:
        if len(source.code) > MOST_CHARACTERS:
            raise SyntaxError("it is too long")
        self.source = source
        tree = parsed(source.code)
        self.tree = next(n for n in tree.body if isinstance(n, ast.FunctionDef))
        ast.increment_lineno(tree, source.line - 1)
        self.lines = tuple(sorted(_lines(self.tree.body), key=lambda line: line.first))
        given = self.tree.args
        more = [given.vararg, *given.kwonlyargs, given.kwarg]
        every = [*given.posonlyargs, *given.args, *filter(None, more)]
        self.parameters = [each.arg for each in every]  # those that go by their place come first

    @classmethod
    def of(cls, source: Source) -> Function | None:
        """Return the function, or None where there is no `def` that can be read."""
        try:
            return cls(source)
        except (SyntaxError, StopIteration, ValueError, RecursionError, MemoryError):
            return None

    def with_code(self, code: str) -> Function | None:
        """Return the function as it would be with another text, or None if that is none."""
        return Function.of(replace(self.source, code=code))

    def line(self, number: int) -> Line | None:
        """Return the statement that stands on a line: the innermost one."""
        found = [line for line in self.lines if line.first <= number <= line.last]
        return found[-1] if found else None

    @cached_property
    def text(self) -> list[str]:
        """The lines of the source."""
        return self.source.code.split("\n")

    def rows(self, line: Line) -> tuple[int, int]:
        """Return where a statement begins in the text, and where what comes after it does."""
        return line.first - self.source.line, line.last - self.source.line + 1

    def indent(self, line: Line) -> str:
        """Return what stands before a statement: spaces, or tabs."""
        return indent_of(self.text[line.first - self.source.line])

    def shares_its_row(self, line: Line) -> bool:
        """Whether another statement stands in the same row of the text."""
        inner = blocks_of(line.node)
        if inner and inner[0][0].lineno == line.node.lineno:
            return True
        return any(
            other.first <= line.last and line.first <= other.last
            for other in self.lines
            if other is not line and not other.holds(line) and not line.holds(other)
        )

    def strings(self) -> tuple[str, ...]:
        """Return the texts that stand in the function, but for its docstring."""
        body = self.tree.body[1:] if ast.get_docstring(self.tree) is not None else self.tree.body
        nodes = [node for statement in body for node in ast.walk(statement)]
        texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return tuple(dict.fromkeys(text for text in texts if len(text) <= 20))


def indent_of(row: str) -> str:
    """Return what a row of text begins with: spaces, or tabs."""
    return row[: len(row) - len(row.lstrip())]


def is_compound(statement: ast.stmt) -> bool:
    """Whether other statements stand in a statement."""
    return any(hasattr(statement, field) for field in BLOCKS)


def blocks_of(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the blocks of a statement, those of its handlers and cases among them."""
    owners = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    fields = ("body", "orelse", "finalbody")
    return [block for each in owners for f in fields if (block := getattr(each, f, None))]


def _lines(body: Sequence[ast.stmt]) -> Iterator[Line]:
    for statement in body:
        blocks = blocks_of(statement)
        last = statement.end_lineno or statement.lineno
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield Line(
                statement, statement.lineno, last, _names(statement), frozenset({statement.name})
            )
            continue
        if blocks:
            last = max(statement.lineno, blocks[0][0].lineno - 1)
        yield Line(statement, statement.lineno, last, *_read_and_bound(statement))
        for block in blocks:
            yield from _lines(block)


def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))


def _read_and_bound(statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a statement itself reads and binds; an element's container, both."""
    nodes = [node for part in _head(statement) for node in ast.walk(part)]
    reads = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    binds = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    binds |= _otherwise_bound(statement)
    for node in nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            base = base_of(node)
            binds |= {base} if base else set()
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            base = base_of(node.func)  # costs.append(cost) changes costs
            binds |= {base} if base and isinstance(statement, ast.Expr) else set()
    if isinstance(statement, ast.AugAssign):
        reads |= binds
    return frozenset(reads), frozenset(binds)


def _head(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the parts of a statement that are in none of its blocks."""
    for field, value in ast.iter_fields(statement):
        if field not in BLOCKS:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield part


def _otherwise_bound(statement: ast.stmt) -> set[str]:
    """Return the names that imports, handlers and the patterns of `match` bind."""
    found: set[str] = set()
    if isinstance(statement, ast.Import | ast.ImportFrom):
        found |= {each.asname or each.name.partition(".")[0] for each in statement.names}
    found |= {each.name or "" for each in getattr(statement, "handlers", ())}
    for case in getattr(statement, "cases", ()):
        for node in ast.walk(case.pattern):
            found.add(getattr(node, "name", None) or getattr(node, "rest", None) or "")
    return found - {""}


def base_of(node: ast.AST) -> str:
    """Return the name of the container of an element, or nothing."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
