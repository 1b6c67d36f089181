"""What of a notebook is run: a plan that holds what the graded items need, each part guarded.

Run from top to bottom, most real notebooks stop: a module is missing, a data file is absent, a cell
trains for minutes. So the statements that the graded items depend on are sliced out, backwards
over the names they read, and each becomes a cell of a derived notebook of its own: what fails then
fails alone. Line numbers are the student's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.errors import near_miss
from grader.execution.lent import Lent
from grader.execution.slicing import bound_by_calls, definitions, needed
from grader.execution.statements import (
    Parsed,
    Statement,
    StatementKind,
    numbered,
    parse_notebook,
)
from grader.results import CellFailure, Note, Place, Source
from grader.spec import Assignment, Execute, Question
from grader.submission import Notebook


@dataclass(frozen=True)
class PlannedCell:
    """A cell of the derived notebook: its text, where it stood, the names it binds and changes.

    `parts` are the statements of a whole cell: where one fails, those after it are still run. One
    that is `lent` something stands in no notebook: there something takes a wrong item's place.
    """

    text: str
    place: Place
    binds: frozenset[str] = frozenset()
    is_import: bool = False
    parts: tuple[PlannedCell, ...] = ()
    lent: Lent | None = None
    changes: frozenset[str] = frozenset()

    def cut(self, line: int | None) -> tuple[PlannedCell, tuple[PlannedCell, ...]]:
        """Return the statement that failed at a line of the cell, and those that come after it."""
        if not line:
            return self, ()
        starts = [part.place.line or 0 for part in self.parts]
        at = starts.index(line) if line in starts else sum(start < line for start in starts) - 1
        return (self.parts[at], self.parts[at + 1 :]) if at >= 0 else (self, ())

    @property
    def source(self) -> str:
        """The text with its line numbers kept: below comments, since IPython strips blank lines."""
        return "#\n" * ((self.place.line or 1) - 1) + self.text


@dataclass(frozen=True)
class Definition:
    """Where the notebook's own last definition of a graded item stands, and its lines."""

    cell: int
    first_line: int
    lines: tuple[str, ...]

    def line(self, number: int) -> str | None:
        """Return the text of a line of the cell, if it is one of the definition's."""
        index = number - self.first_line
        return self.lines[index].strip() if 0 <= index < len(self.lines) else None


@dataclass(frozen=True)
class Plan:
    """What is run, and what was seen in the source on the way.

    `names` are the notebook's own names of the graded items, `functions` all functions that it
    defines; `definitions` are by those, `sources`
    by item; `broken` are the cells that cannot be parsed. In an `untraceable` notebook, names may
    be bound in ways that the source does not show.
    """

    mode: Execute
    untraceable: bool
    cells: tuple[PlannedCell, ...]
    names: dict[str, str]
    functions: frozenset[str]
    definitions: dict[str, Definition]
    sources: dict[str, Source]
    broken: tuple[CellFailure, ...]
    notes: tuple[Note, ...]


def plan(notebook: Notebook, assignment: Assignment) -> Plan:
    """Plan the run of a notebook for an assignment."""
    parsed = parse_notebook(notebook)
    names = _names(parsed, assignment)
    graded = list(names.values())
    functions = {names[each.name] for each in assignment.questions if each.kind == "function"}
    overwriting: list[Statement] = []
    mode: Execute = "all" if parsed.untrusted else assignment.execute
    if mode == "needed":
        parsed, overwriting = _without_overwriting(parsed, functions)
    own = _own_bindings(parsed, graded)
    notes = [
        *_overwriting_notes(overwriting),
        *_repetition_notes(own, functions),
        *_whole_run_notes(parsed, assignment),
    ]
    return Plan(
        mode=mode,
        untraceable=parsed.untrusted is not None,
        cells=_all_cells(notebook, parsed) if mode == "all" else _needed_cells(parsed, own),
        names=names,
        functions=frozenset(_functions(parsed)),
        definitions={name: _definition(places[-1]) for name, places in own.items()},
        sources={q.name: _source(q, parsed, own, names) for q in assignment.questions},
        broken=parsed.broken,
        notes=(*notes, *notebook.notes),
    )


def _functions(parsed: Parsed) -> Iterable[str]:
    for statement in parsed.statements:
        if statement.kind == "definition":
            yield from statement.binds


def _names(parsed: Parsed, assignment: Assignment) -> dict[str, str]:
    """Return what the notebook calls each graded item: one of its aliases only if not its name."""
    bound = {name for s in parsed.statements if s.kind != "import" for name in s.binds}
    bound |= {name for cell in parsed.broken for name in cell.binds}
    return {
        question.name: next(
            (name for name in (question.name, *question.aliases) if name in bound), question.name
        )
        for question in assignment.questions
    }


def _without_overwriting(parsed: Parsed, functions: set[str]) -> tuple[Parsed, list[Statement]]:
    """Take out `model = model(...)`: a trial call that overwrites the function it calls."""
    overwriting = [
        statement
        for statement in parsed.statements
        if statement.kind == "assignment" and statement.binds & statement.calls_now & functions
    ]
    kept = tuple(s for s in parsed.statements if s not in overwriting)
    return replace(parsed, statements=kept), overwriting


