"""What a wrong function's source shows by itself: what is never used, and what is from elsewhere.

These are facts, whether or not they are the reason. Some are mistakes for `SURE`, or hardly ever
without consequences (`STRONG`); the others are told where no reason is known.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.judging.choices import always_true, overwritten
from grader.judging.constants import constants, keys_twice
from grader.judging.facts import Fact
from grader.judging.lines import Function, Line, base_of

ACTIVATIONS = {"sigmoid", "relu", "tanh"}  # which are passed on as values, too
MODULES = {"np", "numpy", "math", "copy"}
SURE = {"elif_missing", "always_true", "key_twice", "spelling", "no_effect"}  # told in any case
STRONG = SURE | {
    "unused_parameter",
    "no_copy",
    "loop_variable",
    "own_stream",
    "draws_itself",
    "dictionary_unpacked",
    "xor_for_power",
    "returns_nothing",
}
NOTHING = {"append", "extend", "insert", "sort", "reverse", "resize", "fill", "shuffle", "update"}
_DRAWS = re.compile(r"\bnp\.random\.(?:rand|randn|random|uniform|normal|randint|standard_normal)\(")
_OWN_STREAM = re.compile(r"\b(?:default_rng|RandomState|Generator)\(")
# Called for what they do, not for what they return.
_DOING = re.compile(r"np\.(?:random\.|copyto|put|fill|place|set|seterr|testing|add\.at|info)")


@dataclass(frozen=True)
class Usual:
    """What right solutions make use of.

    `needed` are the parameters that have to be read, `dictionaries` and `arrays` those that are
    some, as the student's function calls them; `named` the names under which the reference has
    arrays; `functions` the notebook's graded ones; `texts` and `numbers` those that stand in right
    solutions or in what they are given; whether they `draw` random numbers, and whether a seed that
    is set inside counts (`seeds`).
    """

    needed: Collection[str] = ()
    dictionaries: Collection[str] = ()
    arrays: Collection[str] = ()
    named: Collection[str] = ()
    functions: Collection[str] = ()
    texts: Collection[str] = ()
    numbers: Collection[float] = ()
    draws: bool = True
    seeds: bool = False


def looks(function: Function, usual: Usual) -> list[Fact]:
    """Return what is to be told of a function, in the order of its lines."""
    if any(_is_left_open(line) for line in function.lines):
        return []  # not filled in: there is nothing to be seen yet
    found = [
        *_unused_parameters(function, usual.needed),
        *_unused_values(function, usual.named),
        *_from_elsewhere(function, usual.functions),
        *_second_names(function, usual),
        *_loop_variables(function),
        *_without_effect(function, usual.functions),
        *_returning_nothing(function),
        *_randomness(function, usual),
        *_unpacked_dictionaries(function, usual.dictionaries),
        *_powers(function),
        *overwritten(function),
        *always_true(function),
        *keys_twice(function),
        *constants(function, usual.texts, usual.numbers),
    ]
    return sorted(found, key=lambda fact: fact.line)


def is_not_filled_in(function: Function) -> bool:
    """Whether half of what the function binds, or more, is as the starter has it: None."""
    bound = [line for line in function.lines if isinstance(line.node, ast.Assign)]
    return 0 < len(bound) <= 2 * sum(map(_is_left_open, bound))


def _is_left_open(line: Line) -> bool:
    """Whether a statement is as the starter has it: `dw = None`, or several of them."""
    if not isinstance(line.node, ast.Assign):
        return False
    value = line.node.value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return any(isinstance(part, ast.Constant) and part.value is None for part in parts)


# ---------------------------------------------------------------- names


def _read(function: Function) -> set[str]:
    return {n.id for n in ast.walk(function.tree) if _is_read(n) and isinstance(n, ast.Name)}


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _unused_parameters(function: Function, needed: Collection[str]) -> Iterator[Fact]:
    read = _read(function)
    for name in function.parameters:
        if name in needed and name not in read:
            yield Fact("unused_parameter", name, 0)


def _unused_values(function: Function, named: Collection[str]) -> Iterator[Fact]:
    """Yield what is worked out and never used: a mask that is not applied."""
    read = _read(function)
    for line in function.lines:
        if isinstance(line.node, ast.Assign):
            for name in sorted(_whole_names(line.node) & set(named) - read):
                yield Fact("unused_value", name, line.first)


def _whole_names(node: ast.Assign) -> set[str]:
    """Return the names that a statement binds alone; of several, some are not wanted."""
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _from_elsewhere(function: Function, functions: Collection[str]) -> Iterator[Fact]:
    """Yield values that are neither passed nor made here: variables of the notebook."""
    known = set(functions) | set(dir(builtins)) | ACTIVATIONS | MODULES
    strange = _globals(function) - known - _functions_and_modules(function)
    for line in function.lines:
        if not isinstance(line.node, ast.FunctionDef | ast.ClassDef):
            for name in sorted(line.reads & strange):
                strange.discard(name)
                yield Fact("from_elsewhere", name, line.first)


def _globals(function: Function) -> set[str]:
    """Return the names that Python looks up outside of the function."""
    waiting = [symtable.symtable(function.source.code, "cell", "exec")]
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        if table.get_type() == "function":
            found |= {each.get_name() for each in table.get_symbols() if each.is_global()}
    return found


def _functions_and_modules(function: Function) -> set[str]:
    """Return the names that are called, or of whose attributes one is called or only looked up."""
    found = {function.tree.name}
    for node in ast.walk(function.tree):
        if isinstance(node, ast.Call):
            found |= {n.id for n in ast.walk(node.func) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.Attribute) and node.attr in ("pi", "e", "nan", "inf", "newaxis"):
            found |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.arguments | ast.ExceptHandler | ast.Raise):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found


# ---------------------------------------------------------------- statements


def _second_names(function: Function, usual: Usual) -> Iterator[Fact]:
    """Yield `plus = theta`, after which one is changed while the other is in use.

    Of what is known to be an array, `plus += 1` is a change, too. In a dictionary, a new value is
    put beside the others, or takes the place of the one that was read for it.
    """
    for line in function.lines:
        node = line.node
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name):
            continue
        if node.value.id in usual.dictionaries:
            continue
        for new in sorted(_whole_names(node)):
            both = {new, node.value.id}
            later = [each for each in function.lines if each.first > line.first]
            changed = {name for each in later for name in _element_stores(each.node)} & both
            if node.value.id in usual.arrays:
                changed |= {name for each in later for name in _updated(each.node)} & both
            if changed and any(each.reads & (both - changed or both) for each in later):
                yield Fact("no_copy", new, line.first)


def _element_stores(node: ast.stmt) -> Iterator[str]:
    """Yield the names of what a statement changes an element of."""
    if isinstance(node, ast.Assign | ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Subscript):
                yield base_of(target)


def _updated(node: ast.stmt) -> Iterator[str]:
    """Yield the name that a statement like `a += b` changes."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _returning_nothing(function: Function) -> Iterator[Fact]:
    """Yield `A = B.resize(2, 3)`, and what else is None."""
    for line in function.lines:
        value = line.node.value if isinstance(line.node, ast.Assign | ast.Return) else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            method, of = value.func.attr, ast.unparse(value.func.value)
            if method in NOTHING and of not in MODULES:
                yield Fact("returns_nothing", f"{of}.{method}"[:24], line.first)


