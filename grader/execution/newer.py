"""Syntax that a newer Python would read: which version, where that is sure.

It is sure where the cell can be read as soon as the construct is written in an older way.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Callable, Iterator

from grader.syntax import parsed, parsed_cell

MAX_SOURCE = 20_000  # characters of a cell that are looked at
Version = tuple[int, int]
_STRING = re.compile(r"(?<!\w)([rbuf]{0,2})('''|\"\"\"|'|\")", re.IGNORECASE)
_TYPE = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]+\])?[ \t]*=(?!=)", re.MULTILINE)
_GENERIC = re.compile(
    r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)"
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\](?=[ \t]*[(:])",
    re.MULTILINE,
)
_TEMPLATE = re.compile(r"(?<!\w)(?:t|tr|rt)(?=['\"])", re.IGNORECASE)
_EXCEPT = re.compile(
    r"^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)(?=[ \t]*:)", re.MULTILINE
)


def version_that_reads(source: str) -> Version | None:
    """Return the first version of Python that can read what this one cannot, if that is sure."""
    here = sys.version_info[:2]
    if len(source) > MAX_SOURCE:
        return None
    rules = [(version, rule) for version, rule in _RULES if version > here]
    for version, rule in rules:
        if _is_readable(rule(source)):
            return version
    text, needed = source, here
    for version, rule in rules:
        changed = rule(text)
        if changed != text:
            text, needed = changed, max(needed, version)
    return needed if needed > here and _is_readable(text) else None


def _is_readable(source: str) -> bool:
    try:
        parsed_cell(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_types(source: str) -> str:
    return _TYPE.sub(r"\1\2 =", source)


def _without_parameters(source: str, *, defaults: bool = False) -> str:
    """Leave out the type parameters of functions and classes; those with defaults, or without."""

    def older(found: re.Match[str]) -> str:
        try:
            tree = parsed(f"def f({found[2]}): pass")
        except SyntaxError:
            return found[0]
        has = any(isinstance(n, ast.arguments) and n.defaults for n in ast.walk(tree))
        return found[1] if defaults or not has else found[0]

    return _GENERIC.sub(older, source)


def _with_brackets(source: str) -> str:
    """Put the exceptions of an `except` in brackets, if they are exceptions all."""

    def older(found: re.Match[str]) -> str:
        names = [name.strip().rpartition(".")[2] for name in found[2].split(",")]
        return f"{found[1]}({found[2]})" if all(map(_is_exception, names)) else found[0]

    return _EXCEPT.sub(older, source)


def _is_exception(name: str) -> bool:
    known = getattr(builtins, name, None)
    is_known = isinstance(known, type) and issubclass(known, BaseException)
    return is_known or name.endswith(("Error", "Exception", "Warning"))


def _without_templates(source: str) -> str:
    return _unnested(_TEMPLATE.sub("f", source))


def _unnested(source: str) -> str:
    """Replace every f-string by a tuple of its expressions."""
    try:
        return "".join(_Reader(source).code(0, len(source)))
    except (IndexError, RecursionError):
        return source


class _Reader:
    """Reads text as Python 3.12 does. Raises IndexError where a string does not end."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.at = 0

    def code(self, start: int, end: int) -> Iterator[str]:
        self.at = start
        while self.at < end:
            yield self._next()

    def _next(self) -> str:
        source, start = self._source, self.at
        found = _STRING.match(source, start)
        if found and (start == 0 or not source[start - 1].isalnum()):
            self.at = found.end()
            if "f" in found[1].lower():
                return self._formatted(found[2])
            self._plain(found[2])
        elif source[start] == "#":
            line_end = source.find("\n", start)
            self.at = len(source) if line_end < 0 else line_end
        else:
            self.at += 1
        return source[start : self.at]

    def _plain(self, quote: str) -> None:
        while not self._source.startswith(quote, self.at):
            self.at += 2 if self._source[self.at] == "\\" else 1
        self.at += len(quote)

    def _formatted(self, quote: str) -> str:
        expressions: list[str] = []
        while not self._source.startswith(quote, self.at):
            if self._source[self.at] == "\\" or self._source.startswith(("{{", "}}"), self.at):
                self.at += 2
            elif self._source[self.at] == "{":
                expressions += self._replaced()
            elif self._source[self.at] == "\n" and len(quote) == 1:
                raise IndexError
            else:
                self.at += 1
        self.at += len(quote)
        return f"({' '.join(expressions)})"

    def _replaced(self) -> Iterator[str]:
        """Yield what stands in curly brackets, with what stands in its format."""
        self.at += 1
        depth, text = 0, ""
        while depth or self._source[self.at] not in "}:" + "!":
            each = self._source[self.at]
            depth += (each in "([{") - (each in ")]}")
            text += self._next()
            if each in "<>=" and self._source[self.at] == "=":
                text += self._next()
        if not text.strip():
            raise IndexError
        yield f"({text.rstrip().removesuffix('=')}\n),"
        while self._source[self.at] != "}":
            if self._source[self.at] == "{":
                yield from self._replaced()
            else:
                self.at += 1
        self.at += 1


_RULES: tuple[tuple[Version, Callable[[str], str]], ...] = (
    ((3, 12), _without_types),
    ((3, 12), _without_parameters),
    ((3, 12), _unnested),
    ((3, 13), lambda source: _without_parameters(source, defaults=True)),
    ((3, 14), _with_brackets),
    ((3, 14), _without_templates),
)
