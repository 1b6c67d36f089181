"""Changes of sums, products, signs and brackets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.judging.repairs.variants import (
    Scope,
    Variant,
    call,
    is_length,
    is_text,
    number,
    short,
    turned,
    with_argument,
)

MISSING_CALLS = {
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


def of_binary(node: ast.BinOp, scope: Scope) -> Iterator[Variant]:
    """Yield other operators, other orders, one side alone, other brackets."""
    if isinstance(node.op, ast.Add | ast.Sub):
        yield from _of_sum(node)
    elif isinstance(node.op, ast.Mult | ast.MatMult):
        yield from _of_product(node, scope)
    elif isinstance(node.op, ast.Div):
        yield from _of_division(node)
    elif isinstance(node.op, ast.Pow):
        yield from _of_power(node)
    elif isinstance(node.op, ast.FloorDiv):
        yield Variant(ast.BinOp(node.left, ast.Div(), node.right), "floor_division", 1)
    elif isinstance(node.op, ast.BitXor):
        yield Variant(ast.BinOp(node.left, ast.Pow(), node.right), "xor_for_power", 1)
    yield from _regrouped(node)
    yield from _into_calls(node)
    yield from _first_of_several(node)


def _first_of_several(node: ast.BinOp) -> Iterator[Variant]:
    """Yield dA for dA * A * (1 - A): all but the first of several factors, or terms."""
    causes = {ast.Mult: "factor_extra", ast.Add: "term_extra"}
    first: ast.expr = node
    depth = 0
    while isinstance(first, ast.BinOp) and isinstance(first.op, type(node.op)):
        first, depth = first.left, depth + 1
    if depth > 1 and type(node.op) in causes:
        yield Variant(first, causes[type(node.op)], 3)


def _of_sum(node: ast.BinOp) -> Iterator[Variant]:
    left, right = node.left, node.right
    if is_text(node):
        return
    if is_length(left) and isinstance(right, ast.Constant):
        yield Variant(left, "count_off_by_one", 1)
    if isinstance(node.op, ast.Add):
        words = {"term": short(right)}
        yield Variant(ast.BinOp(left, ast.Sub(), right), "added_not_subtracted", 1, words)
        yield Variant(right, "term_extra", 3, {"term": short(left)})
    else:
        words = {"term": short(right)}
        yield Variant(ast.BinOp(left, ast.Add(), right), "subtracted_not_added", 1, words)
        yield Variant(ast.BinOp(right, ast.Sub(), left), "difference_reversed", 1)
        if isinstance(left, ast.Constant) and left.value == 1:
            yield Variant(right, "complement_extra", 3, {"taken": short(right)})
        else:
            yield Variant(right, "term_extra", 3, {"term": short(left)})
        yield Variant(ast.UnaryOp(ast.USub(), right), "term_extra", 4, {"term": short(left)})
    yield Variant(left, "term_extra", 3, {"term": short(right)})
    yield Variant(ast.BinOp(left, ast.Mult(), right), "sum_for_product", 4)


def _of_product(node: ast.BinOp, scope: Scope) -> Iterator[Variant]:
    left, right = node.left, node.right
    if isinstance(node.op, ast.Mult):
        by_right, by_left = {"factor": short(right)}, {"factor": short(left)}
        yield Variant(ast.BinOp(left, ast.MatMult(), right), "entrywise_product", 1)
        yield Variant(ast.BinOp(left, ast.Div(), right), "multiplied_not_divided", 1, by_right)
        yield Variant(ast.BinOp(right, ast.Div(), left), "multiplied_not_divided", 3, by_left)
    else:
        yield Variant(ast.BinOp(left, ast.Mult(), right), "matrix_product", 1)
        yield Variant(ast.BinOp(right, ast.MatMult(), left), "product_swapped", 1)
    yield from products(node, left, right, of_matrices=isinstance(node.op, ast.MatMult))
    yield Variant(left, "factor_extra", 3, {"factor": short(right)})
    yield Variant(right, "factor_extra", 3, {"factor": short(left)})
    if isinstance(node.op, ast.Mult):
        for other in derivatives(right, scope):
            derived = ast.BinOp(left, node.op, other)
            yield Variant(derived, "value_for_derivative", 3, {"taken": short(right)})


def derivatives(factor: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Yield the derivatives of activations, where the factor is a value: A > 0, A(1 - A), 1 - A².

    That of the relu is the same for what goes into it. Of single numbers there is none.
    """
    is_number = isinstance(factor, ast.Name) and factor.id in scope.numbers
    if is_number or not isinstance(factor, ast.Name | ast.Call):
        return
    one = ast.Constant(1)
    yield ast.Compare(factor, [ast.Gt()], [ast.Constant(0)])
    yield ast.BinOp(factor, ast.Mult(), ast.BinOp(one, ast.Sub(), factor))
    yield ast.BinOp(one, ast.Sub(), ast.BinOp(factor, ast.Pow(), ast.Constant(2)))


