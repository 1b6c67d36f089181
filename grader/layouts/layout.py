"""What a layout is, and what stands at a path sorted by students, the same way for all layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import UsageError
from grader.layouts.files import ANOTHERS, UNSAFE, File, Listing, Parts, is_plain, one_line

NOTEBOOK, ARCHIVE = ".ipynb", ".zip"
MAX_NAMED = 5  # files that a message names


@dataclass(frozen=True)
class Place:
    """Whose a file is: its student, the folder (or prefix) that is theirs, its name in there.

    Of the student's folder itself the name is empty; where the student is empty, a file belongs to
    the layout and to nobody. `assignment`, `handed_in` and `late` are for layouts whose names say
    it.
    """

    student: str
    folder: str
    name: str
    assignment: str = ""
    handed_in: str = ""
    late: bool = False


Locate = Callable[[Parts], Place | None]


@dataclass(frozen=True)
class HandIn:
    """What one student handed in. `origin` is the path at which it was found.

    `late` says that the platform calls it late. `advice` is what to do if it holds several
    notebooks.
    """

    student: str
    where: str
    files: tuple[File, ...]
    origin: Path
    handed_in: str = ""
    warning: str = ""
    assignment: str = ""
    late: bool = False
    advice: str = ""


@dataclass(frozen=True)
class Sorted:
    """A listing, sorted by students. `strangers` are files that do not fit the layout.

    `errors` are about files that fit, and have names that cannot be trusted.
    """

    listing: Listing
    hand_ins: tuple[HandIn, ...]
    strangers: tuple[File, ...]
    errors: tuple[UsageError, ...] = ()


Finished = tuple[list[HandIn], list[UsageError]]


def as_they_are(found: Sequence[Sorted], assignment: str) -> Finished:
    """Return all hand-ins: where names alone tell everything."""
    del assignment
    return [hand_in for each in found for hand_in in each.hand_ins], []


@dataclass(frozen=True)
class Layout:
    """How one platform names what it hands out.

    `locator` takes a listing and returns what says whose a file in it is, by its parts, or None;
    no parts are the folder that was given.
    `finish` turns what was found at all paths into hand-ins, for a given assignment. `expected`
    says what it looks like, to people.
    """

    name: str
    expected: str
    locator: Callable[[Listing], Locate]
    finish: Callable[[Sequence[Sorted], str], Finished] = as_they_are


def is_notebook(file: File) -> bool:
    """Say whether a file is called one."""
    return file.has_ending(NOTEBOOK)


def is_archive(file: File) -> bool:
    """Say whether a file is called one."""
    return file.has_ending(ARCHIVE)


def relevant(listing: Listing) -> list[File]:
    """Return the files by which a layout is recognised: notebooks, or whatever else there is."""
    handed_in = [file for file in listing.files if is_notebook(file) or is_archive(file)]
    return handed_in or list(listing.files)


def sort_by_student(layout: Layout, listing: Listing) -> Sorted:
    """Sort the files of a listing by students, and name those that do not fit."""
    locate = layout.locator(listing)
    groups: dict[Place, list[File]] = {}
    fitting, errors = set(), []
    given = [()] if listing.kind == "folder" else []  # this may be a student's folder itself
    for folder in (*given, *listing.folders):
        if (place := locate(folder)) and place.student and not place.name:
            groups.setdefault(place, [])
    for file in listing.files:
        place = locate(file.parts)
        if place and place.name:
            fitting.add(file.name)
        if place and place.name and place.student:
            own_files = groups.setdefault(replace(place, name=""), [])
            own, wrong = _followed(listing, locate, file, place)
            errors += wrong
            # Cut out of a plain name it need not be one; and its student is not to be lost.
            if is_plain(place.name):
                own_files.append(replace(own, name=place.name))
            else:
                errors.append(UsageError(f"{file.where}: left out: {UNSAFE}"))
    strangers = tuple(file for file in relevant(listing) if file.name not in fitting)
    return Sorted(listing, tuple(_hand_ins(listing, groups)), strangers, tuple(errors))


def _followed(
    listing: Listing, locate: Locate, file: File, place: Place
) -> tuple[File, list[UsageError]]:
    """Return what a link leads to if it is the same student's, or the link that is not read."""
    link = listing.links.get(file.parts)
    if not link:
        return file, []
    there = locate(link.target)
    if there and replace(there, name="") == replace(place, name=""):
        return link.file, []
    return file, [UsageError(f"{file.where}: {ANOTHERS}")]


def _hand_ins(listing: Listing, groups: dict[Place, list[File]]) -> Iterator[HandIn]:
    root, origin = one_line(listing.path), listing.path
    if listing.kind == "file":  # one of several that a shell's pattern named, beside each other
        origin = origin.parent
    for place, files in groups.items():
        where = f"{root}/{one_line(place.folder)}" if place.folder else root
        yield HandIn(
            place.student,
            where,
            tuple(files),
            origin,
            place.handed_in,
            assignment=place.assignment,
            late=place.late,
        )


def listed(names: Sequence[str], separator: str) -> str:
    """Return names in a line: the first few, and how many more there are."""
    shown = separator.join(names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
