"""Likely mistakes, made by changing the reference. For the reference process only.

Every slip at every site by itself comes first; then the same slip at all sites of a function; then
two slips in one statement; then pairs of usual ones in different statements, chosen evenly. How
many there are is bounded by what the reference has to do in the question's cases, so that an item
that trains costs no more than others, and so that it does not depend on the machine.

Variants come before the reference, which may be written for numerical safety rather than as the
exercise has it: what a changed variant does already is not explained by a changed reference.
"""

from __future__ import annotations

import ast
import copy
import inspect
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import FunctionType
from typing import cast

from grader.judging.causes import BOTH, SEVERAL, render
from grader.judging.expected import Mutant
from grader.judging.fingerprint import Fingerprint
from grader.judging.operators import Slip, slips
from grader.judging.operators.names import family
from grader.judging.operators.sites import USUAL, numpy
from grader.judging.program import (
    PACKAGE,
    AnyCallable,
    Function,
    UnlikeError,
    in_place_of,
    reachable,
    standing_for,
)
from grader.judging.trees import Path, replaced
from grader.judging.trials import Bench, Seen, Trial, watched, watching_names

MOST = 320
FEWEST = 36
EFFORT = 1_000_000  # calls, of all mutants of a question
OVERHEAD = 900  # calls that compiling and comparing a mutant are worth


@dataclass(frozen=True)
class _Mistake:
    """Slips in one function, and what they mean."""

    function: int
    slips: tuple[Slip, ...]
    cause: str
    about: dict[str, str]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for the same changes."""
        changes = [(slip.site.path, ast.unparse(slip.change.node)) for slip in self.slips]
        return self.function, *sorted(changes, key=repr)


class _Source:
    """A function, and those that it calls and that are nobody's own question."""

    def __init__(self, root: AnyCallable, beyond: Sequence[AnyCallable], bench: Bench) -> None:
        self.root, self.bench = root, bench
        self.functions = reachable(root, [each for each in beyond if each is not root])
        self.scopes = bench.scopes(self.functions, root)
        self._known: dict[tuple[object, ...], Trial | None] = {}
        self._worlds: dict[str, dict[AnyCallable, AnyCallable]] = {}

    def first_order(self) -> list[_Mistake]:
        """Return every slip by itself, the usual ones first."""
        found = [
            _Mistake(index, (slip,), slip.change.cause, slip.about)
            for index, scope in enumerate(self.scopes)
            for slip in slips(scope)
        ]
        return sorted(found, key=lambda mistake: -mistake.slips[0].change.weight)

    def trials(self, mistake: _Mistake) -> Iterator[Trial]:
        """Put a mistake to the test; one that raises, also with products written the other way."""
        key = mistake.key
        if key not in self._known:
            self._known[key] = self._tried(mistake, None)
        trial = self._known[key]
        if trial is None:
            return
        yield trial
        for telling, rewriter in (("matmul", _AsCalls()), ("aligned", _AsOperators())):
            if any(telling in message for message in trial.messages):
                other = self._tried(mistake, rewriter)
                if other is not None:
                    yield other

    def _tried(self, mistake: _Mistake, rewriter: ast.NodeTransformer | None) -> Trial | None:
        function, seen = self.functions[mistake.function], Seen()
        tree = changed(function.tree, mistake.slips)
        (path,) = {slip.site.statement_path for slip in mistake.slips[:1]}
        if len({slip.site.statement_path for slip in mistake.slips}) == 1:
            tree = watched(tree, path)
        others: dict[AnyCallable, AnyCallable] = {}
        if rewriter is not None:
            others = self._rewritten(rewriter)
            tree = _rewritten(tree, rewriter)
        try:
            made = function.compiled(tree, **watching_names(seen))
        except (SyntaxError, ValueError, TypeError):  # such as a return where none may stand
            return None
        return self._run(others | {function.function: made}, seen)

    def _run(self, made: dict[AnyCallable, AnyCallable], seen: Seen) -> Trial | None:
        with in_place_of(made, self.root):
            return self.bench.run(standing_for(self.root, made), seen)

    def check_unchanged(self) -> None:
        """Check that the functions do what they do when they are made anew, before and after.

        Raises UnlikeError: then what others do cannot be trusted, either.
        """
        anew = {each.function: each.compiled(each.tree) for each in self.functions}
        for made in (anew, {}):
            trial = self._run(made, Seen())
            if trial is None or not trial.outputs.agrees(self.bench.right):
                raise UnlikeError("its reference answers differently when it is called again")

    def _rewritten(self, rewriter: ast.NodeTransformer) -> dict[AnyCallable, AnyCallable]:
        """Return all functions that are called, with their products written in one way."""
        kind = type(rewriter).__name__
        if kind not in self._worlds:
            every = {each.function: each for each in (*self.functions, *_all_below(self.root))}
            self._worlds[kind] = {
                function: each.compiled(_rewritten(each.tree, rewriter))
                for function, each in every.items()
            }
        return self._worlds[kind]


