"""What cannot be sent or compared is an error of the course, before anything is graded."""

import asyncio
import decimal
import pathlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.judging.comparable import misfit
from grader.judging.compare import compare
from grader.judging.diagnose import diagnose
from grader.judging.expected import AnswerKey, answer_key
from grader.judging.scoring import judge
from grader.results import Observation, Source
from grader.spec import Question
from grader.wire import MAX_ELEMENTS, ForeignArray, Opaque, pack, unpack


class Frame:
    """Stands in for a data frame."""

    def to_numpy(self) -> Any:
        """Return its numbers."""
        return np.ones(2)


class Axes:
    """Stands in for what a library draws."""


async def waits() -> int:
    """Is awaited."""
    return 1


def _in_circles() -> list[Any]:
    circle: list[Any] = [1.0]
    circle.append(circle)
    return circle


MISFITS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "set": (lambda: {1, 2}, "a set", "sorted(...)"),
    "frozenset": (lambda: frozenset([1]), "a frozenset", "sorted(...)"),
    "frame": (Frame, "a Frame", ".to_numpy()"),
    "generator": (lambda: (i for i in "ab"), "a generator", "`list(...)`"),
    "iterator": (lambda: iter([1]), "a list_iterator", "`list(...)`"),
    "zip": (lambda: zip([1], [2], strict=True), "a zip", "`list(...)`"),
    "range": (lambda: range(3), "a range", "`list(...)`"),
    "keys": ({"a": 1}.keys, "a dict_keys", "`list(...)`"),
    "axes": (Axes, "an Axes", "numbers, strings and arrays"),
    "class": (lambda: Axes, "a class", "not a class"),
    "function": (lambda: len, "a function", "not the function"),
    "lambda": (lambda: lambda: 1, "a function", "not the function"),
    "bytes": (lambda: b"a", "bytes", "text"),
    "path": (lambda: pathlib.PurePosixPath("a"), "a PurePosixPath", "str(...)"),
    "decimal": (lambda: decimal.Decimal(1), "a Decimal", "float(...)"),
    "ellipsis": (lambda: ..., "an ellipsis", "numbers, strings and arrays"),
    "dtype": (lambda: np.dtype(float), "a Float64DType", "numbers, strings and arrays"),
    "date": (lambda: np.datetime64("2020-01-01"), "a value of dtype datetime64[D]", "astype(str)"),
    "dates": (lambda: np.array(["2020"], "M8[D]"), "an array of dtype datetime64[D]", "astype"),
    "objects": (lambda: np.array([None, {}]), "an array of dtype object", "array of numbers"),
    "strings": (lambda: np.array(["a"]), "an array of dtype str32", ".tolist()"),
    "a string of an array": (lambda: np.array(["a"])[0], "a value of dtype str32", ".tolist()"),
    "structured": (
        lambda: np.zeros(2, dtype=[("a", "f8")]),
        "with the fields ('a',)",
        "dictionary",
    ),
    "masked": (
        lambda: np.ma.masked_array(np.ones(2), mask=[True, False]),
        "a masked array",
        ".filled",
    ),
    "huge": (lambda: 2**64, "an integer of more than 64 bits", "a float"),
    "huger": (lambda: -(2**9000), "an integer of more than 64 bits", "a float"),
    "many": (lambda: [[0] * 10] * (MAX_ELEMENTS // 10), "too large", "less of it"),
    "large": (lambda: np.zeros(9_000_000), "too large", "less of it"),
    "circle": (_in_circles, "something nested more than 24 levels deep", "less"),
    "key": (lambda: {frozenset(): 1}, "a key that is a frozenset", "strings or numbers as keys"),
    "key in key": (lambda: {(1, frozenset()): 1}, "a key that is a tuple", "strings or numbers"),
    "array's string as key": (lambda: {np.str_("a"): 1}, "a key that is a str", "strings or numb"),
}


@pytest.mark.parametrize(("make", "kind", "instead"), MISFITS.values(), ids=MISFITS)
def test_what_cannot_be_compared_is_found_at_any_depth(
    make: Callable[[], Any], kind: str, instead: str
) -> None:
    """By itself, in a tuple, a list, a dictionary: with its address, and what would do."""
    for value, returns, address in [
        (make(), ("y",), "y"),
        ((1.0, make()), ("x", "y"), "y"),
        ({"a": [1.0, (np.ones(2), make())]}, ("y",), "y['a'][1][1]"),
        ((1.0, [make()]), ("y",), "y[1][0]"),
    ]:
        found = misfit(value, returns)
        assert found is not None
        assert kind in found.kind
        assert instead in found.instead
        # What is too large, or too deep, is so as a whole.
        assert found.address.startswith(("y", "")[kind == "too large"][: len(address)])
        if "too large" not in kind and "24 levels" not in kind:
            assert found.address == address


def test_a_coroutine_is_no_value() -> None:
    """The function is to be an ordinary one."""
    coroutine = waits()
    found = misfit(coroutine, ("y",))
    assert found
    assert "without `async`" in found.instead
    assert asyncio.run(coroutine) == 1


@pytest.mark.parametrize(
    "value",
    [
        *(1, True, 2.5, 1j, None, "text", np.float64(1), np.array(1), np.ones((2, 0)), 2**63),
        *([], {}, (), [1, "a"], {"a": {1: np.ones(2)}, (1, "b"): ()}, Counter("aab")),
        *(np.array([np.nan, np.inf]), np.ones(2, "f2"), np.ones(2, np.longdouble)),
        *(np.ma.masked_array(np.ones(2), mask=False), {np.int64(1): 2.0}, [[1.0], [2.0, 3.0]]),
    ],
    ids=repr,
)
def test_plain_values_fit(value: Any) -> None:
    """Whatever crosses as it is, empty or not finite."""
    assert misfit(value, ("y",)) is None


UNKNOWN = (Opaque("an object of type set"), ForeignArray("object", (2,)), {1, 2}, object(), b"a")


@pytest.mark.parametrize("unknown", UNKNOWN, ids=lambda each: type(each).__name__)
def test_nothing_that_was_not_compared_is_right(unknown: Any) -> None:
    """Not even where the same is expected, and at no depth; nor as a key."""
    question = Question("f", "function", "f", 1, ("y",))
    values: list[Any] = [
        *(
            unknown,
            (1.0, unknown),
            [unknown],
            {"a": unknown},
            [[1.0, unknown]],
            ({"a": (unknown,)},),
        ),
    ]
    if unknown != {1, 2}:
        values += [{unknown: 1.0}, {(1, unknown): 1.0}, {(1, (2, unknown)): 1.0}]
    for value in values:
        assert any(each.fault for each in compare(question, value, value))
        shown = [text for each in compare(question, value, {"b": 1.0, "c": 2.0})
                 for text in (each.message, each.hidden_message)]  # fmt: skip
        assert not [text for text in shown if "Opaque" in text or "ForeignArray" in text]


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        ({}, [{}], [{"a": 1}, (), [], None, 0.0, Opaque("a dictionary")]),
        ((), [(), []], [(1,), {}, None, "", np.ones(0)]),
        (({}, 1.0), [({}, 1.0), [{}, 1.0]], [({"a": 1}, 1.0), (None, 1.0)]),
    ],
)
def test_an_empty_container_is_compared(expected: Any, right: list[Any], wrong: list[Any]) -> None:
    """It has an address, so that nothing is right that was not looked at."""
    question = Question("f", "function", "f", 1, ("y",))
    for value in right:
        assert not any(each.fault for each in compare(question, value, expected))
    for value in wrong:
        assert any(each.fault for each in compare(question, value, expected))


