"""Classes as platforms hand them out, made on the spot: as a folder, or as a zip archive."""

import os
import resource
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import notebook_json

NOTEBOOK = notebook_json("x = 1").encode()
Tree = Mapping[str, bytes]
Write = Callable[[Path, Tree], Path]


def notebooks(*names: str) -> dict[str, bytes]:
    """Return a tree of notebooks, each with a content of its own."""
    return {name: notebook_json(f"x = {i}").encode() for i, name in enumerate(names)}


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open no file more than it has."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open("/", os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def folder_of(path: Path, tree: Tree) -> Path:
    """Write a tree as a folder. A name that ends in `/` is an empty one."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        file = path / name
        if name.endswith("/"):
            file.mkdir(parents=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    return path


def zip_of(path: Path, tree: Tree) -> Path:
    """Write a tree as an archive beside where the folder would be."""
    path = path.with_name(f"{path.name}.zip")
    return zip_members(path, [(zipfile.ZipInfo(name), content) for name, content in tree.items()])


def zip_members(path: Path, members: Iterable[tuple[zipfile.ZipInfo, bytes]]) -> Path:
    """Write an archive of members as they are described, whatever they are called."""
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in members:
            archive.writestr(info, content)
    return path
