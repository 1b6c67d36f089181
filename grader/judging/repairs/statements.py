"""Changes of whole statements: where they stand, whether they stand, what they do to a name."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from grader.judging.lines import Function, Line, blocks_of, indent_of


@dataclass(frozen=True)
class Moved:
    """The text of a changed function, and the mistake that the change takes back."""

    text: str
    cause: str
    rank: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    at: int | None = None


def changes(function: Function, line: Line) -> Iterator[Moved]:
    """Yield the function with this statement changed, moved, or left out."""
    if function.shares_its_row(line):
        return  # its neighbours would go with it
    yield from _assignments(function, line)
    yield from _indented(function, line)
    yield from _exchanged(function, line)
    if _is_step(line):
        yield from _finished_first(function, line)
    yield from _into_the_loop(function, line)
    if isinstance(line.node, ast.If):
        yield from _as_elif(function, line)
    if not isinstance(line.node, ast.Return):
        yield from _left_out(function, line)
    if isinstance(line.node, ast.For | ast.While):
        yield from _carried(function, line)
    if isinstance(line.node, ast.Return):
        yield from _returned(function, line)


def _with_line(function: Function, line: Line, text: str) -> str:
    """Return the function with another text in a statement's place, at the same indentation."""
    start, stop = function.rows(line)
    made = [function.indent(line) + each for each in text.split("\n")]
    rest = [""] * (stop - start - len(made))
    return "\n".join([*function.text[:start], *made, *rest, *function.text[stop:]])


def _assignments(function: Function, line: Line) -> Iterator[Moved]:
    """Yield other ways in which a statement may keep, or give back, what it works out."""
    node = line.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        yield from _as_update(function, line, node)
    elif isinstance(node, ast.AugAssign):
        target, value = ast.unparse(node.target), ast.unparse(node.value)
        for op, made in _UPDATES.items():
            if isinstance(node.op, made):
                continue
            words = {"term": value[:24]}
            text = _with_line(function, line, f"{target} {op} {value}")
            yield Moved(text, _update_cause(node.op, op), 1, words)
    elif isinstance(node, ast.Expr):
        yield from _kept(function, line, node)


_UPDATES: dict[str, type[ast.operator] | tuple[()]] = {
    "+=": ast.Add,
    "-=": ast.Sub,
    "*=": ast.Mult,
    "/=": ast.Div,
    "=": (),
}


def _as_update(function: Function, line: Line, node: ast.Assign) -> Iterator[Moved]:
    target, value = ast.unparse(node.targets[0]), node.value
    reads_it = any(ast.unparse(each) == target for each in ast.walk(value))
    if not isinstance(node.targets[0], ast.Tuple) and not reads_it:
        for op in ("+", "-", "*", "/"):
            text = f"{target} {op}= {ast.unparse(value)}"
            yield Moved(_with_line(function, line, text), "not_added_up", 3)
    if isinstance(value, ast.Name):
        text = f"{target} = np.copy({value.id})"
        words = {"taken": target, "other": value.id}
        yield Moved(_with_line(function, line, text), "no_copy", 1, words)
    if ast.unparse(value).startswith("-"):
        text = f"{target} -= {ast.unparse(value)[1:]}"  # `b =- step` for `b -= step`
        yield Moved(_with_line(function, line, text), "not_added_up", 1)


def _kept(function: Function, line: Line, node: ast.Expr) -> Iterator[Moved]:
    for name in sorted(line.reads, key=function.parameters.__contains__, reverse=True):
        text = _with_line(function, line, f"{name} = {ast.unparse(node.value)}")
        yield Moved(text, "result_not_kept", 1, {"taken": name})
    if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "print":
        for argument in node.value.args:
            text = _with_line(function, line, f"return {ast.unparse(argument)}")
            yield Moved(text, "printed_for_returned", 1)


def _indented(function: Function, line: Line) -> Iterator[Moved]:
    """Move a statement out of the blocks that it stands in, or into the one before it."""
    if line.is_compound:
        return
    yield from _outwards(function, line)
    yield from _inwards(function, line)


def _outwards(function: Function, line: Line) -> Iterator[Moved]:
    left: list[Line] = []
    for owner in reversed([each for each in function.lines if each.holds(line)]):
        left.append(owner)
        is_loop = any(isinstance(each.node, ast.For | ast.While) for each in left)
        cause = "inside_the_loop" if is_loop else "wrong_block"
        if isinstance(line.node, ast.Return) and is_loop:
            cause = "early_return"
        yield _at(function, function.rows(line), function.indent(owner), (cause, 1), _term(line))


def _inwards(function: Function, line: Line) -> Iterator[Moved]:
    indent = function.indent(line)
    before = [o for o in function.lines if o.first < line.first and function.indent(o) == indent]
    if not before or not before[-1].is_compound or not (blocks := blocks_of(before[-1].node)):
        return
    is_loop = isinstance(before[-1].node, ast.For | ast.While)
    cause = ("after_the_loop" if is_loop else "wrong_block"), 2
    start, stop = function.rows(line)
    inner = indent_of(function.text[blocks[-1][-1].lineno - function.source.line])
    yield _at(function, (start, stop), inner, cause, _term(line))
    rest = _rest_of_block(function.text, start, len(indent))
    if rest > stop:
        yield _at(function, (start, rest), inner, cause, _term(line))