def _own_bindings(parsed: Parsed, graded: list[str]) -> dict[str, list[Statement]]:
    """Return the notebook's own definitions and assignments of the graded items, in order."""
    functions = definitions(parsed.statements)
    own: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in parsed.statements:
        bound = bound_by_calls(statement, functions)
        if statement.kind != "import":
            bound |= statement.binds
        for name in bound.intersection(graded):
            own[name].append(statement)
    return dict(own)


def _definition(statement: Statement) -> Definition:
    return Definition(statement.cell, statement.line, tuple(statement.source.split("\n")))


# ---------------------------------------------------------------- the slice


def _needed_cells(parsed: Parsed, own: dict[str, list[Statement]]) -> tuple[PlannedCell, ...]:
    statements = [s for s in parsed.statements if not (s.kind == "import" and s.binds & own.keys())]
    return tuple(_planned(statement) for statement in needed(statements, own))


def _planned(statement: Statement) -> PlannedCell:
    is_import = statement.kind in ("import", "star")
    names = statement.binds, is_import
    return PlannedCell(statement.source, statement.place, *names, changes=statement.changes)


def _all_cells(notebook: Notebook, parsed: Parsed) -> tuple[PlannedCell, ...]:
    """Return every cell as it stands; one that cannot be parsed is named in the notes instead."""
    broken = {cell.place.cell for cell in parsed.broken}
    parts: defaultdict[int, list[PlannedCell]] = defaultdict(list)
    for statement in parsed.statements:
        parts[statement.cell].append(_planned(statement))
    return tuple(
        PlannedCell(
            numbered(cell.source),
            Place(cell.number),
            binds=frozenset(name for part in parts[cell.number] for name in part.binds),
            parts=tuple(parts[cell.number]),
        )
        for cell in notebook.cells
        if cell.number not in broken
    )


# ---------------------------------------------------------------- what was seen on the way


def _source(
    question: Question, parsed: Parsed, own: dict[str, list[Statement]], names: dict[str, str]
) -> Source:
    name = names[question.name]
    if name not in own:
        kind: StatementKind = "definition" if question.kind == "function" else "assignment"
        why = _why_missing(name, kind, parsed, list(names.values()))
        return Source(missing=why, name=name)
    used = _uses(own[name], parsed, set(question.reads)) - {name}
    uses = frozenset(item for item, called in names.items() if called in used)
    last = own[name][-1]
    return Source(
        parameters=last.parameters,
        uses=uses,
        name=name,
        code=last.source,
        cell=last.cell,
        line=last.line,
    )


def _uses(bindings: list[Statement], parsed: Parsed, given: set[str]) -> set[str]:
    """Return the names that an item reads, through any number of others, but those it is given."""
    last = bindings[-1:] if bindings[-1].kind == "definition" else bindings
    # What a statement binds itself, such as the variable of a loop, it has from nowhere else.
    wanted = {read for statement in last for read in statement.reads - statement.binds} - given
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        for statement in parsed.statements:
            kept = statement.changes if statement.kind == "assignment" else frozenset()
            if name in statement.binds | kept:  # `ways["base"] = base` is read by way of `ways`
                wanted |= statement.reads - statement.binds - seen
    return seen


def _why_missing(name: str, kind: StatementKind, parsed: Parsed, graded: list[str]) -> str:
    if any(name in cell.binds for cell in parsed.broken):
        return ""  # the cell's failure says why
    known = {bound for s in parsed.statements if s.kind == kind for bound in s.binds}
    close = near_miss(name, known - set(graded))
    if close:
        return f"The notebook does not define `{name}`. It defines `{close}`: is that the one?"
    imported = any(name in s.binds for s in parsed.statements)
    return (
        f"The notebook imports `{name}` but does not define it; what is graded is your own."
        if imported
        else f"The notebook does not define `{name}`."
    )


def _overwriting_notes(statements: list[Statement]) -> list[Note]:
    return [
        Note(
            "warning",
            f"In {statement.place}, `{name}` is overwritten by what it returns; what is graded is "
            "the function.",
            *_at(statement.place),
        )
        for statement in statements
        for name in sorted(statement.binds & statement.calls_now)
    ]


def _repetition_notes(own: dict[str, list[Statement]], functions: set[str]) -> list[Note]:
    notes = []
    for name, bindings in own.items():
        places = [place for place in bindings if place.kind != "other"]  # loops, `del`
        if name in functions and len(places) > 1:
            cells = ", ".join(str(cell) for cell in _in_order(place.cell for place in places))
            message = (
                f"`{name}` is defined {len(places)} times (cells {cells}); the last one counts."
            )
            notes.append(Note("warning", message, *_at(places[-1].place)))
    return notes


def _whole_run_notes(parsed: Parsed, assignment: Assignment) -> list[Note]:
    if not parsed.untrusted or assignment.execute == "all":
        return []
    return [Note("info", f"The whole notebook was run, because of {parsed.untrusted}.")]


def _at(place: Place) -> tuple[int, int | None]:
    return place.cell, place.line


def _in_order(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


def without(planned: Plan, cell: PlannedCell) -> Plan:
    """Return the plan without one of its cells, or without one statement of a cell."""
    cells = [
        part
        for other in planned.cells
        for part in (other.parts if any(part is cell for part in other.parts) else (other,))
    ]
    return replace(planned, cells=tuple(part for part in cells if part is not cell))
