"""Changes within the expressions of one statement."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scope:
    """What may stand in an expression: names, keys, and strings that the function compares with."""

    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A changed statement, and the mistake that the change takes back."""

    node: ast.stmt
    cause: str
    about: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0


# A changed expression, the cause, its rank, and what the words need.
Variant = tuple[ast.expr, str, int, Mapping[str, str]]

OPPOSITE: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
PRODUCTS = ("np.dot", "np.matmul")
MISSING_CALL = {
    "np.log": "log_missing",
    "np.exp": "exp_missing",
    "np.sqrt": "root_missing",
    "np.square": "square_missing",
    "np.abs": "absolute_missing",
    "np.sum": "sum_missing",
    "sigmoid": "activation_missing",
    "np.tanh": "activation_missing",
    "relu": "activation_missing",
}
_LOGS = ("np.log", "np.log2", "np.log10", "np.log1p")
_ACTIVATIONS = ("sigmoid", "relu", "np.tanh", "tanh")
# Functions that are taken for one another.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("np.dot", "np.multiply", "np.matmul"),
    ("np.sum", "np.mean", "np.max", "np.prod"),
    ("np.log", "np.log2", "np.log10", "np.log1p", "np.exp"),
    ("np.square", "np.abs", "np.sqrt", "abs"),
    ("sigmoid", "relu", "np.tanh", "tanh"),
    ("sigmoid_backward", "relu_backward"),
    ("np.random.randn", "np.random.rand", "np.random.standard_normal"),
    ("np.zeros", "np.ones", "np.empty"),
    ("np.linalg.norm", "np.sum"),
    ("np.maximum", "np.minimum", "np.max"),
    ("dictionary_to_vector", "gradients_to_vector"),
)
WRAPS = (
    "np.log",
    "np.exp",
    "np.sqrt",
    "np.square",
    "np.abs",
    "np.sum",
    "sigmoid",
    "np.tanh",
    "relu",
)


def changes(statement: ast.stmt, scope: Scope) -> Iterator[Change]:
    """Yield the statement with one expression changed, in every way."""
    for path, node, is_top in _expressions(statement):
        for variant, cause, rank, about in _variants(node, scope, top=is_top):
            yield Change(_replaced(statement, path, variant), cause, about, rank)


Path = tuple[tuple[str, int | None], ...]


def _expressions(statement: ast.stmt) -> Iterator[tuple[Path, ast.expr, bool]]:
    """Yield every expression of a statement's own, and whether it is a whole one."""
    for field_name, value in ast.iter_fields(statement):
        if field_name in ("body", "orelse", "finalbody", "handlers", "decorator_list", "args"):
            continue
        for index, child in _children(value):
            if isinstance(child, ast.expr):
                whole = field_name in ("value", "iter", "test")
                yield from _below(child, ((field_name, index),), whole)


def _children(value: Any) -> Iterator[tuple[int | None, Any]]:
    if isinstance(value, list):
        yield from enumerate(value)
    elif value is not None:
        yield None, value


def _below(node: ast.expr, path: Path, whole: bool) -> Iterator[tuple[Path, ast.expr, bool]]:
    yield path, node, whole
    for field_name, value in ast.iter_fields(node):
        for index, child in _children(value):
            # The parts of what is returned are whole, too; so are a call's keywords' values.
            if isinstance(child, ast.expr) and not isinstance(node, ast.JoinedStr):
                part = whole and isinstance(node, ast.Tuple | ast.Dict) and field_name != "keys"
                yield from _below(child, (*path, (field_name, index)), part)


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


# ---------------------------------------------------------------- one expression


def _variants(node: ast.expr, scope: Scope, *, top: bool) -> Iterator[Variant]:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        yield from _of_target(node)
        return
    for make in _BY_TYPE.get(type(node), ()):
        yield from make(node, scope)
    if isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        yield from _anywhere(node, scope, top=top)


