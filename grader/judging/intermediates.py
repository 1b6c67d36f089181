"""What the reference computes on its way, in every case. For the reference process only.

Its functions are rewritten so that the value of every expression is seen, and what every name and
every element of a container is bound to. A student's own steps need not be cut as the reference's
are: whatever stands in one of its expressions is right.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from grader.judging.answering import answer_of, is_right
from grader.judging.expected import CaseKey, Intermediate
from grader.judging.fingerprint import Fingerprint, of_values
from grader.judging.program import (
    Function,
    UnlikeError,
    in_place_of,
    is_wholly_read,
    reachable,
    standing_for,
)
from grader.judging.targets import SLICE, is_steady, targets, with_kept_key
from grader.spec import Question
from grader.syntax import parsed
from grader.values import NUMBER_TYPES, is_number_list, leaves, parts

MOST = 2_000  # values without a name, of one case
MOST_NAMED = 3_000
MOST_OF_A_SITE = 16  # of one expression, or one address; of more, the last one is kept
MOST_ENTRIES = 20_000
# The last of the intermediates of a case of which not all could be kept.
INCOMPLETE = Intermediate("…", (), Fingerprint(b"", (), 0.0))
_SEEN, _ELEMENT, _TRIED = "__seen__", "__element__", "__tried__"
_SITES = itertools.count(1)  # numbers for the places at which something is seen


class Recorder:
    """Collects what is seen: every value once, and again where it gets a name.

    Of what is seen in one place again and again, in a loop, it keeps the beginning and the end.
    """

    def __init__(self) -> None:
        self.found: dict[tuple[Any, ...], Intermediate] = {}
        self._left = {"named": MOST_NAMED, "unnamed": MOST}
        self._counts: Counter[int] = Counter()
        self._latest: dict[int, dict[str, Any]] = {}

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return min(self._left.values()) > 0

    def see(self, value: Any, address: str = "", site: int = 0) -> Any:
        """Take note of a value, or of the numbers and arrays in a container; return it."""
        self._counts[site] += bool(site)
        if self._counts[site] > MOST_OF_A_SITE:
            self._latest[site] = {b: copy.copy(leaf) for b, leaf in _numbers(value, address)}
        elif self._left["named" if address else "unnamed"] > 0:
            for below, leaf in _numbers(value, address):
                self._add(leaf, below)
        return value

    def element(self, container: Any, name: str, key: object, site: int) -> None:
        """Take note of an element that was bound, `grads['dW2']`, and of what it is one of."""
        if _is_plain(key):
            self.tried(lambda: container[key], f"{name}[{key!r}]", site)
        self.see(container, name, -site)

    def tried(self, look: Callable[[], Any], address: str, site: int) -> None:
        """Take note of what was bound, if it can be looked at."""
        with contextlib.suppress(Exception):  # such as of an object that only takes values
            self.see(look(), address, site)

    @property
    def names(self) -> dict[str, Any]:
        """What a rewritten function knows besides its own names."""
        return {_SEEN: self.see, _ELEMENT: self.element, _TRIED: self.tried, SLICE: slice}

    def end(self) -> None:
        """Take note of what was seen last in each place."""
        for last in self._latest.values():
            for address, leaf in last.items():
                self._add(leaf, address)
        self._latest = {}

    def _add(self, leaf: Any, address: str) -> None:
        if np.size(leaf) > MOST_ENTRIES:
            return
        fingerprint = of_values([leaf])
        if fingerprint is not None:
            self._keep(Intermediate(address, np.shape(leaf), fingerprint))
        if address == "" and np.ndim(leaf) == 2 and 1 not in np.shape(leaf):
            turned = of_values([np.transpose(leaf)])
            if turned is not None:
                self._keep(Intermediate("", np.shape(leaf)[::-1], turned))

    def _keep(self, found: Intermediate) -> None:
        key = found.address, found.shape, found.fingerprint
        if key not in self.found:
            self._left["named" if found.address else "unnamed"] -= 1
        self.found.pop(key, None)
        self.found[key] = found  # the last of a name is what it is bound to at the end


def intermediates(
    programs: Iterable[Callable[..., Any]],
    question: Question,
    cases: Iterable[tuple[CaseKey, Mapping[str, Any]]],
) -> tuple[tuple[Intermediate, ...], ...]:
    """Return the intermediates of every case, over all right programs.

    Raises UnlikeError if one of them does not answer as it should when it is watched.
    """
    instrumented = [(program, _instrumented(program)) for program in programs]
    return tuple(_of_call(instrumented, question, case, given) for case, given in cases)


_Instrumented = list[Function]


def _of_call(
    programs: list[tuple[Callable[..., Any], _Instrumented]],
    question: Question,
    case: CaseKey,
    arguments: Mapping[str, Any],
) -> tuple[Intermediate, ...]:
    recorder = Recorder()
    for value in arguments.values():
        recorder.see(value)
    for program, functions in programs:
        made = {one.function: one.compiled(one.tree, **recorder.names) for one in functions}
        with in_place_of(made, program):
            answer = answer_of(standing_for(program, made), arguments, case.seed, None)
        if not is_right(question, answer, case.expected):
            raise UnlikeError("its reference answers differently when it is watched")
        recorder.end()
        for address, leaf in leaves(answer.value, question.returns).items():
            recorder.see(leaf, address)
    found = tuple(recorder.found.values())
    is_whole = recorder.complete and all(is_wholly_read(program) for program, _ in programs)
    return found if is_whole else (*found, INCOMPLETE)


def _instrumented(program: Callable[..., Any]) -> _Instrumented:
    return [
        Function(one.function, _Instrument().instrument(one.tree)) for one in reachable(program)
    ]


def _is_plain(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_plain, key))
    return key is None or isinstance(key, str | bool | int | float | np.number)


def _numbers(value: Any, address: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, (np.ndarray, *NUMBER_TYPES)):
        yield address, value
    elif isinstance(value, dict | tuple | list) and len(value) <= 64:
        if is_number_list(value):
            yield address, np.asarray(value)
        for _, below, part in parts(value, address):
            yield from _numbers(part, below if address else "")


class _Instrument(ast.NodeTransformer):
    """Wraps expressions in calls that see their values, and tells what is bound after it is."""

    def instrument(self, tree: ast.FunctionDef) -> ast.FunctionDef:
        """Return a copy of a function's tree in which everything is seen."""
        made = copy.deepcopy(tree)
        made.body = self._block(made.body)
        return made

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [new for statement in body for new in self._statement(statement)]

    def _statement(self, statement: ast.stmt) -> list[ast.stmt]:
        parts = (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
        for part in (statement, *parts):
            for field in ("body", "orelse", "finalbody"):
                if isinstance(block := getattr(part, field, None), list):
                    setattr(part, field, self._block(block))
        told = [_told(target) for target in targets(statement)]
        for field, value in list(ast.iter_fields(statement)):
            if isinstance(value, ast.expr) and field not in ("target", "annotation", "returns"):
                setattr(statement, field, self.visit(value))
        return [statement, *(ast.copy_location(ast.Expr(each), statement) for each in told if each)]

    def visit(self, node: ast.AST) -> Any:
        """Wrap what an expression computes; leave alone what it only names."""
        if isinstance(node, ast.Lambda | ast.GeneratorExp | ast.JoinedStr):
            return node
        self.generic_visit(node)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call | ast.Compare | ast.Subscript):
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                return node
            seen = _call(_SEEN, node, ast.Constant(""), _site())
            return ast.copy_location(seen, node)
        return node


def _told(target: ast.expr) -> ast.expr | None:
    """Return an expression that tells what is bound, with its address; None if it cannot be told.

    A key is kept where it is worked out: looked at again, it might be another one.
    """
    if isinstance(target, ast.Name):
        return _call(_SEEN, ast.Name(target.id, ast.Load()), ast.Constant(target.id), _site())
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        container, kept = target.value.id, f"__key{next(_SITES)}__"
        target.slice = with_kept_key(target, kept).slice
        whole = ast.Name(container, ast.Load())
        return _call(_ELEMENT, whole, ast.Constant(container), ast.Name(kept, ast.Load()), _site())
    if not is_steady(target):
        return None
    value = parsed(f"lambda: ({ast.unparse(target)})", mode="eval").body
    return _call(_TRIED, value, ast.Constant(ast.unparse(target)), _site())


def _site() -> ast.Constant:
    return ast.Constant(next(_SITES))


def _call(function: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(function, ast.Load()), list(arguments), [])