def products(
    node: ast.expr, left: ast.expr, right: ast.expr, *, of_matrices: bool
) -> Iterator[Variant]:
    """Yield the matrix products of two factors: each transposed or not, in both orders.

    Of a matrix product only those that differ in two ways: others have names of their own.
    """
    own = ast.unparse(node)
    for swapped, first, second in ((0, left, right), (1, right, left)):
        for turns, one, other in (
            (0, first, second),
            (1, turned(first), second),
            (1, first, turned(second)),
            (2, turned(first), turned(second)),
        ):
            made = call("np.dot", one, other)
            if ast.unparse(made) != own and (not of_matrices or swapped + turns > 1):
                cause = "product_shapes" if of_matrices else "entrywise_product"
                yield Variant(made, cause, 2)


def _of_division(node: ast.BinOp) -> Iterator[Variant]:
    left, right = node.left, node.right
    words = {"factor": short(right)}
    yield Variant(ast.BinOp(left, ast.Mult(), right), "divided_not_multiplied", 1, words)
    yield Variant(ast.BinOp(right, ast.Div(), left), "division_reversed", 1)
    extra = "averaged_extra" if short(right) == "m" else "divisor_extra"
    yield Variant(left, extra, 3, words)


def _of_power(node: ast.BinOp) -> Iterator[Variant]:
    yield Variant(node.left, "exponent", 3)
    if isinstance(node.left, ast.Call) and node.left.args:
        inner = ast.BinOp(node.left.args[0], node.op, node.right)
        cause = "sum_then_square" if "sum" in ast.unparse(node.left.func) else "order_of_functions"
        yield Variant(with_argument(node.left, 0, inner), cause, 1)
    if isinstance(node.right, ast.Constant):
        for exponent in (2, 3, 0.5):
            yield Variant(ast.BinOp(node.left, node.op, ast.Constant(exponent)), "exponent", 3)


def _regrouped(node: ast.BinOp) -> Iterator[Variant]:
    """Yield (a + b) / c for a + b / c, and all others of the kind."""
    left, right, op = node.left, node.right, node.op
    if isinstance(right, ast.BinOp):
        inner = ast.BinOp(left, op, right.left)
        yield Variant(ast.BinOp(inner, right.op, right.right), "brackets", 2)
    if isinstance(left, ast.BinOp):
        inner = ast.BinOp(left.right, op, right)
        yield Variant(ast.BinOp(left.left, left.op, inner), "brackets", 2)
        if isinstance(left.op, ast.Div) and isinstance(op, ast.Mult):
            inner = ast.BinOp(left.right, ast.Mult(), right)
            yield Variant(ast.BinOp(left.left, ast.Div(), inner), "brackets", 2)
    if isinstance(right, ast.UnaryOp):
        inner = ast.BinOp(left, op, right.operand)
        yield Variant(ast.UnaryOp(right.op, inner), "brackets", 4)


