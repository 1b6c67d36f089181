"""What `grader grade` does: the parts of the house, put together for a class."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Literal

import click
from rich.console import Console

from grader.batch.cluster import Cluster, dask_cluster
from grader.batch.gradebook import Gradebook
from grader.batch.interrupts import Interrupts
from grader.batch.pool import LocalPool
from grader.batch.run import Divided, carry_out, class_result, divide, run_info, whole_class
from grader.batch.schedule import Schedule, Watcher
from grader.batch.trial import Trial
from grader.batch.work import Environment, Work, folder_files, packed_key
from grader.commands.tables import print_trial
from grader.course import (
    assignment_folder,
    course_secret,
    find_course,
    function_names,
    gradebook_place,
    private_folder,
    reference_files,
    support_folder,
)
from grader.errors import GraderError, UsageError
from grader.judging.evidence import EVIDENCE, unexplained, with_evidence
from grader.judging.expected import AnswerKey, answer_key
from grader.layouts import Found, find_submissions
from grader.reporting import FORMATS, OF_THE_CLASS
from grader.reporting.guard import UNSHOWN, Lost
from grader.reporting.progress import Everyone, log_file, shown
from grader.reporting.tally import Tally, summary
from grader.reporting.terminal import clean, print_class
from grader.results import ClassResult, Note
from grader.spec import Assignment, Execute

EXIT_OK, EXIT_BELOW, EXIT_ERROR = 0, 1, 2
SAMPLES = "samples"
SAMPLES_GRADEBOOK = "samples.sqlite"  # made-up students are not to stand among an instructor's own
LOG = "grading.log"
MOST_NAMES = 10  # of students with two names: more of them are only counted
NOTHING_YET = "grader: stopped. No notebook had been begun yet."

UNCONFINED = (
    "Notebooks were run without a sandbox, with the rights of whoever graded them: this machine "
    "allows none (`grader doctor` says why)."
)
REFUSED = (
    "this machine allows no sandbox, so notebooks would run with your rights; `grader doctor` says "
    "why. --unsafe runs them all the same"
)


@dataclass(frozen=True)
class GradeOptions:
    """What `grader grade` was asked for (see its --help)."""

    assignment: str
    paths: tuple[Path, ...]
    course: Path
    out: Path | None
    formats: tuple[str, ...]
    fail_under: float | None
    jobs: int
    execute: Execute | None
    unsafe: bool
    layout: str
    gradebook: str | None
    dask: str | None
    force: bool
    dry_run: bool


@dataclass(frozen=True)
class Order:
    """A class to be graded: the course's folder, its assignment's name, and what was found."""

    options: GradeOptions
    course: Path
    name: str
    found: Found
    out: Path


def grade(options: GradeOptions) -> int:
    """Grade notebooks, write reports, return the exit code."""
    order = _order(options)
    for error in order.found.errors:
        click.echo(f"grader: {clean(str(error))}", err=True)
    for note in order.found.notes:
        _say(note)
    for each in order.found.submissions:
        if each.warning:
            _say(f"{each.path}: {each.warning}")
    if not order.found.submissions:
        return EXIT_ERROR
    _make_folder(order.out)
    interrupts = Interrupts(_say_that_it_ends, _say_that_nothing_ran)
    with interrupts, _opened_gradebook(order) as gradebook:
        grading = _Grading(order, gradebook, interrupts)
        try:
            return grading.run()
        except KeyboardInterrupt:
            click.echo(f"grader: stopped. {_what_is_kept(options, gradebook)}", err=True)
            return 128 + interrupts.signal
        except GraderError as error:
            if not grading.has_begun:
                raise
            kept = _what_is_kept(options, gradebook)
            click.echo(f"grader: {clean(str(error))}. {kept}", err=True)
            return EXIT_ERROR


def _say(message: str) -> None:
    click.secho(f"grader: {clean(message)}", fg="yellow", err=True)


def _what_is_kept(options: GradeOptions, gradebook: Gradebook) -> str:
    if options.dry_run:
        return "Nothing was recorded (--dry-run)."
    if not gradebook.is_there:
        return "What was graded is in that file: put it back, or the same command grades all again."
    again = "the same command without --force" if options.force else "the same command again"
    return f"What was graded is recorded; {again} does the rest."


def _say_that_it_ends() -> None:
    _say("finishing the notebooks that run; Ctrl-C again stops them")


def _say_that_nothing_ran() -> None:
    Console().show_cursor()  # what is shown while one waits has hidden it
    click.echo(NOTHING_YET, err=True)


def _order(options: GradeOptions) -> Order:
    course = find_course(options.course)
    folder = assignment_folder(course, options.assignment)
    if not options.paths and not (folder / SAMPLES).is_dir():
        raise UsageError(f"{folder} has no sample class; give a notebook or a folder of notebooks")
    layout = options.layout if options.paths else "folder"
    found = find_submissions(options.paths or [folder / SAMPLES], folder.name, layout)
    out = options.out or course / "reports" / folder.name
    return Order(options, course, folder.name, found, out)


def _opened_gradebook(order: Order) -> Gradebook:
    private = private_folder(order.course)
    if order.options.gradebook is None and not order.options.paths:
        return Gradebook.open(private / SAMPLES_GRADEBOOK, say=_say)
    return Gradebook.open(gradebook_place(order.course, order.options.gradebook), say=_say)


class _Grading:
    """One run of a class."""

    def __init__(self, order: Order, gradebook: Gradebook, interrupts: Interrupts) -> None:
        self._order, self._options = order, order.options
        self._gradebook, self._interrupts = gradebook, interrupts
        self._console = Console()
        self.has_begun = False

    def run(self) -> int:
        """Grade the class, write its reports, return the exit code."""
        with _workers(self._options, len(self._order.found.submissions)) as cluster:
            key = _key(self._order)  # while the workers warm up
            _warn_of_missing(key.assignment)
            for line in unexplained(key):
                _say(line)
            with self._console.status("Waiting for a worker ..."):
                environment = cluster.environment()
            work = _work(self._order, key, environment)
            schedule = Schedule(
                cluster.executor,
                cluster.slots,
                work,
                key.assignment.points,
                self._interrupts.stopping,
            )
            if self._options.dry_run:
                return self._tried(key.assignment, schedule)
            run, tally = self._graded(key.assignment, work, schedule)
        results = class_result(self._gradebook, run, key.assignment, tally.total)
        return self._reported(results, tally)

    def _graded(self, assignment: Assignment, work: Work, schedule: Schedule) -> tuple[int, Tally]:
        """Grade and record what has no result yet; return the number of the run."""
        self._say_who_has_two_names(assignment.name)
        divided = self._divided(assignment, work)
        run = self._gradebook.begin(run_info(assignment, work), work.key)
        self._begin()
        held = self._interrupts.held
        status: Literal["finished", "interrupted"] = "interrupted"
        try:
            with self._watched(assignment, divided) as (watcher, tally):
                carry_out(self._gradebook, run, divided, schedule, watcher, held)
            status = "interrupted" if tally.finished < tally.total else "finished"
        finally:
            with held():
                self._gradebook.finish(run, status)
        return run, tally

    def _begin(self) -> None:
        self.has_begun = True
        self._interrupts.begin()

    def _say_who_has_two_names(self, assignment: str) -> None:
        """Say which notebooks stand under other names, with which adjustments would be lost."""
        given = {each.student: each.path for each in self._order.found.submissions}
        found = self._gradebook.two_names(assignment, given)
        for before, now, path in found[:MOST_NAMES]:
            if now == assignment:  # which is no student's name: finding has said what to do
                _say(f"{path}: stands in the gradebook as {before}")
                continue
            _say(
                f"{path}: is {now}, and stands in the gradebook as {before}: if this is one "
                f"student, `grader gradebook rename {assignment} {quote(before)} {quote(now)}` "
                "lets results and adjustments follow"
            )
        if found[MOST_NAMES:]:
            _say(f"so do {len(found) - MOST_NAMES} more, as the next run says")

    def _divided(self, assignment: Assignment, work: Work) -> Divided:
        known = self._gradebook.known(assignment.name, work.digest)
        submissions = self._order.found.submissions
        return divide(submissions, {} if self._options.force else known)

    @contextmanager
    def _watched(self, assignment: Assignment, divided: Divided) -> Iterator[tuple[Watcher, Tally]]:
        tally = Tally(len(self._order.found.submissions), len(divided.reused))
        with (
            log_file(self._order.out / LOG, _say) as log,
            shown(self._console, assignment.name, tally) as display,
        ):
            log.say(run=assignment.name, submissions=tally.total, known=tally.known)
            yield Everyone([display, log]), tally
            log.say(ended=assignment.name, graded=tally.graded, seconds=f"{tally.seconds:.3f}")

    def _reported(self, results: ClassResult, tally: Tally) -> int:
        if not tally.finished:
            return self._cut_short(tally)
        lost: list[str] = []
        print_class(self._console, results, lost.append)
        everyone = whole_class(self._gradebook, results)
        for path in _written(results, everyone, self._order, lost.append):
            click.echo(f"Wrote {path}")
        for student in dict.fromkeys(lost):
            _say(f"{student}: {UNSHOWN}")
        for line in summary(tally):
            click.echo(clean(line))
        if results.missing:
            return self._cut_short(tally)
        if self._order.found.errors or tally.outcomes["not graded"] or lost:
            return EXIT_ERROR
        return _exit_code(results, self._options.fail_under)

    def _cut_short(self, tally: Tally) -> int:
        """Say how far it is after an interrupt; return the exit code."""
        done = f"{tally.finished} of {tally.total} submissions have results"
        kept = _what_is_kept(self._options, self._gradebook)
        click.echo(f"grader: interrupted: {done}. {kept}", err=True)
        return 128 + self._interrupts.signal

    def _tried(self, assignment: Assignment, schedule: Schedule) -> int:
        """Grade everything, record nothing; list what would change."""
        submissions = tuple(enumerate(self._order.found.submissions))
        trial = Trial(self._gradebook, assignment.name)
        self._begin()
        with self._watched(assignment, Divided((), submissions)) as (watcher, tally):
            schedule.run(submissions, trial.compare, watcher)
        print_trial(self._console, trial)
        click.echo("Nothing was recorded, and no report was written (--dry-run).")
        if tally.finished < tally.total:
            return self._cut_short(tally)
        return EXIT_ERROR if self._order.found.errors or trial.lost else EXIT_OK


@contextmanager
def _workers(options: GradeOptions, submissions: int) -> Iterator[Cluster]:
    """Start workers: processes here, or those of a Dask cluster."""
    if options.dask:
        with dask_cluster(options.dask, options.jobs, _say) as cluster:
            yield cluster
        return
    workers = min(options.jobs, submissions)
    pool = LocalPool(workers)
    try:
        yield Cluster(pool, lambda: workers)
    except BaseException:
        pool.kill()
        raise
    pool.shutdown()


def _key(order: Order) -> AnswerKey:
    secret = course_secret(order.course)
    key = answer_key(order.course, order.name, secret)
    if key.assignment.explains:
        with Console().status("Working out likely mistakes, once for this assignment ..."):
            key = with_evidence(key, order.course, secret, private_folder(order.course) / EVIDENCE)
    execute = order.options.execute or key.assignment.execute
    return replace(key, assignment=replace(key.assignment, execute=execute))


def _work(order: Order, key: AnswerKey, environment: Environment) -> Work:
    with support_folder(order.course, key.assignment) as support:
        modules = folder_files(support)
    others = function_names(order.course)
    others.pop(order.name, None)
    lines = (f"{line[0].upper()}{line[1:]}" for line in unexplained(key))
    notes = *_notes(environment, order.options), *(Note("warning", line) for line in lines)
    followed = any(question.helpers for question in key.assignment.questions)
    each = key.assignment.hidden_cases == "submission"
    files = reference_files(order.course, order.name) if followed or each else ()
    secret = course_secret(order.course) if each else b""
    named = tuple(sorted(others.items()))
    return Work(packed_key(key), modules, environment, notes, named, files, secret)


def _notes(environment: Environment, options: GradeOptions) -> tuple[Note, ...]:
    """Return what every report has to say of the sandbox; refuse to do without one.

    The sample class is the course's own, and runs at any step.
    """
    if environment.step != "C":
        return ()
    if options.paths and not options.unsafe:
        raise UsageError(REFUSED)
    click.secho(UNCONFINED, fg="yellow", err=True)
    return (Note("warning", UNCONFINED),)


def _warn_of_missing(assignment: Assignment) -> None:
    """Say before the work which modules graded functions will miss."""
    for module in assignment.needs:
        if importlib.util.find_spec(module) is None:
            message = (
                f"graded functions of {assignment.name} commonly use {module}, which is not "
                "installed here: they will fail (pip install -e '.[notebooks]' brings it)"
            )
            click.secho(f"grader: {message}", fg="yellow", err=True)


def _make_folder(out: Path) -> None:
    """Make the folder for the reports before the work is done, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(f"{out}: reports cannot be written here: {error.strerror}") from error


def _written(results: ClassResult, everyone: ClassResult, order: Order, lost: Lost) -> list[Path]:
    """Write reports: of the whole class for people, of this run for other programs."""
    out, formats = order.out, order.options.formats
    told = {name: everyone if name in OF_THE_CLASS else results for name in formats}
    try:
        return [FORMATS[name](told[name], out, lost)[0] for name in formats]
    except OSError as error:
        where = error.filename or out
        raise UsageError(f"{where}: reports not written: {error.strerror}") from error


def _exit_code(results: ClassResult, fail_under: float | None) -> int:
    if fail_under is None:
        return EXIT_OK
    below = any(100 * s.score < fail_under * s.max_score for s in results.submissions)
    return EXIT_BELOW if below else EXIT_OK
