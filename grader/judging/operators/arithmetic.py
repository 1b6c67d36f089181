"""Slips in a formula: means, signs, terms, factors, constants, brackets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from grader.judging.operators.sites import (
    LIKELY,
    RARE,
    USUAL,
    Change,
    Operator,
    Site,
    axis_of_shape,
    binary,
    call,
    called,
    described,
    is_count,
    is_number,
    is_step,
    name,
    number,
    numpy,
)
from grader.judging.trees import with_field


def averages(site: Site) -> Iterator[Change]:
    """1/m dropped, done twice, or the other way round."""
    node = site.node
    if not isinstance(node, ast.BinOp) or site.is_index:
        return
    left, right = node.left, node.right
    if isinstance(node.op, ast.Div) and is_count(right):
        yield Change(left, "not_averaged", weight=USUAL)
        yield Change(binary(node, ast.Div(), right), "averaged_twice", weight=LIKELY)
        half = binary(left, ast.Div(), binary(number(2), ast.Mult(), right))
        yield Change(half, "half_extra", weight=LIKELY)
        yield Change(binary(left, ast.Mult(), right), "multiplied_by_count", weight=LIKELY)
        yield from _average_of_one_term(left, right)
    if isinstance(node.op, ast.Div) and isinstance(right, ast.BinOp) and is_count(right.right):
        yield Change(binary(left, ast.Div(), right.left), "not_averaged", weight=USUAL)


def _average_of_one_term(left: ast.expr, count: ast.expr) -> Iterator[Change]:
    """The count divides the first or the second of two terms only."""
    inner = left.operand if isinstance(left, ast.UnaryOp) else left
    if not (isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub)):
        return
    for a, b in ((binary(inner.left, ast.Div(), count), inner.right),
                 (inner.left, binary(inner.right, ast.Div(), count))):  # fmt: skip
        whole: ast.AST = binary(a, inner.op, b)
        if inner is not left:
            whole = with_field(left, operand=whole)
        yield Change(whole, "average_misplaced", weight=LIKELY)


def early_averages(site: Site) -> Iterator[Change]:
    """A mean is taken where there is none."""
    node = site.node
    if not (isinstance(node, ast.Assign) and "m" in site.scope.names):
        return
    later = isinstance(node.value, ast.BinOp | ast.Call) and node.lineno > site.scope.names["m"]
    gradient = site.variable.startswith(("d", "cost", "J", "A", "Z"))
    if later and gradient and not any(map(is_count, ast.walk(node.value))):
        changed = with_field(node, value=binary(node.value, ast.Div(), name("m")))
        yield Change(changed, "averaged_extra", weight=LIKELY)


def counts(site: Site) -> Iterator[Change]:
    """The number of examples is read off the wrong axis."""
    axis = axis_of_shape(site.node)
    if axis not in (0, 1) or not isinstance(site.node, ast.Subscript):
        return
    shape = site.node.value
    array = shape.value if isinstance(shape, ast.Attribute) else shape
    cause = "wrong_count" if axis == 1 else "wrong_axis_of_shape"
    other = with_field(site.node, slice=number(1 - axis))
    yield Change(other, cause, weight=USUAL)
    size = ast.Attribute(array, "size", ast.Load())
    yield Change(size, cause, weight=LIKELY)
    if axis == 0:
        yield Change(with_field(site.node, slice=number(2)), cause, weight=RARE)


def signs(site: Site) -> Iterator[Change]:
    """A sign is missing, or there is one too many."""
    node = site.node
    if site.is_index:
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if called(site.parent) == "exp":
            return  # what is then wrong is the argument's sign
        yield Change(node.operand, "sign_missing", weight=USUAL)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _other_signs(node)
    if not isinstance(node, ast.Assign | ast.Return) or is_step(node):
        return
    is_difference = isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub)
    if isinstance(node.value, ast.BinOp | ast.Call) and not is_difference:
        negative = ast.UnaryOp(ast.USub(), node.value)
        yield Change(with_field(node, value=negative), "sign_extra", weight=LIKELY)


def _other_signs(node: ast.BinOp) -> Iterator[Change]:
    left, right = node.left, node.right
    about = {"term": described(right)}
    if isinstance(node.op, ast.Sub):
        yield Change(binary(left, ast.Add(), right), "added_not_subtracted", about, weight=USUAL)
        yield Change(binary(right, ast.Sub(), left), "difference_reversed", weight=USUAL)
    else:
        yield Change(binary(left, ast.Sub(), right), "subtracted_not_added", about, weight=USUAL)
        negative = binary(ast.UnaryOp(ast.USub(), left), ast.Add(), right)
        first = {"term": described(left)}
        yield Change(negative, "subtracted_not_added", first, same="first", weight=LIKELY)


def terms(site: Site) -> Iterator[Change]:
    """A term of a sum is dropped or doubled."""
    node = site.node
    if not isinstance(node, ast.BinOp) or site.is_index:
        return
    if not isinstance(node.op, ast.Add | ast.Sub) or is_number(node.left):
        return
    yield from _exchanged(node)
    if is_step(site.statement) and site.parent is site.statement:
        return  # then the statement is as good as missing
    second = node.right
    if isinstance(node.op, ast.Sub):
        second = ast.UnaryOp(ast.USub(), second)
    yield Change(node.left, "term_missing", {"term": described(node.right)}, "last", USUAL)
    yield Change(second, "term_missing", {"term": described(node.left)}, "first", LIKELY)
    yield Change(
        binary(node, node.op, node.right),
        "term_twice",
        {"term": described(node.right)},
        weight=RARE,
    )


def _exchanged(node: ast.BinOp) -> Iterator[Change]:
    """Two products exchange a factor: the labels of the one come to the other."""
    left, right = node.left, node.right
    if _is(left, ast.Mult) and _is(right, ast.Mult):
        one, other = with_field(left, left=right.left), with_field(right, left=left.left)
        yield Change(binary(one, node.op, other), "exchanged", weight=USUAL)
    if not (isinstance(left, ast.Call) and isinstance(right, ast.Call)):
        return
    if len(left.args) == len(right.args) == 2 and called(left) == called(right):
        first = with_field(left, args=[left.args[0], right.args[1]])
        second = with_field(right, args=[right.args[0], left.args[1]])
        yield Change(binary(first, node.op, second), "exchanged", weight=USUAL)


def factors(site: Site) -> Iterator[Change]:
    """A factor is dropped, divided by, or doubled."""
    node = site.node
    if not isinstance(node, ast.BinOp) or site.is_index:
        return
    left, right = node.left, node.right
    if isinstance(node.op, ast.Mult):
        if any(called(side) in ("randn", "rand") for side in (left, right)):
            return  # a scale
        yield from _factor_missing(left, right, "last")
        yield from _factor_missing(right, left, "first")
        under = isinstance(site.parent, ast.BinOp) and isinstance(site.parent.op, ast.Div)
        if not under:  # else brackets are missing
            quotient = binary(left, ast.Div(), right)
            about = {"factor": described(right)}
            yield Change(quotient, "divided_not_multiplied", about, weight=LIKELY)
        squared = binary(node, ast.Mult(), right)
        yield Change(squared, "factor_twice", {"factor": described(right)}, weight=RARE)
    elif isinstance(node.op, ast.Div) and not is_number(left, 1):
        about = {"factor": described(right)}
        yield Change(binary(right, ast.Div(), left), "division_reversed", weight=LIKELY)
        if not is_count(right):
            yield Change(left, "divisor_missing", about, weight=USUAL)
            product = binary(left, ast.Mult(), right)
            yield Change(product, "multiplied_not_divided", about, weight=USUAL)


def _factor_missing(kept: ast.expr, lost: ast.expr, which: str) -> Iterator[Change]:
    if isinstance(lost, ast.BinOp) and isinstance(lost.op, ast.Div) and is_count(lost.right):
        if is_number(lost.left):
            yield Change(kept, "not_averaged", weight=USUAL)
        return
    if is_count(lost):
        yield Change(kept, "not_averaged", weight=USUAL)
        return
    about = {"factor": described(lost)}
    yield Change(kept, "factor_missing", about, which, USUAL)


def constants(site: Site) -> Iterator[Change]:
    """A number is another one."""
    node = site.node
    if not is_number(node) or site.is_index or not isinstance(node, ast.Constant):
        return
    if isinstance(site.parent, ast.Compare | ast.UnaryOp):
        return
    if isinstance(site.parent, ast.BinOp) and isinstance(site.parent.op, ast.Pow | ast.Mult):
        return
    value = float(node.value) if isinstance(node.value, float) else int(str(node.value))
    likely = {
        1: (2, 0, -1),
        2: (1, 4, 3),
        0: (1,),
        0.5: (0, 1, 0.0),
        10: (1, 100),
        0.01: (0.1, 0.001),
    }
    for other in likely.get(value, (1, value / 10, value * 10, 0.01)):
        if other != value:
            weight = USUAL if (value, other) == (2, 1) else RARE
            yield Change(number(other), "constant", same=f"{value}:{other}", weight=weight)


def brackets(site: Site) -> Iterator[Change]:
    """Brackets are left out, or put where there are none."""
    node = site.node
    if not isinstance(node, ast.BinOp) or site.is_index:
        return
    left, right = node.left, node.right
    if isinstance(node.op, ast.Div) and _is(right, ast.Mult, ast.Add, ast.Sub):
        whole = binary(binary(left, ast.Div(), right.left), right.op, right.right)
        yield Change(whole, "brackets", weight=USUAL)
    if isinstance(node.op, ast.Mult | ast.Div | ast.MatMult) and _is(left, ast.Add, ast.Sub):
        whole = binary(left.left, left.op, binary(left.right, node.op, right))
        yield Change(whole, "brackets", weight=LIKELY)
    if isinstance(node.op, ast.Mult | ast.MatMult) and _is(right, ast.Add, ast.Sub):
        yield from _first_term_only(node, right)
        whole = binary(binary(left, node.op, right.left), right.op, right.right)
        yield Change(whole, "brackets", weight=LIKELY)


def _first_term_only(node: ast.BinOp, total: ast.BinOp) -> Iterator[Change]:
    """A factor of a sum of three or more is one of the first term only."""
    if not _is(total.left, ast.Add, ast.Sub):
        return
    terms: list[tuple[ast.operator, ast.expr]] = []
    inner: ast.expr = total
    while _is(inner, ast.Add, ast.Sub):
        terms.append((inner.op, inner.right))
        inner = inner.left
    whole = binary(node.left, node.op, inner)
    for operator, term in reversed(terms):
        whole = binary(whole, operator, term)
    yield Change(whole, "brackets", same="first", weight=USUAL)


def _is(node: ast.AST, *operators: type[ast.operator]) -> TypeGuard[ast.BinOp]:
    """Whether it is an operation of one of these kinds."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