def _into_calls(node: ast.BinOp) -> Iterator[Variant]:
    """Yield np.sum(a + b) for np.sum(a) + b, np.dot(W, X + b) for np.dot(W, X) + b."""
    left, right, op = node.left, node.right, node.op
    if not isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        return
    if isinstance(left, ast.Call):
        for index, argument in enumerate(left.args[:2]):
            inner = ast.BinOp(argument, op, right)
            yield Variant(with_argument(left, index, inner), "brackets", 4)
    if isinstance(right, ast.Call):
        for index, argument in enumerate(right.args[:2]):
            inner = ast.BinOp(left, op, argument)
            yield Variant(with_argument(right, index, inner), "brackets", 4)
    if isinstance(left, ast.Call) and isinstance(right, ast.Call):
        same = ast.unparse(left.func) == ast.unparse(right.func)
        if same and len(left.args) == len(right.args) == 1:
            inner = ast.BinOp(left.args[0], op, right.args[0])
            yield Variant(with_argument(left, 0, inner), "brackets", 4)


def of_unary(node: ast.UnaryOp, _: Scope) -> Iterator[Variant]:
    """Yield what a sign or a negation is before, and the other sign."""
    if isinstance(node.op, ast.UAdd):
        yield Variant(ast.UnaryOp(ast.USub(), node.operand), "sign_missing", 1)
    if isinstance(node.op, ast.USub):
        yield Variant(node.operand, "sign_extra", 1)
    if isinstance(node.op, ast.Not | ast.Invert):
        yield Variant(node.operand, "comparison_inverted", 1)


def anywhere(node: ast.expr, scope: Scope, *, top: bool) -> Iterator[Variant]:
    """Yield what may be missing around any expression; more around a whole one (`top`)."""
    if not isinstance(node, ast.Name) or top:
        yield Variant(ast.UnaryOp(ast.USub(), node), "sign_missing", 2)
    complement = ast.BinOp(ast.Constant(1), ast.Sub(), node)
    yield Variant(complement, "complement_missing", 4, {"taken": short(node)})
    transposed = ast.Attribute(node, "T", ast.Load())
    yield Variant(transposed, "transpose_missing", 2, {"taken": short(node)})
    if top or isinstance(node, ast.BinOp | ast.Call):
        yield Variant(ast.BinOp(node, ast.Pow(), ast.Constant(2)), "square_missing", 5)
        for function, cause in MISSING_CALLS.items():
            yield Variant(call(function, node), cause, 5)
        for name in scope.names:
            yield from _with_name(node, name, 3 if top else 6, scope)
        for factor in (2, 10, 100):
            for op in (ast.Div(), ast.Mult()):
                yield Variant(ast.BinOp(node, op, ast.Constant(factor)), "constant_factor", 7)
    if top:
        yield from _of_whole(node)
        for name in scope.names if isinstance(node, ast.BinOp | ast.Call) else ():
            yield Variant(ast.Name(name, ast.Load()), "other_value", 4)


def _with_name(node: ast.expr, name: str, rank: int, scope: Scope) -> Iterator[Variant]:
    other = ast.Name(name, ast.Load())
    if name == "m":
        yield Variant(ast.BinOp(node, ast.Div(), other), "not_averaged", rank)
    elif name not in scope.tables:  # what is divided by is a number, or one for each row or column
        yield Variant(ast.BinOp(node, ast.Div(), other), "divisor_missing", rank + 1)
    yield Variant(ast.BinOp(node, ast.Mult(), other), "factor_missing", rank, {"factor": name})
    for op in (ast.Add(), ast.Sub()):
        yield Variant(ast.BinOp(node, op, other), "term_missing", rank + 1, {"term": name})


def _of_whole(node: ast.expr) -> Iterator[Variant]:
    column = ast.Tuple([number(-1), ast.Constant(1)], ast.Load())
    yield Variant(call("np.reshape", node, column), "other_shape", 6)
    yield Variant(call("np.squeeze", node), "other_shape", 6)
    yield Variant(call("float", call("np.squeeze", node)), "other_shape", 7)
    yield Variant(call("np.atleast_2d", node), "other_shape", 7)
