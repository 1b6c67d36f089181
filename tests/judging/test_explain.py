"""Where functions begin to be wrong and why, found by changing them; no kernels."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.judging.expected import AlternativeKey, Answer, QuestionKey
from grader.judging.repairs.search import Search
from grader.wire import pack
from tests.judging.searching import explain, explained_together, key_of


def layer(dZ: Any, A: Any, W: Any) -> Any:
    """Go back through a linear layer."""
    m = A.shape[1]
    dW = dZ @ A.T / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA = W.T @ dZ
    return dA, dW, db


RIGHT = [
    "def layer(dZ, A, W):",
    "    m = A.shape[1]",
    "    dW = np.dot(dZ, A.T) / m",
    "    db = np.sum(dZ, axis=1, keepdims=True) / m",
    "    dA = np.dot(W.T, dZ)",
    "    return dA, dW, db",
]


@pytest.fixture(scope="module")
def key() -> QuestionKey:
    """Return the key of `layer`, for three shapes of which no two sizes are the same."""
    rng = np.random.default_rng(6)
    cases = [
        {
            "dZ": rng.standard_normal((n, m)),
            "A": rng.standard_normal((k, m)),
            "W": rng.standard_normal((n, k)),
        }
        for n, k, m in [(3, 4, 5), (2, 5, 7), (4, 3, 6)]
    ]
    return key_of(layer, cases, ("dA", "dW", "db"))


def changed(**lines: str) -> str:
    """Return the right function with some lines changed, by their numbers (`l3=...`)."""
    text = list(RIGHT)
    for number, line in lines.items():
        text[int(number[1:]) - 1] = f"    {line}"
    return "\n".join(text)


@pytest.mark.parametrize(
    ("code", "line", "cause"),
    [
        (changed(l2="m = A.shape[0]"), 2, "wrong_axis_of_shape"),
        (changed(l3="dW = np.dot(dZ, A.T)"), 3, "not_averaged"),
        (changed(l3="dW = np.dot(dZ, A) / m"), 3, "transpose_missing"),
        (changed(l3="dW = np.dot(A, dZ.T) / m"), 3, "product_shapes+transpose_missing"),
        (changed(l3="dW = dZ * A / m"), 3, "entrywise_product"),
        (changed(l3="dW = np.dot(dZ, A.T) // m"), 3, "floor_division"),
        (changed(l2="m = len(A)"), 2, "wrong_axis_of_shape"),
        (changed(l3="dW = np.dot(W, A.T) / W / m * dZ[0, 0]"), 3, None),
        (changed(l4="db = np.sum(dZ, axis=0, keepdims=True) / m"), 4, "wrong_axis"),
        (changed(l4="db = np.sum(dZ, axis=1) / m"), 4, "keepdims_missing"),
        (changed(l4="db = -np.sum(dZ, axis=1, keepdims=True) / m"), 4, "sign_extra"),
        (changed(l4="db = np.sum(dz, axis=1, keepdims=True) / m"), 4, "unbound_name"),
        (changed(l5="dA = np.multiply(W.T, dZ)"), 5, "entrywise_product"),
        (changed(l5="dA = np.dot(W.T, A)"), 5, "neighbour"),
        (changed(l6="return dW, dA, db"), 6, "order_of_values"),
        (changed(l6="return dA, dW"), 6, "return_missing"),
        (changed(l4="db = np.sum(dZ**2 + A[0], axis=1) ** 3"), 4, None),
    ],
)
def test_one_mistake(key: QuestionKey, code: str, line: int, cause: str | None) -> None:
    """Its line is named, and its cause where it can be known."""
    found = explain(key, code)
    assert found.location is not None
    assert found.location.place.line == line
    assert found.location.place.cell == 3
    assert [each.cause for each in found.diagnoses] == ([cause] if cause else [])


def test_several_mistakes_are_found_one_behind_the_other(key: QuestionKey) -> None:
    """Each with its own line."""
    code = changed(
        l2="m = A.shape[0]",
        l4="db = np.sum(dZ, axis=1) / m",
        l5="dA = np.dot(W, dZ)",
    )
    found = explain(key, code)
    told = {(each.place.line, each.cause) for each in found.diagnoses if each.place}
    assert told == {
        (2, "wrong_axis_of_shape"),
        (4, "keepdims_missing"),
        (5, "transpose_missing"),
    }


def test_a_name_of_the_students_own_is_used(key: QuestionKey) -> None:
    """What is said is about the student's line, in the student's words."""
    text = changed(l3="step = np.dot(dZ, A.T)", l6="return dA, step, db")
    (diagnosis,) = explain(key, text).diagnoses
    assert diagnosis.code == "step = np.dot(dZ, A.T)"
    assert "`step`" in diagnosis.message


def test_no_solution_is_handed_out(key: QuestionKey) -> None:
    """Neither the changed line nor what is due in it."""
    (diagnosis,) = explain(key, changed(l5="dA = np.dot(W.T, A)")).diagnoses
    assert "`A`" in diagnosis.message
    assert "dZ" not in diagnosis.message


@pytest.mark.parametrize(
    "code",
    [
        changed(l3="dW = np.ones_like(W)", l4="db = np.ones((3, 1))", l5="dA = A"),
        changed(l6="return None"),
        "def layer(dZ, A, W):\n    pass",
        "layer = lambda dZ, A, W: (A, W, dZ)",
        "def layer(:",
    ],
)
def test_nothing_is_claimed_where_nothing_is_known(key: QuestionKey, code: str) -> None:
    """Silence is better than a guess."""
    assert explain(key, code).diagnoses == ()


def test_a_version_that_never_ends_is_no_trouble(key: QuestionKey) -> None:
    """A loop whose end a change would take away (`seconds` of a version are bounded elsewhere)."""
    code = changed(l4="db = sum(dZ[:, j] for j in range(m)) / m")
    found = explain(key, code)
    assert found.location is not None
    assert found.location.place.line == 4


def test_two_mistakes_of_one_line_are_told(key: QuestionKey) -> None:
    """Neither of them alone makes anything right."""
    found = explain(key, changed(l4="db = -np.sum(dZ, axis=1) / m", l2="m = dZ.shape[1]"))
    assert {each.cause for each in found.diagnoses} == {"sign_extra", "keepdims_missing"}
    assert {each.place.line for each in found.diagnoses if each.place} == {4}


def test_the_same_slip_twice_in_a_line_is_told_once(key: QuestionKey) -> None:
    """It raises as long as one of them is left."""
    code = changed(l5="dA = 0.25 * np.dot(W, dZ) + 0.75 * np.dot(W, dZ)")
    found = explain(key, code)
    assert [each.cause for each in found.diagnoses] == ["transpose_missing"]


def test_a_value_on_its_way_is_not_where_it_begins(key: QuestionKey) -> None:
    """What is right, and was to be worked on where it raised, is passed over."""
    code = changed(l2="m, row = A.shape[1], np.ones((1, 99))")
    code = code.replace("    return", "    dA = dA + row\n    return")
    found = explain(key, code)
    assert found.location is not None
    assert found.location.place.line == 6


def test_changes_that_take_each_other_back_are_no_mistakes(key: QuestionKey) -> None:
    """A sign that is turned twice on the way is the student's own way."""
    code = changed(
        l3="opposite = -np.dot(dZ, A.T)",
        l4="dW, db = -opposite / m, np.sum(dZ, axis=1) / m",
    )
    found = explain(key, code)
    assert [each.cause for each in found.diagnoses] == ["keepdims_missing"]


