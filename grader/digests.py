"""Digests: of named contents, and of the grader's own source.

What is kept from an earlier run is right only for the grader that made it. No list says which files
decide what: a change of any of them makes everything anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
COMPILED = "__pycache__"


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Return a digest (SHA-256, hexadecimal) of names and contents, unlike for any others."""
    digest = hashlib.sha256()
    for name, content in files:
        encoded = name.encode("utf-8", "surrogateescape")
        for part in (encoded, content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


@cache
def source_digest(package: Path = PACKAGE) -> str:
    """Return a digest (16 hexadecimal digits) of every file of the grader, code and data."""
    files = sorted(
        path for path in package.rglob("*") if path.is_file() and COMPILED not in path.parts
    )
    named = ((path.relative_to(package).as_posix(), path.read_bytes()) for path in files)
    return digest_of(named)[:16]