def _of_target(node: ast.expr) -> Iterator[Variant]:
    """`A = sigmoid(Z)` where a pair comes back."""
    if isinstance(node, ast.Name | ast.Subscript):
        rest = ast.Name("_", ast.Store())
        for elements in ([node, rest], [rest, node], [node, rest, rest]):
            yield ast.Tuple(list(elements), ast.Store()), "pair_not_unpacked", 2, {}


def _anywhere(node: ast.expr, scope: Scope, *, top: bool) -> Iterator[Variant]:
    rank = 3 if top else 6
    one = ast.Constant(1)
    if not isinstance(node, ast.Name) or top:
        yield ast.UnaryOp(ast.USub(), node), "sign_missing", 2, {}
    yield ast.BinOp(one, ast.Sub(), node), "complement_missing", 4, {"taken": _short(node)}
    yield ast.Attribute(node, "T", ast.Load()), "transpose_missing", 2, {"taken": _short(node)}
    if top or isinstance(node, ast.BinOp | ast.Call):
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2)), "square_missing", 5, {}
        for name in WRAPS:
            yield _call(name, node), MISSING_CALL[name], 5, {}
        for name in scope.names:
            other = ast.Name(name, ast.Load())
            divided = "not_averaged" if name == "m" else "divisor_missing"
            yield ast.BinOp(node, ast.Div(), other), divided, rank, {}
            yield ast.BinOp(node, ast.Mult(), other), "factor_missing", rank, {"factor": name}
            yield ast.BinOp(node, ast.Add(), other), "term_missing", rank + 1, {"term": name}
            yield ast.BinOp(node, ast.Sub(), other), "term_missing", rank + 1, {"term": name}
        for number in (2, 10, 100):
            yield ast.BinOp(node, ast.Div(), ast.Constant(number)), "constant_factor", 7, {}
            yield ast.BinOp(node, ast.Mult(), ast.Constant(number)), "constant_factor", 7, {}
    if top:
        yield from _of_whole(node)


def _of_whole(node: ast.expr) -> Iterator[Variant]:
    turned = _call("np.reshape", node, ast.Tuple([_number(-1), ast.Constant(1)], ast.Load()))
    yield turned, "other_shape", 6, {}
    yield _call("np.squeeze", node), "other_shape", 6, {}
    yield _call("float", _call("np.squeeze", node)), "other_shape", 7, {}
    yield _call("np.atleast_2d", node), "other_shape", 7, {}


def _binary(node: ast.BinOp, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    left, right, op = node.left, node.right, node.op
    if other := OPPOSITE.get(type(op)):
        cause = "added_not_subtracted" if isinstance(op, ast.Add) else "subtracted_not_added"
        yield ast.BinOp(left, other(), right), cause, 1, {"term": _short(right)}
    if isinstance(op, ast.Mult):
        yield ast.BinOp(left, ast.MatMult(), right), "entrywise_product", 1, {}
        yield (
            ast.BinOp(left, ast.Div(), right),
            "multiplied_not_divided",
            1,
            {"factor": _short(right)},
        )
        yield (
            ast.BinOp(right, ast.Div(), left),
            "multiplied_not_divided",
            3,
            {"factor": _short(left)},
        )
    if isinstance(op, ast.Div):
        yield (
            ast.BinOp(left, ast.Mult(), right),
            "divided_not_multiplied",
            1,
            {"factor": _short(right)},
        )
    if isinstance(op, ast.MatMult):
        yield ast.BinOp(left, ast.Mult(), right), "matrix_product", 1, {}
    if isinstance(op, ast.Add | ast.Sub):
        yield ast.BinOp(left, ast.Mult(), right), "sum_for_product", 4, {}
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult):
        cause = {ast.Sub: "difference_reversed", ast.MatMult: "product_swapped"}.get(
            type(op), "division_reversed"
        )
        yield ast.BinOp(right, op, left), cause, 1, {}
    if isinstance(op, ast.Pow) and isinstance(right, ast.Constant):
        for number in (1, 2, 3, 0.5):
            yield ast.BinOp(left, op, ast.Constant(number)), "exponent", 3, {}
    if isinstance(op, ast.Div):
        extra = "averaged_extra" if _short(right) == "m" else "divisor_extra"
        yield left, extra, 3, {"factor": _short(right)}
    elif isinstance(op, ast.Add | ast.Sub):
        yield left, "term_extra", 3, {"term": _short(right)}
        is_one = isinstance(left, ast.Constant) and left.value == 1
        cause, words = "term_extra", {"term": _short(left)}
        if isinstance(op, ast.Sub) and is_one:
            cause, words = "complement_extra", {"taken": _short(right)}
        yield right, cause, 3, words
        if isinstance(op, ast.Sub):
            yield ast.UnaryOp(ast.USub(), right), "term_extra", 4, {"term": _short(left)}
    elif not isinstance(op, ast.Pow):
        yield left, "factor_extra", 3, {"factor": _short(right)}
        yield right, "factor_extra", 3, {"factor": _short(left)}
    else:
        yield left, "exponent", 3, {}
    yield from _regrouped(node)