@pytest.mark.parametrize("line", [1, 2, 9])
def test_lines_are_those_of_the_cell(key: QuestionKey, line: int) -> None:
    """Remarks above the function do not shift what is found, nor what is told."""
    code = changed(l2="m = A.shape[0]", l4="db = np.sum(dZ, axis=1) / m")
    found = explain(key, code, line=line)
    places = {each.place.line for each in found.diagnoses if each.place}
    assert places == {line + 1, line + 3}


def total(values: Any, rate: Any) -> Any:
    """Add up numbers, one by one."""
    sums = 0.0
    for value in values:
        sums = sums + rate * value
    return sums


def powers(x: Any, rate: Any) -> Any:
    """Return the root of a sum of squares, and another thing."""
    square = np.sum(x**2)
    return np.sqrt(square), rate * x


@pytest.mark.parametrize(
    ("code", "line", "cause"),
    [
        ("    square = np.sum(x ^ 2)\n    return np.sqrt(square), rate * x", 2, "xor_for_power"),
        ("    square = np.sum(x) ** 2\n    return np.sqrt(square), rate * x", 2, "sum_then_square"),
        ("    square = np.square(np.sum(x))\n    return np.sqrt(square), rate * x", 2,
         "sum_then_square"),
        ("    square = np.sum(x**2)\n    np.sqrt(square)\n    return square, rate * x", 3,
         "no_effect"),
    ],
)  # fmt: skip
def test_more_slips(code: str, line: int, cause: str) -> None:
    """Each is known by what takes it back."""
    rng = np.random.default_rng(4)
    cases = [{"x": rng.standard_normal(n), "rate": 0.5 * n} for n in (3, 4, 6)]
    key = key_of(powers, cases, ("norm", "scaled"))
    found = explain(key, f"def powers(x, rate):\n{code}")
    assert cause in [each.cause for each in found.diagnoses]
    assert found.diagnoses[0].place is not None
    assert found.diagnoses[0].place.line == line


