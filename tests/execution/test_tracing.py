"""What the lines of a function bind as it runs."""

import contextlib
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.execution import tracing
from grader.execution.tracing import Tracer

FIRST = 1


def traced(source: str, *arguments: Any) -> list[list[Any]]:
    """Return the steps of a function `f`: each its line, an address, and the value."""
    names: dict[str, Any] = {"np": np, "functools": functools}
    exec(source, names)  # noqa: S102
    tracer = Tracer(names["f"])
    with contextlib.suppress(ValueError), tracer:
        names["f"](*arguments)
    return tracer.steps


def test_every_line_tells_what_it_binds() -> None:
    """By the line's number, in the order in which they run; at the end, where it ended."""
    steps = traced("def f(x):\n    y = 2 * x\n    z = y + 1\n    return z\n", 3)
    assert steps == [[2, "y", 6], [3, "z", 7], [4, "", None]]


def test_elements_have_addresses() -> None:
    """A key that is set is a step of its own, and what was there before is none."""
    source = "def f(g):\n    g['a'] = 1.5\n    g['b'] = [2, 3]\n    return g\n"
    assert traced(source, {"c": 9})[:-1] == [
        [2, "g['a']", 1.5],
        [3, "g['b'][0]", 2],
        [3, "g['b'][1]", 3],
    ]


def test_arrays_are_as_they_were_then() -> None:
    """What is written into an array later does not change what was recorded."""
    steps = traced("def f():\n    a = np.zeros(2)\n    a[0] = 1\n    a[1] = 2\n    return a\n")
    assert [step[2].tolist() for step in steps[:-1]] == [[0, 0], [1, 0], [1, 2]]


def test_where_it_raised_is_told() -> None:
    """The last line is the one that raised."""
    steps = traced("def f(x):\n    y = x\n    raise ValueError(y)\n", 1)
    assert steps[-1] == [3, "", None]


def test_only_the_function_itself_is_looked_at() -> None:
    """Not what it calls, nor itself called by itself."""
    source = "def f(n):\n    k = n\n    if n:\n        f(n - 1)\n    return k\n"
    assert [step[1:] for step in traced(source, 2)] == [["k", 2], ["", None]]


def test_a_decorated_function_is_looked_through() -> None:
    """If the decorator tells what it wraps."""
    source = (
        "def d(g):\n    @functools.wraps(g)\n    def h(*a):\n        return g(*a)\n    return h\n"
        "@d\ndef f(x):\n    y = x\n    return y\n"
    )
    assert [step[1] for step in traced(source, 4)] == ["y", ""]


@pytest.mark.parametrize(
    ("limit", "value", "source"),
    [
        ("MAX_STEPS", 5, "def f():\n    for i in range(100):\n        x = i\n"),
        ("MAX_LINES", 5, "def f():\n    for i in range(100):\n        x = i\n"),
        ("MAX_BYTES", 50, "def f():\n    for i in range(100):\n        x = np.full(2, i)\n"),
        ("MAX_ENTRIES", 2, "def f():\n    for i in range(100):\n        x = np.full(3, i)\n"),
    ],
)
def test_there_is_an_end_to_it(
    limit: str, value: int, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long runs, and large values, are recorded in part."""
    whole = len(traced(source))
    monkeypatch.setattr(tracing, limit, value)
    assert 0 < len(traced(source)) < whole


@pytest.mark.parametrize("function", [np.sum, 3, lambda: None], ids=["ufunc", "number", "lambda"])
def test_what_has_no_lines_has_no_steps(function: Callable[..., Any]) -> None:
    """And it is no error."""
    with Tracer(function) as tracer:
        pass
    assert [step[1] for step in tracer.steps] == [""]


def test_of_a_loop_the_beginning_and_the_end_are_kept() -> None:
    """What is bound again and again is told at its last, too."""
    steps = traced("def f():\n    for i in range(100):\n        x = i * i\n    return x\n")
    values = [value for _, address, value in steps if address == "x"]
    assert values == [i * i for i in range(tracing.MAX_OF_A_KIND)] + [99 * 99]


def test_of_a_long_run_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that bound a name as long as that was looked at."""
    monkeypatch.setattr(tracing, "MAX_LINES", 20)
    source = "def f():\n    s = 0.5\n    for i in range(1000):\n        s += i\n    return s\n"
    assert [4, "s", 0.5 + sum(range(1000))] in traced(source)


def test_only_some_lines_are_looked_at() -> None:
    """If only these matter: less is recorded, and it is the same."""
    source = "def f(x):\n    a = x\n    b = a + 1\n    a = b * 2\n    return a\n"
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102
    with Tracer(names["f"], (3, 4)) as tracer:
        names["f"](1)
    assert tracer.steps == [[3, "b", 2], [4, "a", 4], [5, "", None]]


def test_functions_within_are_looked_at() -> None:
    """What they bind, and where they raise."""
    source = (
        "def f(x):\n    def g(y):\n        z = 2 * y\n        if z > 9:\n"
        "            raise ValueError\n        return z\n    a = g(x)\n    return g(10 * a)\n"
    )
    steps = traced(source, 3)
    assert [step for step in steps if step[1] in ("z", "a")] == [
        [3, "z", 6],
        [7, "a", 6],
        [3, "z", 120],
    ]
    assert steps[-1] == [5, "", None]


def test_the_lines_of_functions_within_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last line that is looked at, none of theirs is, either."""
    monkeypatch.setattr(tracing, "MAX_LINES", 60)
    source = (
        "def f():\n    def g(y):\n        z = y\n        return z\n"
        "    for i in range(1000):\n        g(i)\n    return i\n"
    )
    assert 0 < max(value for _, address, value in traced(source) if address == "z") < 60


def test_what_is_caught_is_no_end() -> None:
    """The line of an exception that is handled is passed over."""
    source = (
        "def f(x):\n    try:\n        raise ValueError\n    except ValueError:\n"
        "        y = x\n    return y\n"
    )
    assert traced(source, 3)[-1] == [6, "", None]


def test_the_names_of_functions_within_are_their_own() -> None:
    """What is bound there is not bound here, nor anew when they are through."""
    source = (
        "def f(x):\n    z = 1\n    def g(y):\n        z = 5\n        return y\n    a = g(x)\n"
        "    return a + z\n"
    )
    assert [step[:2] for step in traced(source, 3) if step[1] == "z"] == [[2, "z"], [4, "z"]]
