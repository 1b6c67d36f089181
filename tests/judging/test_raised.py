"""What an exception says by itself: real exceptions, and the lines that raise them."""

from __future__ import annotations

import inspect
import traceback
import warnings
from typing import Any

import numpy as np
import pytest

from grader.judging.facts import Fact
from grader.judging.lines import Function
from grader.judging.raised import raised_fact
from grader.results import RaisedError, Source
from grader.vocabulary import Vocabulary


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + e^-z)."""
    return 1 / (1 + np.exp(-z))


NAMES: dict[str, Any] = {"np": np, "sigmoid": sigmoid, "pair": (1, 2)}


def fact(*body: str, parameters: str = "A, n=3") -> Fact | None:
    """Return what is told of a function of this body, whose first line is line 2."""
    code = "\n".join([f"def f({parameters}):", *(f"    {line}" for line in body)])
    names = dict(NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of a number that is called
        exec(compile(code, "<cell>", "exec"), names)  # noqa: S102
    function = Function.of(Source(code=code, line=1))
    assert function is not None
    try:
        names["f"](np.arange(6.0).reshape(2, 3))
    except Exception as error:  # noqa: BLE001
        frames = traceback.extract_tb(error.__traceback__)
        number = [frame.lineno for frame in frames if frame.filename == "<cell>"][-1]
        line = function.line(number or 0)
        assert line is not None
        words = Vocabulary.of(code, notebook=[inspect.getsource(sigmoid)])
        return raised_fact(RaisedError(type(error).__name__, str(error)), line, function, words)
    raise AssertionError("nothing is raised")


@pytest.mark.parametrize(
    ("body", "cause", "name"),
    [
        (["return a + 1"], "unbound_name", "a"),
        (["return math.exp(n)"], "unbound_module", "math"),
        (["return numppy.exp(n)"], "unbound_module", "numppy"),
        (["return weights.T @ A"], "unbound_name", "weights"),
        (["return parameter.get(n)"], "unbound_name", "parameter"),
        (["if n > 5:", "    B = A", "return B"], "unset_name", "B"),
        (["return A.shape(0)"], "shape_called", "A.shape"),
        (["return n(1 - n)"], "value_called", "n"),
        (["return 2(A)"], "value_called", "2"),
        (["return np.zeros[(2, 1)]"], "function_indexed", "np.zeros"),
        (["B = None", "C = A", "return B.T @ C"], "nothing_there", "B"),
        (["return A.shape[0] + None"], "none_left", ""),
        (["return A.shape[0] * A.sort()"], "nothing_there", ""),
        (["return 'W' + n"], "text_and_number", ""),
        (["return 'd' - 'W'"], "text_in_arithmetic", ""),
        (["return A ^ 2"], "xor_for_power", ""),
        (["return len(n)"], "length_of_number", "n"),
        (["for i in n:", "    A += i", "return A"], "range_missing", "n"),
        (["x, y = A, A, A", "return x"], "not_as_many", ""),
        (["return pair['W1']"], "key_of_a_list", "pair"),
        (["return A['W1']"], "key_of_a_list", "A"),
        (["return pair.T"], "whole_container", "tuple"),
        (["return n - {}"], "whole_container", "dict"),
        (["return np.sigmoid(A)"], "no_such_function", "sigmoid"),
        (["return n.transpose() * A"], "not_of_a_number", "transpose"),
        (["return A.mean().T.shapes"], "not_of_a_number", "shapes"),
        (["return A.transposed()"], "not_of_an_array", "transposed"),
        (["return sigmoid()"], "arguments_missing", "'z'"),
        (["return sigmoid(A, n)"], "too_many_given", "sigmoid"),
        (["return sigmoid(A, axis=1)"], "unknown_argument", "axis"),
        (["if A > 0:", "    return 1"], "array_as_condition", "A > 0"),
        (["return 1 if A > 0 else 0"], "array_as_condition", ""),
        (["return np.zeros(3, 1)"], "shape_as_tuple", "np.zeros"),
        (["return np.random.randn((3, 1))"], "sizes_as_tuple", "np.random.randn"),
        (["return np.sum(A, A)"], "array_as_axis", "np.sum"),
        (["return np.mean(A, A[0])"], "array_as_axis", "np.mean"),
        (["return np.sum(A, A, A)"], "array_as_axis", "np.sum"),
        (["return np.linalg.norm(A, A)"], "array_as_order", "np.linalg.norm"),
        (["return f(A)"], "calls_itself", ""),
    ],
)
def test_what_python_says_is_told_in_the_courses_words(
    body: list[str], cause: str, name: str
) -> None:
    """With what to look at, in the line that raised, or where None was put."""
    found = fact(*body)
    assert found is not None
    assert (found.cause, found.name) == (cause, name)


def test_what_is_none_is_told_where_it_was_put() -> None:
    """Not where it is missed."""
    found = fact("B = None", "C = A * 2", "return B.T @ C")
    assert found is not None
    assert found.line == 2


@pytest.mark.parametrize(
    "body",
    [
        ["return A @ A"],  # shapes are told elsewhere
        ["return {'a': 1}['b']"],  # the key is not what is wrong, most of the time
        ["raise ValueError('no')"],
        ["assert n == 4"],
        ["x, y = sigmoid(A)[0], undefined_everywhere", "return x"],
    ],
)
def test_else_nothing_is_told_but_names(body: list[str]) -> None:
    """An exception that says nothing of the reason is not explained by itself."""
    found = fact(*body)
    assert found is None or found.cause == "unbound_name"
