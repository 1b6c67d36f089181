"""Notebooks, or a folder or an archive of them.

A student is named after the file, or after folder and file where names of files are alike. An
archive in a folder is what one student handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from grader.errors import SubmissionError, UsageError
from grader.layouts.archives import inner_files
from grader.layouts.files import Listing, Parts, student_name
from grader.layouts.layout import (
    ARCHIVE,
    NOTEBOOK,
    Finished,
    HandIn,
    Layout,
    Locate,
    Place,
    Sorted,
    is_archive,
    is_notebook,
)


def _locator(listing: Listing) -> Locate:
    # A single file that was named is to be graded, whatever it is called.
    single = listing.kind == "file"
    # An archive beside a notebook in a student's folder is that student's, and no other's.
    with_notebook = {file.parts[:-1] for file in listing.files if is_notebook(file)} - {()}

    def locate(parts: Parts) -> Place | None:
        ending = PurePath(*parts).suffix.casefold()
        if not single and ending not in {NOTEBOOK, ARCHIVE}:
            return None
        if not single and ending == ARCHIVE and parts[:-1] in with_notebook:
            return Place("", "", parts[-1])
        whole = "/".join(parts)
        return Place(whole, "" if single else whole, parts[-1])

    return locate


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Name the students: over all paths, so that each has a name of their own."""
    del assignment
    hand_ins: dict[Parts, HandIn] = {}
    errors: list[UsageError] = []
    for each in found:
        for hand_in in each.hand_ins:
            try:
                whole = (*each.listing.above, *hand_in.student.split("/"))
                named = each.listing.kind == "file"
                hand_ins[whole] = _looked_into(replace(hand_in, named=named))
            except SubmissionError as error:
                errors.append(UsageError(f"{hand_in.where}: {error}"))
    names = _names(list(hand_ins))
    pairs = zip(hand_ins.values(), names, strict=True)
    return [replace(hand_in, student=name) for hand_in, name in pairs], errors


def _looked_into(hand_in: HandIn) -> HandIn:
    """Return a hand-in with the files of the archive that it is. Raises SubmissionError."""
    if not hand_in.files or not all(map(is_archive, hand_in.files)):
        return hand_in
    files, warning = inner_files(hand_in.files[0])
    if not any(map(is_notebook, files)):
        raise SubmissionError("no notebook (*.ipynb) in this archive")
    return replace(hand_in, files=tuple(files), warning=warning, named=False)


def _names(files: list[Parts]) -> list[str]:
    """Name each student after the file; where files are named alike, after their folders."""
    whole = [(*parts[:-1], PurePath(parts[-1]).stem) for parts in files]
    candidates = (
        [parts[-1] for parts in whole],
        [parts[-2] if len(parts) > 1 else parts[-1] for parts in whole],
        ["/".join(parts[-2:]) for parts in whole],
        ["/" + "/".join(parts) for parts in whole],
    )
    cleaned = [[student_name(name) for name in names] for names in candidates]
    distinct = (names for names in cleaned if len(set(names)) == len(names))
    return next(distinct, cleaned[-1])


LAYOUT = Layout(
    "folder", "notebooks (*.ipynb), or a folder or an archive of them", _locator, _finish
)
