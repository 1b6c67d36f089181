"""Hidden cases that are drawn for each submission by itself (`hidden_cases = "submission"`).

Who hands in again, or reads what another was told, learns nothing of the cases that come next. They
depend on the course's secret, on who hands in and on what, so the same submission meets the same
ones in every run, and nobody else does.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from grader.judging.expected import AnswerKey, answer_key


@dataclass(frozen=True)
class OwnCases:
    """What it takes to draw cases: the class's key, the course's folder, and its secret.

    Causes are still looked for with the cases of the class: what that takes is made once for all.
    """

    key: AnswerKey
    course: Callable[[], Path]
    secret: bytes

    def drawn(self, student: str, digest: str) -> AnswerKey:
        """Return the key with cases for what a student has handed in. Raises CourseError."""
        known = f"{digest} {student}".encode("utf-8", "surrogatepass")
        secret = hmac.digest(self.secret, known, "sha256")
        key = answer_key(self.course(), self.key.assignment.name, secret)
        return replace(key, assignment=self.key.assignment)
