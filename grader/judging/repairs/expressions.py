"""Changes within the expressions of one statement."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judging.repairs import arithmetic, calls, elements
from grader.judging.repairs.variants import Scope, Variant, is_text


@dataclass(frozen=True)
class Change:
    """A changed statement, the mistake that the change takes back (see Variant), and its line."""

    node: ast.stmt
    cause: str
    about: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0
    at: int | None = None


def changes(statement: ast.stmt, scope: Scope) -> Iterator[Change]:
    """Yield the statement with one expression changed, in every way."""
    for path, node, is_top in _expressions(statement):
        for made, cause, rank, about in _variants(node, scope, top=is_top):
            if cause == "other_value" and ast.unparse(made) in _targets(statement):
                continue  # `z = z`: a step that is left out
            kind = _OF_RETURN.get(cause, cause) if isinstance(statement, ast.Return) else cause
            yield Change(_replaced(statement, path, made), kind, about, rank, node.lineno)
    yield from _renamed(statement, scope)


def _targets(statement: ast.stmt) -> list[str]:
    return [ast.unparse(target) for target in getattr(statement, "targets", ())]


_OF_RETURN = {"value_missing": "return_missing"}


def _renamed(statement: ast.stmt, scope: Scope) -> Iterator[Change]:
    """Yield the statement with another name wherever it reads one more than once."""
    if hasattr(statement, "body"):
        return
    loaded = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and _is_read(n)]
    for taken in sorted({name for name in loaded if loaded.count(name) > 1}):
        for name in scope.names:
            if name != taken:
                made = _Renaming(taken, name).visit(copy.deepcopy(statement))
                rank = 2 if elements.are_alike(name, taken) else 3
                yield Change(made, "neighbour", {"taken": taken}, rank, statement.lineno)


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


class _Renaming(ast.NodeTransformer):
    def __init__(self, taken: str, due: str) -> None:
        self._taken, self._due = taken, due

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Read another name."""
        is_it = node.id == self._taken and _is_read(node)
        return ast.Name(self._due, node.ctx) if is_it else node


Path = tuple[tuple[str, int | None], ...]


def _expressions(statement: ast.stmt) -> Iterator[tuple[Path, ast.expr, bool]]:
    """Yield every expression of a statement's own, and whether it is a whole one."""
    for field_name, value in ast.iter_fields(statement):
        if field_name in ("body", "orelse", "finalbody", "handlers", "decorator_list", "args"):
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
            elif isinstance(child, ast.expr) and not isinstance(node, ast.JoinedStr):
                yield from _below(child, below, whole=part)


def _is_entry(node: ast.expr, field_name: str) -> bool:
    """Whether a field is the dictionary of which an entry is taken."""
    return isinstance(node, ast.Subscript) and field_name == "value" and is_text(node.slice)


def _replaced(statement: ast.stmt, path: Path, new: ast.expr) -> ast.stmt:
    made = copy.copy(statement)
    owner: Any = made
    for field_name, index in path[:-1]:
        value = getattr(owner, field_name)
        if index is None:
            child = copy.copy(value)
            setattr(owner, field_name, child)
        else:
            child = copy.copy(value[index])
            setattr(owner, field_name, [*value[:index], child, *value[index + 1 :]])
        owner = child
    field_name, index = path[-1]
    if index is None:
        setattr(owner, field_name, new)
    else:
        value = getattr(owner, field_name)
        setattr(owner, field_name, [*value[:index], new, *value[index + 1 :]])
    return made


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
