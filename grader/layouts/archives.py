"""Zip archives, read member by member: nothing is ever unpacked to a disk.

What a member is called is a text to be understood, and never a path. Members that a platform would
not make (names that lead out, links, bombs) are told and left out, and the rest goes on.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from grader.errors import SubmissionError, UnreachableError, UsageError
from grader.layouts.files import UNSAFE, File, Listing, Parts, above, ignored, is_plain, one_line
from grader.submission import MAX_NOTEBOOK_BYTES

MAX_RATIO = 500  # times smaller than it unpacks to: no notebook is
SMALL = 2**20  # bytes, of which no ratio is absurd: a short file of zeros
MAX_INNER_MEMBERS = 5_000
MAX_OWN_BYTES = 50 * 2**20  # of an archive that a student handed in
MAX_DEPTH = 60  # folders in folders
MAX_NAME = 1_000  # characters
_HEADER = b"PK\x01\x02"  # begins each member's line in an archive's directory
_UTF_8, _ENCRYPTED = 0x800, 0x1
_WINDOWS = {0, 10, 14}  # FAT, NTFS and VFAT, as members say where they are from
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


@dataclass(frozen=True)
class Packed:
    """The content of a member of an archive on a disk."""

    archive: Path
    stamp: tuple[int, int]
    index: int
    identity: Hashable

    def read(self, size: int) -> bytes:
        """Return its `size` bytes. Raises UnreachableError, or SubmissionError."""
        try:
            try:
                archive = _opened(self.archive, self.stamp, os.getpid())
                return _member(archive, self.index, size)
            except SubmissionError:
                # What is held open may have been written over: then this is no damage.
                _check_unchanged(self.archive, self.stamp)
                raise
        except OSError as error:
            raise UnreachableError(f"the archive cannot be read: {error.strerror}") from error


@dataclass(frozen=True)
class PackedTwice:
    """The content of a member of an archive that a student handed in."""

    outer: File
    index: int
    identity: Hashable

    def read(self, size: int) -> bytes:
        """Return its `size` bytes. Raises UnreachableError, or SubmissionError."""
        with _open(io.BytesIO(_own_archive(self.outer))) as archive:
            return _member(archive, self.index, size)


def list_archive(path: Path) -> Listing:
    """List the members of an archive. Raises UsageError if it is none."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{one_line(path)}: not a file")
        stamp = _stamp(status)
        archive = _opened(path, stamp, os.getpid())
    except OSError as error:
        raise UsageError(f"{one_line(path)}: cannot be read: {error.strerror}") from error
    except SubmissionError as error:
        raise UsageError(f"{one_line(path)}: {error}; download it again") from error
    return _listing(path, stamp, archive)


def _listing(path: Path, stamp: tuple[int, int], archive: zipfile.ZipFile) -> Listing:
    files, folders, clones, errors = {}, set(), set(), []
    for member in _members(archive):
        where = f"{one_line(path)}/{one_line(_name(member.info))}"
        if member.problem:
            errors.append(UsageError(f"{where}: left out: {member.problem}"))
        if ".git" in member.parts:
            clones.add(member.parts[: member.parts.index(".git")])
        if not member.parts or any(map(ignored, member.parts)):
            continue
        depth = len(member.parts) + member.is_folder
        folders |= {member.parts[:end] for end in range(1, depth)}
        if not member.is_folder:
            content = Packed(path, stamp, member.index, member.identity)
            file = File("/".join(member.parts), member.size, where, content, member.problem)
            files[file.name, content.identity] = file  # one that is in it twice is one
    return Listing(
        path,
        above(path.with_suffix("")),
        tuple(files.values()),
        tuple(sorted(folders)),
        frozenset(clones),
        tuple(errors),
        kind="archive",
    )


def inner_files(outer: File) -> tuple[list[File], str]:
    """Return the files in an archive that a student handed in, and a warning, or "".

    They are named as if the archive were a folder. Raises UnreachableError, or SubmissionError.
    """
    data = _own_archive(outer)
    if data.count(_HEADER) > MAX_INNER_MEMBERS:
        raise SubmissionError(f"the archive has more than {MAX_INNER_MEMBERS} members")
    with _open(io.BytesIO(data)) as archive:
        members = [member for member in _members(archive) if not member.is_folder]
    found = {}
    for member in members:
        if member.parts and not any(map(ignored, member.parts)):
            inside = "/".join(member.parts)
            content = PackedTwice(outer, member.index, member.identity)
            name, where = f"{outer.name}/{inside}", f"{outer.where}/{one_line(inside)}"
            found[name, member.identity] = File(name, member.size, where, content, member.problem)
    unnamed = sum(member.parts == () for member in members)
    left_out = f"{one_line(outer.name)}: {unnamed} of its members are left out: {UNSAFE}"
    return list(found.values()), left_out if unnamed else ""


