"""Progress of a batch: live on a terminal, else a line for each result; and the log of a run."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from grader.reporting.tally import Tally, how_far, seconds_text
from grader.reporting.terminal import clean, outcome_text
from grader.reporting.words import points_text
from grader.results import SubmissionResult

SHOWN_RUNNING = 8
LINE_SECONDS = 30.0  # between lines on how far it is, where there is no terminal
_STYLES = {"all right": "green", "not all right": "default", "not readable": "yellow"}


class Watcher:
    """Is told how a batch goes on, and says nothing (see `grader.batch.schedule.Watcher`)."""

    def began(self, number: int, student: str) -> None:
        """Take note that a submission is handed to a worker."""

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:
        """Take note of a result, and of the seconds by stage."""

    def tick(self) -> None:
        """Do what is to be done now and then."""


class Everyone(Watcher):
    """Tells several watchers."""

    def __init__(self, watchers: Sequence[Watcher | Tally]) -> None:
        self.watchers = watchers

    def began(self, number: int, student: str) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.began(number, student)

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.done(number, result, stages)

    def tick(self) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.tick()


@contextmanager
def shown(console: Console, title: str, tally: Tally) -> Iterator[Watcher | Tally]:
    """Show a tally while it counts: live on a terminal, else by lines."""
    if not console.is_terminal:
        yield Everyone([tally, Lines(console, tally)])
        return

    def view() -> Group:
        return live_view(title, tally)

    with Live(get_renderable=view, console=console, refresh_per_second=4, transient=True):
        yield tally


def live_view(title: str, tally: Tally) -> Group:
    """Return what a terminal shows."""
    bar = Table.grid(padding=(0, 1))
    progress = ProgressBar(max(1, tally.total), tally.finished, width=30)
    bar.add_row(Text(clean(title), style="bold"), progress, Text(how_far(tally)))
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="ellipsis", no_wrap=True)
    rows.add_row("so far", _outcomes(tally))
    running = tally.running()
    more = f" and {len(running) - SHOWN_RUNNING} more" if len(running) > SHOWN_RUNNING else ""
    rows.add_row("now", Text(_people(running[:SHOWN_RUNNING]) + more))
    rows.add_row("slowest", Text(_people([(t.student, t.seconds) for t in tally.slowest])))
    return Group(bar, rows)


def _outcomes(tally: Tally) -> Text:
    counts = [
        Text(f"{count} {word}", style=_STYLES.get(word, "red"))
        for word, count in tally.outcomes.items()
    ]
    if tally.known:
        counts.append(Text(f"{tally.known} from before", style="dim"))
    return Text(" · ").join(counts)


def _people(timed: Sequence[tuple[str, float]]) -> str:
    return " · ".join(f"{clean(name)[-30:]} {seconds_text(seconds)}" for name, seconds in timed)


class Lines(Watcher):
    """A line for each result, and now and then one on how far it is."""

    def __init__(self, console: Console, tally: Tally) -> None:
        self._console, self._tally = console, tally
        self.told = time.monotonic()

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:  # noqa: ARG002
        """Say how a submission came out."""
        self._say(f"{clean(result.student)}: {outcome_text(result)}")

    def tick(self) -> None:
        """Say how far it is, if that was not said for a while."""
        if time.monotonic() - self.told >= LINE_SECONDS:
            self.told = time.monotonic()
            self._console.print(Text(f"... {how_far(self._tally)}"), soft_wrap=True)

    def _say(self, text: str) -> None:
        far = f"{self._tally.finished}/{self._tally.total}"
        self._console.print(Text(f"{far} {text}"), soft_wrap=True)


class Log(Watcher):
    """A line of a log file for each result: when, who, how it came out, seconds by stage."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def say(self, **fields: object) -> None:
        """Write a line of fields; text is quoted as in JSON where it has to be."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = " ".join(f"{name}={_plain(value)}" for name, value in fields.items())
        with suppress(OSError):  # a full disk: results are recorded elsewhere
            self._file.write(f"{now} {told}\n")
            self._file.flush()

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:  # noqa: ARG002
        """Write how a submission came out."""
        times = {stage: f"{seconds:.3f}" for stage, seconds in stages.items()}
        score = f"{points_text(result.score)}/{points_text(result.max_score)}"
        why = {"message": result.message} if result.message else {}
        whole = f"{sum(stages.values()):.3f}"
        self.say(
            student=result.student, status=result.status, score=score, seconds=whole, **times, **why
        )


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isascii() and text.isprintable() and " " not in text else json.dumps(text)


@contextmanager
def log_file(path: Path, say: Callable[[str], None]) -> Iterator[Log]:
    """Open a log file; what is there already is kept. Where none can be written, that is said."""
    try:
        file: TextIO = path.open("a", encoding="utf-8")
    except OSError as error:
        say(f"{path}: no log is written: {error.strerror}")
        file = io.StringIO()
    try:
        yield Log(file)
    finally:
        with suppress(OSError):
            file.close()
