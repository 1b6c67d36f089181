"""Where a wrong function begins to be wrong, as its student is told."""

from __future__ import annotations

import ast

import numpy as np

from grader.judging.lines import Line
from grader.judging.locate import Found, plain
from grader.judging.repairs.search import Explanation, Mistake
from grader.judging.wrong import Wrong
from grader.results import Location
from grader.values import shape_text

ABOUT_SHAPES = ("ValueError", "IndexError", "AssertionError")
_WHERE = {
    "named": "`{address}` is the first value that is not what it should be.",
    "differs": "Up to here all values are right; `{address}` is the first that may not be.",
    "shape": "`{address}` has another shape than it should have.",
    "carried": "`{address}` is returned, and is not what it should be.",
    "raised": "Up to here no value is wrong.",
    "returned": "All values up to this line are right. Is this the value to return, and the place "
    "to return it?",
}
_OF_ALL_BEFORE = ("differs", "raised", "returned")  # say something of all that comes before
_CERTAIN = ("named", "shape", "raised", "carried")


def line_of(mistake: Mistake) -> int:
    """Return the line to look at."""
    return mistake.causes[0].at or mistake.line.first


def location_of(found: Explanation, wrong: Wrong) -> Location | None:
    """Return where the first mistake is, or where the values begin to differ."""
    if found.mistakes:
        first = found.mistakes[0]
        line, address, why = line_of(first), wrong.words.told(first.address), first.why
    elif found.begins:
        begins = found.begins
        line, address, why = begins.line.first, wrong.words.told(begins.address), begins.why
    else:
        return None
    is_first = not found.begins or found.begins.why == why
    words = _WHERE.get(why, "") if is_first or why not in _OF_ALL_BEFORE else ""
    message = words.format(address=address) if address or "{" not in words else ""
    if why == "raised" and found.begins and not found.mistakes:
        message = _shapes(wrong, found.begins.line)
    return Location(wrong.place(line), wrong.code(line), address, message)


def is_certain(begins: Found) -> bool:
    """Whether it is more than likely that the mistake is in this line."""
    if begins.why == "returned":  # then only if something is worked out there
        return any(isinstance(n, ast.BinOp | ast.Call) for n in ast.walk(begins.line.node))
    return begins.why in _CERTAIN


def _shapes(wrong: Wrong, line: Line) -> str:
    """Say which shapes the arrays of a line had, where it raised in a visible case.

    That was before any hidden case had run. And which shape the reference has there, under the name
    that the line binds.
    """
    parameters = wrong.source.parameters or ()
    for number, case in enumerate(wrong.key.cases):
        seen = wrong.shown.get(case.id)
        if seen and seen.steps and seen.error and seen.error.type in ABOUT_SHAPES:
            values = dict(zip(parameters, case.arguments, strict=False))
            values |= {step.address: step.value for step in seen.steps if step.address}
            shapes = [
                f"`{each}` {shape_text(values[each].shape)}"
                for each in sorted(line.reads & values.keys())
                if isinstance(values[each], np.ndarray)
            ]
            due = _due_shape(wrong, number, line)
            return f"The shapes there: {', '.join(shapes)}.{due}" if shapes else ""
    return ""


def _due_shape(wrong: Wrong, number: int, line: Line) -> str:
    """Say which shape the value has to get that a line binds, if it is always the same one."""
    evidence = wrong.key.evidence
    every = evidence.intermediates[number] if evidence else ()
    for name in sorted(line.binds):
        shapes = {each.shape for each in every if plain(each.address) == plain(name)}
        if len(shapes) == 1 and () not in shapes:
            return f" `{name}` should become {shape_text(shapes.pop())}."
    return ""
