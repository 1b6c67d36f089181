"""Changed functions put to the test: what they do in every case. For the reference process only."""

from __future__ import annotations

import ast
import hashlib
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from types import FrameType
from typing import Any, cast

import numpy as np

from grader.judging.expected import Answer, CaseKey, Target
from grader.judging.fingerprint import Fingerprint, Outcome, fingerprint, of_values
from grader.judging.operators.sites import Scope, call, name, together
from grader.judging.program import Function, in_place_of, standing_for
from grader.judging.targets import SLICE, with_kept_key
from grader.judging.trees import Path, at, replaced, with_field
from grader.spec import Question

MAX_VALUES = 400  # of one target, over all cases; more are not compared
SECONDS = 2.0  # for one mutant in all cases, or ten times what the reference takes

Answerer = Callable[[Callable[..., Any], Mapping[str, Any], int, None], Answer]
_SEEN, _KEY = "__seen__", "__key__"


class _TooLongError(BaseException):
    """Raised by the clock; no handler of ordinary exceptions catches it."""


@dataclass(frozen=True)
class Trial:
    """What a changed function does: in all cases, and on its way; `messages` are of errors."""

    outputs: Fingerprint
    raised: int
    messages: frozenset[str] = frozenset()
    target: Target | None = None


@dataclass
class Seen:
    """The values that one statement has bound, in order."""

    addresses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    is_numeric: bool = True

    def note(self, address: str, value: Any) -> Any:
        """Keep a value as it is now, and return it."""
        numeric = isinstance(value, np.ndarray | np.generic | int | float)
        self.is_numeric = self.is_numeric and numeric
        if self.is_numeric and len(self.values) <= MAX_VALUES:
            self.addresses.append(address)
            self.values.append(value.copy() if isinstance(value, np.ndarray) else value)
        return value

    def element(self, name: str, container: Any, key: Any) -> None:
        """Keep an element of what has a name."""
        self.note(f"{name}[{key!r}]", container[key])

    def target(self) -> Target | None:
        """Return what was seen, if it was one thing of numbers."""
        if not self.is_numeric or not 0 < len(self.values) <= MAX_VALUES:
            return None
        seen = of_values(self.values)
        return Target(self.addresses[0], seen) if seen else None


