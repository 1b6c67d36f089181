"""Slips with statements: loops, what is left out, what stands in the wrong place."""

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
    bound,
    called,
    is_step,
    number,
    together,
)
from grader.judging.trees import with_field


def ranges(site: Site) -> Iterator[Change]:
    """A loop that begins or ends one off, or goes the wrong way."""
    node = site.node
    if called(node) == "reversed" and isinstance(node, ast.Call) and node.args:
        yield Change(node.args[0], "wrong_direction", weight=LIKELY)
    if called(node) != "range" or not isinstance(node, ast.Call) or not node.args:
        return
    first, last = (number(0), node.args[0]) if len(node.args) == 1 else node.args[:2]
    if len(node.args) > 2:
        return
    for step in (-1, 1):
        moved = _moved(last, step)
        yield Change(
            with_field(node, args=[first, moved]), "range_end", same=str(step), weight=USUAL
        )
        begun = _moved(first, step)
        weight = USUAL if step > 0 or len(node.args) == 2 else RARE
        yield Change(
            with_field(node, args=[begun, last]), "range_start", same=str(step), weight=weight
        )


def _moved(node: ast.expr, step: int) -> ast.expr:
    """Return an expression plus or minus one, written as people write it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return number(node.value + step)
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        back = isinstance(node.op, ast.Add) and node.right.value == 1 and step == -1
        if back or (isinstance(node.op, ast.Sub) and node.right.value == 1 and step == 1):
            return node.left
    return binary(node, ast.Add() if step > 0 else ast.Sub(), number(1))


def halves(site: Site) -> Iterator[Change]:
    """The number of layers is that of parameters, not half of it; or is one off."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        yield Change(node.left, "half_missing", weight=USUAL)
    if isinstance(node, ast.Assign) and site.variable == "L":
        for step in (-1, 1):
            moved = with_field(node, value=_moved(node.value, step))
            yield Change(moved, "number_of_layers", same=str(step), weight=LIKELY)


def dropped(site: Site) -> Iterator[Change]:
    """A statement is left out."""
    node = site.node
    if isinstance(node, ast.Assign | ast.AugAssign):
        about = {"term": bound(node)}
        scaled = is_step(node) and isinstance(node.value.op, ast.Mult | ast.Div)  # type: ignore[attr-defined]
        names = bound(node).split(SEVERAL)
        again = not scaled and any(_is_bound_before(site, each) for each in names)
        element = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
        if again or element or isinstance(node, ast.AugAssign):
            yield Change(ast.Pass(), "statement_missing", about, weight=USUAL)
        if isinstance(node, ast.AugAssign):
            plain = ast.Assign([node.target], node.value)
            yield Change(plain, "not_added_up", weight=LIKELY)
        else:
            yield from _added(node)
    elif (isinstance(node, ast.Expr) and called(node.value) == "append") or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and called(node.value)
    ):
        yield Change(ast.Pass(), "statement_missing", {"term": ""}, weight=LIKELY)


def _is_bound_before(site: Site, identifier: str) -> bool:
    line = site.scope.names.get(identifier)
    return line is not None and line < site.statement.lineno


def _added(node: ast.Assign) -> Iterator[Change]:
    """`w = w - …` becomes `w = …`: what was there before is lost."""
    value = node.value
    if is_step(node) and isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
        negative = ast.UnaryOp(ast.USub(), value.right)
        yield Change(with_field(node, value=negative), "not_added_up", same="negative")
        yield Change(with_field(node, value=value.right), "not_added_up", weight=LIKELY)


def loops(site: Site) -> Iterator[Change]:
    """A statement that belongs into a loop stands before or behind it; two change places."""
    node = site.node
    if isinstance(node, ast.For):
        for index, inner in enumerate(node.body):
            if not isinstance(inner, ast.Assign | ast.Expr | ast.If | ast.AugAssign):
                continue
            rest = [*node.body[:index], *node.body[index + 1 :]] or [ast.Pass()]
            about = {"term": bound(inner)}
            loop = with_field(node, body=rest)
            yield Change(together(loop, inner), "after_the_loop", about, str(index), LIKELY)
            yield Change(together(inner, loop), "before_the_loop", about, str(index), LIKELY)
            yield from _order(node, index)


def _order(node: ast.For, index: int) -> Iterator[Change]:
    """Two statements of a loop, one behind the other, change places."""
    if index + 1 < len(node.body):
        swapped = [*node.body]
        swapped[index], swapped[index + 1] = node.body[index + 1], node.body[index]
        about = {"term": bound(node.body[index]), "other": bound(node.body[index + 1])}
        yield Change(with_field(node, body=swapped), "order", about, str(index), LIKELY)


def around_loops(site: Site) -> Iterator[Change]:
    """A statement before or behind a loop is done in it; the function returns too early."""
    node, (field, at) = site.node, site.path[-1]
    body = getattr(site.parent, field, None)
    if not isinstance(node, ast.For) or not isinstance(body, list) or at is None:
        return
    for before in (each for each in body[max(0, at - 4) : at] if isinstance(each, ast.Assign)):
        inner = with_field(node, body=[before, *node.body])
        about = {"term": bound(before)}
        yield Change(inner, "inside_the_loop", about, bound(before), LIKELY)
    for behind in body[at + 1 :]:
        if isinstance(behind, ast.Assign):
            inner = with_field(node, body=[*node.body, behind])
            about = {"term": bound(behind)}
            yield Change(inner, "inside_the_loop", about, bound(behind), LIKELY)
        elif isinstance(behind, ast.Return):
            inner = with_field(node, body=[*node.body, *body[at + 1 :]])
            yield Change(inner, "early_return", weight=USUAL)


def branches(site: Site) -> Iterator[Change]:
    """Branches of a choice are swapped, or always the same is taken."""
    node = site.node
    if isinstance(node, ast.IfExp):
        other = with_field(node, body=node.orelse, orelse=node.body)
        yield Change(other, "branches_swapped", weight=USUAL)
        yield Change(node.body, "always_one_branch", same="first", weight=USUAL)
        yield Change(node.orelse, "always_one_branch", same="other", weight=USUAL)
    elif isinstance(node, ast.If) and node.orelse:
        swapped = with_field(node, body=node.orelse, orelse=node.body)
        yield Change(swapped, "branches_swapped", weight=USUAL)
        yield Change(together(*node.body), "always_one_branch", same="first", weight=USUAL)
        yield Change(together(*node.orelse), "always_one_branch", same="other", weight=USUAL)
    elif isinstance(node, ast.If):
        yield Change(together(*node.body), "condition_missing", weight=LIKELY)


STATEMENTS: tuple[Operator, ...] = (
    ranges,
    halves,
    dropped,
    loops,
    around_loops,
    branches,
)