def complements(site: Site) -> Iterator[Change]:
    """`Y` for `1 - Y`, and the reverse."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and is_number(node.left, 1):
        about = {"taken": described(node.right)}
        yield Change(node.right, "complement_missing", about, weight=USUAL)
        yield Change(binary(node.right, ast.Sub(), node.left), "difference_reversed")
    elif isinstance(node, ast.Name) and node.id.startswith(("Y", "y", "A", "keep_prob")):
        factor = isinstance(site.parent, ast.BinOp) and isinstance(
            site.parent.op, ast.Mult | ast.Div
        )
        shut_off = isinstance(site.parent, ast.Compare) and node.id == "keep_prob"
        if factor or called(site.parent) == "log" or shut_off:
            other = binary(number(1), ast.Sub(), node)
            yield Change(other, "complement_extra", {"taken": node.id}, weight=LIKELY)


def powers(site: Site) -> Iterator[Change]:
    """A square is not one; a root is missing, or is taken where there is none."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield Change(node.left, "square_missing", weight=USUAL)
        yield Change(
            binary(node.left, ast.Mult(), node.right), "doubled_not_squared", weight=LIKELY
        )
        yield Change(with_field(node, right=number(3)), "exponent", same="3", weight=RARE)
        absolute = numpy("abs", node.left)
        yield Change(absolute, "absolute_not_squared", weight=LIKELY)
    elif called(node) == "sqrt" and isinstance(node, ast.Call) and node.args:
        yield Change(node.args[0], "root_missing", weight=USUAL)
        ratio = node.args[0]
        if _is(ratio, ast.Div):
            part = binary(numpy("sqrt", ratio.left), ast.Div(), ratio.right)
            yield Change(part, "root_of_one_part", weight=LIKELY)
        yield Change(binary(node.args[0], ast.Pow(), number(2)), "squared_not_root", weight=RARE)
    elif called(node) == "sum" and isinstance(node, ast.Call) and len(node.args) == 1:
        yield from _squares(node, node.args[0])


def _squares(node: ast.Call, summed: ast.expr) -> Iterator[Change]:
    if isinstance(summed, ast.BinOp) and isinstance(summed.op, ast.Pow):
        outside = binary(call(node.func, summed.left), ast.Pow(), summed.right)
        yield Change(outside, "sum_then_square", weight=USUAL)
        yield Change(numpy("sqrt", node), "root_extra", weight=LIKELY)


ARITHMETIC: tuple[Operator, ...] = (
    averages,
    early_averages,
    counts,
    signs,
    terms,
    factors,
    constants,
    brackets,
    complements,
    powers,
)