def changed(tree: ast.FunctionDef, made: Iterable[Slip]) -> ast.FunctionDef:
    """Return a function with slips in it."""
    for slip in made:
        tree = replaced(tree, slip.site.path, slip.change.node)
    return tree


# Where shapes clash, the message of `np.dot` is another one than that of `@`.


class _AsCalls(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Write a product as a call."""
        self.generic_visit(node)
        is_product = isinstance(node.op, ast.MatMult)
        return numpy("dot", node.left, node.right) if is_product else node


class _AsOperators(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Write a call of `np.dot` as a product."""
        self.generic_visit(node)
        if getattr(node.func, "attr", "") != "dot" or len(node.args) != 2:
            return node
        return ast.BinOp(node.args[0], ast.MatMult(), node.args[1])


def _rewritten(tree: ast.FunctionDef, rewriter: ast.NodeTransformer) -> ast.FunctionDef:
    return cast("ast.FunctionDef", rewriter.visit(copy.deepcopy(tree)))


def _all_below(root: AnyCallable) -> list[Function]:
    """Return the functions of the reference that one, or a variant, calls in the end."""
    names = getattr(inspect.unwrap(root), "__globals__", {})
    called = (value for value in names.values() if isinstance(value, FunctionType))
    return [each for function in called for each in reachable(function)
            if each.function.__module__.startswith(f"{PACKAGE}.")]  # fmt: skip


# ---------------------------------------------------------------- several slips


def everywhere(first: list[_Mistake]) -> list[_Mistake]:
    """Return the same slip at all sites, at those that bind one kind, at those that read alike."""
    groups: dict[tuple[object, ...], list[Slip]] = defaultdict(list)
    for mistake in first:
        for alike in _kinds_of_site(mistake.slips[0]):
            groups[mistake.function, *alike].append(mistake.slips[0])
    found: dict[frozenset[int], _Mistake] = {}
    for (index, *_), group in groups.items():
        apart = _apart(group)
        if len(apart) > 1:
            mistake = _Mistake(cast("int", index), apart, apart[0].change.cause, _shared(apart))
            found.setdefault(frozenset(map(id, apart)), mistake)
    return sorted(found.values(), key=lambda each: -each.slips[0].change.weight)


def _kinds_of_site(slip: Slip) -> Iterator[tuple[str, ...]]:
    """Return what a slip may have in common with others: those of one kind are made together."""
    same, written = slip.change.same, re.sub(r"\d+", "", ast.unparse(slip.site.node))
    yield slip.change.cause, same
    yield slip.change.cause, same, family(slip.site.variable)
    if slip.change.cause == "neighbour":  # W1 for W2, and W2 for W1
        yield slip.change.cause, same.rpartition(":")[0], written
    else:
        yield slip.change.cause, same, "", written


def _shared(group: tuple[Slip, ...]) -> dict[str, str]:
    """Return what the words need of several sites."""
    every = [slip.about for slip in group]
    return {
        key: SEVERAL.join(dict.fromkeys(about[key] for about in every if about.get(key)))
        for key in every[0]
    }


def _apart(group: Iterable[Slip]) -> tuple[Slip, ...]:
    """Return those that are not inside of one another."""
    found: list[Slip] = []
    for slip in group:
        if all(_are_apart(slip.site.path, other.site.path) for other in found):
            found.append(slip)
    return tuple(found)


def _are_apart(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] != other[:shorter]


def in_one_statement(first: list[_Mistake]) -> list[_Mistake]:
    """Return two slips in one statement, the usual ones first."""
    groups: dict[tuple[int, Path], list[_Mistake]] = defaultdict(list)
    for mistake in first:
        groups[mistake.function, mistake.slips[0].site.statement_path].append(mistake)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    return _by_weight(_pairs(pairs))


def usual_pairs(first: list[_Mistake]) -> list[_Mistake]:
    """Return pairs of usual slips in different statements of a function."""
    usual = [each for each in first if each.slips[0].change.weight == USUAL]
    pairs = [
        (one, other)
        for one, other in combinations(usual, 2)
        if one.slips[0].site.statement_path != other.slips[0].site.statement_path
    ]
    return _by_weight(_pairs(pairs))


def _pairs(pairs: Iterable[tuple[_Mistake, _Mistake]]) -> list[_Mistake]:
    return [
        _Mistake(
            one.function,
            (*one.slips, *other.slips),
            f"{one.cause}{BOTH}{other.cause}",
            one.about | {f"{BOTH}{key}": value for key, value in other.about.items()},
        )
        for one, other in pairs
        if one.function == other.function
        and _are_apart(one.slips[0].site.path, other.slips[0].site.path)
    ]


def _by_weight(mistakes: list[_Mistake]) -> list[_Mistake]:
    """Shuffle them, the same way each time, and put the usual ones first."""
    random.Random(0).shuffle(mistakes)  # noqa: S311 - nothing secret
    return sorted(mistakes, key=lambda each: -sum(slip.change.weight for slip in each.slips))


# ---------------------------------------------------------------- collecting


class _Collection:
    """The mutants of a question: those of one cause and one behaviour are one."""

    def __init__(self, right: Fingerprint) -> None:
        self._right = right
        self._found: dict[tuple[object, ...], Mutant] = {}
        self._explained: set[tuple[object, ...]] = set()

    def add(self, mistake: _Mistake, trials: Iterable[Trial]) -> bool:
        """Add what a mistake does; return whether it may be one of two."""
        combines = False
        for trial in trials:
            behaviour = _rounded(trial.outputs)
            if trial.outputs.agrees(self._right) or behaviour in self._explained:
                continue
            words = render(mistake.cause, mistake.about), mistake.about.get("variable")
            mutant = Mutant(mistake.cause, mistake.about, len(mistake.slips), trial.outputs,
                            trial.raised > 0, trial.target)  # fmt: skip
            self._found.setdefault((behaviour, words), mutant)
            combines = True
        return combines

    def settle(self) -> None:
        """Take what was found as explained: sources that come later do not add causes to it."""
        self._explained |= {behaviour for behaviour, *_ in self._found}  # type: ignore[misc]

    def mutants(self) -> tuple[Mutant, ...]:
        """Return all that were found."""
        return tuple(self._found.values())


def _rounded(outputs: Fingerprint) -> tuple[object, ...]:
    """Return what is equal for equal behaviour, but for rounding that falls on a border."""
    sums = tuple(float(f"{each:.9g}") for each in outputs.sums)
    return outputs.form, sums


def mutants_of(
    bench: Bench, roots: Sequence[AnyCallable], beyond: Sequence[AnyCallable]
) -> tuple[Mutant, ...]:
    """Return the likely mistakes in a question that any of these functions answers.

    What one slip explains is not explained by two. Raises UnlikeError where the functions do not
    answer twice as they should.
    """
    found, sources = _Collection(bench.right), []
    began = time.process_time()
    left = _number(bench.effort(roots[-1]))
    bench.seconds = max(bench.seconds, 10 * (time.process_time() - began))
    several = left * 2 // 5 if left > FEWEST else left // 6
    for root in roots:
        source = _Source(root, beyond, bench)
        source.check_unchanged()
        first = source.first_order()[: left - several]
        left -= len(first)
        useful = [each for each in first if found.add(each, source.trials(each))]
        sources.append((source, useful))
        found.settle()
    for kind, share in ((everywhere, 0.6), (in_one_statement, 0.6), (usual_pairs, 0.5)):
        for source, useful in sources:
            chosen = kind(useful)[: int(left * share)]
            left -= len(chosen)
            for mistake in chosen:
                found.add(mistake, source.trials(mistake))
        found.settle()
    for source, _ in sources:
        source.check_unchanged()
    return found.mutants()


def _number(effort: int) -> int:
    """Return how many mutants are made of a function that takes some effort."""
    return max(FEWEST, min(MOST, EFFORT // (effort + OVERHEAD)))