def _loop_variables(function: Function) -> Iterator[Fact]:
    """Yield `for p in parameters: p = p - …`, which changes nothing in `parameters`."""
    for line in function.lines:
        loop = line.node
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name):
            if ast.unparse(loop.iter).startswith("range("):
                continue  # numbers of its own: nothing else was to change
            inside = [each for each in function.lines if line.holds(each)]
            touching = [e for e in inside if loop.target.id in e.reads | e.binds]
            last = touching[-1] if touching else None
            kept = last.node if last and isinstance(last.node, ast.Assign) else None
            if last and kept and loop.target.id in _whole_names(kept):
                yield Fact("loop_variable", loop.target.id, last.first)


def _without_effect(function: Function, functions: Collection[str]) -> Iterator[Fact]:
    """Yield statements that work something out and keep nothing of it."""
    for line in function.lines:
        value = line.node.value if isinstance(line.node, ast.Expr) else None
        if isinstance(value, ast.BinOp | ast.Compare | ast.Subscript):
            yield Fact("no_effect", ast.unparse(value)[:24], line.first)
        elif isinstance(value, ast.Call):
            name = ast.unparse(value.func)
            gives = name.startswith("np.") and not _DOING.match(name)
            if (gives and not _is_in_place(value)) or name in functions:
                yield Fact("no_effect", name, line.first)


def _is_in_place(call: ast.Call) -> bool:
    """Whether a call of NumPy's may change what it is given: np.maximum(Z, 0, Z), np.exp(Z, Z)."""
    names = [each.id for each in call.args if isinstance(each, ast.Name)]
    is_told = any(each.arg in ("out", "copy", "where") for each in call.keywords)
    return is_told or len(set(names)) < len(names)


def _randomness(function: Function, usual: Usual) -> Iterator[Fact]:
    for line in function.lines:
        text = "" if line.is_compound else ast.unparse(line.node)
        if _DRAWS.search(text) and not usual.draws:
            yield Fact("draws_itself", "", line.first)
        elif usual.draws and (
            _OWN_STREAM.search(text) or (usual.seeds and "np.random.seed(" in text)
        ):
            yield Fact("own_stream", "", line.first)


def _unpacked_dictionaries(function: Function, dictionaries: Collection[str]) -> Iterator[Fact]:
    """Yield `W1, b1 = parameters`, which gives the keys."""
    for line in function.lines:
        node = line.node
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            unpacks = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
            if unpacks and node.value.id in dictionaries:
                yield Fact("dictionary_unpacked", node.value.id, line.first)


def _powers(function: Function) -> Iterator[Fact]:
    for line in function.lines:
        if any(isinstance(getattr(each, "op", None), ast.BitXor) for each in line.nodes):
            yield Fact("xor_for_power", "", line.first)
