"""GitHub Classroom: clones of the students' repositories, one folder each.

`gh classroom clone student-repos` makes `<assignment>-submissions/<assignment>-<login>`, the
Classroom Assistant `<assignment>-<mm-dd-yyyy-hh-MM-ss>/<login>` (or what the roster calls the
student). Other folders of git repositories are read, too: a student is then named after the
repository, less the assignment's name. Of a group, the login is the team.

Source: github/gh-classroom, cmd/gh-classroom/clone/student-repos;
github-education-resources/classroom-assistant, app/lib/pathutils.js.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.layouts.files import Listing, Parts
from grader.layouts.layout import Finished, Layout, Locate, Place, Sorted, as_they_are

_CLONED = re.compile(r"(?P<assignment>.+)-submissions")
_ASSISTED = re.compile(r"(?P<assignment>.+)-\d\d-\d\d-\d{4}-\d\d-\d\d-\d\d")


def _locator(listing: Listing) -> Locate:
    own, clones = _own(listing), listing.clones - {()}

    def locate(parts: Parts) -> Place | None:
        whole = (*own, *parts)
        for depth in range(len(whole)):
            login = _login(whole[depth - 1], whole[depth]) if depth else ""
            if not login and whole[len(own) : depth + 1] in clones:
                login = whole[depth]
            if login:
                inside = whole[depth + 1 :]
                folder = "/".join(parts[: max(0, len(parts) - len(inside))])
                return Place(login, folder, "/".join(inside))
        return None

    return locate


def _own(listing: Listing) -> Parts:
    """Return the folders that were given with the path, as far as they tell something."""
    inside = {folder[0] for folder in listing.folders if len(folder) > 1}
    if any(_CLONED.fullmatch(name) or _ASSISTED.fullmatch(name) for name in inside):
        return ()
    return listing.above[-2:]


def _login(folder: str, repository: str) -> str:
    """Return whose a repository is, by its name and that of the folder it lies in, or ""."""
    if _ASSISTED.fullmatch(folder):
        return repository
    if match := _CLONED.fullmatch(folder):
        prefix = f"{match['assignment']}-"
        return repository.removeprefix(prefix) if repository.startswith(prefix) else ""
    return ""


def _finish(found: Sequence[Sorted], assignment: str) -> Finished:
    """Leave the assignment's name out of repositories whose folder did not tell it."""
    hand_ins, errors = as_they_are(found, assignment)
    return [replace(each, student=_less(each.student, assignment)) for each in hand_ins], errors


def _less(name: str, assignment: str) -> str:
    prefix, login = name[: len(assignment) + 1], name[len(assignment) + 1 :]
    alike = prefix.replace("_", "-").casefold() == f"{assignment}-".replace("_", "-").casefold()
    return login if alike and login else name


LAYOUT = Layout(
    "classroom",
    "git repositories in a folder, or <assignment>-submissions/<assignment>-<login>/",
    _locator,
    _finish,
)
