"""A student's function as its source shows it: its statements, what each reads and binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from grader.results import Source

MOST_CHARACTERS = 20_000  # of a function that is looked at


@dataclass(frozen=True)
class Line:
    """A simple statement of the student's function, or the head of a compound one."""

    node: ast.stmt
    first: int
    last: int
    reads: frozenset[str]
    binds: frozenset[str]

    def holds(self, other: Line) -> bool:
        """Whether another statement stands in one of this one's blocks."""
        return self.last < other.first <= (self.node.end_lineno or 0)


class Function:
    """The student's function, as its source shows it. Lines are those of the cell."""

    def __init__(self, source: Source) -> None:
        if len(source.code) > MOST_CHARACTERS:
            raise SyntaxError("it is too long")
        self.source = source
        tree = ast.parse(source.code)
        self.tree = next(n for n in tree.body if isinstance(n, ast.FunctionDef))
        ast.increment_lineno(tree, source.line - 1)
        self.lines = tuple(sorted(_lines(self.tree.body), key=lambda line: line.first))
        self.parameters = [
            each.arg for each in ast.walk(self.tree.args) if isinstance(each, ast.arg)
        ]

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

    def strings(self) -> tuple[str, ...]:
        """Return the texts that stand in the function, but for its docstring."""
        body = self.tree.body[1:] if ast.get_docstring(self.tree) is not None else self.tree.body
        nodes = [node for statement in body for node in ast.walk(statement)]
        texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return tuple(dict.fromkeys(text for text in texts if len(text) <= 20))


def _lines(body: Sequence[ast.stmt]) -> Iterator[Line]:
    for statement in body:
        blocks = [b for f in ("body", "orelse", "finalbody") if (b := getattr(statement, f, None))]
        last = statement.end_lineno or statement.lineno
        if isinstance(statement, ast.FunctionDef):
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
    heads = [
        value
        for field, value in ast.iter_fields(statement)
        if field not in ("body", "orelse", "finalbody", "handlers")
    ]
    parts = [p for head in heads for p in (head if isinstance(head, list) else [head])]
    nodes = [n for part in parts if isinstance(part, ast.AST) for n in ast.walk(part)]
    reads = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    binds = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
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


def base_of(node: ast.AST) -> str:
    """Return the name of the container of an element, or nothing."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