def _regrouped(node: ast.BinOp) -> Iterator[Variant]:
    """a + b / c for (a + b) / c, and all others of the kind."""
    left, right, op = node.left, node.right, node.op
    words: dict[str, str] = {}
    if isinstance(right, ast.BinOp):
        inner = ast.BinOp(left, op, right.left)
        yield ast.BinOp(inner, right.op, right.right), "brackets", 2, words
    if isinstance(left, ast.BinOp):
        inner = ast.BinOp(left.right, op, right)
        yield ast.BinOp(left.left, left.op, inner), "brackets", 2, words
        if isinstance(left.op, ast.Div) and isinstance(op, ast.Mult):
            inner = ast.BinOp(left.right, ast.Mult(), right)
            yield ast.BinOp(left.left, ast.Div(), inner), "brackets", 2, words
    if isinstance(right, ast.UnaryOp):
        inner = ast.BinOp(left, op, right.operand)
        yield ast.UnaryOp(right.op, inner), "brackets", 4, words
    for side, other, first in ((left, right, True), (right, left, False)):
        if (
            isinstance(side, ast.Call)
            and len(side.args) >= 1
            and isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div)
        ):
            # np.sum(a) + b for np.sum(a + b), np.dot(W, X) + b for np.dot(W, X + b)
            for index, argument in enumerate(side.args[:2]):
                inner = ast.BinOp(argument, op, other) if first else ast.BinOp(other, op, argument)
                yield _with_argument(side, index, inner), "brackets", 4, words
            same = isinstance(other, ast.Call) and ast.unparse(side.func) == ast.unparse(other.func)
            if same and first and len(side.args) == 1 and isinstance(other, ast.Call):
                inner = ast.BinOp(side.args[0], op, other.args[0])
                yield _with_argument(side, 0, inner), "brackets", 4, words


def _inside_call(node: ast.Call, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    """np.dot(W, X + b) for np.dot(W, X) + b."""
    for index, argument in enumerate(node.args):
        if isinstance(argument, ast.BinOp):
            inner = _with_argument(node, index, argument.left)
            yield ast.BinOp(inner, argument.op, argument.right), "brackets", 3, {}
            inner = _with_argument(node, index, argument.right)
            yield ast.BinOp(argument.left, argument.op, inner), "brackets", 4, {}


def _with_argument(call: ast.Call, index: int, argument: ast.expr) -> ast.Call:
    return ast.Call(
        call.func, [*call.args[:index], argument, *call.args[index + 1 :]], call.keywords
    )


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.parse(name, mode="eval").body, list(arguments), [])