class Bench:
    """One question's cases, and the right answers in them."""

    def __init__(
        self,
        question: Question,
        cases: list[tuple[CaseKey, Mapping[str, Any]]],
        answer: Answerer,
    ) -> None:
        self.question = question
        self._cases, self._answer = cases, answer
        self._expected = [case.expected.value for case, _ in cases]
        self._known: dict[bytes, Fingerprint] = {}
        self.seconds = SECONDS

    @cached_property
    def right(self) -> Fingerprint:
        """The fingerprint of right answers."""
        outcomes = [Outcome("returned", value) for value in self._expected]
        return fingerprint(self.question, outcomes, self._expected)

    def effort(self, function: Callable[..., Any]) -> int:
        """Count the calls that a function makes in all cases: of its time, what is repeatable."""
        count = 0

        def profile(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(profile)
        try:
            for case, arguments in self._cases:
                self._answer(function, arguments, case.seed, None)
        finally:
            sys.setprofile(before)
        return count

    def scopes(self, functions: list[Function], root: Callable[..., Any]) -> list[Scope]:
        """Return what the functions know by name, with its sizes and shapes in the first case."""
        noted = [_Noted() for _ in functions]
        made = {
            function.function: function.compiled(_noting(function.tree), __noted__=each.note)
            for function, each in zip(functions, noted, strict=True)
        }
        case, arguments = next(each for each in self._cases if each[0].visible)
        with in_place_of(made, root):
            self._answer(standing_for(root, made), arguments, case.seed, None)
        return [
            Scope(function.tree, each.sizes, each.shapes)
            for function, each in zip(functions, noted, strict=True)
        ]

    def run(self, function: Callable[..., Any], seen: Seen) -> Trial | None:
        """Return what a function does, or None if it takes too long."""
        try:
            with _clock(self.seconds):
                answers = [self._answer(function, a, case.seed, None) for case, a in self._cases]
        except _TooLongError:
            return None
        messages = frozenset(each.error_message for each in answers if each.status == "raised")
        raised = sum(each.status == "raised" for each in answers)
        return Trial(self._fingerprint(answers), raised, messages, seen.target())

    def _fingerprint(self, answers: list[Answer]) -> Fingerprint:
        """Return the fingerprint of answers; what was seen before is not condensed again."""
        digest = hashlib.blake2b(digest_size=16)
        for each in answers:
            digest.update(repr((each.status, each.error_type, each.error_message)).encode())
            digest.update(each.packed)
        known = digest.digest()
        if known not in self._known:
            outcomes = map(_outcome, answers)
            self._known[known] = fingerprint(self.question, outcomes, self._expected)
        return self._known[known]


def _outcome(answer: Answer) -> Outcome:
    if answer.status == "returned":
        return Outcome("returned", answer.value)
    return Outcome("raised", None, answer.error_type, answer.error_message)


@contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """Stop what takes more of the processor, on systems that have such a clock."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def strike(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGPROF, strike)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# ---------------------------------------------------------------- watching


def watched(tree: ast.FunctionDef, path: Path) -> ast.FunctionDef:
    """Return a tree in which what the statement at a path binds is told to `Seen`."""
    statement = at(tree, path)
    watching = _watched(statement)
    return tree if watching is None else replaced(tree, path, watching)


def watching_names(seen: Seen) -> dict[str, Any]:
    """Return the names that a watched function looks up."""
    return {_SEEN: seen.note, f"{_SEEN}element": seen.element, SLICE: slice}


def _watched(statement: ast.AST) -> ast.AST | None:
    if isinstance(statement, ast.Return) and statement.value is not None:
        noted = call(name(_SEEN), ast.Constant(""), statement.value)
        return with_field(statement, value=noted)
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.AnnAssign) and statement.value
    ):
        target = statement.target
    if isinstance(target, ast.Name):
        noted = call(name(_SEEN), ast.Constant(target.id), name(target.id))
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        container = ast.Constant(target.value.id), name(target.value.id)
        noted = call(name(f"{_SEEN}element"), *container, name(_KEY))
        kept = with_kept_key(target, _KEY)
        changed = {"targets": [kept]} if isinstance(statement, ast.Assign) else {"target": kept}
        statement = with_field(statement, **changed)
    else:
        return None
    return together(cast("ast.stmt", statement), ast.Expr(noted))


@dataclass
class _Noted:
    """The sizes and shapes of what a function reads."""

    sizes: dict[Path, int] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def note(self, path: Path, identifier: str, value: Any) -> Any:
        """Note what an expression is the first time, and return it."""
        if isinstance(value, int) and not isinstance(value, bool):
            self.sizes.setdefault(path, value)
        if identifier and isinstance(value, np.ndarray | np.generic | int | float):
            self.shapes.setdefault(identifier, np.shape(value))
        return value


_READ = ast.expr | ast.stmt | ast.keyword | ast.excepthandler | ast.match_case


def _noting(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Return a tree in which all that is read is noted, the innermost first."""
    for path in sorted(_read(tree, ()), key=len, reverse=True):
        node = at(tree, path)
        about = ast.Constant(cast("Any", path)), ast.Constant(getattr(node, "id", ""))
        tree = replaced(tree, path, call(name("__noted__"), *about, node))
    return tree


def _read(node: ast.AST, path: Path) -> Iterator[Path]:
    is_loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if path and is_loaded and isinstance(node, ast.Subscript | ast.Call | ast.BinOp | ast.Name):
        yield path
    for key, value in ast.iter_fields(node):
        if isinstance(node, ast.FunctionDef) and key != "body":
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, _READ):
                yield from _read(child, (*path, (key, index)))
