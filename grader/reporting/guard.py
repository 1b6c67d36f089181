"""What cannot be shown of one submission costs that submission alone, and is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from grader.results import SubmissionResult, ungraded

T = TypeVar("T")
Lost = Callable[[str], None]
"""Is told the name of a student whose result cannot be shown."""

UNSHOWN = "its result is recorded, and cannot be shown here; the next run tries again"


def nobody(student: str) -> None:
    """Take note of nothing."""


def guarded(
    submission: SubmissionResult, show: Callable[[SubmissionResult], T], lost: Lost = nobody
) -> T:
    """Return what is shown of a submission, or of one that says that it cannot be shown."""
    try:
        return show(submission)
    except Exception:  # noqa: BLE001 - whatever it is, the others have their pages
        lost(submission.student)
    student, path = submission.student, submission.path
    return show(ungraded(student, path, "not_graded", 0.0, UNSHOWN))
