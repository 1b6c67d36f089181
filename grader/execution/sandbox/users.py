"""User ids for the kernels of a grader that is root: one for each kernel, and nobody's else.

Under an id of its own a kernel can neither signal nor read the processes of another, and the limit
on processes counts its own only.
"""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from grader.execution.sandbox import linux

_BASE = 0x7000_0000  # far above what systems give to people and services
_MOST_PROCESSES = 2**22  # the largest pid_max


def free_user() -> int:
    """Return an id that belongs to the calling process: no two living ones get the same.

    Within a container that knows few ids, one of the last thousand of them that has no name.
    """
    known = _known_ids()
    if known > _BASE + 2 * _MOST_PROCESSES:
        return _BASE + os.getpid()
    named = {entry.pw_uid for entry in pwd.getpwall()}
    free = [user for user in range(max(1, known - 1000), known) if user not in named]
    return free[os.getpid() % len(free)]


def is_of_one_kernel(user: int) -> bool:
    """Whether an id is in use by a single kernel for certain: those of small containers are not."""
    return _BASE <= user < _BASE + _MOST_PROCESSES


def nobodys(user: int) -> int:
    """Return an id that goes with a kernel's, and that no kernel runs under."""
    return user + _MOST_PROCESSES


def _known_ids() -> int:
    """Return the end of the first range of ids that exist in this user namespace."""
    inside, _, count = Path("/proc/self/uid_map").read_text().split()[:3]
    return int(inside) + int(count)


def give(folder: str, user: int) -> None:
    """Give a folder and all below it to a user."""
    os.chown(folder, user, user)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), user, user, follow_symlinks=False)  # noqa: PTH118


class as_user:  # noqa: N801 - reads as a statement
    """Have a user's rights over files and /proc for a while; None changes nothing."""

    def __init__(self, user: int | None) -> None:
        self._user = user

    def __enter__(self) -> None:
        """Take them on."""
        if self._user is not None:
            linux.reach_files_as(self._user, self._user)

    def __exit__(self, *_: object) -> None:
        """Be root again."""
        if self._user is not None:
            linux.reach_files_as(os.geteuid(), os.getegid())
