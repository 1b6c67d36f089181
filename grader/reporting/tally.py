"""How far a batch is: what is done, how fast, what runs, what took the time. No display."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.reporting.words import count_text
from grader.results import SubmissionResult

RECENT = 60  # results by which the rate is reckoned
SLOWEST = 3

STAGE_WORDS = {
    "load": "loading",
    "wait": "waiting for a worker",
    "plan": "reading and planning",
    "kernel": "kernels",
    "cells": "cells",
    "calls": "calls",
    "causes": "looking for causes",
    "follow-through": "following errors through",
    "judge": "judging",
    "record": "recording",
}


@dataclass(frozen=True)
class Timing:
    """What one submission took, in seconds."""

    student: str
    seconds: float


class Tally:
    """Counts while a batch goes on. It is a Watcher (`grader.batch.schedule`).

    `total` submissions, of which `known` have their results from before.
    """

    def __init__(
        self, total: int, known: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.total, self.known, self._clock = total, known, clock
        self._started = clock()
        self._recent: deque[float] = deque([self._started], maxlen=RECENT + 1)
        self._running: dict[int, tuple[str, float]] = {}
        self.graded = 0
        self.outcomes: Counter[str] = Counter()
        self.stages: defaultdict[str, float] = defaultdict(float)
        self.slowest: list[Timing] = []

    def began(self, number: int, student: str) -> None:
        """Take note that a submission is handed to a worker."""
        self._running[number] = (student, self._clock())

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:
        """Take note of a result."""
        self._running.pop(number, None)
        self._recent.append(self._clock())
        self.graded += 1
        self.outcomes[outcome(result)] += 1
        for stage, seconds in stages.items():
            self.stages[stage] += max(0.0, seconds)
        timing = Timing(result.student, sum(stages.values()))
        self.slowest = sorted([*self.slowest, timing], key=lambda t: -t.seconds)[:SLOWEST]

    def tick(self) -> None:
        """Do nothing: whoever shows a tally asks it."""

    @property
    def finished(self) -> int:
        """The submissions that have results."""
        return self.known + self.graded

    @property
    def seconds(self) -> float:
        """The time since the beginning."""
        return self._clock() - self._started

    @property
    def rate(self) -> float:
        """Results a second, of late."""
        span = self._clock() - self._recent[0]
        return (len(self._recent) - 1) / span if span > 0 else 0.0

    @property
    def left(self) -> float | None:
        """The seconds that are left at this rate, if anything can be said about it yet."""
        rest = self.total - self.finished
        return rest / self.rate if self.graded and self.rate else None

    def running(self) -> list[tuple[str, float]]:
        """Return who is being graded, and for how many seconds, the longest first."""
        now = self._clock()
        found = [(student, now - since) for student, since in self._running.values()]
        return sorted(found, key=lambda item: -item[1])


def outcome(result: SubmissionResult) -> str:
    """Return in which of four ways a submission came out."""
    if result.status != "graded":
        return {"unreadable": "not readable", "not_graded": "not graded"}[result.status]
    return "all right" if result.score >= result.max_score else "not all right"


def seconds_text(seconds: float) -> str:
    """Return a time in words: `3.2 s`, `1 min 40 s`, `2 h 05 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def how_far(tally: Tally) -> str:
    """Return how far a batch is, in a line."""
    parts = [f"{tally.finished} of {tally.total}"]
    if tally.graded:
        parts.append(f"{tally.rate:.1f} a second")
    if tally.left is not None and tally.finished < tally.total:
        parts.append(f"about {seconds_text(tally.left)} left")
    return ", ".join(parts)


def summary(tally: Tally) -> list[str]:
    """Return what was done in which time, and where the time went."""
    if not tally.graded:
        known = f"{count_text(tally.known, 'submission')}, with results from before"
        if tally.known == tally.total:
            known += "; nothing has changed"
        return [f"{known}."] if tally.known else []
    lines = [_what_was_done(tally)]
    whole = sum(tally.stages.values())
    ordered = sorted(tally.stages.items(), key=lambda item: -item[1])
    shares = [(stage, seconds / whole) for stage, seconds in ordered if whole]
    told = [f"{STAGE_WORDS.get(s, s)} {100 * share:.0f} %" for s, share in shares if share >= 0.005]
    if told:
        lines.append(f"The time went to {', '.join(told)}.")
    slow = [f"{timing.student} {seconds_text(timing.seconds)}" for timing in tally.slowest]
    if tally.graded > SLOWEST:
        lines.append(f"Slowest: {', '.join(slow)}.")
    return lines


def _what_was_done(tally: Tally) -> str:
    text = f"{count_text(tally.graded, 'submission')} graded in {seconds_text(tally.seconds)}"
    if tally.seconds > 0:
        text += f" ({tally.graded / tally.seconds:.1f} a second)"
    return text + (f"; {tally.known} had results from before." if tally.known else ".")
