"""What is sure of a wrong function, whatever its values are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """Something that the source shows: its kind in the catalogue of words, a name, a line.

    The line is 0 for what is nowhere: an argument that is not used.
    """

    cause: str
    name: str
    line: int
