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
from grader.execution.magics import numbered
from grader.execution.misplaced import misplaced
from grader.execution.names import BUILTIN_NAMES
from grader.execution.own import Files, OwnModules
from grader.execution.slicing import Slice, bound_by_calls, definitions, needed
from grader.execution.statements import Parsed, Statement, StatementKind, parse_notebook
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
    by item; `broken` are the cells that cannot be parsed, `lost` those that are known to hang or to
    end the kernel. In an `untraceable` notebook, names may
    be bound in ways that the source does not show. `open` are the items that what is left out may
    reach, for all that the source shows: for these, a run of the whole notebook may change
    something.
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
    open: frozenset[str] = frozenset()
    lost: frozenset[int] = frozenset()


def plan(notebook: Notebook, assignment: Assignment, files: Files | None = None) -> Plan:
    """Plan the run of a notebook for an assignment; `files` were handed in beside it."""
    modules = OwnModules(files or {})
    parsed = parse_notebook(notebook, modules)
    names = _names(parsed, assignment)
    graded = list(names.values())
    functions = {names[each.name] for each in assignment.questions if each.kind == "function"}
    overwriting: list[Statement] = []
    mode: Execute = "all" if parsed.untrusted else assignment.execute
    kept, own = parsed, _own_bindings(parsed, graded)
    part = Slice([])
    if mode == "needed":
        kept, overwriting = _without_overwriting(parsed, functions)
        part = _slice(kept, _own_bindings(kept, graded), graded)
        mode = "all" if part.shell else mode
    if mode == "needed":
        parsed, own = kept, _own_bindings(kept, graded)
    else:
        overwriting = []
    notes = [
        *_overwriting_notes(overwriting),
        *_repetition_notes(own, functions),
        *_whole_run_notes(parsed.untrusted or part.shell, assignment),
    ]
    return Plan(
        mode=mode,
        untraceable=parsed.untrusted is not None,
        cells=_all_cells(notebook, parsed) if mode == "all" else _planned_cells(part),
        names=names,
        functions=frozenset(_functions(parsed)),
        definitions={name: _definition(places[-1]) for name, places in own.items()},
        sources={
            q.name: _source(q, parsed, own, names, modules, notebook) for q in assignment.questions
        },
        broken=parsed.broken,
        notes=(*notes, *notebook.notes),
        open=_open(parsed, part, names) if mode == "needed" else frozenset(),
    )


def _functions(parsed: Parsed) -> Iterable[str]:
    for statement in parsed.statements:
        if statement.kind == "definition":
            yield from statement.binds


def _names(parsed: Parsed, assignment: Assignment) -> dict[str, str]:
    """Return what the notebook calls each graded item: one of its aliases only if not its name."""
    bound = {
        name for s in parsed.statements if s.is_own_import or s.kind != "import" for name in s.binds
    }
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
        if statement.is_own_import or statement.kind != "import":
            bound |= statement.binds
        for name in bound.intersection(graded):
            own[name].append(statement)
    return dict(own)


def _definition(statement: Statement) -> Definition:
    return Definition(statement.cell, statement.line, tuple(statement.source.split("\n")))


# ---------------------------------------------------------------- the slice


def _slice(parsed: Parsed, own: dict[str, list[Statement]], graded: list[str]) -> Slice:
    """Return what the items depend on; what an import brings of their names is not theirs."""
    statements = [
        s
        for s in parsed.statements
        if s.is_own_import or not (s.kind == "import" and s.binds & own.keys())
    ]
    return needed(statements, own, graded)


def _open(parsed: Parsed, part: Slice, names: dict[str, str]) -> frozenset[str]:
    """Return the items that a whole run may change; not those that it may take from an import.

    There what an import brings replaces the notebook's own.
    """
    foreign = [s for s in parsed.statements if s.kind in ("import", "star") and not s.is_own_import]
    imported = {name for s in foreign for name in s.binds}
    bound: set[str] = set()
    for statement in parsed.statements:
        if statement.kind == "star" and not statement.own:
            imported |= bound
        bound |= statement.binds
    stars = any(s.kind == "star" for s in foreign)
    graded = {item: name for item, name in names.items() if name in part.open - imported}
    return frozenset(item for item, name in graded.items() if name in bound or not stars)


def _planned_cells(part: Slice) -> tuple[PlannedCell, ...]:
    return tuple(_planned(statement) for statement in part.statements)


def _planned(statement: Statement) -> PlannedCell:
    is_import = statement.kind in ("import", "star")
    names = statement.binds, is_import
    return PlannedCell(statement.source, statement.place, *names, changes=statement.changes)


def _all_cells(notebook: Notebook, parsed: Parsed) -> tuple[PlannedCell, ...]:
    """Return every cell as it stands; one that cannot be parsed is named in the notes instead."""
    broken = {cell.place.cell for cell in parsed.broken}
    parts: defaultdict[int, list[PlannedCell]] = defaultdict(list)
    for statement in parsed.statements:
        if statement.source:
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
    question: Question,
    parsed: Parsed,
    own: dict[str, list[Statement]],
    names: dict[str, str],
    modules: OwnModules,
    notebook: Notebook,
) -> Source:
    name = names[question.name]
    if name not in own:
        kind: StatementKind = "definition" if question.kind == "function" else "assignment"
        why = _why_missing(name, kind, parsed, list(names.values()), notebook)
        return Source(missing=why, name=name)
    last = own[name][-1]
    used = _uses(own[name], parsed, set(question.reads))
    if last.own:
        return _source_in_module(name, last, used, names, modules)
    uses = frozenset(item for item, called in names.items() if called in used - {name})
    return Source(
        parameters=last.parameters,
        uses=uses,
        name=name,
        code=last.source,
        cell=last.cell,
        line=last.line,
        rebound=_rebound(last, parsed),
    )


def _rebound(definition: Statement, parsed: Parsed) -> dict[str, Place]:
    """Return the names of Python's or of modules that a definition reads, and that others bind."""
    found = {}
    for name in definition.reads - definition.binds:
        bindings = [s for s in parsed.statements if name in s.binds]
        given = name in BUILTIN_NAMES or any(s.kind == "import" for s in bindings)
        if given and bindings and bindings[-1].kind in ("assignment", "other"):
            found[name] = bindings[-1].place
    return found


def _source_in_module(
    name: str, imported: Statement, used: set[str], names: dict[str, str], modules: OwnModules
) -> Source:
    """Return what the module from which an item comes shows of it: none of the notebook's lines."""
    module = modules.module(imported.module)
    there = name if imported.kind == "star" else imported.imported
    if module is None:
        return Source(name=name, cell=imported.cell, line=imported.line)
    used = (used | module.uses(there)) - {name, there}
    return Source(
        parameters=module.parameters(there),
        uses=frozenset(item for item, called in names.items() if called in used),
        name=name,
        cell=imported.cell,
        line=imported.line,
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


def _why_missing(
    name: str, kind: StatementKind, parsed: Parsed, graded: list[str], notebook: Notebook
) -> str:
    if any(name in cell.binds for cell in parsed.broken):
        return ""  # the cell's failure says why
    if where := misplaced(name, notebook):
        return f"The notebook does not define `{name}`: {where}."
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


def _whole_run_notes(why: str | None, assignment: Assignment) -> list[Note]:
    if not why or assignment.execute == "all":
        return []
    return [Note("info", f"The whole notebook was run, because of {why}.")]


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
