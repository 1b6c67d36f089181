"""The safety net below the plan: before a point is lost, the notebook is run whole.

A plan leaves out what no graded item seems to need. Where an item then is missing, or ends in an
error that speaks of something that is not there, and what was left out may be the reason, all of
the notebook is run as well, and what is better founded counts for the item. And where a cell
further down gives a name that an item needs, such as `np` or `sum`, to something else, the item is
run as it stood before: one stray name costs nobody every item above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from grader.execution.plan import Plan, PlannedCell
from grader.judging.failures import rebound
from grader.results import (
    CellFailure,
    Note,
    Observation,
    Place,
    QuestionResult,
    RaisedError,
    Run,
    Source,
)

# What speaks of something that is not there: a module, a file, a name, a part of an object. So does
# an index, or a None that is worked with, where a statement that was left out would have filled it.
NOT_THERE = frozenset(
    (
        *("ImportError", "ModuleNotFoundError", "NameError", "UnboundLocalError", "KeyError"),
        *("AttributeError", "IndexError", "OSError", "FileNotFoundError", "NotADirectoryError"),
        *("IsADirectoryError", "FileExistsError", "PermissionError"),
    )
)


def doubtful(
    planned: Plan, run: Run, seen: Sequence[Observation], results: Iterable[QuestionResult]
) -> frozenset[str]:
    """Return the items that running all of the notebook may make right, by what was seen."""
    out_of_time = any(each.status == "not_reached" for each in seen)
    if planned.mode == "all" or out_of_time:
        return frozenset()
    wrong = {result.name for result in results if result.status != "passed"} & planned.open
    if any(_not_there(failure.error) for failure in run.failures):
        return frozenset(wrong)
    return frozenset(each.question for each in seen if each.question in wrong and not _ended(each))


def _ended(seen: Observation) -> bool:
    """Whether a call came to an end that says something of the function, or was stopped."""
    if seen.status == "raised":
        return seen.error is None or not _not_there(seen.error)
    return seen.status != "missing"


def _not_there(error: RaisedError) -> bool:
    if error.limit:
        return False
    is_none = error.type == "TypeError" and "NoneType" in error.message
    return is_none or error.type in NOT_THERE


def better_founded(
    before: QuestionResult, after: QuestionResult, seen: Iterable[Observation]
) -> bool:
    """Whether the result of the whole run stands for an item; `seen` is what was seen in it.

    What was won as planned is kept.
    """
    if after.status == "passed" or after.score > before.score:
        return True
    called = all(each.status in ("returned", "raised") and _ended(each) for each in seen)
    return called and after.score >= before.score


def left_over(
    failures: Sequence[CellFailure], again: Sequence[CellFailure]
) -> tuple[CellFailure, ...]:
    """Return the failures of the planned run that the whole run has shown, too."""
    known = {(failure.place.cell, failure.error.type) for failure in again}
    return tuple(each for each in failures if (each.place.cell, each.error.type) in known)


def as_it_stood(planned: Plan, seen: Sequence[Observation]) -> tuple[Plan, frozenset[str]]:
    """Return the plan without what binds needed names anew, and the items that failed for it."""
    found = {each.question: taken for each in seen if (taken := _taken(planned, each))}
    names = {name for name, _ in found.values()}
    users = [user for each in seen if each.question in found and (user := _user(planned, each))]

    def kept(cell: PlannedCell) -> tuple[PlannedCell, ...]:
        if cell.is_import or not cell.binds & names:
            return (cell,)
        if not cell.parts:
            return (cell,) if all(_is_before(cell.place, each) for each in users) else ()
        parts = tuple(each for part in cell.parts for each in kept(part))
        return (cell,) if len(parts) == len(cell.parts) else parts

    cells = tuple(each for cell in planned.cells for each in kept(cell))
    return replace(planned, cells=cells), frozenset(found)


def _taken(planned: Plan, seen: Observation) -> tuple[str, Place] | None:
    """Return the name that a call has failed for, since a later cell binds it, and that place."""
    found = rebound(seen.error, planned.sources) if seen.error else None
    user = _user(planned, seen)
    return found if found and user and not _is_before(found[1], user) else None


def _user(planned: Plan, seen: Observation) -> Source | None:
    """Return the graded function that an error was raised in: not always the one called."""
    function = seen.error.function if seen.error else None
    return next((each for each in planned.sources.values() if each.name == function), None)


def _is_before(place: Place, user: Source) -> bool:
    return (place.cell, place.line or 0) < (user.cell, user.line)


def other_run_notes(
    items: Collection[str],
    shown: Sequence[Observation],
    failures: Sequence[CellFailure],
    planned: Plan,
) -> Iterator[tuple[Note, bool]]:
    """Say which items were graded in another run than the planned one, and whether why is shown.

    What was `shown` are visible cases: what happens in others could be meant to tell of them.
    `failures` are those of the planned run.
    """
    by_reason: dict[tuple[str, str], list[str]] = {}
    for item in items:
        mine = [each for each in shown if each.question == item]
        taken = next((t for each in mine if (t := _taken(planned, each))), None)
        reason = ("", _reason(mine, failed=any(_not_there(each.error) for each in failures)))
        if taken:
            name, place = taken
            reason = (f"without {place}, which binds `{name}` to something else", "")
        by_reason.setdefault(reason, []).append(f"`{planned.names[item]}`")
    for (without, why), found in by_reason.items():
        listed = " and ".join(part for part in (", ".join(found[:-1]), found[-1]) if part)
        was, it = ("was", "it") if len(found) == 1 else ("were", "they")
        if without:
            message = f"{listed} {was} graded {without}. Use another name there."
            yield Note("warning", message), True
        elif why:
            message = f"{listed} {was} graded in a run of the whole notebook, since as planned {it}"
            yield Note("info", f"{message} {why}."), True
        else:
            message = f"{listed} {was} graded in another run of the notebook than the planned one."
            yield Note("info", message), False


def _reason(seen: Sequence[Observation], *, failed: bool) -> str:
    errors = [each.error for each in seen if each.status == "raised" and each.error]
    kind = next((error.type for error in errors if _not_there(error)), "")
    if kind:
        return f"ended in {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
    if any(each.status == "missing" for each in seen):
        return "could not be found"
    return "depended on a cell that failed" if failed else ""