@lru_cache(maxsize=1)
def _own_archive(outer: File) -> bytes:
    """Return the bytes of a student's archive: kept while one file after the other is read."""
    if outer.size > MAX_OWN_BYTES:
        raise SubmissionError(
            f"the archive has {outer.size / 2**20:.0f} MB, at most {MAX_OWN_BYTES // 2**20} MB are "
            "looked into; hand in the notebook by itself"
        )
    return outer.read()


# ---------------------------------------------------------------- members


@dataclass(frozen=True)
class _Member:
    """A member of an archive. `parts` is empty where its name cannot be trusted."""

    index: int
    info: zipfile.ZipInfo
    parts: Parts
    is_folder: bool
    problem: str

    @property
    def size(self) -> int:
        return self.info.file_size

    @property
    def identity(self) -> Hashable:
        return ("member", self.info.CRC, self.info.file_size)


def _members(archive: zipfile.ZipFile) -> Iterator[_Member]:
    plain = not any("/" in info.orig_filename for info in archive.infolist())
    for index, info in enumerate(archive.infolist()):
        name = _with_slashes(_name(info), on_windows=plain or info.create_system in _WINDOWS)
        parts, is_folder = _safe_parts(name), name.endswith("/")
        if parts is None or not (parts or is_folder):
            yield _Member(index, info, (), is_folder, UNSAFE)
        else:
            yield _Member(index, info, parts, is_folder, "" if is_folder else _problem(info))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Many programs write UTF-8 without saying so."""
    name = info.orig_filename
    if info.flag_bits & _UTF_8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _with_slashes(name: str, *, on_windows: bool) -> str:
    r"""Return a name with `/` between folders. Some programs on Windows write `\` there.

    A `\` beside a `/` is no separator, and nor is one from elsewhere, but where no name of the
    archive has a `/`.
    """
    return name.replace("\\", "/") if on_windows and "/" not in name else name


def _safe_parts(name: str) -> Parts | None:
    if len(name) > MAX_NAME or name.startswith("/"):
        return None
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    plain = not parts or is_plain("/".join(parts))
    return parts if plain and len(parts) <= MAX_DEPTH else None


def _problem(info: zipfile.ZipInfo) -> str:
    """Say why a member is not read, as far as the archive's directory tells."""
    megabytes, limit = info.file_size / 2**20, MAX_NOTEBOOK_BYTES // 2**20
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, not a file"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted; hand it in without a password"
    if info.compress_type not in _METHODS:
        return f"it is packed by a method that is not known ({info.compress_type})"
    if info.file_size > MAX_NOTEBOOK_BYTES:
        return f"it unpacks to {megabytes:.0f} MB, at most {limit} MB are read"
    if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        return f"it unpacks to {megabytes:.0f} MB from {info.compress_size} bytes, as no file does"
    return ""


@lru_cache(maxsize=4)
def _opened(path: Path, stamp: tuple[int, int], process: int) -> zipfile.ZipFile:
    """Return an archive whose directory is read once, not once for each of its members.

    The key says which state of the file it was, and keeps processes from sharing an open file.
    """
    del process
    _check_unchanged(path, stamp)
    return _open(path)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size


def _check_unchanged(path: Path, stamp: tuple[int, int]) -> None:
    if _stamp(path.stat()) != stamp:
        raise UnreachableError("the archive has changed since it was looked through")


def _open(source: Path | BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except Exception as error:
        # Of a damaged archive's bytes zipfile makes exceptions of half a dozen kinds.
        _raise_if_not_of_the_bytes(error)
        raise SubmissionError("the zip archive is damaged, or none at all") from error


def _member(archive: zipfile.ZipFile, index: int, size: int) -> bytes:
    try:
        with archive.open(archive.infolist()[index]) as file:
            data = file.read(size + 1)
    except Exception as error:  # as above
        _raise_if_not_of_the_bytes(error)
        raise SubmissionError(f"the archive is damaged here: {one_line(error)}") from error
    if len(data) != size:
        raise SubmissionError(f"the archive is damaged here: it tells of {size} bytes")
    return data


def _raise_if_not_of_the_bytes(error: Exception) -> None:
    """Raise what is the machine's fault, which another time may be none."""
    if isinstance(error, MemoryError):
        raise UnreachableError("there is not enough memory to read the archive") from error
    # Of bad bytes, libraries that unpack make OSErrors without a number, and offsets that lead
    # nowhere make invalid arguments.
    if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
        raise error