def _number(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _unary(node: ast.UnaryOp, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    if isinstance(node.op, ast.USub):
        yield node.operand, "sign_extra", 1, {}
    if isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand, "comparison_inverted", 1, {}


def _constant(node: ast.Constant, scope: Scope) -> Iterator[Variant]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value), "constant", 5, {}
    elif isinstance(value, int | float):
        numbers = (0, 1, 2, 0.5, 0.01, 10, 3, 4, value * 2, value / 2, value + 1, value - 1, -value)
        for number in dict.fromkeys(numbers):
            if number != value:
                yield _number(number), "constant", 4, {}
        for name in scope.names:
            yield ast.Name(name, ast.Load()), "fixed_number", 4, {"taken": repr(value)}
            for axis in (0, 1):
                shape = ast.Attribute(ast.Name(name, ast.Load()), "shape", ast.Load())
                size = ast.Subscript(shape, ast.Constant(axis), ast.Load())
                yield size, "fixed_size", 5, {}
    elif isinstance(value, str):
        for key in (*scope.keys, *scope.strings):
            if key != value:
                yield ast.Constant(key), "other_key", 3, {"taken": repr(value)}
        yield ast.Constant("d" + value), "other_key", 3, {"taken": repr(value)}


def _name(node: ast.Name, scope: Scope) -> Iterator[Variant]:
    for name in scope.names:
        if name != node.id:
            rank = 2 if _alike(name, node.id) else 3
            yield ast.Name(name, node.ctx), "neighbour", rank, {"taken": node.id}


def _alike(one: str, other: str) -> bool:
    return one.strip("d0123456789_").lower() == other.strip("d0123456789_").lower() or (
        one[-1:] == other[-1:] and one[-1:].isdigit()
    )


def _attribute(node: ast.Attribute, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    if node.attr == "T":
        yield node.value, "transpose_extra", 2, {"taken": _short(node.value)}
    if node.attr == "size":
        for axis in (0, 1):
            shape = ast.Attribute(node.value, "shape", ast.Load())
            yield ast.Subscript(shape, ast.Constant(axis), ast.Load()), "wrong_axis_of_shape", 2, {}


def _subscript(node: ast.Subscript, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    index = node.slice
    is_shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    if is_shape and isinstance(index, ast.Constant) and index.value in (0, 1):
        other = ast.Constant(1 - index.value)
        yield ast.Subscript(node.value, other, node.ctx), "wrong_axis_of_shape", 1, {}
    elif not isinstance(index, ast.Slice | ast.Tuple) and not _is_text(index):
        for step in (1, -1):
            moved = ast.BinOp(index, ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))
            yield ast.Subscript(node.value, moved, node.ctx), "other_element", 2, {}
    if not is_shape:
        yield node.value, "index_extra", 5, {"taken": _short(node)}


def _is_text(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(node))


def _formatted(node: ast.BinOp, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    """ "dW" + str(l) for "dW" + str(l + 1)."""
    call = node.right
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "str" and len(call.args) == 1:
        for op in (ast.Add(), ast.Sub()):
            moved = ast.BinOp(call.args[0], op, ast.Constant(1))
            yield ast.BinOp(node.left, node.op, _call("str", moved)), "other_layer", 1, {}


def _f_string(node: ast.JoinedStr, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    for index, part in enumerate(node.values):
        if isinstance(part, ast.FormattedValue):
            for op in (ast.Add(), ast.Sub()):
                moved = ast.FormattedValue(ast.BinOp(part.value, op, ast.Constant(1)), -1)
                values = [*node.values[:index], moved, *node.values[index + 1 :]]
                yield ast.JoinedStr(values), "other_layer", 1, {}


def _of_call(node: ast.Call, scope: Scope) -> Iterator[Variant]:
    name = ast.unparse(node.func)
    arguments, keywords = node.args, node.keywords
    for family in FAMILIES:
        if name in family:
            for other in family:
                if other != name:
                    function = ast.parse(other, mode="eval").body
                    words = {"taken": name}
                    cause = _function_cause(name, other)
                    yield ast.Call(function, arguments, keywords), cause, 2, words
    if len(arguments) == 1 and not keywords:
        yield arguments[0], "call_extra", 3, {"taken": name}
    for i in range(len(arguments)):
        for j in range(i):
            swapped = list(arguments)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            cause = "product_swapped" if name in PRODUCTS else "arguments_swapped"
            words = {"taken": _short(arguments[j]), "other": _short(arguments[i])}
            yield ast.Call(node.func, swapped, keywords), cause, 1, words
    yield from _keywords(node, name)
    if name in ("np.zeros", "np.ones", "np.empty") and len(arguments) > 1:
        shape = ast.Tuple(list(arguments), ast.Load())
        yield ast.Call(node.func, [shape], keywords), "shape_as_tuple", 1, {"taken": name}
    if name == "range":
        yield from _range(node)
    if name not in _REDUCTIONS and not name.startswith(("np.", "str", "len", "int", "float")):
        for each in scope.names:
            argument = ast.Name(each, ast.Load())
            words = {"term": each, "taken": name}
            yield (
                ast.Call(node.func, [*arguments, argument], keywords),
                "argument_missing",
                4,
                words,
            )
            yield (
                ast.Call(node.func, [argument, *arguments], keywords),
                "argument_missing",
                4,
                words,
            )
    yield from _inside_call(node, scope)


_REDUCTIONS = ("np.sum", "np.mean", "np.max", "np.linalg.norm", "np.prod", "np.min")


def _function_cause(taken: str, due: str) -> str:
    """Return the kind of mistake that taking a function for another one is."""
    if taken in _ACTIVATIONS and due in _ACTIVATIONS:
        return "other_activation"
    if taken.endswith("_backward"):
        return "other_derivative"
    if taken in _LOGS and due in _LOGS:
        return "log_base"
    if taken.startswith("np.random."):
        return "uniform_for_normal" if taken == "np.random.rand" else "normal_for_uniform"
    return _SINGLE_CAUSES.get((taken, due), "other_function")


_SINGLE_CAUSES = {
    ("np.multiply", "np.dot"): "entrywise_product",
    ("np.multiply", "np.matmul"): "entrywise_product",
    ("np.dot", "np.multiply"): "matrix_product",
    ("np.matmul", "np.multiply"): "matrix_product",
    ("np.mean", "np.sum"): "mean_for_sum",
    ("np.ones", "np.zeros"): "ones_for_zeros",
    ("np.minimum", "np.maximum"): "min_for_max",
    ("np.abs", "np.square"): "absolute_not_squared",
    ("np.square", "np.abs"): "squared_not_absolute",
}


def _comparison(taken: ast.cmpop, due: type[ast.cmpop]) -> str:
    strict = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
    return "comparison_strict" if strict.get(type(taken)) is due else "comparison_inverted"


def _keywords(node: ast.Call, name: str) -> Iterator[Variant]:
    given = {each.arg: each for each in node.keywords}
    others = [each for each in node.keywords if each.arg not in ("axis", "keepdims")]
    first = node.args[:1]
    if name in _REDUCTIONS or name.endswith((".sum", ".mean", ".max")):
        method = not name.startswith("np.")
        args = [] if method else first
        plain = [] if name == "np.linalg.norm" and len(node.args) > 1 else others
        for axis in (None, 0, 1):
            for keep in (False, True):
                keywords = [*plain]
                if axis is not None:
                    keywords.append(ast.keyword("axis", ast.Constant(axis)))
                if keep:
                    keywords.append(ast.keyword("keepdims", ast.Constant(True)))
                yield (
                    ast.Call(node.func, list(args), keywords),
                    _axis_cause(node, axis, keep),
                    2,
                    {},
                )
    if "dtype" in given:
        rest = [each for each in node.keywords if each.arg != "dtype"]
        yield ast.Call(node.func, node.args, rest), "integers", 2, {}
    for key, each in given.items():
        if key not in ("axis", "keepdims", "dtype"):
            rest = [other for other in node.keywords if other is not each]
            yield ast.Call(node.func, node.args, rest), "argument_extra", 5, {"taken": name}


def _axis_cause(node: ast.Call, axis: int | None, keep: bool) -> str:  # noqa: FBT001
    given = {each.arg: each.value for each in node.keywords}
    value = given.get("axis")
    had = value.value if isinstance(value, ast.Constant) else "?" if value else None
    if had is None and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        had = node.args[1].value
    if had != axis:
        return "axis_missing" if had is None else "axis_extra" if axis is None else "wrong_axis"
    return "keepdims_missing" if keep else "keepdims_extra"


def _range(node: ast.Call) -> Iterator[Variant]:
    arguments = node.args
    bounds = [ast.Constant(0), *arguments] if len(arguments) == 1 else list(arguments[:2])
    if len(bounds) != 2:
        return
    start, stop = bounds
    for begin in (0, 1, -1):
        for end in (0, 1, -1):
            moved = [_moved(start, begin), _moved(stop, end)]
            yield _call("range", *moved), "range_end" if end else "range_start", 1, {}
    yield _call("reversed", node), "wrong_direction", 2, {}


def _moved(node: ast.expr, by: int) -> ast.expr:
    if not by:
        return node
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return _number(node.value + by)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def _compare(node: ast.Compare, scope: Scope) -> Iterator[Variant]:  # noqa: ARG001
    for op in (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq):
        if len(node.ops) == 1 and not isinstance(node.ops[0], op):
            yield (
                ast.Compare(node.left, [op()], node.comparators),
                _comparison(node.ops[0], op),
                1,
                {},
            )


def _sequence(node: ast.Tuple, scope: Scope) -> Iterator[Variant]:
    elements = node.elts
    for i in range(len(elements)):
        for j in range(i):
            swapped = list(elements)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            words = {"taken": _short(elements[j]), "other": _short(elements[i])}
            yield ast.Tuple(swapped, node.ctx), "order_of_values", 1, words
    if len(elements) > 1:
        for i in range(len(elements)):
            rest = [*elements[:i], *elements[i + 1 :]]
            less = rest[0] if len(rest) == 1 else ast.Tuple(rest, node.ctx)
            yield less, "value_extra", 2, {"taken": _short(elements[i])}
    if len(elements) == 4:
        a, b, c, d = elements
        words = {"taken": _short(a), "other": _short(c)}
        yield ast.Tuple([c, d, a, b], node.ctx), "order_of_values", 1, words
    for name in scope.names:
        extra = ast.Name(name, ast.Load())
        yield ast.Tuple([*elements, extra], node.ctx), "return_missing", 4, {"term": name}


def _dictionary(node: ast.Dict, scope: Scope) -> Iterator[Variant]:
    for key in scope.keys:
        known = {k.value for k in node.keys if isinstance(k, ast.Constant)}
        if key not in known:
            for name in scope.names:
                if name.lower() == key.lower():
                    keys = [*node.keys, ast.Constant(key)]
                    value = ast.Name(name, ast.Load())
                    yield (
                        ast.Dict(keys, [*node.values, value]),
                        "key_missing",
                        2,
                        {"taken": repr(key)},
                    )


_BY_TYPE: dict[type[ast.expr], tuple[Callable[[Any, Scope], Iterator[Variant]], ...]] = {
    ast.BinOp: (_binary, _formatted),
    ast.UnaryOp: (_unary,),
    ast.Constant: (_constant,),
    ast.Name: (_name,),
    ast.Attribute: (_attribute,),
    ast.Subscript: (_subscript,),
    ast.JoinedStr: (_f_string,),
    ast.Call: (_of_call,),
    ast.Compare: (_compare,),
    ast.Tuple: (_sequence,),
    ast.Dict: (_dictionary,),
}


def _short(node: ast.expr) -> str:
    """Return an expression as it may be named in a sentence, or nothing."""
    text = ast.unparse(node)
    return text if len(text) <= 24 else ""
