"""Where submissions come from: what learning platforms hand out, recognised by names.

layout       what it looks like                                    a student is
folder       notebooks, or a folder or an archive of them          the entry directly below the path
nbgrader     submitted/<student>/<assignment>/nb.ipynb             the folder
canvas       <name>[_LATE]_<user id>_<file id>_nb.ipynb            the name and the user id
moodle       <Full Name>_<id>_assignsubmission_file/nb.ipynb       the name and the id
blackboard   <assignment>_<user>_attempt_<time>_nb.ipynb           the user name
classroom    <assignment>-submissions/<assignment>-<login>/...     the login
gradescope   assignment_<id>_export/submission_<id>/nb.ipynb       what submission_metadata.yml says

Archives are read member by member and never unpacked to a disk: what a member is called is never a
path. A layout is a `Layout`: it says of a file's name whose it is; all the rest is the same for
all. Modules that finding needs are imported when something is to be found: the command line takes
the names of the layouts from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.errors import UsageError
    from grader.submission import Submission

AUTO = "auto"
LAYOUTS = ("folder", "nbgrader", "canvas", "moodle", "blackboard", "classroom", "gradescope")


@dataclass(frozen=True)
class Found:
    """The submissions at some paths, by students' names, and what was wrong, one line each.

    `errors` are about paths and members of archives that gave nothing; `layouts` were recognised.
    `notes` name files that belong to no student, which is no error.
    """

    submissions: tuple[Submission, ...]
    errors: tuple[UsageError, ...]
    layouts: tuple[str, ...]
    notes: tuple[str, ...] = ()


def find_submissions(paths: Sequence[Path], assignment: str, layout: str = AUTO) -> Found:
    """Find what was handed in for an assignment at paths, in a layout of LAYOUTS or in any."""
    from grader.layouts.finding import find  # noqa: PLC0415 - see the module's docstring

    return find(paths, assignment, layout)
