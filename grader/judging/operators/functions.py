"""Slips with functions: activations, logarithms, comparisons, random numbers, arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.judging.causes import SEVERAL
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
    is_number,
    name,
    number,
    numpy,
    text,
)
from grader.judging.trees import with_field

_ACTIVATIONS = ("sigmoid", "tanh", "relu")
_COMPARISONS: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Gt: ast.Lt(),
    ast.GtE: ast.LtE(),
    ast.Lt: ast.Gt(),
    ast.LtE: ast.GtE(),
}
_NEARLY: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Gt: ast.GtE(),
    ast.GtE: ast.Gt(),
    ast.Lt: ast.LtE(),
    ast.LtE: ast.Lt(),
}


def activation(kind: str, at: ast.AST) -> ast.expr:
    """Return an activation function of an expression, from NumPy alone."""
    if kind == "tanh":
        return numpy("tanh", at)
    if kind == "relu":
        return numpy("maximum", number(0.0), at)
    grown = numpy("exp", ast.UnaryOp(ast.USub(), at))  # type: ignore[arg-type]
    return binary(number(1), ast.Div(), binary(number(1), ast.Add(), grown))


def activations(site: Site) -> Iterator[Change]:
    """Another activation function, or none."""
    node = site.node
    if not isinstance(node, ast.Call) or len(node.args) != 1 or called(node) not in _ACTIVATIONS:
        return
    yield Change(node.args[0], "activation_missing", weight=USUAL)
    for other in _ACTIVATIONS:
        if other != called(node):
            changed = activation(other, node.args[0])
            yield Change(changed, "other_activation", {"taken": other}, other, USUAL)
    yield Change(binary(number(1), ast.Sub(), node), "complement_extra", {"taken": ""}, weight=RARE)
    negative = with_field(node, args=[ast.UnaryOp(ast.USub(), node.args[0])])
    yield Change(negative, "sign_in_argument", weight=RARE)


def derivatives(site: Site) -> Iterator[Change]:
    """The derivative of another activation function."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and is_number(node.left, 1):
        yield from _of_tanh(node.right)
    if isinstance(node, ast.Compare) and is_number(node.comparators[0], 0):
        a = node.left
        yield Change(_slope_of_sigmoid(a), "other_derivative", {"taken": "sigmoid"}, "sigmoid")
        one = binary(number(1), ast.Sub(), binary(a, ast.Pow(), number(2)))
        yield Change(one, "other_derivative", {"taken": "tanh"}, "tanh")
        yield Change(activation("relu", a), "value_for_derivative", weight=LIKELY)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield from _of_sigmoid(node)
    if isinstance(node, ast.Call) and called(node) in ("sigmoid_backward", "relu_backward"):
        yield from _backwards(node) if len(node.args) == 2 else ()


def _slope_of_sigmoid(value: ast.expr) -> ast.expr:
    return binary(value, ast.Mult(), binary(number(1), ast.Sub(), value))


def _of_tanh(square: ast.expr) -> Iterator[Change]:
    """Given a² of 1 - a²: the derivative of tanh."""
    if not (isinstance(square, ast.BinOp) and isinstance(square.op, ast.Pow)):
        return
    slope = _slope_of_sigmoid(square.left)
    yield Change(slope, "other_derivative", {"taken": "sigmoid"}, "sigmoid", USUAL)
    positive = ast.Compare(square.left, [ast.Gt()], [number(0)])
    yield Change(positive, "other_derivative", {"taken": "relu"}, "relu")
    twice = binary(number(1), ast.Sub(), binary(numpy("tanh", square.left), ast.Pow(), number(2)))
    yield Change(twice, "activation_twice", weight=USUAL)


def _of_sigmoid(node: ast.BinOp) -> Iterator[Change]:
    """Given s · (1 - s), or x · s · (1 - s): the derivative of the sigmoid."""
    right = node.right
    if not (
        isinstance(right, ast.BinOp) and isinstance(right.op, ast.Sub) and is_number(right.left, 1)
    ):
        return
    value, rest = node.left, None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        rest, value = value.left, value.right
    if ast.dump(value) != ast.dump(right.right):
        return
    one = binary(number(1), ast.Sub(), binary(value, ast.Pow(), number(2)))
    changed: ast.expr = one if rest is None else binary(rest, ast.Mult(), one)
    yield Change(changed, "other_derivative", {"taken": "tanh"}, "tanh", USUAL)
    again = _slope_of_sigmoid(activation("sigmoid", value))
    changed = again if rest is None else binary(rest, ast.Mult(), again)
    yield Change(changed, "activation_twice", weight=USUAL)


