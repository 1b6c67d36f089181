"""Results in the form in which they are kept, and what stands for those that cannot be kept so.

Whatever a student's notebook made of its result costs that student alone: nothing is begun with it
that could fail for the others.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TypeVar

import msgspec

from grader.batch.gradebook.records import Graded, HandIn
from grader.results import SubmissionResult, ungraded
from grader.texts import encodable, encodable_in

UNFIT = "its result cannot be recorded; the next run grades it again"
UNREADABLE = "its result was recorded, and cannot be read any more; the next run grades it again"

_decoder = msgspec.json.Decoder(SubmissionResult)
_Given = TypeVar("_Given", bound=HandIn)


def packed(result: SubmissionResult) -> bytes:
    """Return a result as it is kept."""
    return zlib.compress(msgspec.json.encode(result))


def unpacked(content: bytes) -> SubmissionResult | None:
    """Return a result that was kept, None if it cannot be read."""
    try:
        return _decoder.decode(zlib.decompress(content))
    except Exception:  # noqa: BLE001 - zlib, msgspec and Unicode have errors of their own
        return None


def recordable(hand_in: _Given) -> _Given:
    """Return a hand-in whose texts any database holds."""
    return replace(
        hand_in,
        student=encodable(hand_in.student),
        path=encodable(hand_in.path),
        handed_in=encodable(hand_in.handed_in),
    )


def sound(graded: Graded) -> Graded:
    """Return a grading that can be kept, and read again: without its grade, if it must be."""
    fit = recordable(graded)
    if graded.result.student != graded.student or graded.result.adjustments:
        return unrecorded(fit)  # not the student's own, as graded
    given = replace(graded.result, student=fit.student)
    for result in (given, _cleaned(given)):
        if result is not None and _is_kept(result):
            return replace(fit, result=result)
    return unrecorded(fit)


def unrecorded(graded: Graded) -> Graded:
    """Return what is recorded of a grading whose result cannot be."""
    most = graded.result.max_score
    result = ungraded(graded.student, graded.path, "not_graded", most, UNFIT)
    return replace(graded, result=result, seconds=0.0, stages={}, worker="")


def _is_kept(result: SubmissionResult) -> bool:
    try:
        return _decoder.decode(msgspec.json.encode(result)) == result
    except Exception:  # noqa: BLE001 - as above; it is not said how it came about
        return False


def _cleaned(result: SubmissionResult) -> SubmissionResult | None:
    """Return a result in which every text can be encoded, None if there is none."""
    try:
        plain = encodable_in(msgspec.to_builtins(result))
        return msgspec.convert(plain, SubmissionResult)
    except Exception:  # noqa: BLE001 - as above
        return None
