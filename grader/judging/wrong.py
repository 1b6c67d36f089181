"""A wrong function, and how something is claimed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.judging.causes import render
from grader.judging.expected import QuestionKey
from grader.judging.facts import Fact
from grader.judging.lines import Function
from grader.results import Diagnosis, Observation, Place, Source
from grader.vocabulary import Vocabulary

POSSIBLE = "One of two things may be the reason. {first} Or: {second}"


@dataclass(frozen=True)
class Wrong:
    """A wrong function: its key, its source, what it did in every case as it is.

    `functions` are the notebook's own names of all graded ones. `shown` is what it did in visible
    cases before any hidden one had run: what a page may show. `words` are those that it may use.
    """

    key: QuestionKey
    source: Source
    traced: Mapping[str, Observation]
    functions: Sequence[str]
    shown: Mapping[str, Observation] = field(default_factory=dict)
    words: Vocabulary = field(default_factory=Vocabulary)

    @cached_property
    def function(self) -> Function | None:
        """The function as its source shows it, or None where it cannot be read."""
        return Function.of(self.source)

    def place(self, line: int) -> Place:
        """Return where a line stands in the notebook."""
        return Place(self.source.cell, line)

    def _bound_in(self, number: int) -> str:
        """Return what a line binds."""
        line = self.function.line(number) if self.function else None
        return next(iter(sorted(line.binds)), "") if line else ""

    def code(self, line: int) -> str:
        """Return a line's text."""
        lines = self.source.code.split("\n")
        index = line - self.source.line
        return lines[index].strip()[:120] if 0 <= index < len(lines) else ""

    def diagnosis(self, fact: Fact, outputs: tuple[str, ...] = ()) -> Diagnosis:
        """Say a fact."""
        about = {"taken": f"`{fact.name}`" if fact.name else ""}
        words = render(fact.cause, about, self._bound_in(fact.line))
        if not fact.line:
            return Diagnosis(fact.cause, words, outputs)
        return Diagnosis(fact.cause, words, outputs, self.place(fact.line), self.code(fact.line))


def claim(
    by_words: Mapping[str, str], outputs: tuple[str, ...], place: Place | None, code: str
) -> Iterator[Diagnosis]:
    """Claim a cause, or name two as possible; where more fit, none."""
    words = list(by_words)
    if words and len(words) <= 2:
        message = words[0] if len(words) == 1 else POSSIBLE.format(first=words[0], second=words[1])
        yield Diagnosis("+".join(dict.fromkeys(by_words.values())), message, outputs, place, code)