def test_what_is_added_up_in_a_loop_is_not_wrong_from_the_start() -> None:
    """The loop's end is found, though the sum is only wrong behind it."""
    rng = np.random.default_rng(5)
    cases = [{"values": rng.standard_normal(n), "rate": 0.1 * n} for n in (4, 5, 7)]
    key = key_of(total, cases, ("total",))
    code = (
        "def total(values, rate):\n    result = 0.0\n"
        "    for i in range(len(values) - 1):\n        result += rate * values[i]\n"
        "    return result"
    )
    (diagnosis,) = explain(key, code).diagnoses
    assert diagnosis.place is not None
    assert (diagnosis.place.line, diagnosis.cause) == (3, "range_end")


def replaced(x: Any, first: Any) -> Any:
    """Return a length, and the vector with another first entry."""
    changed_copy = np.copy(x)
    changed_copy[0] = first
    return np.linalg.norm(x), changed_copy


def test_a_second_name_is_no_copy() -> None:
    """It is told at the line that makes none."""
    rng = np.random.default_rng(7)
    cases = [{"x": rng.standard_normal(n), "first": float(n)} for n in (3, 4, 6)]
    key = key_of(replaced, cases, ("norm", "changed"))
    code = "def replaced(x, first):\n    y = x\n    y[0] = first\n    return np.linalg.norm(x), y"
    (diagnosis,) = explain(key, code).diagnoses
    assert diagnosis.place is not None
    assert (diagnosis.place.line, diagnosis.cause) == (2, "no_copy")


def test_a_function_that_cannot_be_called_is_left_alone(key: QuestionKey) -> None:
    """It wants more than it is given: no line of it runs."""
    found = explain(key, RIGHT[0].replace("W)", "W, more)") + "\n" + "\n".join(RIGHT[1:]))
    assert found.diagnoses == ()


def made(n_h: Any, n_y: Any) -> Any:
    """Make room for two biases."""
    return np.zeros((n_h, 1)), np.zeros((n_y, 1))


def test_a_size_where_one_is_due() -> None:
    """A square instead of a column."""
    key = key_of(made, [{"n_h": n, "n_y": n - 2} for n in (4, 6, 3)], ("b1", "b2"))
    code = "def made(n_h, n_y):\n    b1 = np.zeros((n_h, 1))\n    b2 = np.zeros((n_y, n_y))\n"
    (diagnosis,) = explain(key, f"{code}    return b1, b2").diagnoses
    assert diagnosis.cause == "size_for_one"
    assert "`n_y`" in diagnosis.message


def halved(x: Any, k: Any) -> Any:
    """Divide by a number once."""
    part = x + k
    return part / k


