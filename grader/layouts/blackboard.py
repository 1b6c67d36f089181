"""Blackboard Learn: the download of an assignment's files, where every file lies flat.

A file is called `<assignment>_<user>_attempt_<yyyy-mm-dd-hh-mm-ss>_<its own name>`. For each
attempt there is `<assignment>_<user>_attempt_<yyyy-mm-dd-hh-mm-ss>.txt`, which Blackboard writes:
its first line is `Name: <Full Name> (<user>)`. Of a student's attempts the latest counts. The
time is the server's own; its zone stands nowhere.

What follows the first time in a name is the student's, whatever it says. Names of assignments and
of users may have underscores. Where a name ends and the other begins, the attempt's text says, else
the assignment's name; else the user has no underscore.

Source: jupyter/nbgrader, nbgrader/plugins/zipcollect.py (the example of `named_regexp`);
CodeGra.de, psef/blackboard.py (the text).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from grader.errors import SubmissionError
from grader.layouts.files import File, Listing, Parts
from grader.layouts.layout import Finished, HandIn, Layout, Locate, Place, Sorted, listed

_NAME = re.compile(
    r"(?P<owner>.+?_.+?)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>.+)|\.txt)"
)
# No file that lies flat is called so: a student's own cannot be taken for the platform's text.
_TEXT = "attempt/text"
_WHO = re.compile(r"\s*Name:.*\((?P<user>[^()\n]+)\)\s*$", re.MULTILINE)
MAX_TEXT_BYTES = 2**20


def is_named_so(name: str) -> bool:
    """Say whether a file is called as Blackboard calls those of an attempt."""
    return bool(_NAME.fullmatch(name))


def _locate(parts: Parts) -> Place | None:
    match = _NAME.fullmatch(parts[-1]) if parts else None
    if not match:
        return None
    prefix = "/".join((*parts[:-1], f"{match['owner']}_attempt_{match['time']}"))
    time = _iso(match["time"])
    return Place(match["owner"], prefix, match["file"] or _TEXT, handed_in=time)


def _locator(listing: Listing) -> Locate:
    del listing
    return _locate


def _iso(time: str) -> str:
    """Return a time in ISO 8601, or "" where it is none."""
    try:
        return datetime.strptime(time, "%Y-%m-%d-%H-%M-%S").isoformat()
    except ValueError:
        return ""


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Name the students, and let the latest attempt of each count."""
    attempts: defaultdict[str, list[HandIn]] = defaultdict(list)
    hand_ins = [hand_in for each in found for hand_in in each.hand_ins]
    told = {one.student: user for one in hand_ins if (user := _told(one))}
    for hand_in in hand_ins:
        user = told.get(hand_in.student) or _user(hand_in.student, assignment)
        files = tuple(file for file in hand_in.files if file.name != _TEXT)
        own = replace(hand_in, student=user, files=files)
        attempts[unicodedata.normalize("NFC", user)].append(own)
    return [one for own in attempts.values() for one in _latest(own)], []


def _latest(attempts: Sequence[HandIn]) -> list[HandIn]:
    """Return the latest attempt, as often as it was found; it names the earlier ones."""
    last = max(attempt.handed_in for attempt in attempts)
    earlier = sorted({attempt.handed_in for attempt in attempts} - {last})
    told = f"attempts before the one of {last}: {listed(earlier, ', ')}; they do not count"
    warning = told if earlier else ""
    return [replace(each, warning=warning) for each in attempts if each.handed_in == last]


def _told(hand_in: HandIn) -> str:
    """Return the user's name as the attempt's text says it, or ""."""
    users = [_user_in(file) for file in hand_in.files if file.name == _TEXT]
    return next((user for user in users if user and hand_in.student.endswith(f"_{user}")), "")


def _user(owner: str, assignment: str) -> str:
    """Return the user's name, of what stands before `_attempt_`."""
    if _plain(owner[: len(assignment) + 1]) == _plain(f"{assignment}_"):
        return owner[len(assignment) + 1 :] or owner
    return owner.rpartition("_")[2] or owner


def _user_in(file: File) -> str:
    """Return whom the text of an attempt names, or ""."""
    if file.size > MAX_TEXT_BYTES:
        return ""
    try:
        lines = file.read().decode("utf-8-sig", "replace").splitlines()
    except SubmissionError:
        return ""
    match = _WHO.match(lines[0]) if lines else None
    return match["user"] if match else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]", "_", unicodedata.normalize("NFC", name)).casefold()


LAYOUT = Layout(
    "blackboard",
    "files named <assignment>_<user>_attempt_<yyyy-mm-dd-hh-mm-ss>_<file>",
    _locator,
    _finish,
)
