"""One output over all its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.judging import wording
from grader.results import CaseResult, OutputResult, Status

# From bad to worse: a question has the worst status of its scored cases.
SEVERITY: tuple[Status, ...] = ("passed", "failed", "errored", "timed_out", "crashed", "missing")


def output_of(path: str, cases: Sequence[CaseResult]) -> OutputResult:
    """Return one output over its cases."""
    scored = [case for case in cases if case.scored]
    wrong = [case for case in scored if case.status != "passed"]
    # What is shown for the output: a visible case if one is wrong, for it says the most.
    shown = next((case for case in wrong if case.visible), next(iter(wrong), None))
    message = wording.told(shown, scored) if shown else ""
    # Where the scored cases crash, an example may still show what is wrong with the output.
    example = next((case for case in cases if not case.scored and case.fault), None)
    if shown and not shown.fault and example:
        shown, message = example, wording.in_example(example)
    return OutputResult(
        path=path,
        status=worst(case.status for case in scored),
        fault=shown.fault if shown else None,
        message=message,
        cases=tuple(cases),
    )


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of several statuses; "passed" for none."""
    return max(statuses, key=SEVERITY.index, default="passed")