def test_what_is_too_much_is_not_called_missing() -> None:
    """A second division can be taken back by a multiplication, but that is not what is wrong."""
    cases = [{"x": np.array([1.0, 2.5, -3.0]) * n, "k": 0.3 * n} for n in (1, 2, 3)]
    code = "def halved(x, k):\n    part = x + k\n    y = part / k / k\n    return y"
    (diagnosis,) = explain(key_of(halved, cases, ("y",)), code).diagnoses
    assert (diagnosis.cause, diagnosis.place and diagnosis.place.line) == ("divisor_extra", 3)


def slope(x: Any, theta: Any) -> Any:
    """Return the derivative of θx with respect to θ."""
    rise = theta * x
    return rise / theta


def test_a_value_that_is_right_alone_tells_nothing_of_what_stood_there() -> None:
    """To a speck, whatever it is, the right value can be added."""
    cases = [{"x": 3.5, "theta": 2.5}, {"x": -1.25, "theta": 4.0}, {"x": 7.5, "theta": -3.0}]
    code = "def slope(x, theta):\n    h = 1e-9\n    y = (theta * x) * h * h\n    return y"
    found = explain(key_of(slope, cases, ("y",)), code)
    assert found.location is not None
    assert found.location.place.line == 3
    assert found.diagnoses == ()


def test_specks_prove_little() -> None:
    """That a number is small is true of many."""
    cases = [{"x": x, "theta": 1e-9} for x in (1.5, 2.5)]
    assert not key_of(product, cases, ("y",)).tells_much
    assert key_of(product, [{"x": 1.5, "theta": 0.5}], ("y",)).tells_much


def product(x: Any, theta: Any) -> Any:
    """Return θx."""
    return theta * x


def loss(y: Any, yhat: Any) -> Any:
    """Return Σ|y - ŷ|."""
    return np.sum(np.abs(y - yhat))


BY_HAND = [
    "def loss(y, yhat):",
    "    total = 0",
    "    for i in range(len(y)):",
    "        total += abs(y[i] - yhat[i])",
    "    return total",
]


def test_two_mistakes_that_only_show_together() -> None:
    """Neither of them alone makes anything right, and nothing on the way is known."""
    rng = np.random.default_rng(2)
    cases = [{"y": rng.standard_normal(n), "yhat": rng.standard_normal(n)} for n in (4, 6, 5)]
    key = key_of(loss, cases, ("loss",))
    code = [*BY_HAND]
    code[2] = "    for i in range(1, len(y)):"
    code[4] = "        return total"
    found = explain(key, "\n".join(code))
    told = [(each.cause, each.place and each.place.line) for each in found.diagnoses]
    assert told == [("range_start", 3), ("early_return", 5)]
    assert explain(key, "\n".join(BY_HAND).replace("abs", "np.cos")).diagnoses == ()


def test_a_function_within_is_not_where_it_begins(key: QuestionKey) -> None:
    """Its names are its own, whatever they are in the reference."""
    half = ["    def half(dW):", "        dW = dW / 2", "        return dW"]
    code = [*RIGHT[:1], *half, *RIGHT[1:]]
    code[5] = "    dW = 2 * half(np.dot(dZ, A.T))"
    found = explain(key, "\n".join(code))
    assert [each.place and each.place.line for each in found.diagnoses] == [6]


def test_the_lines_of_all_blocks_are_looked_at(key: QuestionKey) -> None:
    """Of `try` and of `match`, too."""
    text = [*RIGHT[:2], "    try:", "        dW = A.nothing", "    except AttributeError:",
            "        dW = np.dot(dZ, A.T)", *RIGHT[3:]]  # fmt: skip
    (diagnosis,) = explain(key, "\n".join(text)).diagnoses
    assert diagnosis.place is not None
    assert (diagnosis.place.line, diagnosis.cause) == (6, "not_averaged")
    text[2:6] = ["    match m:", "        case int():", "            dW = np.dot(dZ, A.T)"]
    (diagnosis,) = explain(key, "\n".join(text)).diagnoses
    assert diagnosis.place is not None
    assert (diagnosis.place.line, diagnosis.cause) == (5, "not_averaged")


