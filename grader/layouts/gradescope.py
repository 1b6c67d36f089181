"""Gradescope: the export of an assignment's submissions.

`assignment_<id>_export/` holds a folder for each submission, `submission_<id>`, and
`submission_metadata.yml`, which says whose each is: Ruby's symbols are its keys (`:submitters:`,
`:name:`, `:sid:`, `:email:`, `:created_at:`). Of a group there are several submitters; there may be
none. Of assignments on paper the files are PDFs without folders.

Source: programs that read such exports, such as otter-grader's GradescopeParser; Gradescope
documents the export itself nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML was built without the library, and is slower
    from yaml import SafeLoader  # type: ignore[assignment]

from grader.errors import SubmissionError, UsageError
from grader.layouts.files import File, Listing, Parts, one_line
from grader.layouts.layout import Finished, HandIn, Layout, Locate, Place, Sorted, is_notebook

METADATA = "submission_metadata.yml"
MAX_DEPTH = 50
_EXPORT = re.compile(r"assignment_\d+_export")
_SUBMISSION = re.compile(r"submission_\d+")


def _locator(listing: Listing) -> Locate:
    roots, own = _roots(listing), Parts()
    if not roots:
        own = listing.above[-2:]
        roots = {own[: depth + 1]: False for depth in range(len(own)) if _EXPORT.match(own[depth])}
    folders = {own, *((*own, *folder) for folder in listing.folders)}

    def locate(parts: Parts) -> Place | None:
        whole = (*own, *parts)
        root = next((end for end in range(len(whole)) if whole[:end] in roots), None)
        if root is None:
            return None
        key, *inside = whole[root:]
        if key == METADATA and not inside:
            return Place("", "", METADATA)
        if not roots[whole[:root]] and not _SUBMISSION.fullmatch(key):
            return None
        folder = "/".join(parts[: len(parts) - len(inside)])
        loose = not inside and whole not in folders
        return Place(key, folder, key if loose else "/".join(inside))

    return locate


def _roots(listing: Listing) -> dict[Parts, bool]:
    """Return the folders that are exports, and whether each has its metadata.

    What a student handed in may hold a file of that name, too: it is below another's.
    """
    metadata = {file.parts[:-1] for file in listing.files if file.parts[-1] == METADATA}
    exports = {folder for folder in listing.folders if _EXPORT.fullmatch(folder[-1])}
    roots = metadata | exports
    return {
        root: root in metadata
        for root in roots
        if not any(root[:end] in roots for end in range(len(root)))
    }


# ---------------------------------------------------------------- the metadata


@dataclass(frozen=True)
class _Known:
    """What the metadata says of one submission."""

    students: tuple[str, ...]
    created_at: str


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Give each submitter a hand-in of their own."""
    del assignment
    hand_ins: list[HandIn] = []
    errors: list[UsageError] = []
    for each in found:
        known, wrong = _known(each.listing)
        own = [one for hand_in in each.hand_ins for one in _of_students(hand_in, known)]
        own += _missing(each, known)
        hand_ins += own
        errors += wrong if wrong or own else [_nothing_found(each)]
    return hand_ins, errors


def _known(listing: Listing) -> tuple[dict[str, _Known], list[UsageError]]:
    """Return what all metadata of a listing say, by folder, and what is wrong with them."""
    known: dict[str, _Known] = {}
    errors: list[UsageError] = []
    for file in _metadata_files(listing):
        try:
            known |= _read(file)
        except SubmissionError as error:
            errors.append(UsageError(f"{file.where}: {error}"))
    return known, errors


def _nothing_found(found: Sorted) -> UsageError:
    return UsageError(
        f"{one_line(found.listing.path)}: no submissions: {METADATA} tells of none, and no folder "
        "named submission_<id> is there; export them again"
    )


def _metadata_files(listing: Listing) -> list[File]:
    paths = {(*root, METADATA) for root, told in _roots(listing).items() if told}
    return [file for file in listing.files if file.parts in paths]


def _of_students(hand_in: HandIn, known: Mapping[str, _Known]) -> Iterator[HandIn]:
    told = known.get(hand_in.student)
    if told and told.students:
        for student in told.students:
            yield replace(hand_in, student=student, handed_in=told.created_at)
    elif told or not _is_beside(hand_in):
        warning = f"{METADATA} does not tell whose {one_line(hand_in.student)} is"
        handed_in = told.created_at if told else ""
        yield replace(hand_in, warning=warning, handed_in=handed_in)


def _is_beside(hand_in: HandIn) -> bool:
    """Say whether it is a file beside the submissions, such as a note of the instructor's."""
    loose = [file.name == hand_in.student and not is_notebook(file) for file in hand_in.files]
    return bool(loose) and all(loose)


def _missing(found: Sorted, known: Mapping[str, _Known]) -> list[HandIn]:
    """Return hand-ins without files: the metadata tells of them, and they are not there."""
    path = found.listing.path
    there = {hand_in.student for hand_in in found.hand_ins}
    return [
        HandIn(student, one_line(f"{path}/{key}"), (), path, told.created_at)
        for key, told in known.items()
        if key not in there
        for student in told.students
    ]


def _read(file: File) -> dict[str, _Known]:
    """Return what the metadata says, by folder. Raises SubmissionError."""
    text = file.read().decode("utf-8", "replace")
    try:
        content = _parse(_skimmed(text))
    except SubmissionError:
        content = None
    if not _has_submitters(content):
        content = _parse(text)
    if not isinstance(content, dict):
        raise SubmissionError("not the metadata of submissions; export them again")
    return {
        str(key): _Known(tuple(_students(str(key), told)), _time(told.get(":created_at")))
        for key, told in content.items()
        if isinstance(told, dict)
    }


def _has_submitters(content: Any) -> bool:
    return isinstance(content, dict) and all(
        isinstance(told, dict) and ":submitters" in told for told in content.values()
    )


def _skimmed(text: str) -> str:
    """Leave out all but submitters and times: results of tests fill megabytes, and are not read."""
    kept, keeping = [], False
    for line in text.split("\n"):
        if not line.strip():
            continue
        if not line.startswith(" "):
            keeping = True
        elif line.startswith("  :"):
            keeping = line.startswith(("  :submitters:", "  :created_at:"))
        if keeping:
            kept.append(line)
    return "\n".join(kept)


class _Loader(SafeLoader):
    """Reads plain data; an object of Ruby's is nothing."""


def _nothing(loader: Any, tag: str, node: Any) -> None:
    """Stand for an object of Ruby's."""


_Loader.add_multi_constructor("", _nothing)


def _parse(text: str) -> Any:
    try:
        _check_depth(text)
        return yaml.load(text, _Loader)  # noqa: S506 - a loader of plain data
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" at line {line + 1}" if line is not None else ""
        raise SubmissionError(f"the metadata is damaged{where}; export it again") from error


def _check_depth(text: str) -> None:
    """Refuse what is nested so deeply that libyaml would exhaust the stack, and the process die."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")


def _students(key: str, told: Mapping[str, Any]) -> Iterator[str]:
    submitters = told.get(":submitters")
    for submitter in submitters if isinstance(submitters, list) else []:
        if isinstance(submitter, dict):
            name, email, sid = (submitter.get(f":{word}") for word in ("name", "email", "sid"))
            identity = email or sid or key
            yield f"{name} ({identity})" if name else str(identity)


def _time(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) and value.tzinfo else ""


LAYOUT = Layout(
    "gradescope", f"an export with {METADATA} and folders named submission_<id>", _locator, _finish
)
