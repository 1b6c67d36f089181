"""The gradebook on the terminal. Names and paths are students' text, and printed as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.batch.gradebook import (
    AdjustmentRecord,
    Attempt,
    Change,
    Comparison,
    ItemChange,
    RunInfo,
    RunRecord,
    Score,
    Standing,
)
from grader.batch.trial import Trial
from grader.reporting.terminal import clean
from grader.reporting.words import (
    STATUS_WORDS,
    count_text,
    difference_text,
    percent_text,
    points_text,
)

_SHORT = 10  # letters of a digest
_FEW = 3  # questions that a summary names
_SAME = 1e-9  # points


def print_scores(console: Console, scores: Sequence[Score]) -> None:
    """Print a line for each student."""
    table = _table("Student", "Points", "Of", "Share", "Adjusted", "When (UTC)", "Run", "")
    for score in scores:
        standing = score.standing
        changed = difference_text(score.score - standing.score) if score.adjustments else ""
        _add(
            table,
            score.student,
            points_text(score.score),
            points_text(standing.max_score),
            percent_text(score.score, standing.max_score),
            changed,
            _minute(standing.when),
            str(standing.run),
            _remark(score),
        )
    console.print(table)


def _remark(score: Score) -> str:
    if score.ungraded_since:
        return "a later hand-in could not be graded"
    status = score.standing.status
    return "" if status == "graded" else STATUS_WORDS[status]


def print_assignments(
    console: Console, found: Sequence[tuple[str, RunRecord, Sequence[Score]]]
) -> None:
    """Print a line for each assignment, with its last run."""
    table = _table("Assignment", "Students", "On average", "Last run", "Started (UTC)", "")
    for name, run, scores in found:
        total = sum(score.score for score in scores), sum(s.standing.max_score for s in scores)
        share, students = percent_text(*total), str(len(scores))
        _add(table, name, students, share, str(run.id), _minute(run.started), run.status)
    console.print(table)


def print_runs(console: Console, runs: Sequence[RunRecord]) -> None:
    """Print a line for each run."""
    table = _table(
        *("Run", "Assignment", "Started (UTC)", "", "Graded", "Reused", "By"),
        *("Grader", "Python", "NumPy", "Key"),
    )
    for run in runs:
        by = f"{run.info.who} on {run.info.host}"
        counts = str(run.graded), str(run.reused)
        _add(
            table,
            str(run.id),
            run.info.assignment,
            _minute(run.started),
            run.status,
            *counts,
            by,
            run.info.grader_version,
            *(run.info.environment.get(name, "") for name in ("python", "numpy")),
            run.info.key_digest[:_SHORT],
        )
    console.print(table)


# ---------------------------------------------------------------- one student


def print_attempts(console: Console, attempts: Sequence[Attempt]) -> None:
    """Print every hand-in, with a line for each grading of it."""
    for attempt in attempts:
        when = clean(attempt.handed_in) or f"first seen {_minute(attempt.first_seen)}"
        late = "late  " if attempt.late else ""
        heading = f"{attempt.digest[:_SHORT]}  {when}  {late}{clean(attempt.path)}"
        console.print(Text(heading, style="bold"), soft_wrap=True)
        table = _table(
            "Grading", "Graded (UTC)", "Status", "Points", "Of", "Seconds", "Runs", "Key"
        )
        for grading in attempt.gradings:
            _add(
                table,
                str(grading.id),
                _minute(grading.graded_at),
                STATUS_WORDS[grading.status],
                points_text(grading.score),
                points_text(grading.max_score),
                f"{grading.seconds:.1f}",
                ", ".join(map(str, grading.runs)),
                grading.key_digest[:_SHORT],
            )
        console.print(table)


def print_adjustments(console: Console, adjustments: Sequence[AdjustmentRecord]) -> None:
    """Print a line for each adjustment, also for those that were withdrawn."""
    console.print(Text("Adjustments", style="bold"))
    table = _table("ID", "What", "Reason", "By", "At (UTC)", "Withdrawn")
    for each in adjustments:
        end = each.withdrawn
        withdrawn = f"{end.reason} ({end.who}, {_minute(end.at)})" if end else ""
        _add(table, str(each.id), _what(each), each.reason, each.who, _minute(each.at), withdrawn)
    console.print(table)


def _what(adjustment: AdjustmentRecord) -> str:
    points = adjustment.points
    done = difference_text(points) if adjustment.kind == "add" else f"set to {points_text(points)}"
    done += ", also beyond the maximum" if adjustment.beyond else ""
    return f"{adjustment.question}: {done}" if adjustment.question else done


# ---------------------------------------------------------------- two runs


def print_comparison(console: Console, found: Comparison) -> None:
    """Print a line that sums up, then a line for each student for whom the runs differ."""
    console.print(Text(summary(found)), soft_wrap=True)
    for line in _circumstances(found.before.info, found.after.info):
        console.print(Text(clean(line)), soft_wrap=True)
    _print_changes(console, found.changes, f"Run {found.before.id}", f"Run {found.after.id}")


def print_trial(console: Console, trial: Trial) -> None:
    """Print what would change, were the results of a trial recorded."""
    parts = [*_changed(trial.changes, "would change"), f"{trial.same} would not"]
    if trial.new:
        parts.append(f"{count_text(len(trial.new), 'student')} would get a first one")
    if trial.lost:
        parts.append(f"{count_text(len(trial.lost), 'student')} could not be graded")
    console.print(Text("; ".join(parts)), soft_wrap=True)
    _print_changes(console, trial.changes, "Recorded", "Would be")


def _print_changes(console: Console, changes: Sequence[Change], before: str, after: str) -> None:
    if not changes:
        return
    table = _table("Student", before, after, "", "Questions")
    for change in changes:
        outcomes = _outcome(change.before), _outcome(change.after)
        _add(table, change.student, *outcomes, *_differences(change))
    console.print(table)


def summary(found: Comparison) -> str:
    """Return what two runs differ in as one line."""
    parts = _changed(found.changes, "changed")
    for names, run in ((found.only_before, found.before), (found.only_after, found.after)):
        if names:
            parts.append(f"{count_text(len(names), 'student')} only in run {run.id}")
    return "; ".join(parts)


def _changed(changes: Sequence[Change], verb: str) -> list[str]:
    kinds = Counter(_kind(change) for change in changes)
    moved = [change for change in changes if _kind(change) == "score"]
    parts = [f"{count_text(kinds['score'], 'score')} {verb}{_where(moved)}"]
    if kinds["status"]:
        parts.append(f"{count_text(kinds['status'], 'student')} with another status")
    if kinds["questions"]:
        parts.append(f"{count_text(kinds['questions'], 'student')} with the same score otherwise")
    return parts


def _circumstances(before: RunInfo, after: RunInfo) -> list[str]:
    """Return what else was not the same in two runs, a line each."""
    old = {"grader": before.grader_version, **before.environment}
    new = {"grader": after.grader_version, **after.environment}
    lines = [
        f"{name}: {old.get(name, '–')} → {new.get(name, '–')}"
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]
    same = before.key_digest == after.key_digest
    return lines if same or lines else ["assignment, cases, reference, support or limits differ"]


def _kind(change: Change) -> str:
    if change.before.status != change.after.status:
        return "status"
    moved = abs(change.after.score - change.before.score) > _SAME
    return "score" if moved else "questions"


def _where(changes: Sequence[Change]) -> str:
    names = list(dict.fromkeys(item.name for change in changes for item in change.items))
    if len(names) == 1:
        return f", all on `{names[0]}`"
    if len(names) > _FEW:
        return f", on {len(names)} questions"
    return ", on " + ", ".join(f"`{name}`" for name in names) if names else ""


def _item(item: ItemChange) -> str:
    before, after = (points_text(each.score) if each else "–" for each in (item.before, item.after))
    if before == after and item.before and item.after:
        words = STATUS_WORDS[item.before.status], STATUS_WORDS[item.after.status]
        return f"{item.name} {words[0]} → {words[1]}"
    return f"{item.name} {before} → {after}"


def _differences(change: Change) -> tuple[str, str]:
    """Return the points and the questions; where only one run has a grade there are none."""
    if _kind(change) == "status":
        return "", ""
    points = difference_text(change.after.score - change.before.score)
    return points, ", ".join(_item(item) for item in change.items)


def _outcome(standing: Standing) -> str:
    graded = standing.status == "graded"
    return points_text(standing.score) if graded else STATUS_WORDS[standing.status]


# ---------------------------------------------------------------- tables

_NUMBERS = {"Points", "Of", "Share", "Run", "Graded", "Reused", "Students", "On average", "Seconds"}


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in names:
        justify = "right" if name in _NUMBERS or name.startswith("Run ") else "left"
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]  # one of its words
    return table


def _add(table: Table, *cells: str) -> None:
    table.add_row(*(Text(clean(cell)) for cell in cells))


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")