def test_a_failure_of_one_search_costs_the_others_nothing(
    key: QuestionKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are looked for, and told."""
    other = key_of(product, [{"x": x, "theta": 0.5} for x in (1.5, 2.5)], ("y",))
    run = Search.run

    def fails_once(self: Search) -> Any:
        if self._source.name == "product":
            raise ZeroDivisionError
        yield from run(self)

    monkeypatch.setattr(Search, "run", fails_once)
    sum_of_both = "def product(x, theta):\n    return theta + x"
    codes = {"product": sum_of_both, "layer": changed(l2="m = 1")}
    explainer, results = explained_together((other, key), codes)
    assert "ZeroDivisionError" in explainer.failure
    assert [bool(each.diagnoses) for each in results] == [False, True]


def recorded(x: Any, rate: Any, loud: Any) -> Any:
    """Return what is left after three steps, and what every step has left."""
    kept = []
    for _ in range(3):
        x = x - rate * x
        kept.append(x)
    return x, kept


RECORDED = [
    "def recorded(x, rate, loud):",
    "    kept = []",
    "    for i in range(3):",
    "        x = x - rate * x",
    "        a = x",
    "        b = a",
    "        c = b",
    "        if loud:",
    "            kept.append(c)",
    "    return x, kept",
]


def test_a_condition_of_what_is_kept_is_looked_at() -> None:
    """A list that stays empty is wrong only when it is returned."""
    cases = [{"x": x, "rate": 0.5, "loud": False} for x in (1.5, 2.5)]
    key = key_of(recorded, cases, ("x", "kept"))
    found = explain(key, "\n".join(RECORDED).replace("if loud", "if loud and i > -1"))
    assert [each.cause for each in found.diagnoses] == ["condition_extra"]


def test_a_line_whose_values_are_right_is_not_blamed() -> None:
    """It is not changed, but together with another one."""
    rng = np.random.default_rng(3)
    cases = [{"y": rng.standard_normal(n), "yhat": rng.standard_normal(n)} for n in (4, 6, 5)]
    key = key_of(halved_loss, cases, ("loss",))
    code = ["def halved_loss(y, yhat):", "    m = len(y)", "    return np.cos(y - yhat)[0] / m"]
    asked: list[str] = []
    explained_together((key,), {"halved_loss": "\n".join(code)}, asked=asked)
    changed_lines = [
        [n for n, row in enumerate(code) if row not in source.split("\n")] for source in asked
    ]
    assert [2] in changed_lines
    assert [1] not in changed_lines


def halved_loss(y: Any, yhat: Any) -> Any:
    """Return Σ(y - ŷ)² / 2m."""
    m = len(y)
    return np.sum((y - yhat) ** 2) / (2 * m)


def kept(x: Any, k: Any) -> Any:
    """Return three values of two arguments."""
    return 2 * x, k, k


def test_a_change_may_lead_to_any_right_solution() -> None:
    """Not only to the one that most of the wrong answers come next to."""
    inputs = (1.5, 2.5, 3.7)
    key = key_of(kept, [{"x": x, "k": x**2 + 0.3} for x in inputs], ("a", "b", "c"))
    answers = tuple(Answer("returned", pack((9.0, x, x))) for x in inputs)
    key = replace(key, alternatives=(AlternativeKey("other", "", key.outputs, answers),))
    found = explain(key, "def kept(x, k):\n    h = x\n    return 2 * x, h, h")
    assert [each.cause for each in found.diagnoses] == ["neighbour"]


def cached(x: Any, k: Any) -> Any:
    """Return four values in one."""
    cache = (x, 2 * x, k, 3 * k)
    return x, cache


def test_one_order_is_told_once() -> None:
    """However many values stand elsewhere."""
    cases = [{"x": x, "k": x**2 + 0.3} for x in (1.5, 2.5, 3.7)]
    key = key_of(cached, cases, ("y", "cache"))
    code = "def cached(x, k):\n    cache = (2 * x, x, 3 * k, k)\n    return x, cache"
    (diagnosis,) = explain(key, code).diagnoses
    assert diagnosis.cause == "order_of_values"
    assert diagnosis.message == "In `cache`, values stand in the wrong order."
