"""Changes of names, numbers, texts, indices, comparisons, tuples and dictionaries."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.judging.repairs.variants import (
    Scope,
    Variant,
    call,
    is_text,
    moved,
    name_of,
    number,
    short,
    size_of,
)

MOST_IN_ORDER = 16  # of which two change places
MOST_OF_A_NUMBER = 1e15  # beyond it, neighbours are the same number
MANY = 4  # values from which on one may be forgotten among the others
_STRICT = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}


def of_target(node: ast.expr) -> Iterator[Variant]:
    """Yield `A, _` for `A`, where several values come back, and other orders."""
    if isinstance(node, ast.Tuple):
        yield from _other_orders(node)
    if isinstance(node, ast.Name | ast.Subscript):
        rest = ast.Name("_", ast.Store())
        for elements in ([node, rest], [rest, node], [node, rest, rest]):
            yield Variant(ast.Tuple(list(elements), ast.Store()), "pair_not_unpacked", 2)


def of_constant(node: ast.Constant, scope: Scope) -> Iterator[Variant]:
    """Yield other numbers, names and sizes for a number, other words for a text."""
    value = node.value
    if isinstance(value, bool):
        yield Variant(ast.Constant(not value), "constant", 5)
    elif isinstance(value, int | float):
        yield from _other_numbers(value, scope)
    elif isinstance(value, str):
        for key in dict.fromkeys((*scope.keys, *scope.strings, "d" + value)):
            if key != value:
                yield Variant(ast.Constant(key), "other_key", 3, {"taken": repr(value)})


def _other_numbers(value: float, scope: Scope) -> Iterator[Variant]:
    if abs(value) > MOST_OF_A_NUMBER:
        return
    numbers = (0, 1, 2, 0.5, 0.01, 10, 3, 4, value * 2, value / 2, value + 1, value - 1, -value)
    for other in dict.fromkeys(numbers):
        if other != value:
            yield Variant(number(other), "constant", 4)
    for name in scope.numbers:
        yield Variant(name_of(name), "fixed_number", 3, {"taken": repr(value)})
    for name in scope.names if value > 1 else ():
        for axis in (0, 1) if name not in scope.numbers else ():
            yield Variant(size_of(name_of(name), axis), "fixed_size", 5)


def of_name(node: ast.Name, scope: Scope) -> Iterator[Variant]:
    """Yield the other names."""
    for name in scope.names:
        if name != node.id:
            rank = 2 if are_alike(name, node.id) else 3
            yield Variant(ast.Name(name, node.ctx), "neighbour", rank, {"taken": node.id})


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be taken for one another: dW1 and dW2, W1 and b1."""
    same = one.strip("d0123456789_").lower() == other.strip("d0123456789_").lower()
    return same or (one[-1:] == other[-1:] and one[-1:].isdigit())


def of_attribute(node: ast.Attribute, _: Scope) -> Iterator[Variant]:
    """Yield an array that is not transposed, and one size of its shape for all of it."""
    if node.attr == "T":
        yield Variant(node.value, "transpose_extra", 2, {"taken": short(node.value)})
    if node.attr == "size":
        for axis in (0, 1):
            yield Variant(size_of(node.value, axis), "wrong_axis_of_shape", 2)


def of_subscript(node: ast.Subscript, scope: Scope) -> Iterator[Variant]:
    """Yield the neighbours of an element, the other axis of a shape, and all of it."""
    index = node.slice
    if is_text(index) and isinstance(node.value, ast.Name):
        for name in scope.dictionaries:
            if name != node.value.id:
                other = ast.Subscript(name_of(name), index, node.ctx)
                yield Variant(other, "neighbour", 3, {"taken": node.value.id})
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        if isinstance(index, ast.Constant) and index.value in (0, 1):
            other_axis = 1 if index.value == 0 else 0
            yield Variant(size_of(node.value.value, other_axis), "wrong_axis_of_shape", 1)
        return
    if not isinstance(index, ast.Slice | ast.Tuple) and not is_text(index):
        for by in (1, -1):
            other = ast.Subscript(node.value, moved(index, by), node.ctx)
            yield Variant(other, "other_element", 2)
    yield Variant(node.value, "index_extra", 5, {"taken": short(node)})


def of_numbered_key(node: ast.BinOp, _: Scope) -> Iterator[Variant]:
    """Yield the keys of the layers beside: "dW" + str(l + 1) for "dW" + str(l)."""
    made = node.right
    if isinstance(made, ast.Call) and ast.unparse(made.func) == "str" and len(made.args) == 1:
        for by in (1, -1):
            other = call("str", moved(made.args[0], by))
            yield Variant(ast.BinOp(node.left, node.op, other), "other_layer", 1)


