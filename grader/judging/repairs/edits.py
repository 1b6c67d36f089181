"""Small changes of a student's function, each the other way round of a likely mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.judging.lines import BLOCKS, Function, Line
from grader.judging.repairs import expressions, statements
from grader.judging.repairs.kinds import Kinds
from grader.judging.repairs.variants import Scope

MOST_NODES = 250  # of a statement that is changed
MOST_NAMES = 30  # that may stand in another one's place: the nearest
OF_UNUSED = 2  # the rank of a change that uses an argument which is not used anywhere


@dataclass(frozen=True)
class Edit:
    """A changed function, and which mistake the change takes back.

    `cause` is its kind in the catalogue of words, `about` what the words need; `rank` says how
    likely the mistake is, the likeliest first; `at` is the line to look at, if it is another one.
    """

    source: str
    cause: str
    about: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0
    at: int | None = None


def edits(
    function: Function,
    line: Line,
    keys: Sequence[str] = (),
    functions: Sequence[str] = (),
    kinds: Kinds | None = None,
    wanted: Callable[[expressions.Change | statements.Moved], bool] | None = None,
) -> Iterator[Edit]:
    """Yield the changes of one statement, the likeliest mistakes first, each when asked for.

    `keys` are those of what is passed and returned, `functions` the names of graded ones, `kinds`
    says what names stand for. If it is given, only changes that are `wanted`.
    """
    if len(line.nodes) > MOST_NODES:
        return
    kinds = kinds or Kinds()
    names = names_before(function, line)[:MOST_NAMES]
    scope = Scope(
        names,
        tuple(keys),
        function.strings(),
        tuple(functions),
        numbers=tuple(name for name in names if name in kinds.numbers),
        tables=kinds.tables,
        dictionaries=tuple(name for name in names if name in kinds.dictionaries),
    )
    found: list[expressions.Change | statements.Moved] = [
        *expressions.changes(line.node, scope),
        *statements.changes(function, line),
    ]
    seen = {ast.unparse(_head(line.node))}
    unused = set(function.parameters) - {name for o in function.lines for name in o.reads}
    found = [_likelier(change, unused) if unused else change for change in found]
    if wanted:
        found = [change for change in found if wanted(change)]
    for change in sorted(found, key=lambda each: each.rank):
        if isinstance(change, statements.Moved):
            text = change.text
            source = text if function.with_code(text) else ""  # else it is no function any more
        else:
            text = ast.unparse(_head(change.made()))
            source = spliced(function, line, text)
        if source and text not in seen:
            yield Edit(source, change.cause, change.about, change.rank, change.at)
        seen.add(text)


def _likelier(
    change: expressions.Change | statements.Moved, unused: set[str]
) -> expressions.Change | statements.Moved:
    """Return a change as a likelier one if by it an argument is used that never was."""
    if isinstance(change, statements.Moved) or change.rank <= OF_UNUSED:
        return change
    return replace(change, rank=OF_UNUSED) if change.new_names() & unused else change


def _head(node: ast.stmt) -> ast.stmt:
    """Return a statement without its blocks."""
    bare = copy.copy(node)
    for name in (each for each in BLOCKS if hasattr(node, each)):
        setattr(bare, name, [ast.Pass()] if name == "body" else [])
    return bare


def names_before(function: Function, line: Line) -> tuple[str, ...]:
    """Return the names that may be bound where a line runs, the nearest first."""
    found = [
        name for other in function.lines if other.first < line.first for name in sorted(other.binds)
    ]
    after = [
        name
        for other in function.lines
        if other.first >= line.first
        for name in sorted(other.binds)
    ]
    inside = [name for name in after if any(name in o.reads for o in function.lines)]
    return tuple(dict.fromkeys([*reversed(found), *function.parameters, *inside]))


def spliced(function: Function, line: Line, statement: str) -> str:
    """Return the function's source with another statement in a line's place, of as many lines."""
    (start, stop), text = function.rows(line), function.text
    new = statement.split("\n")
    if line.is_compound:
        is_elif = text[start].lstrip().startswith("elif")
        new = ["el" + new[0] if is_elif else new[0]]
    if len(new) > 1 or function.shares_its_row(line):
        return ""
    made = [function.indent(line) + new[0], *[""] * (stop - start - 1)]
    return "\n".join([*text[:start], *made, *text[stop:]])
