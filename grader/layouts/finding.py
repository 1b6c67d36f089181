"""What stands at paths, in which layout, and so whose submissions are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import UsageError, near_miss
from grader.layouts import (
    AUTO,
    LAYOUTS,
    Found,
    blackboard,
    canvas,
    classroom,
    folder,
    gradescope,
    moodle,
    nbgrader,
)
from grader.layouts.archives import list_archive
from grader.layouts.building import submissions
from grader.layouts.files import File, Listing, list_folder, one_file, one_line
from grader.layouts.layout import ARCHIVE, HandIn, Layout, Sorted, relevant, sort_by_student

FOLDER = folder.LAYOUT
PLATFORMS: tuple[Layout, ...] = tuple(
    module.LAYOUT for module in (nbgrader, canvas, moodle, blackboard, classroom, gradescope)
)
_BY_NAME = {layout.name: layout for layout in (FOLDER, *PLATFORMS)}
MAX_NAMED = 3  # files that a message names


def find(paths: Sequence[Path], assignment: str, name: str) -> Found:
    """Find what was handed in for an assignment at paths; see `grader.layouts`."""
    layout = _layout(name)
    errors: list[UsageError] = []
    found: dict[Layout, list[Sorted]] = {}
    for path in dict.fromkeys(paths):
        try:
            listing = _listing(path)
            errors += listing.errors
            recognised, by_student = _recognised(listing, layout)
        except UsageError as error:
            errors.append(error)
            continue
        errors += by_student.errors
        if by_student.strangers:
            errors.append(_do_not_fit(recognised, by_student))
        found.setdefault(recognised, []).append(by_student)
    hand_ins: list[HandIn] = []
    for recognised, at_paths in found.items():
        finished, wrong = recognised.finish(at_paths, assignment)
        hand_ins += finished
        errors += wrong
    notes = filter(None, (folder.nobodys(each.listing) for each in found.get(FOLDER, ())))
    names = tuple(layout for layout in LAYOUTS if _BY_NAME[layout] in found)
    return Found(tuple(submissions(hand_ins, assignment)), tuple(errors), names, tuple(notes))


def _layout(name: str) -> Layout | None:
    if name == AUTO:
        return None
    if name in _BY_NAME:
        return _BY_NAME[name]
    close = near_miss(name, LAYOUTS)
    hint = f"did you mean '{close}'?" if close else f"there are: {', '.join((AUTO, *LAYOUTS))}"
    raise UsageError(f"no layout '{name}'; {hint}")


def _listing(path: Path) -> Listing:
    try:
        if path.is_dir():
            return list_folder(path)
        if not path.exists():
            raise UsageError(f"{one_line(path)}: no such file or folder")
    except (OSError, ValueError) as error:
        raise UsageError(f"{one_line(path)}: no path that can be read") from error
    name = (path.name,)
    of_a_student = canvas.locate(name) or moodle.locate(name) or blackboard.is_named_so(path.name)
    if path.name.casefold().endswith(ARCHIVE) and not of_a_student:
        return list_archive(path)
    return one_file(path)


# ---------------------------------------------------------------- which layout


def _recognised(listing: Listing, layout: Layout | None) -> tuple[Layout, Sorted]:
    """Return the layout of a listing, and what it makes of it. Raises UsageError."""
    if layout is None:
        return _recognise(listing)
    if layout is FOLDER:
        return _in_folders(listing)
    by_student = sort_by_student(layout, listing)
    if by_student.hand_ins:
        return layout, by_student
    raise UsageError(
        f"{one_line(listing.path)}: expected {layout.expected} (--layout {layout.name}); found "
        f"{_named(relevant(listing)) or 'no files'}"
    )


def _recognise(listing: Listing) -> tuple[Layout, Sorted]:
    """Return the one layout that all notebooks fit, or else notebooks in a folder."""
    tried = [(layout, sort_by_student(layout, listing)) for layout in PLATFORMS]
    tried = [(layout, by_student) for layout, by_student in tried if by_student.hand_ins]
    fitting = [(layout, by_student) for layout, by_student in tried if not by_student.strangers]
    if len(fitting) == 1:
        return fitting[0]
    path = one_line(listing.path)
    if len(surely := _by_names(listing, fitting)) == 1:
        return surely[0]
    if fitting:
        names = " and ".join(layout.name for layout, _ in fitting)
        raise UsageError(f"{path}: fits the layouts {names}; say which one it is with --layout")
    for layout, by_student in tried:
        if _most_fit(listing, by_student):
            raise UsageError(
                f"{path}: looks like the layout {layout.name} ({layout.expected}), but for "
                f"{_named(by_student.strangers)}; --layout {layout.name} leaves that out, "
                f"--layout {FOLDER.name} takes every entry as a student's"
            )
    return _in_folders(listing)


def _most_fit(listing: Listing, by_student: Sorted) -> bool:
    """Say whether a layout fits at least half of the entries, whatever one student calls files.

    Entries are counted where they begin to differ: a download may lie in folders of its own.
    """
    handed_in = [file.parts for file in relevant(listing)]
    depth = 1
    while len({parts[:depth] for parts in handed_in}) == 1 and depth < max(map(len, handed_in)):
        depth += 1
    entries = {parts[:depth] for parts in handed_in}
    strange = {file.parts[:depth] for file in by_student.strangers}
    return len(strange) <= len(entries) / 2


def _in_folders(listing: Listing) -> tuple[Layout, Sorted]:
    if not folder.holds_notebooks(listing):
        raise _no_notebooks(listing)
    return FOLDER, sort_by_student(FOLDER, listing)


def _by_names(
    listing: Listing, fitting: Sequence[tuple[Layout, Sorted]]
) -> list[tuple[Layout, Sorted]]:
    """Leave out what is recognised by git repositories alone: students may hand them in."""
    plain = replace(listing, clones=frozenset())
    again = ((each, sort_by_student(each[0], plain)) for each in fitting)
    return [each for each, by_names in again if by_names.hand_ins and not by_names.strangers]


def _no_notebooks(listing: Listing) -> UsageError:
    path = one_line(listing.path)
    if listing.kind == "file":
        return UsageError(
            f"{path}: not a notebook (*.ipynb), nor a folder or a zip archive of notebooks"
        )
    kind = "archive" if listing.kind == "archive" else "folder or below"
    return UsageError(f"{path}: no notebooks (*.ipynb) in this {kind}")


def _do_not_fit(layout: Layout, by_student: Sorted) -> UsageError:
    return UsageError(
        f"{one_line(by_student.listing.path)}: left out {_named(by_student.strangers)}; expected "
        f"{layout.expected} (--layout {layout.name})"
    )


def _named(files: Sequence[File]) -> str:
    shown = ", ".join(one_line(file.name) for file in files[:MAX_NAMED])
    more = len(files) - MAX_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
