"""Loaded by Dask workers of tests (`--preload`): some notebooks kill whoever grades them."""

import os
import signal

from grader.batch import desk
from grader.batch.grade import Task
from grader.batch.work import Done, Environment, Parcel

DEADLY = "kills its worker"
_grade = desk.grade


def _deadly(due: Environment, task: Task, parcel: Parcel) -> Done:
    if DEADLY.encode() in parcel.notebook:
        os.kill(os.getpid(), signal.SIGKILL)
    return _grade(due, task, parcel)


desk.grade = _deadly
