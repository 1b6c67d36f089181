"""Files that lie in a folder or in an archive, and the listing of a folder."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from grader.errors import SubmissionError, UnreachableError, UsageError
from grader.submission import MAX_NOTEBOOK_BYTES, readable, too_large

Parts = tuple[str, ...]
UNSAFE = "its name is not a plain relative path"
ANOTHERS = "a link that leads out of its student's folder is not followed"

_CACHES = {"__MACOSX", "__pycache__"}
_CACHE_FILES = {"thumbs.db", "desktop.ini"}


class Content(Protocol):
    """Where the bytes of a file are."""

    @property
    def identity(self) -> Hashable:
        """What is equal for one and the same file, wherever it was found."""
        ...

    def read(self, size: int) -> bytes:
        """Return its bytes, of which there were `size` when it was found.

        Raises UnreachableError where they cannot be had now, SubmissionError where they are bad.
        """
        ...


@dataclass(frozen=True)
class File:
    """A file, an `Entry` of a submission. `where` says to people where it stands.

    `problem` says why it may not be read, for one that was found and not trusted.
    """

    name: str
    size: int
    where: str
    content: Content = field(repr=False)
    problem: str = ""

    @property
    def parts(self) -> Parts:
        """The folders that lead to it, and its own name."""
        return tuple(self.name.split("/"))

    def has_ending(self, ending: str) -> bool:
        """Say whether its name has an ending, in letters of any case."""
        return self.name.casefold().endswith(ending)

    def read(self) -> bytes:
        """Return its bytes. Raises SubmissionError, or UnreachableError if not now."""
        if self.problem:
            raise SubmissionError(self.problem)
        if self.size > MAX_NOTEBOOK_BYTES:
            raise SubmissionError(too_large(self.size))
        return self.content.read(self.size)


@dataclass(frozen=True)
class Unreachable:
    """The content of a file that could not be reached when it was found."""

    reason: str
    identity: Hashable

    def read(self, size: int) -> bytes:
        """Raise UnreachableError."""
        del size
        raise UnreachableError(self.reason)


@dataclass(frozen=True)
class Link:
    """Where a link leads to in a listing, and the file that it stands for if it may be followed."""

    target: Parts
    file: File


@dataclass(frozen=True)
class Listing:
    """What stands at a path that was given, without hidden files and caches.

    `above` are the names of the folders that lead there. `folders` are those that it holds, so
    that one that is empty is not overlooked, `clones` those with a git repository in them. Whose a
    file is, a layout says: so a link is one of the `files` that is not read, and stands in `links`.
    """

    path: Path
    above: Parts
    files: tuple[File, ...]
    folders: tuple[Parts, ...] = ()
    clones: frozenset[Parts] = frozenset()
    errors: tuple[UsageError, ...] = ()
    kind: Literal["folder", "archive", "file"] = "folder"
    links: Mapping[Parts, Link] = field(default_factory=dict)


def ignored(name: str) -> bool:
    """Say whether a file or folder is hidden or a cache, such as .git or .ipynb_checkpoints."""
    return name.startswith(".") or name in _CACHES or name.casefold() in _CACHE_FILES


def is_plain(name: str) -> bool:
    """Say whether a name is a relative path, on any system, that leads nowhere but down."""
    if {"\\", "\0"} & set(name) or re.match(r"[A-Za-z]:", name):
        return False
    return not {"", ".", ".."} & set(name.split("/"))


def one_line(text: object) -> str:
    """Return a name as text of one line, whatever bytes and control characters it is made of."""
    line = readable(text)
    if line.isprintable():
        return line
    return "".join(
        "\ufffd" if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter
        for letter in line
    )


def student_name(text: str) -> str:
    """Return a student's name in the one form that its letters and accents may have."""
    return unicodedata.normalize("NFC", one_line(text)).strip()


def above(folder: Path) -> Parts:
    """Return the names of a folder and of those that lead to it."""
    return tuple(Path(os.path.abspath(folder)).parts[1:])  # noqa: PTH100 - links stay as named


# ---------------------------------------------------------------- on a disk


@dataclass(frozen=True)
class OnDisk:
    """The content of a file on a disk."""

    path: Path
    identity: tuple[str, int, int]

    def read(self, size: int) -> bytes:
        """Return its `size` bytes. Raises UnreachableError."""
        try:
            # What was a file when it was found may since have become a link or a pipe.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise UnreachableError("it is no longer a file, as it was when it was found")
                data = file.read(size + 1)
        except OSError as error:
            raise UnreachableError(f"the file cannot be read: {error.strerror}") from error
        if len(data) != size:
            raise UnreachableError(f"the file has changed since it was found ({size} bytes then)")
        return data


