"""Slips with arrays: products, transposes, axes, what is summed up, kinds of numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.judging.operators.sites import (
    LIKELY,
    RARE,
    USUAL,
    Change,
    Operator,
    Site,
    binary,
    call,
    called,
    described,
    is_number,
    name,
    number,
    numpy,
    text,
)
from grader.judging.trees import with_field

_PRODUCTS = {"dot", "matmul"}
_REDUCTIONS = {"sum", "mean", "max", "norm"}


def _product(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Return the operands of a matrix product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left, node.right
    if isinstance(node, ast.Call) and called(node) in _PRODUCTS and len(node.args) == 2:
        return node.args[0], node.args[1]
    return None


def _rebuilt(node: ast.AST, left: ast.AST, right: ast.AST) -> ast.AST:
    """Return a matrix product, written as another is."""
    if isinstance(node, ast.Call):
        return with_field(node, args=[left, right])
    return binary(left, ast.MatMult(), right)


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def products(site: Site) -> Iterator[Change]:
    """Operands of a matrix product swapped or transposed; an entrywise product for it."""
    operands = _product(site.node)
    if operands is None:
        return
    node, (left, right) = site.node, operands
    yield Change(_rebuilt(node, right, left), "product_swapped", weight=USUAL)
    yield Change(binary(left, ast.Mult(), right), "entrywise_product", weight=USUAL)
    for which, (a, b) in {
        "left": (_transposed(left), right),
        "right": (left, _transposed(right)),
    }.items():
        lost = isinstance(left if which == "left" else right, ast.Attribute)
        about = {"taken": text(left if which == "left" else right)}
        yield Change(_rebuilt(node, a, b), "transpose_missing" if lost else "transpose_extra",
                     about, which, USUAL if lost else LIKELY)  # fmt: skip
    both = _rebuilt(node, _transposed(left), _transposed(right))
    yield Change(both, "product_transposes", weight=LIKELY)
    swapped = _rebuilt(node, _transposed(right), _transposed(left))
    yield Change(swapped, "result_transposed", weight=LIKELY)
    if not isinstance(site.node, ast.Call):
        yield Change(numpy("outer", left, right), "outer_product", weight=RARE)
    total = numpy("sum", binary(left, ast.Mult(), right))
    yield Change(total, "product_summed", weight=RARE)
    yield Change(left, "factor_missing", {"factor": described(right)}, "last", LIKELY)
    yield Change(right, "factor_missing", {"factor": described(left)}, "first", LIKELY)


def entrywise(site: Site) -> Iterator[Change]:
    """A matrix product where entries are to be multiplied with entries."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult) or site.is_index:
        return
    if any(map(is_number, (node.left, node.right))):
        return
    yield Change(numpy("dot", node.left, node.right), "matrix_product", weight=LIKELY)
    turned = numpy("dot", node.left, _transposed(node.right))
    yield Change(turned, "matrix_product", same="turned", weight=RARE)


def transposes(site: Site) -> Iterator[Change]:
    """A transpose is missing, or is one too many, outside of products."""
    node = site.node
    if _product(site.parent) is not None:
        return
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Change(node.value, "transpose_missing", {"taken": text(node.value)}, "all", USUAL)
    elif isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.BinOp | ast.Call):
        if called(node.value) in ("zeros", "ones", "randn", "rand", "reshape"):
            return  # then its sizes are swapped
        turned = with_field(node, value=_transposed(node.value))
        yield Change(turned, "result_transposed", weight=LIKELY)


def axes(site: Site) -> Iterator[Change]:
    """A wrong axis, none, or one where there is none; dimensions that are kept or not."""
    node = site.node
    if not isinstance(node, ast.Call) or called(node) not in _REDUCTIONS:
        return
    given = {each.arg: each for each in node.keywords}
    others = [each for each in node.keywords if each.arg not in ("axis", "keepdims")]
    if "axis" in given and is_number(given["axis"].value):
        old = given["axis"].value
        kept = [given["keepdims"]] if "keepdims" in given else []
        other = ast.keyword("axis", number(0 if is_number(old, 1) else 1))
        yield Change(with_field(node, keywords=[*others, other, *kept]), "wrong_axis", weight=USUAL)
        none = with_field(node, keywords=[*others, *kept])
        yield Change(none, "axis_missing", weight=USUAL)
        yield Change(with_field(node, keywords=others), "axis_missing", same="bare", weight=USUAL)
        if kept:
            flat = [*others, given["axis"]]
            yield Change(with_field(node, keywords=flat), "keepdims_missing", weight=USUAL)
            turned = [*others, other]
            yield Change(with_field(node, keywords=turned), "wrong_axis", same="flat")
    elif called(node) in ("sum", "mean", "norm"):
        yield from _axes_added(node)


def _axes_added(node: ast.Call) -> Iterator[Change]:
    for axis in (0, 1):
        along = ast.keyword("axis", number(axis))
        kept = ast.keyword("keepdims", ast.Constant(value=True))
        for keywords in ([along], [along, kept]):
            changed = with_field(node, keywords=[*node.keywords, *keywords])
            cause = "axis_extra" if len(keywords) == 1 else "keepdims_extra"
            yield Change(changed, cause, same=f"{axis}", weight=LIKELY)
    kept = ast.keyword("keepdims", ast.Constant(value=True))
    changed = with_field(node, keywords=[*node.keywords, kept])
    yield Change(changed, "keepdims_extra", weight=LIKELY)


