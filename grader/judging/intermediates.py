"""What the reference computes on its way, in every case. For the reference process only.

Its functions are rewritten so that the value of every expression is seen, and what every name and
every element of a container is bound to. A student's own steps need not be cut as the reference's
are: whatever stands in one of its expressions is right.
"""

from __future__ import annotations

import ast
import copy
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from grader.judging.expected import Intermediate
from grader.judging.fingerprint import Fingerprint, of_values
from grader.judging.program import Function, in_place_of, reachable
from grader.values import NUMBER_TYPES, is_number_list, leaves, parts

MOST = 2_000  # values without a name, of one case
MOST_NAMED = 3_000
MOST_OF_A_SITE = 16  # of one expression, or one address; of more, the last one is kept
MOST_ENTRIES = 20_000
# The last of the intermediates of a case of which not all could be kept.
INCOMPLETE = Intermediate("…", (), Fingerprint(b"", (), 0.0))
_SEEN, _BOUND = "__seen__", "__bound__"
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
    returns: tuple[str, ...],
    calls: Iterable[tuple[Mapping[str, Any], int]],
) -> tuple[tuple[Intermediate, ...], ...]:
    """Return the intermediates of every call, by arguments and seed, over all right programs."""
    instrumented = [(program, _instrumented(program)) for program in programs]
    return tuple(_of_call(instrumented, returns, arguments, seed) for arguments, seed in calls)


_Instrumented = dict[Any, Function]


def _of_call(
    programs: list[tuple[Callable[..., Any], _Instrumented]],
    returns: tuple[str, ...],
    arguments: Mapping[str, Any],
    seed: int,
) -> tuple[Intermediate, ...]:
    recorder = Recorder()
    for value in arguments.values():
        recorder.see(value)
    for program, functions in programs:
        names: dict[str, Any] = {_SEEN: recorder.see, _BOUND: recorder.see}
        made = {each: one.compiled(one.tree, **names) for each, one in functions.items()}
        np.random.seed(seed)
        random.seed(seed)
        with in_place_of(made):
            answer = made.get(program, program)(**copy.deepcopy(dict(arguments)))
        recorder.end()
        for address, leaf in leaves(answer, returns).items():
            recorder.see(leaf, address)
    found = tuple(recorder.found.values())
    return found if recorder.complete else (*found, INCOMPLETE)


def _instrumented(program: Callable[..., Any]) -> _Instrumented:
    return {
        one.function: Function(one.function, _Instrument().instrument(one.tree))
        for one in reachable(program)
    }


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
        for field in ("body", "orelse", "finalbody"):
            if isinstance(block := getattr(statement, field, None), list):
                setattr(statement, field, self._block(block))
        told = [_told(target) for target in _targets(statement)]
        for field, value in list(ast.iter_fields(statement)):
            if isinstance(value, ast.expr) and field not in ("target", "annotation"):
                setattr(statement, field, self.visit(value))
        return [statement, *told]

    def visit(self, node: ast.AST) -> Any:
        """Wrap what an expression computes; leave alone what it only names."""
        if isinstance(node, ast.Lambda | ast.GeneratorExp | ast.JoinedStr):
            return node
        self.generic_visit(node)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call | ast.Compare | ast.Subscript):
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                return node
            seen = ast.Name(_SEEN, ast.Load())
            place = [ast.Constant(""), ast.Constant(next(_SITES))]
            return ast.copy_location(ast.Call(seen, [node, *place], []), node)
        return node


def _targets(statement: ast.stmt) -> Iterable[ast.expr]:
    """Return the names and elements that a statement binds."""
    found: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        found = list(statement.targets)
    elif isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.AnnAssign) and statement.value
    ):
        found = [statement.target]
    for target in found:
        yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _told(target: ast.expr) -> ast.stmt:
    """Return a statement that tells what a name or an element is bound to: its address, too."""
    value = ast.parse(ast.unparse(target), mode="eval").body
    address: ast.expr = ast.Constant(ast.unparse(target))
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        key = ast.parse(ast.unparse(target.slice), mode="eval").body
        # grads[f"dW{l}"] -> "grads['dW2']"
        address = ast.JoinedStr(
            [
                ast.Constant(f"{target.value.id}["),
                ast.FormattedValue(key, ord("r")),
                ast.Constant("]"),
            ]
        )
    call = _bound(value, address)
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        whole = _bound(ast.Name(target.value.id, ast.Load()), ast.Constant(target.value.id))
        call = ast.Tuple([call, whole], ast.Load())
    return ast.copy_location(ast.Expr(call), target)


def _bound(value: ast.expr, address: ast.expr) -> ast.expr:
    """Return a call that tells what is bound."""
    site = ast.Constant(next(_SITES))
    return ast.Call(ast.Name(_BOUND, ast.Load()), [value, address, site], [])
