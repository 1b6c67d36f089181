"""What tests write to a gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.batch.gradebook import Gradebook, Graded, RunInfo
from grader.results import QuestionResult, SubmissionResult, SubmissionStatus

INFO = RunInfo(
    assignment="tiny",
    title="A tiny exercise",
    grader_version="0.1.0",
    key_digest="k1",
    environment={"numpy": "2.3", "sandbox": "A"},
    who="ada",
    host="lab",
)
OTHER_KEY = replace(INFO, key_digest="k2")


def result(
    student: str = "ann",
    sigmoid: float = 4.0,
    predict: float = 6.0,
    status: SubmissionStatus = "graded",
) -> SubmissionResult:
    """Return the result of two questions, or of none where there is no grade."""
    if status != "graded":
        return SubmissionResult(student, "x", status, 0.0, 10.0, (), "It has no cells.")
    given = (("sigmoid", sigmoid, 4.0), ("predict", predict, 6.0))
    questions = tuple(
        QuestionResult(name, name, "passed" if score == most else "failed", score, most, "", ())
        for name, score, most in given
    )
    return SubmissionResult(student, "x", "graded", sigmoid + predict, 10.0, questions)


def graded(
    student: str = "ann",
    digest: str = "d1",
    handed_in: str = "",
    path: str = "",
    *,
    late: bool = False,
    **given: object,
) -> Graded:
    """Return a graded hand-in; `given` goes to `result`."""
    return Graded(
        student=student,
        path=path or f"{student}.ipynb",
        digest=digest,
        handed_in=handed_in,
        late=late,
        result=result(student, **given),  # type: ignore[arg-type]
        seconds=1.5,
        stages={"run": 1.0, "judge": 0.5},
        worker="w1",
    )


def run_of(book: Gradebook, *entries: Graded, info: RunInfo = INFO) -> int:
    """Grade in a run of its own; return the run."""
    run = book.begin(info, b"the key")
    book.record(run, list(enumerate(entries)))
    book.finish(run, "finished")
    return run


def scores_of(book: Gradebook, policy: str = "latest") -> dict[str, float]:
    """Return each student's score."""
    return {score.student: score.score for score in book.scores("tiny", policy)}  # type: ignore[arg-type]


def students_of(results: Iterable[SubmissionResult]) -> list[str]:
    """Return whose results they are, in order."""
    return [each.student for each in results]
