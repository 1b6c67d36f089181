"""A class by the local pool, and the same class over a Dask cluster of this machine.

    python -m tests.benchmarks.cluster [--submissions N] [--workers N] [--parts N]

Both have as many workers, which are warm before the clock is started. The class is cut into parts;
each part is graded by both, in turn, and the results have to be equal.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from contextlib import ExitStack
from pathlib import Path

from grader.batch.cluster import LOCAL, Cluster, dask_cluster
from grader.batch.gradebook import Graded
from grader.batch.pool import LocalPool
from grader.batch.schedule import Numbered, Schedule
from grader.batch.work import Work, folder_files, packed_key
from grader.batch.worker import describe
from grader.course import support_folder
from grader.judging.expected import answer_key
from grader.layouts import find_submissions
from grader.results import SubmissionResult
from tests.benchmarks.synthetic import write_class

COURSE = Path(__file__).parents[2]
NAME = "logistic_regression"
SECRET = b"a secret for the benchmark"


class Nobody:
    """A watcher that takes no note of anything."""

    def began(self, number: int, student: str) -> None:
        """Take no note."""

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:
        """Take no note."""

    def tick(self) -> None:
        """Do nothing."""


class Contender:
    """One way to grade a class, and what it has done so far."""

    def __init__(self, cluster: Cluster, workers: int) -> None:
        self._cluster = cluster
        wait([cluster.executor.submit(describe) for _ in range(4 * workers)])
        key = answer_key(COURSE, NAME, SECRET)
        with support_folder(COURSE, key.assignment) as support:
            modules = folder_files(support)
        self._work = Work(packed_key(key), modules, cluster.environment())
        self._points = key.assignment.points
        self.results: dict[int, SubmissionResult] = {}
        self.seconds = 0.0

    def grade(self, part: Sequence[Numbered]) -> None:
        """Grade a part of the class, and count the time."""
        schedule = Schedule(self._cluster.executor, self._cluster.slots, self._work, self._points)
        started = time.perf_counter()
        schedule.run(part, self._record, Nobody())
        self.seconds += time.perf_counter() - started

    def _record(self, finished: Sequence[tuple[int, Graded]]) -> Sequence[tuple[int, Graded]]:
        self.results |= {number: graded.result for number, graded in finished}
        return finished


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--parts", type=int, default=8)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_class(folder, options.submissions)
        submissions = list(enumerate(find_submissions([folder], NAME, "folder").submissions))
        rows = _contenders(stack, options.workers)
        for part in range(options.parts):
            for row in sorted(rows, reverse=bool(part % 2)):  # neither always first
                rows[row].grade(submissions[part :: options.parts])
        _print(rows, options.submissions, options.workers)


def _contenders(stack: ExitStack, workers: int) -> dict[str, Contender]:
    pool = LocalPool(workers)
    stack.callback(pool.shutdown)
    cluster = stack.enter_context(dask_cluster(LOCAL, workers, print))
    ours = Cluster(pool, lambda: workers)
    return {"local pool": Contender(ours, workers), "Dask": Contender(cluster, workers)}


def _print(rows: Mapping[str, Contender], submissions: int, workers: int) -> None:
    first, *others = rows.values()
    assert len(first.results) == submissions
    assert all(other.results == first.results for other in others)
    print(f"{submissions} submissions, {workers} workers; all results are equal")
    print(f"{'':12} {'wall s':>8} {'a second':>9}")
    for name, row in rows.items():
        print(f"{name:12} {row.seconds:8.1f} {submissions / row.seconds:9.2f}")


if __name__ == "__main__":
    main()
