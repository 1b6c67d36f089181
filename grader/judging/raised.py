"""What an exception says by itself: Python's own words, and the line that raised it.

Many are facts that need no search: a name that nothing has, a number that is called like a
function, a text where a number is due. What is told is why Python stopped, in the words of the
course; it is told only if the function's own line shows it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from difflib import get_close_matches

from grader.judging.facts import Fact
from grader.judging.lines import Function, Line
from grader.results import RaisedError
from grader.vocabulary import Vocabulary

MODULES = {"np", "numpy", "math", "random", "scipy", "plt", "copy", "n", "p", "mp", "npp", "nps"}
_CONTAINERS = ("tuple", "dict", "list")
REDUCTIONS = ("np.sum", "np.mean", "np.max", "np.min", "np.prod")

_Found = Callable[["re.Match[str]", Line], str | None]
"""Given what the message says and the line, return a name to look at: "" for none in particular,
None where the line does not show it."""


def raised_fact(
    error: RaisedError, line: Line, function: Function, words: Vocabulary | None = None
) -> Fact | None:
    """Return what an exception that was raised in a line says, if it is one of those.

    Names that only the message gives have to be among the function's `words`: it may be made up.
    """
    words = words or Vocabulary.of(function.source.code)
    for kinds, pattern, cause, find in _RULES:
        match = re.search(pattern, error.message) if error.type in kinds else None
        name = find(match, line) if match is not None else None
        if match is not None and name is not None and _is_known(find, match, words):
            fact = Fact(cause, name, line.first)
            return _left_open(fact, line, function) if cause == "nothing_there" else fact
    return None


def _left_open(fact: Fact, line: Line, function: Function) -> Fact:
    """Tell of what is None where it was bound to None, if that can be seen."""
    for name in sorted(line.reads):
        before = [o for o in function.lines if name in o.binds and o.first < line.first]
        value = getattr(before[-1].node, "value", None) if before else None
        if isinstance(value, ast.Constant) and value.value is None:
            return Fact(fact.cause, name, before[-1].first)
    return fact


def _is_known(find: _Found, match: re.Match[str], words: Vocabulary) -> bool:
    """Whether what a rule takes from the message alone is among the words."""
    if find is _arguments:
        return words.passes(match[1], match[2])
    return find is not _first or match[1] in _CONTAINERS or words.holds(match[1])


def _first(match: re.Match[str], _: Line) -> str:
    return match[1]


def _arguments(match: re.Match[str], _: Line) -> str:
    return match[2]


def _nothing(_match: re.Match[str], _line: Line) -> str:
    return ""


def _none(_: re.Match[str], line: Line) -> str | None:
    """Find the None of a starter that is worked with: `dW = dZ @ A.T / m + None`."""
    operands = (
        operand
        for node in line.nodes
        if isinstance(node, ast.BinOp)
        for operand in (node.left, node.right)
    )
    is_there = any(isinstance(each, ast.Constant) and each.value is None for each in operands)
    return "" if is_there else None


def _unbound(match: re.Match[str], line: Line) -> str | None:
    return match[1] if match[1] in line.reads else None


def _module(match: re.Match[str], line: Line) -> str | None:
    """Return a name whose attributes are looked up, if it is one of a module: `nump.dot`."""
    owners = (n.value for n in line.nodes if isinstance(n, ast.Attribute))
    is_owner = any(isinstance(each, ast.Name) and each.id == match[1] for each in owners)
    is_module = match[1] in MODULES or get_close_matches(match[1], ("numpy",), cutoff=0.75)
    return match[1] if is_owner and is_module else None


def _called(_: re.Match[str], line: Line) -> str | None:
    """Return what is called and is no function: `2(x)`, `s(1 - s)`."""
    for node in line.nodes:
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.BinOp | ast.Constant | ast.Subscript | ast.Call):
                return ast.unparse(function)[:24]
            if isinstance(function, ast.Name) and function.id in line.reads:
                return function.id
    return None


def _shape_called(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in ("shape", "size", "T"):
            return ast.unparse(function)[:24]
    return None


def _power(_: re.Match[str], line: Line) -> str | None:
    has_it = any(isinstance(getattr(node, "op", None), ast.BitXor) for node in line.nodes)
    return "" if has_it else None


def _indexed_function(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name | ast.Attribute):
            name = ast.unparse(node.value)
            if name.startswith("np.") or name in ("range", "len", "sigmoid", "relu"):
                return name
    return None


def _looped(_: re.Match[str], line: Line) -> str | None:
    return ast.unparse(line.node.iter)[:24] if isinstance(line.node, ast.For) else None


def _length(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" and node.args:
            return ast.unparse(node.args[0])[:24]
    return None


def _condition(_: re.Match[str], line: Line) -> str | None:
    node = line.node
    if isinstance(node, ast.If | ast.While):
        return ast.unparse(node.test)[:24]
    is_choice = any(isinstance(each, ast.IfExp | ast.BoolOp) for each in line.nodes)
    return "" if is_choice else None


def _unpacked(_: re.Match[str], line: Line) -> str | None:
    targets = getattr(line.node, "targets", [getattr(line.node, "target", None)])
    return "" if any(isinstance(each, ast.Tuple | ast.List) for each in targets) else None


def _maker(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = ast.unparse(node.func)
            if name in ("np.zeros", "np.ones", "np.empty"):
                return name
    return None


def _drawn(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        if isinstance(node, ast.Call) and len(node.args) == 1:
            name = ast.unparse(node.func)
            if name in ("np.random.randn", "np.random.rand"):
                return name
    return None


def _axis(_: re.Match[str], line: Line) -> str | None:
    """Return what adds up one array, and is given several."""
    for node in line.nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = ast.unparse(node.func)
            if name in REDUCTIONS and not isinstance(node.args[1], ast.Constant):
                return name
    return None


def _order(_: re.Match[str], line: Line) -> str | None:
    """Return the norm, if it is given two arrays."""
    for node in line.nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name, second = ast.unparse(node.func), node.args[1]
            if name == "np.linalg.norm" and isinstance(second, ast.Name | ast.BinOp):
                return name
    return None


def _keyed(_: re.Match[str], line: Line) -> str | None:
    for node in line.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            index = node.slice
            if any(isinstance(n, ast.Constant | ast.JoinedStr) and _is_text(n)
                   for n in ast.walk(index)):  # fmt: skip
                return node.value.id
    return None


def _is_text(node: ast.Constant | ast.JoinedStr) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(node.value, str)


# What says little of why: told where nothing else is known.
WEAK = {"whole_container", "number_wanted", "nothing_there"}

# The exceptions, what their message has to say, the cause, and what has to stand in the line.
_RULES: tuple[tuple[tuple[str, ...], str, str, _Found], ...] = (
    (("TypeError",), r"NoneType", "none_left", _none),
    (("TypeError", "AttributeError"), r"NoneType", "nothing_there", _nothing),
    (("NameError",), r"name '(\w+)' is not defined", "unbound_module", _module),
    (("NameError",), r"name '(\w+)' is not defined", "unbound_name", _unbound),
    (("UnboundLocalError",), r"variable '(\w+)'", "unset_name", _first),
    (("TypeError",), r"'tuple' object is not callable|'int' object is not callable",
     "shape_called", _shape_called),
    (("TypeError",), r"object is not callable", "value_called", _called),
    (("TypeError",), r"not subscriptable", "function_indexed", _indexed_function),
    (("TypeError",), r"can only concatenate str|must be str, not|: '(?:int|float)' and 'str'",
     "text_and_number", _nothing),
    (("TypeError",), r"unsupported operand type.*'str'|dtype\(?'?<U", "text_in_arithmetic",
     _nothing),
    (("TypeError",), r"bitwise_xor|for \^", "xor_for_power", _power),
    (("TypeError",), r"has no len\(\)|len\(\) of unsized", "length_of_number", _length),
    (("TypeError",), r"'int' object is not iterable", "range_missing", _looped),
    (("ValueError", "TypeError"), r"values to unpack|cannot unpack", "not_as_many", _unpacked),
    (("TypeError",), r"(?:list|tuple) indices must be", "key_of_a_list", _keyed),
    (("IndexError",), r"only integers, slices", "key_of_a_list", _keyed),
    (("AttributeError",), r"'(tuple|dict|list)' object has no attribute", "whole_container",
     _first),
    (("TypeError",), r"unsupported operand type.*'(dict|tuple|list)'", "whole_container", _first),
    (("AttributeError",), r"module '(?:numpy[\w.]*|math)' has no attribute '(\w+)'",
     "no_such_function", _first),
    (("AttributeError",), r"'(?:numpy\.)?(?:int|float)\d*' object has no attribute '(\w+)'",
     "not_of_a_number", _first),
    (("AttributeError",), r"'numpy\.ndarray' object has no attribute '(\w+)'", "not_of_an_array",
     _first),
    (("TypeError",), r"(\w+)>?\(\) missing \d+ required positional arguments?: (.*)$",
     "arguments_missing", _arguments),
    (("TypeError",), r"(\w+)\(\) takes (?:from )?\d.* positional arguments? but", "too_many_given",
     _first),
    (("TypeError",), r"unexpected keyword argument '(\w+)'", "unknown_argument", _first),
    (("ValueError",), r"truth value of an array", "array_as_condition", _condition),
    (("TypeError",), r"only (?:length-1|size-1|0-dimensional) arrays can be converted",
     "number_wanted", _nothing),
    (("TypeError",), r"[Cc]annot interpret '.*' as a data type|data type .* not understood",
     "shape_as_tuple", _maker),
    (("TypeError",), r"'tuple' object cannot be interpreted as an integer", "sizes_as_tuple",
     _drawn),
    (("TypeError",), r"only integer scalar arrays|cannot be interpreted as an integer|dtype",
     "array_as_axis", _axis),
    (("ValueError",), r"number of dimensions to norm|truth value of an array", "array_as_order",
     _order),
    (("RecursionError",), r"", "calls_itself", _nothing),
)  # fmt: skip