def _backwards(node: ast.Call) -> Iterator[Change]:
    gradient, at = node.args
    for kind in ("sigmoid", "relu"):
        if not called(node).startswith(kind):
            other = call(name(f"{kind}_backward"), gradient, at)
            yield Change(other, "other_derivative", {"taken": kind}, kind, USUAL)
    yield Change(gradient, "derivative_missing", weight=USUAL)
    yield Change(binary(gradient, ast.Mult(), activation(called(node).split("_")[0], at)),
                 "value_for_derivative", weight=LIKELY)  # fmt: skip
    yield Change(with_field(node, args=[gradient, activation("sigmoid", at)]), "activation_twice")


def logarithms(site: Site) -> Iterator[Change]:
    """Another base, or no logarithm; other exponentials."""
    node = site.node
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return
    inner = node.args[0]
    if called(node) in ("log", "log1p", "log_sigmoid"):
        yield Change(inner, "log_missing", weight=LIKELY)
    if called(node) == "log":
        if isinstance(inner, ast.BinOp) and is_number(inner.left, 1):
            outside = binary(number(1), ast.Sub(), with_field(node, args=[inner.right]))
            yield Change(outside, "log_of_complement", weight=LIKELY)
        for base in ("log2", "log10", "log1p"):
            yield Change(numpy(base, inner), "log_base", same=base, weight=USUAL)
    if called(node) == "exp":
        yield Change(inner, "exp_missing", weight=LIKELY)
        yield Change(numpy("exp2", inner), "exp_base", weight=RARE)
        if isinstance(inner, ast.UnaryOp):
            yield Change(with_field(node, args=[inner.operand]), "sign_in_argument", weight=USUAL)
        else:
            negative = ast.UnaryOp(ast.USub(), inner)
            yield Change(with_field(node, args=[negative]), "sign_in_argument", weight=LIKELY)


def comparisons(site: Site) -> Iterator[Change]:
    """A comparison the wrong way round, nearly right, with another threshold, or left out."""
    node = site.node
    if not isinstance(node, ast.Compare) or isinstance(site.parent, ast.If | ast.IfExp):
        return
    if len(node.ops) > 1:
        return  # 0 < x < 1
    (operator,), (threshold,) = node.ops, node.comparators
    if type(operator) in _COMPARISONS:
        other = with_field(node, ops=[_COMPARISONS[type(operator)]])
        yield Change(other, "comparison_inverted", weight=USUAL)
        nearly = with_field(node, ops=[_NEARLY[type(operator)]])
        yield Change(nearly, "comparison_strict", weight=LIKELY)
        yield Change(node.left, "comparison_missing", weight=USUAL)
    for value in (0, 1, 0.5):
        if is_number(threshold) and not is_number(threshold, value):
            moved = with_field(node, comparators=[number(value)])
            yield Change(moved, "threshold", same=str(value), weight=LIKELY)
    if isinstance(threshold, ast.Name):
        fixed = with_field(node, comparators=[number(0.5)])
        yield Change(fixed, "threshold", same="fixed", weight=LIKELY)


