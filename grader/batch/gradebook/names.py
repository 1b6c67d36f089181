"""Under which names students stand: names are compared in NFC, renamed and forgotten on record.

What was recorded under a name stays as it was; a name is looked up when something is read.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from grader.batch.gradebook.parts import now
from grader.batch.gradebook.schema import names, run_entries, runs, submissions
from grader.errors import UsageError

Parts = tuple[str, ...]

_ENOUGH = 2  # names at the end of a path that make it the same from another folder


@dataclass(frozen=True)
class Names:
    """The names of an assignment's students.

    `recorded` are the names that stand in the database, each with the last run that had it. Those
    `forgotten` are not listed, unless a run after the one noted had them.
    """

    recorded: Mapping[str, int]
    renamed: Mapping[str, str]
    forgotten: Mapping[str, int]

    def of(self, student: str) -> str:
        """Return the name that a student has now."""
        name = plain(student)
        return self.renamed.get(name, name)

    def all(self) -> list[str]:
        """Return the names that students have now, in alphabetical order."""
        return sorted({self.of(student) for student in self.recorded})

    def listed(self) -> set[str]:
        """Return the names of those who have not been forgotten."""
        last: defaultdict[str, int] = defaultdict(int)
        for student, run in self.recorded.items():
            last[self.of(student)] = max(last[self.of(student)], run)
        return {name for name, run in last.items() if run > self.forgotten.get(name, 0)}

    def recorded_as(self, student: str) -> list[str]:
        """Return the names under which a student's hand-ins stand in the database."""
        return [each for each in self.recorded if self.of(each) == self.of(student)]


def plain(name: str) -> str:
    """Return a name in the one form that its letters and accents have here."""
    return unicodedata.normalize("NFC", name)


def names_of(connection: Connection, assignment: str) -> Names:
    """Return the names of an assignment's students."""
    last = func.max(run_entries.c.run)
    query = (
        select(submissions.c.student, last.label("run"))
        .join_from(submissions, run_entries)
        .where(submissions.c.assignment == assignment)
        .group_by(submissions.c.student)
    )
    recorded = {row.student: int(row.run) for row in connection.execute(query)}
    renamed: dict[str, str] = {}
    forgotten: dict[str, int] = {}
    query_names = select(names).where(names.c.assignment == assignment).order_by(names.c.id)
    for row in connection.execute(query_names):
        if row.becomes:
            moved = [name for name, now_called in renamed.items() if now_called == row.student]
            renamed |= dict.fromkeys([*moved, row.student], row.becomes)
            forgotten.pop(row.becomes, None)
        else:
            forgotten[row.student] = row.run
    return Names(recorded, renamed, forgotten)


def check_new(known: Names, assignment: str, old: str, new: str) -> None:
    """Raise UsageError unless a student can have another name."""
    if not new or new == old:
        raise UsageError(f"'{new}': expected another name than the one that the student has")
    if known.of(new) not in {new, old}:
        raise UsageError(f"'{new}' in {assignment} was renamed to '{known.of(new)}' before")


def add(  # the columns of a row
    connection: Connection, assignment: str, student: str, becomes: str, reason: str, who: str
) -> None:
    """Record that a student is renamed, or forgotten (`becomes` is empty), from now on."""
    last = connection.execute(select(func.max(runs.c.id))).scalar() or 0
    row = {"assignment": assignment, "student": student, "becomes": becomes, "run": last}
    connection.execute(insert(names).values(row | {"reason": reason, "who": who, "at": now()}))


# ---------------------------------------------------------------- one notebook, two names


def two_names(
    connection: Connection, assignment: str, given: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return (earlier name, name, path) where a notebook stands under another student's name.

    `given` are the paths of hand-ins by students; whoever is among them is nobody else.
    """
    known = names_of(connection, assignment)
    others = known.listed() - {known.of(student) for student in given}
    absent = {each for each in known.recorded if known.of(each) in others}
    if not absent:
        return []
    earlier = _Paths(_paths(connection, assignment, absent))
    found = []
    for student, path in given.items():
        name = known.of(student)
        before = {known.of(who) for who in earlier.of(path, name)}
        found += [(each, name, path) for each in sorted(before)]
    return found


def _paths(connection: Connection, assignment: str, students: Set[str]) -> list[tuple[str, Parts]]:
    query = (
        select(submissions.c.student, run_entries.c.path)
        .join_from(submissions, run_entries)
        .where(submissions.c.assignment == assignment)
        .distinct()
    )
    rows = [row for row in connection.execute(query) if row.student in students]
    return [(row.student, _parts(os.path.normpath(row.path))) for row in rows]


def _parts(path: str) -> Parts:
    """Return the parts of a path, without those that lead up from wherever it was given."""
    return tuple(plain(part) for part in Path(path).parts if part != os.pardir)


class _Paths:
    """Paths that were recorded, and whose they are; relative ones from any folder."""

    def __init__(self, recorded: Iterable[tuple[str, Parts]]) -> None:
        self._by_end: defaultdict[Parts, list[tuple[str, Parts]]] = defaultdict(list)
        self._by_folder: defaultdict[str, list[tuple[str, Parts]]] = defaultdict(list)
        for who, parts in recorded:
            self._by_end[parts[-_ENOUGH:]].append((who, parts))
            for folder in set(parts[:-1]):
                self._by_folder[folder].append((who, parts))

    def of(self, path: str, student: str) -> set[str]:
        """Return whose a path was, and whose were those in the student's own folder."""
        parts = _parts(os.path.abspath(path))  # noqa: PTH100 - links stay as named
        ends = self._by_end[parts[-_ENOUGH:]]
        found = {who for who, own in ends if len(own) >= _ENOUGH and parts[-len(own) :] == own}
        if student in parts:
            folder = parts[: len(parts) - parts[::-1].index(student)]
            for who, own in self._by_folder[student]:
                above = own[: len(own) - own[::-1].index(student, 1)]
                found |= {who} if folder[-len(above) :] == above else set()
        return found
