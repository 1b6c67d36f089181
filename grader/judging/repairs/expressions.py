"""Changes within the expressions of one statement."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.judging.lines import BLOCKS, is_compound
from grader.judging.repairs import arithmetic, calls, elements
from grader.judging.repairs.variants import Scope, Variant, is_text, name_of
from grader.judging.trees import Path, replaced

STORED = 3  # the rank of another key to store under: likelier is that what is stored is wrong


@dataclass(frozen=True)
class Change:
    """A changed statement, the mistake that the change takes back (see Variant), and its line.

    `parts` are the expressions that are new, with the way to the place of each.
    """

    statement: ast.stmt
    parts: tuple[tuple[Path, ast.expr], ...]
    cause: str
    about: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0
    at: int | None = None

    def made(self) -> ast.stmt:
        """Return the changed statement: most changes are never looked at, so made when asked."""
        made = self.statement
        for path, new in self.parts:
            made = replaced(made, path, new)
        return made

    def new_names(self) -> set[str]:
        """Return the names that are read or bound in what is new."""
        nodes = (node for _, new in self.parts for node in ast.walk(new))
        return {node.id for node in nodes if isinstance(node, ast.Name)}


def changes(statement: ast.stmt, scope: Scope) -> Iterator[Change]:
    """Yield the statement with one expression changed, in every way."""
    agreed = _agreed(statement)
    every = [each for each in _expressions(statement) if each[1] not in agreed]
    targets = [ast.unparse(target) for target in getattr(statement, "targets", ())]
    for path, node, is_top in every:
        for made, cause, rank, about in _variants(node, scope, top=is_top):
            if cause == "other_value" and ast.unparse(made) in targets:
                continue  # `z = z`: a step that is left out
            kind = _named_by_place(statement, path).get(cause, cause)
            likely = rank if kind not in _OF_TARGET.values() else max(rank, STORED)
            yield Change(statement, ((path, made),), kind, about, likely, node.lineno)
    if not is_compound(statement):
        yield from _renamed(statement, every, scope)


def _agreed(statement: ast.stmt) -> list[ast.expr]:
    """Return the names that stand under keys of the same name: {"dW": dW}, grads["dW"] = dW."""
    pairs = [
        (key, value)
        for node in ast.walk(statement)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    if isinstance(statement, ast.Assign):
        stored = (each for each in statement.targets if isinstance(each, ast.Subscript))
        pairs += [(each.slice, statement.value) for each in stored]
    return [
        value
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(value, ast.Name) and key.value == value.id
    ]


_OF_RETURN = {"value_missing": "return_missing"}
_OF_TARGET = {"other_layer": "stored_layer", "other_key": "stored_key"}


def _named_by_place(statement: ast.stmt, path: Path) -> Mapping[str, str]:
    """Return what causes are called where they stand."""
    if isinstance(statement, ast.Return):
        return _OF_RETURN
    return _OF_TARGET if path[0][0] in ("target", "targets") else {}


def _renamed(
    statement: ast.stmt, every: Sequence[tuple[Path, ast.expr, bool]], scope: Scope
) -> Iterator[Change]:
    """Yield the statement with another name wherever it reads one more than once."""
    places: dict[str, list[Path]] = {}
    for path, node, _ in every:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != "np":
            places.setdefault(node.id, []).append(path)
    for taken, paths in sorted(places.items()):
        for name in scope.names if len(paths) > 1 else ():
            if name != taken:
                parts = tuple((path, name_of(name)) for path in paths)
                rank = 2 if elements.are_alike(name, taken) else 3
                about = {"taken": taken}
                yield Change(statement, parts, "neighbour", about, rank, statement.lineno)


def _expressions(statement: ast.stmt) -> Iterator[tuple[Path, ast.expr, bool]]:
    """Yield every expression of a statement's own, and whether it is a whole one."""
    for field_name, value in ast.iter_fields(statement):
        if field_name in (*BLOCKS, "decorator_list", "args"):
            continue
        for index, child in _children(value):
            if isinstance(child, ast.expr):
                whole = field_name in ("value", "iter", "test")
                yield from _below(child, ((field_name, index),), whole=whole)


def _children(value: Any) -> Iterator[tuple[int | None, Any]]:
    if isinstance(value, list):
        yield from enumerate(value)
    elif value is not None:
        yield None, value


def _below(node: ast.expr, path: Path, *, whole: bool) -> Iterator[tuple[Path, ast.expr, bool]]:
    yield path, node, whole
    is_target = isinstance(getattr(node, "ctx", None), ast.Store)
    for field_name, value in ast.iter_fields(node):
        if is_target and field_name == "value":
            continue  # where a value is kept is no mistake in it
        if isinstance(value, ast.Name) and (field_name == "func" or _is_entry(node, field_name)):
            continue  # other functions and other dictionaries are tried with the whole
        for index, child in _children(value):
            below = (*path, (field_name, index))
            # The parts of what is returned are whole, too.
            part = whole and isinstance(node, ast.Tuple | ast.Dict) and field_name != "keys"
            if isinstance(child, ast.keyword):
                yield from _below(child.value, (*below, ("value", None)), whole=False)
            elif isinstance(child, ast.comprehension):
                yield from _below(child.iter, (*below, ("iter", None)), whole=False)
                for number, test in enumerate(child.ifs):
                    yield from _below(test, (*below, ("ifs", number)), whole=False)
            elif isinstance(child, ast.expr) and not isinstance(node, ast.JoinedStr):
                yield from _below(child, below, whole=part)


def _is_entry(node: ast.expr, field_name: str) -> bool:
    """Whether a field is the dictionary of which an entry is taken."""
    return isinstance(node, ast.Subscript) and field_name == "value" and is_text(node.slice)


_Maker = Callable[[Any, Scope], Iterator[Variant]]
_BY_TYPE: dict[type[ast.expr], tuple[_Maker, ...]] = {
    ast.BinOp: (arithmetic.of_binary, elements.of_numbered_key),
    ast.UnaryOp: (arithmetic.of_unary,),
    ast.Constant: (elements.of_constant,),
    ast.Name: (elements.of_name,),
    ast.Attribute: (elements.of_attribute,),
    ast.Subscript: (elements.of_subscript,),
    ast.JoinedStr: (elements.of_f_string,),
    ast.Call: (calls.of_call,),
    ast.Compare: (elements.of_comparison,),
    ast.BoolOp: (elements.of_choice,),
    ast.Tuple: (elements.of_tuple,),
    ast.Dict: (elements.of_dictionary,),
}


def _variants(node: ast.expr, scope: Scope, *, top: bool) -> Iterator[Variant]:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        yield from elements.of_target(node)
        return
    for make in _BY_TYPE.get(type(node), ()):
        yield from make(node, scope)
    is_value = isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute)
    if is_value and not is_text(node):
        yield from arithmetic.anywhere(node, scope, top=top)