def _exchanged(function: Function, line: Line) -> Iterator[Moved]:
    """Let two steps change places: neighbours, and those that draw random numbers."""
    if not _is_step(line):
        return
    behind = [o for o in function.lines if o.first > line.last]
    for index, other in enumerate(behind):
        if not _is_step(other) or function.indent(other) != function.indent(line):
            break
        draws = "random" in ast.unparse(line.node) and "random" in ast.unparse(other.node)
        if index == 0 or draws:
            # A step that comes too late may as well be one that should not be.
            cause, rank = ("order_of_draws", 2) if draws else ("order_of_steps", 6)
            yield Moved(_swapped(function, line, other), cause, rank, _term(line))


def _finished_first(function: Function, line: Line) -> Iterator[Moved]:
    """Move a step behind those that go on working on what it reads."""
    rows = function.rows(line)
    behind = [o for o in function.lines if o.first > line.last]
    for other in takewhile(_is_step, behind):
        if function.indent(other) != function.indent(line):
            return
        text, (_, stop) = function.text, function.rows(other)
        if line.reads & other.binds & other.reads:
            made = [*text[: rows[0]], *text[rows[1] : stop], *text[slice(*rows)], *text[stop:]]
            yield Moved("\n".join(made), "order_of_steps", 2, _term(line))


def _is_step(line: Line) -> bool:
    return isinstance(line.node, ast.Assign | ast.AugAssign | ast.Expr)


def _swapped(function: Function, one: Line, other: Line) -> str:
    text = function.text
    (begin, middle), (behind, end) = function.rows(one), function.rows(other)
    parts = [text[:begin], text[behind:end], text[middle:behind], text[begin:middle], text[end:]]
    return "\n".join(row for part in parts for row in part)


def _into_the_loop(function: Function, line: Line) -> Iterator[Moved]:
    """Move a step that stands before a loop to the loop's beginning."""
    after = next((o for o in function.lines if o.first > line.last), None)
    if not _is_step(line) or after is None or not isinstance(after.node, ast.For | ast.While):
        return
    inner = after.node.body[0]
    if inner.lineno == after.node.lineno:
        return
    text, (start, stop) = function.text, function.rows(line)
    first = inner.lineno - function.source.line
    step = _moved(text[start:stop], indent_of(text[first]))
    made = [*text[:start], *text[stop:first], *step, *text[first:]]
    yield Moved("\n".join(made), "before_the_loop", 2, _term(line))


def _as_elif(function: Function, line: Line) -> Iterator[Moved]:
    """Yield `elif` for an `if` that comes after another one."""
    text = list(function.text)
    at = line.first - function.source.line
    before = [o for o in function.lines if isinstance(o.node, ast.If) and o.last < line.first]
    if text[at].lstrip().startswith("if") and any(
        function.indent(o) == function.indent(line) for o in before
    ):
        text[at] = text[at].replace("if", "elif", 1)
        yield Moved("\n".join(text), "elif_missing", 2)


def _rest_of_block(lines: Sequence[str], start: int, depth: int) -> int:
    """Return where those end that stand at the same depth before a `return`."""
    last = start
    for index in range(start, len(lines)):
        text = lines[index]
        if text.strip() and (
            len(text) - len(text.lstrip()) < depth or text.lstrip().startswith("return")
        ):
            break
        last = index + 1
    return last


def _update_cause(op: ast.operator, due: str) -> str:
    if due == "=":
        return "added_to_the_old"
    if isinstance(op, ast.Add) and due == "-=":
        return "added_not_subtracted"
    return "subtracted_not_added" if isinstance(op, ast.Sub) and due == "+=" else "other_update"


def _term(line: Line) -> Mapping[str, str]:
    return {"term": next(iter(sorted(line.binds)), "")}


def _at(
    function: Function,
    rows: tuple[int, int],
    indent: str,
    cause: tuple[str, int],
    about: Mapping[str, str],
) -> Moved:
    """Return the function with some rows at another indentation; a cause comes with its rank."""
    (start, stop), text = rows, function.text
    made = [*text[:start], *_moved(text[start:stop], indent), *text[stop:]]
    return Moved("\n".join(made), *cause, about)


def _moved(rows: Sequence[str], indent: str) -> list[str]:
    return [indent + row if row else "" for row in textwrap.dedent("\n".join(rows)).split("\n")]


def _left_out(function: Function, line: Line) -> Iterator[Moved]:
    if line.is_compound:
        return
    rank = 2 if isinstance(line.node, ast.Assert) else 5
    cause = "own_assertion" if isinstance(line.node, ast.Assert) else "statement_extra"
    yield Moved(_with_line(function, line, "pass"), cause, rank, _term(line))


def _carried(function: Function, line: Line) -> Iterator[Moved]:
    """Let a loop go on from the round before, where it begins every round with the same."""
    (first, *_), *_ = blocks_of(line.node)
    lines = function.text
    indent = indent_of(lines[first.lineno - function.source.line])
    inside = [each for each in function.lines if line.holds(each)]
    bound = sorted({name for each in inside for name in each.binds})
    read = sorted({name for each in inside for name in each.reads})
    for name in read:
        for other in bound:
            if other != name and name not in bound:
                last = (line.node.end_lineno or 0) - function.source.line + 1
                text = [*lines[:last], f"{indent}{name} = {other}", *lines[last:]]
                about = {"taken": name}
                where = next(each.first for each in inside if other in each.binds)
                yield Moved("\n".join(text), "not_carried_on", 3, about, where)


def _returned(function: Function, line: Line) -> Iterator[Moved]:
    """Return another name's value."""
    for name in dict.fromkeys(n for each in function.lines for n in sorted(each.binds)):
        text = f"return {name}"
        yield Moved(_with_line(function, line, text), "another_value_returned", 3)
