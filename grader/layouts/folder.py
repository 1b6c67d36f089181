"""Notebooks, or a folder or an archive of them: nothing that a platform names.

Each entry directly below a path that is given is one student: a notebook or an archive by its stem,
a folder by its name, with all that lies below it. A notebook that is given by itself is named after
its stem. So a name depends on the student's own path alone, never on what others handed in.

In an archive, a folder that is named like the archive is the archive itself. An archive whose only
notebook is `<assignment>.ipynb`, directly in it, is one student's, named like the archive: the
assignment's name is no student's.

What lies in a student's folder is handed in with the notebook. A file that lies directly in the
folder that is given is a hand-in if the code of a notebook can be in it: `x.ipynb.txt`, a script,
an archive of any kind, a link that is not followed. Its student has a result that says why.
Everything else there (data, documents, notes) may be anybody's. It is nobody's, goes to nobody, and
is named in one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from grader.layouts.files import Listing, Parts, one_line
from grader.layouts.layout import (
    NOTEBOOK,
    Finished,
    HandIn,
    Layout,
    Locate,
    Place,
    Sorted,
    is_notebook,
    listed,
)

_PACKED = r"(?:\.tar)?\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz)"
_NOTEBOOK = re.compile(rf"\.ipynb(?:\W.*)?$|{_PACKED}$", re.IGNORECASE)  # at least perhaps
_HAND_IN = re.compile(rf"{_NOTEBOOK.pattern}|\.py$", re.IGNORECASE)
APART = "give the folder that holds the students' folders instead of paths in them"


def holds_notebooks(listing: Listing) -> bool:
    """Say whether a listing has a notebook anywhere, or something in which one may be."""
    if listing.kind == "file":
        return any(map(is_notebook, listing.files))
    return any(_NOTEBOOK.search(file.parts[-1]) for file in listing.files)


def nobodys(listing: Listing) -> str:
    """Name the files that belong to no student in a line, or return ""."""
    locate = _locator(listing)
    places = ((file, locate(file.parts)) for file in listing.files)
    names = [one_line(file.name) for file, place in places if place and not place.student]
    if not names:
        return ""
    return (
        f"{one_line(listing.path)}: {listed(names, ', ')}: nobody's, and taken along for nobody; "
        "what belongs to a student lies in a folder of the student's name"
    )


def _locator(listing: Listing) -> Locate:
    single, folders = listing.kind == "file", set(listing.folders)
    unread = {file.parts for file in listing.files if file.problem}

    def locate(parts: Parts) -> Place | None:
        top = _top(listing, parts)
        if single or len(parts) <= top:
            ending = _NOTEBOOK.search(parts[-1]) if parts and single else None
            return Place(parts[-1][: ending.start()], "", parts[-1]) if ending else None
        first, inside = parts[top], parts[top + 1 :]
        folder = "/".join(parts[: top + 1])
        if inside or parts in folders:
            return Place(first, folder, "/".join(inside))
        if ending := _HAND_IN.search(first):
            return Place(first[: ending.start()], folder, first)
        link = parts in unread and not PurePath(first).suffix
        return Place(first, folder, first) if link else Place("", "", first)

    return locate


def _top(listing: Listing, parts: Parts) -> int:
    """Return how many of a file's folders are the archive itself, packed with its own name."""
    own = listing.above[-1:] if listing.kind == "archive" else ()
    return int(bool(own) and list(map(_plain, parts[:1])) == list(map(_plain, own)))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Say of each hand-in what to do if its notebooks turn out to be several."""
    students: defaultdict[str, list[HandIn]] = defaultdict(list)
    for each in found:
        for hand_in in _one_students(each, assignment) or each.hand_ins:
            students[_plain(hand_in.student)].append(hand_in)
    return [
        replace(one, advice=_advice(own), warning=_warning(name, assignment))
        for name, own in students.items()
        for one in own
    ], []


def _one_students(found: Sorted, assignment: str) -> list[HandIn]:
    """Return the one hand-in that an archive is, or none if it is not a student's own."""
    listing = found.listing
    perhaps = [file.parts for file in listing.files if _NOTEBOOK.search(file.parts[-1])]
    if listing.kind != "archive" or len(perhaps) != 1:
        return []
    (inside,) = (parts[_top(listing, parts) :] for parts in perhaps)
    if _plain("/".join(inside)).casefold() != _plain(f"{assignment}{NOTEBOOK}").casefold():
        return []
    return [HandIn(listing.above[-1], one_line(listing.path), listing.files, listing.path)]


def _warning(student: str, assignment: str) -> str:
    """Say of a name that it is no student's, or return ""."""
    if student.casefold() != _plain(assignment).casefold():
        return ""
    return f"its student is named {one_line(student)}, as the assignment is; {APART}"


def _advice(hand_ins: Sequence[HandIn]) -> str:
    if len({hand_in.origin for hand_in in hand_ins}) > 1:
        return APART
    folders = [one.where for one in hand_ins if len(one.files) > 1]
    if not folders:
        return ""
    return f"if {folders[0]} holds several students' notebooks, give that folder itself"


LAYOUT = Layout(
    "folder", "notebooks (*.ipynb), or a folder or an archive of them", _locator, _finish
)
