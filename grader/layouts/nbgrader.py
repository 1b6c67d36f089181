"""nbgrader: `submitted/<student>/<assignment>/<notebook>.ipynb` in a course folder.

The path may be that of the course, of `submitted`, of a student in it, or of the assignment there.
`timestamp.txt` says when it was handed in, as `2015-02-02 15:58:23.948203 UTC`. A time without a
zone is one of UTC. `submission_secret.txt` beside it is not the student's to use.

Source: jupyter/nbgrader, docs/source/user_guide/philosophy.rst, exchange/default/submit.py,
utils.py (parse_utc). Courses that configure other names of folders are not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import PurePath
from zoneinfo import ZoneInfo

from grader.errors import SubmissionError, UsageError
from grader.layouts.files import File, Listing, Parts, one_line
from grader.layouts.layout import Finished, HandIn, Layout, Locate, Place, Sorted

SUBMITTED, TIMESTAMP, SECRET = "submitted", "timestamp.txt", "submission_secret.txt"
STEPS = {"source", "release", "autograded", "feedback", "solution"}
MAX_TIMESTAMP_BYTES = 100


def _locator(listing: Listing) -> Locate:
    known = _known(listing)

    def locate(parts: Parts) -> Place | None:
        whole = (*known, *parts)
        if SUBMITTED not in whole:
            # What nbgrader makes of assignments and of submissions lies beside them.
            return Place("", "", parts[-1]) if STEPS & {*parts[:1]} else None
        own = whole[whole.index(SUBMITTED) + 1 :]
        if len(own) < 2:
            return None
        student, assignment, *inside = own
        folder = "/".join(parts[: len(parts) - len(inside)])
        return Place(student, folder, "/".join(inside), assignment)

    return locate


def _known(listing: Listing) -> Parts:
    """Return `submitted` and what follows of the path that was given, if it leads into one."""
    last = listing.above[-3:]
    if SUBMITTED not in last or (SUBMITTED,) in listing.folders:
        return ()
    return last[last.index(SUBMITTED) :]


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Choose the assignment, over all paths: a student may not have handed in all of them."""
    hand_ins = [hand_in for each in found for hand_in in each.hand_ins]
    names = sorted({hand_in.assignment for hand_in in hand_ins})
    alike = [name for name in names if _plain(name) == _plain(assignment)] or names
    if len(alike) > 1:
        return [], [_several(found, alike, assignment)]
    return [_with_time(hand_in) for hand_in in hand_ins if hand_in.assignment in alike], []


def _several(found: Sequence[Sorted], names: list[str], assignment: str) -> UsageError:
    listed = ", ".join(map(one_line, names))
    path = found[0].listing.path
    known = len(_known(found[0].listing))
    glob = PurePath(path, *(SUBMITTED, "*", names[0])[known:])
    return UsageError(
        f"{one_line(path)}: there are several assignments ({listed}), and not one that is named "
        f"{assignment}; give the paths of one, such as {one_line(glob)}"
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]+", "_", name).casefold()


def _with_time(hand_in: HandIn) -> HandIn:
    times = [file for file in hand_in.files if file.name == TIMESTAMP]
    files = tuple(file for file in hand_in.files if file.name not in {TIMESTAMP, SECRET})
    return replace(hand_in, files=files, handed_in=_time(times[0]) if times else "")


def _time(file: File) -> str:
    """Return the time in a file in ISO 8601, or "" where it cannot be understood."""
    if file.size > MAX_TIMESTAMP_BYTES:
        return ""
    try:
        day, clock, *zone = file.read().decode("utf-8").split()
        time = datetime.fromisoformat(f"{day} {clock}")
        return (time if time.tzinfo else time.replace(tzinfo=_zone(*zone))).isoformat()
    except (SubmissionError, ValueError, TypeError, LookupError, OSError, OverflowError):
        return ""


def _zone(name: str = "UTC") -> tzinfo:
    if name.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    if offset := re.fullmatch(r"([+-])(\d\d):?(\d\d)", name):
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    return ZoneInfo(name)


LAYOUT = Layout("nbgrader", "submitted/<student>/<assignment>/<notebook>.ipynb", _locator, _finish)
