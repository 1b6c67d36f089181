"""What runs in a worker: a process of its own, on this machine or on another one.

A worker has one warm parent process of kernels, for all runs, and keeps the work of the runs that
it has been sent. A Dask worker may run several submissions at once. What takes long to import is
imported where it is called: whoever hands out the work needs none of it.
"""

from __future__ import annotations

from grader.batch.work import Done, Environment, Parcel, Work, WorkWanted


def describe() -> Environment:
    """Return the worker's environment. Waits until its kernels' parent is warm."""
    from grader.batch import desk  # noqa: PLC0415 - here and below: heavy

    return desk.describe()


def grade_parcel(
    digest: str, due: Environment, work: Work | None, parcel: Parcel
) -> Done | WorkWanted:
    """Grade one submission, whatever comes.

    `digest` is that of the run's work, which need be sent once to each worker; `due` is the
    environment that the run's results are recorded for.
    """
    from grader.batch import desk  # noqa: PLC0415

    task = desk.desk().task(digest, work)
    return desk.grade(due, task, parcel) if task else WorkWanted()
