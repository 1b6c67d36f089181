"""What a gradebook costs: ten thousand results, recorded, reused and read.

    python -m tests.benchmarks.gradebook [--results N] [--url URL]

The results are those of a sample class of `deep_network`, under as many students' names. Prints for
each step the seconds, and by how much the memory of the process has grown at most; it has to stay
the same however many there are.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.batch.gradebook import Gradebook, Graded, RunInfo
from grader.results import SubmissionResult
from tests.benchmarks.disturbances import ROOT, Place

NAME = "deep_network"
MB = 2**20
AT_ONCE = 4  # results that are recorded together, as from as many workers


def samples(folder: Path) -> Sequence[SubmissionResult]:
    """Grade the sample class; return its results."""
    place = Place(folder, NAME, ROOT / "assignments" / NAME / "samples")
    place.start().wait()
    with Gradebook.open(folder / "book.sqlite") as book:
        return [*book.class_results(NAME)]


def graded(number: int, result: SubmissionResult) -> Graded:
    """Return a result under a name of its own."""
    student = f"student_{number:05}"
    own = replace(result, student=student, path=f"{student}.ipynb")
    return Graded(
        student=student,
        path=own.path,
        digest=f"{number:032x}",
        handed_in="",
        result=own,
        seconds=1.0,
        stages={"run": 1.0},
        worker="worker",
    )


@contextmanager
def watched(what: str) -> Iterator[None]:
    """Print how long something takes, and how much memory it takes at most."""
    before, most, over = _own(), 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(0.02):
            most = max(most, _own())

    thread = threading.Thread(target=look)
    thread.start()
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    over.set()
    thread.join()
    print(f"{what:<28} {seconds:7.1f} s   {max(0, most - before) / MB:7.1f} MB more")


def _own() -> int:
    status = Path("/proc/self/statm").read_text().split()
    return int(status[1]) * 4096


def main() -> None:
    """Record, begin again, and read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--results", type=int, default=10_000)
    parser.add_argument("--url", help="a database instead of a file, such as postgresql://…")
    given = parser.parse_args()
    info = RunInfo(NAME, "", "0", "key", {}, "who", "host")
    with tempfile.TemporaryDirectory() as name:
        found = samples(Path(name))
        for count in (given.results // 10, given.results):
            where = given.url or str(Path(name) / f"{count}.sqlite")
            print(f"{count:,} results")
            with Gradebook.open(where) as book:
                _use(book, replace(info, key_digest=f"key {count}"), found, count)


def _use(book: Gradebook, info: RunInfo, found: Sequence[SubmissionResult], count: int) -> None:
    run = book.begin(info, b"")
    with watched("recorded"):
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(count, first + AT_ONCE))
            book.record(run, [(n, graded(n, found[n % len(found)])) for n in numbers])
    book.finish(run, "finished")
    with watched("found again by digest"):
        known = book.known(info.assignment, info.key_digest)
    assert len(known) == count
    with watched("read, one by one"):
        total = sum(result.score for result in book.class_results(info.assignment))
    with watched("listed"):
        assert sum(each.score for each in book.scores(info.assignment)) == total


if __name__ == "__main__":
    main()
