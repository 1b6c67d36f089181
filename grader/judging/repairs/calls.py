"""Changes of calls: another function, other arguments, another axis, another range."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product

from grader.judging.repairs.arithmetic import derivatives, products
from grader.judging.repairs.variants import (
    Scope,
    Variant,
    call,
    moved,
    name_of,
    number,
    short,
    size_of,
    with_argument,
)
from grader.syntax import parsed

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
# Of what is positive, it is the call that is too many.
NO_OTHER = {("np.sqrt", "np.abs"), ("np.sqrt", "abs")}
PRODUCTS = ("np.dot", "np.matmul")
REDUCTIONS = ("np.sum", "np.mean", "np.max", "np.linalg.norm", "np.prod", "np.min")
RESHAPING = ("flatten", "ravel", "squeeze", "reshape", "transpose")
MAKERS = ("np.zeros", "np.ones", "np.empty")
DRAWING = ("np.random.randn", "np.random.rand")
_LOGS = ("np.log", "np.log2", "np.log10", "np.log1p")
_ACTIVATIONS = ("sigmoid", "relu", "np.tanh", "tanh")
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


def of_call(node: ast.Call, scope: Scope) -> Iterator[Variant]:
    """Yield a call in every way in which it may have been meant."""
    name = ast.unparse(node.func)
    yield from _other_functions(node, name, scope)
    if len(node.args) == 1 and not node.keywords:
        yield Variant(node.args[0], "call_extra", 3, {"taken": name})
    if isinstance(node.func, ast.Attribute) and node.func.attr in RESHAPING:
        yield Variant(node.func.value, "other_shape", 2)
    yield from _other_orders(node, name)
    yield from _of_kind(node, name, scope)
    yield from _inside_out(node)
    yield from _fewer_keywords(node, name)
    if not name.startswith(("np.", "str", "len", "int", "float")):
        yield from _more_arguments(node, name, scope)
    yield from _out_of_call(node)


def _of_kind(node: ast.Call, name: str, scope: Scope) -> Iterator[Variant]:
    """Yield what there is for products, sums, arrays that are made, ranges and sizes only."""
    if name in (*PRODUCTS, "np.multiply") and len(node.args) == 2:
        yield from products(node, *node.args, of_matrices=name in PRODUCTS)
    if name == "np.multiply":
        yield from _other_factors(node, scope)
    if name == "len" and len(node.args) == 1:
        yield from _other_lengths(node)
    if name.endswith("reshape"):
        yield from _any_size(node)
    if name in REDUCTIONS or name.endswith((".sum", ".mean", ".max")):
        yield from _other_axes(node, name)
    if name in (*MAKERS, *DRAWING):
        yield from _other_shapes(node, name, scope)
    if name == "range":
        yield from _other_ranges(node)


def _other_factors(node: ast.Call, scope: Scope) -> Iterator[Variant]:
    """Yield np.multiply(dA, A > 0) for np.multiply(dA, A), and the like."""
    for index, factor in enumerate(node.args[:2]):
        for other in derivatives(factor, scope):
            made = with_argument(node, index, other)
            yield Variant(made, "value_for_derivative", 3, {"taken": short(factor)})


def _other_shapes(node: ast.Call, name: str, scope: Scope) -> Iterator[Variant]:
    """Yield an array with a second axis, one with 1 for a size, and the shape as one tuple."""
    is_tuple = len(node.args) == 1 and isinstance(node.args[0], ast.Tuple)
    sizes = node.args[0].elts if is_tuple and isinstance(node.args[0], ast.Tuple) else node.args

    def made(others: list[ast.expr], *, tuple_: bool) -> ast.Call:
        shape: list[ast.expr] = [ast.Tuple(others, ast.Load())] if tuple_ else others
        return ast.Call(node.func, shape, node.keywords)

    if name in MAKERS and len(node.args) > 1:
        yield Variant(made(list(sizes), tuple_=True), "shape_as_tuple", 1, {"taken": name})
    as_tuple = is_tuple or name in MAKERS
    if len(sizes) == 1:
        column = made([sizes[0], ast.Constant(1)], tuple_=as_tuple)
        yield Variant(column, "flat_array", 1)
    for index, size in enumerate(sizes):
        if isinstance(size, ast.Name) and size.id in scope.numbers:
            others = [*sizes[:index], ast.Constant(1), *sizes[index + 1 :]]
            narrow = made(others, tuple_=as_tuple)
            yield Variant(narrow, "size_for_one", 3, {"taken": size.id})
        elif isinstance(size, ast.Constant) and size.value == 1:
            for of, axis in product(scope.names, (0, 1)):
                wide = [*sizes[:index], size_of(name_of(of), axis), *sizes[index + 1 :]]
                yield Variant(made(wide, tuple_=as_tuple), "fixed_size", 5)


def _other_lengths(node: ast.Call) -> Iterator[Variant]:
    """Yield other sizes of an array, and other numbers of layers."""
    (of,) = node.args
    yield Variant(ast.BinOp(node, ast.FloorDiv(), ast.Constant(2)), "half_missing", 1)
    yield Variant(size_of(of, 1), "wrong_axis_of_shape", 1)
    if isinstance(of, ast.Subscript):
        yield Variant(call("len", of.value), "wrong_axis_of_shape", 1)
    for by in (1, -1):
        yield Variant(moved(node, by), "count_off_by_one", 1)


def _any_size(node: ast.Call) -> Iterator[Variant]:
    """Yield a reshaping that takes a size from the array where a number is written down."""
    for index, argument in enumerate(node.args):
        parts = argument.elts if isinstance(argument, ast.Tuple) else [argument]
        for at, part in enumerate(parts):
            value = part.value if isinstance(part, ast.Constant) else None
            if isinstance(value, int) and value not in (1, -1):
                free = [*parts[:at], number(-1), *parts[at + 1 :]]
                shape = ast.Tuple(free, ast.Load()) if isinstance(argument, ast.Tuple) else free[0]
                yield Variant(with_argument(node, index, shape), "fixed_size", 1)


def _inside_out(node: ast.Call) -> Iterator[Variant]:
    """Yield np.sum(np.square(W)) for np.square(np.sum(W))."""
    inner = node.args[0] if node.args else None
    if isinstance(inner, ast.Call) and inner.args and len(node.args) == 1:
        name, taken = ast.unparse(node.func), ast.unparse(inner.func)
        if name in ("len", "range", "str", "int", "float") or name == taken:
            return
        outer = ast.Call(node.func, [inner.args[0]], node.keywords)
        made = ast.Call(inner.func, [outer, *inner.args[1:]], inner.keywords)
        cause = "sum_then_square" if (name, taken) == ("np.square", "np.sum") else ""
        yield Variant(made, cause or "order_of_functions", 1)


def _other_functions(node: ast.Call, name: str, scope: Scope) -> Iterator[Variant]:
    families = [family for family in FAMILIES if name in family]
    if name in scope.functions:
        families.append(scope.functions)
    for other in dict.fromkeys(other for family in families for other in family):
        if other != name and (name, other) not in NO_OTHER:
            function = parsed(other, mode="eval").body
            made = ast.Call(function, node.args, node.keywords)
            yield Variant(made, _function_cause(name, other), 2, {"taken": name})


def _function_cause(taken: str, due: str) -> str:
    """Return the kind of mistake that taking a function for another one is."""
    if taken in _ACTIVATIONS and due in _ACTIVATIONS:
        return "other_activation"
    if taken.endswith("_backward"):
        return "other_derivative"
    if taken in _LOGS and due in _LOGS:
        return "log_base"
    if taken == "np.random.randn" and due == "np.random.standard_normal":
        return "sizes_as_tuple"  # both draw the same numbers, but take the shape in another way
    if taken.startswith("np.random."):
        return "uniform_for_normal" if taken == "np.random.rand" else "normal_for_uniform"
    return _SINGLE_CAUSES.get((taken, due), "other_function")


def _other_orders(node: ast.Call, name: str) -> Iterator[Variant]:
    cause = "product_swapped" if name in PRODUCTS else "arguments_swapped"
    for i in range(len(node.args)):
        for j in range(i):
            if isinstance(node.args[i], ast.Constant) != isinstance(node.args[j], ast.Constant):
                continue  # nobody takes a number for an array
            swapped = list(node.args)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            words = {"taken": short(node.args[j]), "other": short(node.args[i])}
            yield Variant(ast.Call(node.func, swapped, node.keywords), cause, 1, words)


def _other_axes(node: ast.Call, name: str) -> Iterator[Variant]:
    others = [each for each in node.keywords if each.arg not in ("axis", "keepdims")]
    arguments = node.args[:1] if name.startswith("np.") else []
    if name == "np.linalg.norm" and len(node.args) > 1:
        others = []
    kept = ast.keyword("keepdims", ast.Constant(value=True))
    for axis in (None, 0, 1):
        along = [] if axis is None else [ast.keyword("axis", ast.Constant(axis))]
        for more in ([], [kept]):
            keywords = [*others, *along, *more]
            made = ast.Call(node.func, list(arguments), keywords)
            cause = _axis_cause(node, axis, keeps=bool(more))
            yield Variant(made, cause, 3 if axis is None else 2)


def _axis_cause(node: ast.Call, axis: int | None, *, keeps: bool) -> str:
    given = {each.arg: each.value for each in node.keywords}
    value = given.get("axis")
    had = value.value if isinstance(value, ast.Constant) else "?" if value else None
    by_position = ast.unparse(node.func) != "np.linalg.norm"  # whose second argument is no axis
    if had is None and by_position and len(node.args) > 1:
        had = node.args[1].value if isinstance(node.args[1], ast.Constant) else "?"
    if had != axis:
        return "axis_missing" if had is None else "axis_extra" if axis is None else "wrong_axis"
    return "keepdims_missing" if keeps else "keepdims_extra"


def _fewer_keywords(node: ast.Call, name: str) -> Iterator[Variant]:
    for each in node.keywords:
        if each.arg not in ("axis", "keepdims"):
            rest = [other for other in node.keywords if other is not each]
            made = ast.Call(node.func, node.args, rest)
            if each.arg == "dtype":
                yield Variant(made, "integers", 2)
            else:
                yield Variant(made, "argument_extra", 5, {"taken": name})


def _other_ranges(node: ast.Call) -> Iterator[Variant]:
    arguments = node.args
    bounds = [ast.Constant(0), *arguments] if len(arguments) == 1 else list(arguments[:2])
    if len(bounds) == 2:
        for begin in (0, 1, -1):
            for end in (0, 1, -1):
                made = call("range", moved(bounds[0], begin), moved(bounds[1], end))
                yield Variant(made, "range_end" if end else "range_start", 1)
        yield Variant(call("reversed", node), "wrong_direction", 2)


def _more_arguments(node: ast.Call, name: str, scope: Scope) -> Iterator[Variant]:
    for each in scope.names:
        words = {"term": each, "taken": name}
        for arguments in ([*node.args, name_of(each)], [name_of(each), *node.args]):
            made = ast.Call(node.func, arguments, node.keywords)
            yield Variant(made, "argument_missing", 4, words)


def _out_of_call(node: ast.Call) -> Iterator[Variant]:
    """Yield np.dot(W, X) + b for np.dot(W, X + b)."""
    rank = 4 if len(node.args) == 1 else 3  # of a single one, the call itself may be too much
    for index, argument in enumerate(node.args):
        if isinstance(argument, ast.BinOp):
            inner = with_argument(node, index, argument.left)
            yield Variant(ast.BinOp(inner, argument.op, argument.right), "brackets", rank)
            inner = with_argument(node, index, argument.right)
            yield Variant(ast.BinOp(argument.left, argument.op, inner), "brackets", 4)