def reductions(site: Site) -> Iterator[Change]:
    """A sum dropped, or a mean, a norm or the like in its place."""
    node = site.node
    if not isinstance(node, ast.Call) or not node.args or isinstance(node.func, ast.Name):
        return
    if called(node) == "sum":
        yield Change(node.args[0], "sum_missing", weight=USUAL)
        yield Change(_renamed(node, "mean"), "mean_for_sum", weight=USUAL)
    elif called(node) == "mean":
        yield Change(_renamed(node, "sum"), "not_averaged", weight=USUAL)
        yield Change(node.args[0], "sum_missing", weight=LIKELY)
    elif called(node) == "norm":
        yield from _norms(node)
    elif called(node) == "max":
        yield Change(_renamed(node, "min"), "min_for_max", weight=RARE)


def _norms(node: ast.Call) -> Iterator[Change]:
    kept = [each for each in node.keywords if each.arg != "ord"]
    square = binary(node.args[0], ast.Pow(), number(2))
    squared = with_field(numpy("sum", square), keywords=kept)
    yield Change(squared, "squared_norm", weight=USUAL)
    plain = with_field(numpy("sum", node.args[0]), keywords=kept)
    yield Change(plain, "sum_for_norm", weight=LIKELY)
    size = with_field(numpy("sum", numpy("abs", node.args[0])), keywords=kept)
    yield Change(size, "absolute_for_norm", weight=LIKELY)
    if kept:
        one = ast.keyword("ord", number(1))
        yield Change(with_field(node, keywords=[*kept, one]), "absolute_for_norm", same="ord")
    yield Change(numpy("max", node.args[0]), "max_for_norm", weight=RARE)
    yield Change(
        with_field(numpy("max", node.args[0]), keywords=kept),
        "max_for_norm",
        same="axis",
        weight=RARE,
    )


def _renamed(node: ast.Call, function: str) -> ast.Call:
    return with_field(node, func=with_field(node.func, attr=function))


def absolutes(site: Site) -> Iterator[Change]:
    """`abs` dropped, or a square for it."""
    node = site.node
    if isinstance(node, ast.Call) and called(node) in ("abs", "absolute") and node.args:
        yield Change(node.args[0], "absolute_missing", weight=USUAL)
        squared = binary(node.args[0], ast.Pow(), number(2))
        yield Change(squared, "squared_not_absolute", weight=USUAL)


def shapes(site: Site) -> Iterator[Change]:
    """Another order of sizes or of entries."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    if called(node) in ("zeros", "ones", "empty") and node.args:
        size = node.args[0]
        if isinstance(size, ast.Tuple) and len(size.elts) == 2:
            turned = with_field(size, elts=size.elts[::-1])
            yield Change(with_field(node, args=[turned]), "sizes_swapped", weight=USUAL)
            for index, kept in enumerate(size.elts):
                flat = with_field(size, elts=[kept])
                yield Change(with_field(node, args=[flat]), "flat_array", same=str(index))
    elif called(node) in ("randn", "rand") and len(node.args) == 2:
        yield Change(with_field(node, args=node.args[::-1]), "sizes_swapped", weight=USUAL)
    elif called(node) == "reshape":
        yield from _reshapes(node)


def _reshapes(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Attribute) and len(node.args) == 2:
        yield Change(with_field(node, args=node.args[::-1]), "sizes_swapped", weight=USUAL)
        yield Change(call(ast.Attribute(node.func.value, "flatten", ast.Load())), "flat_array")
        order = ast.keyword("order", ast.Constant("F"))
        yield Change(with_field(node, keywords=[order]), "entries_order", weight=LIKELY)
        one = node.args[::-1]
        wrong = call(ast.Attribute(node.func.value, "reshape", ast.Load()), *one)
        yield Change(ast.Attribute(wrong, "T", ast.Load()), "entries_order", same="turned")
        yield Change(node.func.value, "reshape_missing", weight=LIKELY)


def kinds(site: Site) -> Iterator[Change]:
    """Numbers cut to integers, or kept with fewer digits; booleans for numbers."""
    node = site.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and called(node) == "astype"
    ):
        yield Change(node.func.value, "booleans", weight=LIKELY)
        yield Change(with_field(node, args=[name("int")]), "integers", weight=RARE)
    if isinstance(node, ast.Call) and called(node) in ("zeros", "ones", "zeros_like"):
        whole = [*node.keywords, ast.keyword("dtype", name("int"))]
        yield Change(with_field(node, keywords=whole), "integers", weight=LIKELY)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        for kind, cause in (("int", "integers"), ("float32", "fewer_digits")):
            kind_node = (
                name("int") if kind == "int" else ast.Attribute(name("np"), kind, ast.Load())
            )
            cast = numpy("asarray", node.value, dtype=kind_node)
            yield Change(with_field(node, value=cast), cause, weight=RARE)


ARRAYS: tuple[Operator, ...] = (
    products,
    entrywise,
    transposes,
    axes,
    reductions,
    absolutes,
    shapes,
    kinds,
)