@pytest.mark.parametrize("size", [MAX_ELEMENTS - 2, MAX_ELEMENTS + 1])
def test_what_is_sent_can_be_read(size: int) -> None:
    """The writer counts elements as the reader does."""
    for value in ([1] * size, [np.float64(1)] * (size // 3), [1j] * (size // 3 - 2)):
        try:
            message = pack(value)
        except ValueError:
            continue
        assert len(unpack(message)) == len(value)


# ---------------------------------------------------------------- through the answer key

ASSIGNMENT = '''
"""Values."""
import numpy as np
from grader import Case, Example, alternative, misconception, question, variant
from reference import values as ref

@question(ref.f, points=1, returns=("a", "b"))
def f(rng):
    """Two values."""
    yield Example(x=0)
    for x in (1, 2):
        yield Case(x=x)
'''
REFERENCE = "def f(x):\n    return {'k': x}, 2.0 * x\n"


@pytest.fixture
def key_for(tmp_path: pathlib.Path) -> Callable[..., AnswerKey]:
    """Return a function from the two files of a course to its answer key."""

    def key(assignment: str = ASSIGNMENT, reference: str = REFERENCE) -> AnswerKey:
        (tmp_path / "reference").mkdir(exist_ok=True)
        (tmp_path / "reference" / "values.py").write_text(reference)
        folder = tmp_path / "assignments" / "values"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "assignment.py").write_text(assignment.lstrip())
        return answer_key(tmp_path, "values", b"s")

    return key


BESIDE = "\n@{}\ndef other(x):\n    return {{'k': x}}, {{x}}\n"
ERRORS = {
    "reference": (
        ASSIGNMENT,
        REFERENCE.replace("2.0 * x", "{1} if x else 1"),
        *(6, "f", "the reference returns a set in `b`, which cannot be compared; return `sorted"),
    ),
    "element": (
        ASSIGNMENT,
        REFERENCE.replace(": x}", ": [x, (i for i in 'ab')]}"),
        *(6, "f", "returns a generator in `a['k'][1]`, which cannot be compared; return `list("),
    ),
    "variable": (
        ASSIGNMENT + "\n@question(points=1)\ndef names():\n    return {'a'}\n",
        REFERENCE,
        *(13, "names", "gives a set, which cannot be compared; give `sorted(...)` of it, a list"),
    ),
    "alternative": (
        ASSIGNMENT + BESIDE.format("alternative(f)"),
        REFERENCE,
        *(13, "f", "alternative 'other' returns a set in `b`, which cannot be compared"),
    ),
    "alternative without": (
        ASSIGNMENT + "\n@alternative(f)\ndef other(x):\n    pass\n",
        REFERENCE,
        *(13, "f", "alternative 'other' returns None"),
    ),
    "variant": (
        ASSIGNMENT + BESIDE.format("variant(f)"),
        REFERENCE,
        *(13, "f", "variant 'other' returns a set in `b`, which cannot be compared"),
    ),
    "argument": (
        ASSIGNMENT.replace("Case(x=x)", "Case(x=lambda: x)"),
        REFERENCE,
        *(6, "f", "a case gives `x` a function, which cannot be sent to a notebook; give numbers"),
    ),
    "part of an argument": (
        ASSIGNMENT.replace("Case(x=x)", "Case(x={'a': [x, {x}]})"),
        REFERENCE,
        *(6, "f", "a case gives `x` a set in `x['a'][1]`, which cannot be sent to a notebook"),
    ),
    "masked argument": (
        ASSIGNMENT.replace("Case(x=x)", "Case(x=np.ma.masked_array([1.0, 2.0], [True, False]))"),
        REFERENCE,
        *(6, "f", "a case gives `x` a masked array, which cannot be sent"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("assignment", "reference", "line", "question", "reason"), ERRORS.values(), ids=ERRORS
)
def test_it_is_an_error_of_the_course(
    key_for: Callable[..., AnswerKey],
    assignment: str,
    reference: str,
    line: int,
    question: str,
    reason: str,
) -> None:
    """With file, line, question, what it is, where in the value, and what would do."""
    with pytest.raises(CourseError) as caught:
        key_for(assignment, reference)
    error = caught.value
    assert (error.line, error.question) == (line, question)
    assert reason in error.reason
    assert str(error.file).endswith("assignment.py")
    assert "Opaque" not in str(error)


def test_strings_and_dtypes_by_name_may_be_passed(key_for: Callable[..., AnswerKey]) -> None:
    """They come as they are."""
    text = ASSIGNMENT.replace("Case(x=x)", "Case(x=['relu', np.float32(x), {'a': (x, None)}])")
    key = key_for(text, "def f(x):\n    return x, 1.0\n")
    assert key.questions[0].cases[1].arguments[0][0] == "relu"


def test_what_only_an_example_returns_carries_no_points(
    key_for: Callable[..., AnswerKey],
) -> None:
    """It is scored nowhere; what one scored case returns has to be right there."""
    reference = "def f(x):\n    return {'abc'[x]: x, 'k': x}, 2.0\n"
    key = key_for(ASSIGNMENT, reference)
    (question,) = key.questions
    assert question.outputs == ("a['b']", "a['k']", "b", "a['c']")
    seen = []
    for case in question.cases:
        (x,) = case.arguments
        given = {"k": x} if x == 2 else {"abc"[x]: x, "k": x}
        seen.append(Observation("f", case.id, "returned", (given, 2.0)))
    (result,) = judge(key, seen, (), {"f": Source()})
    assert {each.path: each.status for each in result.outputs}["a['c']"] == "failed"
    assert result.score == 0.75


def test_a_known_mistake_may_return_anything_and_is_then_never_claimed(
    key_for: Callable[..., AnswerKey],
) -> None:
    """Two sets are not known to be the same."""
    mistake = "\n@misconception(f, hint='No set.')\ndef other(x):\n    return {'k': x}, {x}\n"
    key = key_for(ASSIGNMENT + mistake)
    (question,) = key.questions
    seen = {
        case.id: Observation("f", case.id, "returned", answer.value)
        for case, answer in zip(question.cases, question.misconceptions[0].answers, strict=True)
    }
    assert diagnose(question, seen, ("b",)) == ()