def one_file(path: Path) -> Listing:
    """Return a listing of the one file that stands at a path.

    A shell's pattern names what a student called so: a link may lead to another's.
    """
    if path.is_symlink():
        file = _unread(path.name, path, "a link is not followed; give the file that it leads to")
    else:
        file = _file(path.name, path, path)
    return Listing(path, above(path.parent), (file,), kind="file")


def _file(name: str, path: Path, real: Path) -> File:
    where = one_line(path)
    try:
        real = real.resolve()
        status = real.stat()
    except (OSError, RuntimeError) as error:
        reason = f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
        return File(name, 0, where, Unreachable(reason, path))
    problem = "" if stat.S_ISREG(status.st_mode) else "not a file"
    identity = ("file", status.st_dev, status.st_ino)
    return File(name, status.st_size, where, OnDisk(real, identity), problem)


@dataclass
class _Walk:
    """What was met on the way through a folder."""

    root: Path
    files: list[File] = field(default_factory=list)
    folders: list[Parts] = field(default_factory=list)
    clones: set[Parts] = field(default_factory=set)
    links: dict[Parts, Link] = field(default_factory=dict)
    errors: list[UsageError] = field(default_factory=list)

    def tell(self, path: object, reason: str) -> None:
        """Take note of what is left out."""
        self.errors.append(UsageError(f"{one_line(path)}: {reason}"))


def list_folder(path: Path) -> Listing:
    """List all files of a folder and below, and where the links among them lead."""
    walk = _Walk(path.resolve())
    pending: list[Parts] = [()]
    while pending:
        here = pending.pop()
        for entry in _entries(walk, path, here):
            _take(walk, pending, here, entry)
    files = sorted(walk.files, key=lambda file: file.name)
    return Listing(
        path,
        above(path),
        tuple(files),
        tuple(sorted(walk.folders)),
        frozenset(walk.clones),
        tuple(walk.errors),
        links=walk.links,
    )


def _entries(walk: _Walk, path: Path, here: Parts) -> Iterator[os.DirEntry[str]]:
    folder = path.joinpath(*here)
    try:
        with os.scandir(folder) as entries:
            yield from list(entries)
    except OSError as error:
        walk.tell(folder, f"the folder cannot be read: {error.strerror}")


def _take(walk: _Walk, pending: list[Parts], here: Parts, entry: os.DirEntry[str]) -> None:
    parts = (*here, entry.name)
    if entry.name == ".git":
        walk.clones.add(here)
    if ignored(entry.name):
        return
    if entry.is_symlink():
        _take_link(walk, parts, Path(entry.path))
    elif entry.is_dir(follow_symlinks=False):
        walk.folders.append(parts)
        pending.append(parts)
    else:
        walk.files.append(_found(parts, entry))


def _found(parts: Parts, entry: os.DirEntry[str]) -> File:
    path = Path(entry.path)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return _file("/".join(parts), path, path)
    problem = "" if stat.S_ISREG(status.st_mode) else "not a file"
    content = OnDisk(path, ("file", status.st_dev, status.st_ino))
    return File("/".join(parts), status.st_size, one_line(path), content, problem)


def _take_link(walk: _Walk, parts: Parts, path: Path) -> None:
    """Take a link as what is not read. Where it leads to a file of the folder, keep that file."""
    name = "/".join(parts)
    try:
        target = path.resolve()
    except (OSError, RuntimeError):  # a loop
        target = Path("/")
    if problem := _not_followed(walk.root, target):
        walk.tell(path, problem)
    else:
        led_to = target.relative_to(walk.root).parts
        walk.links[parts] = Link(led_to, _file(name, path, target))
    # Its student is not to be lost: what the link stands for is listed, and not read.
    walk.files.append(_unread(name, path, problem or ANOTHERS))


def _not_followed(root: Path, target: Path) -> str:
    """Say why a link is not followed whoever it belongs to, or ""."""
    if not target.is_relative_to(root):
        return "a link that leads out of the folder is not followed"
    if any(map(ignored, target.relative_to(root).parts)):
        return "a link that leads to a hidden file is not followed"
    return "" if target.is_file() else "a link that does not lead to a file is not followed"


def _unread(name: str, path: Path, problem: str) -> File:
    return File(name, 0, one_line(path), OnDisk(path, ("", 0, 0)), problem)