def draws(site: Site) -> Iterator[Change]:
    """Other random numbers, or none."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    kind = called(node)
    if kind in ("randn", "rand") and isinstance(node.func, ast.Attribute):
        other = "rand" if kind == "randn" else "randn"
        cause = "uniform_for_normal" if kind == "randn" else "normal_for_uniform"
        changed = with_field(node, func=with_field(node.func, attr=other))
        yield Change(changed, cause, weight=USUAL)
        size = ast.Tuple([*node.args], ast.Load())
        if not any(isinstance(each, ast.Starred) for each in node.args):
            yield Change(numpy("zeros", size), "zeros_for_random", weight=LIKELY)
            yield Change(numpy("ones", size), "ones_for_random", weight=RARE)
    elif kind == "zeros" and node.args:
        yield Change(with_field(node, func=_numpy_name("ones")), "ones_for_zeros", weight=LIKELY)
        if isinstance(node.args[0], ast.Tuple):
            drawn = ast.Attribute(_numpy_name("random"), "randn", ast.Load())
            yield Change(call(drawn, *node.args[0].elts), "random_for_zeros", weight=LIKELY)
            scaled = binary(call(drawn, *node.args[0].elts), ast.Mult(), number(0.01))
            yield Change(scaled, "random_for_zeros", same="scaled", weight=LIKELY)


def _numpy_name(attribute: str) -> ast.Attribute:
    return ast.Attribute(name("np"), attribute, ast.Load())


def scales(site: Site) -> Iterator[Change]:
    """Another scale of random weights."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Div):
        return
    drawn = [side for side in (node.left, node.right) if called(side) in ("randn", "rand")]
    if len(drawn) != 1 or not isinstance(drawn[0], ast.Call) or len(drawn[0].args) != 2:
        return
    n, n_prev = drawn[0].args
    yield Change(drawn[0], "unscaled", weight=USUAL)
    for factor in (0.01, 0.1, 0.001, 10):
        if not any(is_number(side, factor) for side in (node.left, node.right)):
            changed = binary(drawn[0], ast.Mult(), number(factor))
            yield Change(changed, "other_scale", same=str(factor), weight=LIKELY)
    for which, size in (("prev", n_prev), ("next", n)):
        cause = "other_scale" if which == "prev" else "scale_of_other_side"
        for above in (1, 2):
            ratio = binary(number(above), ast.Div(), size)
            for label, scale in (("root", numpy("sqrt", ratio)), ("plain", ratio)):
                about = "scale_without_root" if label == "plain" and which == "prev" else cause
                changed = binary(drawn[0], ast.Mult(), scale)
                same = f"{which}{above}{label}"
                yield Change(changed, about, same=same, weight=USUAL if which == "prev" else LIKELY)
    both = numpy("sqrt", binary(number(2), ast.Div(), binary(n, ast.Add(), n_prev)))
    yield Change(binary(drawn[0], ast.Mult(), both), "other_scale", same="both", weight=RARE)


def arguments(site: Site) -> Iterator[Change]:
    """Arguments swapped or left out; a call dropped."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    if node.func.id in ("range", "reversed", "len", "zip", "print", "dict", "sum"):
        return
    given = node.args
    for i in range(len(given)):
        for j in range(i + 1, len(given)):
            swapped = [*given]
            swapped[i], swapped[j] = given[j], given[i]
            about = {"taken": text(given[i]), "other": text(given[j])}
            changed = with_field(node, args=swapped)
            yield Change(changed, "arguments_swapped", about, f"{i}{j}", LIKELY)
    if len(given) > 1:
        for i in range(1, len(given) - 1):
            rest = SEVERAL.join(filter(None, map(text, given[i:])))
            fewer = with_field(node, args=given[:i])
            yield Change(fewer, "argument_missing", {"term": rest}, f"from {i}", LIKELY)
        for i, lost in enumerate(given):
            fewer = with_field(node, args=[*given[:i], *given[i + 1 :]])
            yield Change(fewer, "argument_missing", {"term": text(lost)}, str(i), LIKELY)
    for each in node.keywords:
        fewer = with_field(node, keywords=[other for other in node.keywords if other is not each])
        yield Change(fewer, "argument_missing", {"term": each.arg or ""}, weight=USUAL)


def kinds_by_name(site: Site) -> Iterator[Change]:
    """The activation that is asked for by name is another one."""
    node = site.node
    if isinstance(node, ast.Constant) and node.value in ("relu", "sigmoid"):
        other = "sigmoid" if node.value == "relu" else "relu"
        inverted = isinstance(site.parent, ast.Compare)
        cause = "branches_swapped" if inverted else "other_activation"
        yield Change(ast.Constant(other), cause, {"taken": other}, other, USUAL)


def smaller_draws(site: Site) -> Iterator[Change]:
    """Random numbers are drawn once for all examples, or for all units."""
    node = site.node
    if isinstance(node, ast.Call) and called(node) in ("rand", "randn") and len(node.args) == 2:
        for i in range(2):
            sizes = [*node.args]
            sizes[i] = number(1)
            yield Change(with_field(node, args=sizes), "fewer_draws", same=str(i), weight=LIKELY)


FUNCTIONS: tuple[Operator, ...] = (
    activations,
    derivatives,
    logarithms,
    comparisons,
    draws,
    scales,
    arguments,
    kinds_by_name,
    smaller_draws,
)