def of_f_string(node: ast.JoinedStr, _: Scope) -> Iterator[Variant]:
    """Yield the keys of the layers beside: f"dW{l + 1}" for f"dW{l}"."""
    for index, part in enumerate(node.values):
        if isinstance(part, ast.FormattedValue):
            for by in (1, -1):
                other = ast.FormattedValue(moved(part.value, by), -1)
                values = [*node.values[:index], other, *node.values[index + 1 :]]
                yield Variant(ast.JoinedStr(values), "other_layer", 1)


def of_comparison(node: ast.Compare, _: Scope) -> Iterator[Variant]:
    """Yield the other comparisons."""
    if len(node.ops) != 1:
        return
    own = type(node.ops[0])
    for op in (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq):
        if op is not own:
            cause = "comparison_strict" if _STRICT.get(own) is op else "comparison_inverted"
            yield Variant(ast.Compare(node.left, [op()], node.comparators), cause, 1)


def of_choice(node: ast.BoolOp, _: Scope) -> Iterator[Variant]:
    """Yield one condition less."""
    for i, left_out in enumerate(node.values):
        rest = [*node.values[:i], *node.values[i + 1 :]]
        less = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        is_text_alone = isinstance(node.op, ast.Or) and is_text(left_out)
        cause = "always_true" if is_text_alone else "condition_extra"
        yield Variant(less, cause, 2, {"taken": short(left_out)})


def of_tuple(node: ast.Tuple, scope: Scope) -> Iterator[Variant]:
    """Yield other orders, one value less, one more."""
    elements = node.elts
    yield from _other_orders(node)
    half, odd = divmod(len(elements), 2)
    if half > 1 and not odd:
        words = {"taken": short(elements[0]), "other": short(elements[half])}
        turned = ast.Tuple([*elements[half:], *elements[:half]], node.ctx)
        yield Variant(turned, "order_of_values", 1, words)
    for i in range(len(elements) if len(elements) > 1 else 0):
        rest = [*elements[:i], *elements[i + 1 :]]
        less = rest[0] if len(rest) == 1 else ast.Tuple(rest, node.ctx)
        yield Variant(less, "value_extra", 2, {"taken": short(elements[i])})
    for name in scope.names:
        more = ast.Tuple([*elements, name_of(name)], node.ctx)
        yield Variant(more, "value_missing", 4, {"term": name})
    if len(elements) >= MANY and isinstance(node.ctx, ast.Load):
        yield from _with_one_more(node, scope)


def _with_one_more(node: ast.Tuple, scope: Scope) -> Iterator[Variant]:
    """Yield a cache with one more value among the others."""
    there = {element.id for element in node.elts if isinstance(element, ast.Name)}
    for name in scope.names:
        for at in range(len(node.elts) if name not in there else 0):
            more = [*node.elts[:at], name_of(name), *node.elts[at:]]
            yield Variant(ast.Tuple(more, node.ctx), "element_missing", 1, {"term": name})


def _other_orders(node: ast.Tuple) -> Iterator[Variant]:
    for i in range(len(node.elts) if len(node.elts) <= MOST_IN_ORDER else 0):
        for j in range(i):
            swapped = list(node.elts)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            words = {"taken": short(node.elts[j]), "other": short(node.elts[i])}
            yield Variant(ast.Tuple(swapped, node.ctx), "order_of_values", 1, words)


def of_dictionary(node: ast.Dict, scope: Scope) -> Iterator[Variant]:
    """Yield a dictionary with two values exchanged, or with one more, where there is one for it."""
    texts = [ast.unparse(key) for key in node.keys if key]
    is_short = len(node.keys) <= MOST_IN_ORDER
    for i in range(len(node.values) if is_short and len(set(texts)) == len(node.keys) else 0):
        for j in range(i):
            values = list(node.values)
            values[i], values[j] = values[j], values[i]
            words = {"taken": short(node.values[j]), "other": short(node.values[i])}
            yield Variant(ast.Dict(node.keys, values), "order_of_values", 1, words)
    known = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    for key in scope.keys:
        for name in scope.names:
            if key not in known and name.lower() == key.lower():
                more = ast.Dict([*node.keys, ast.Constant(key)], [*node.values, name_of(name)])
                yield Variant(more, "key_missing", 2, {"taken": repr(key)})
