"""Comparison: kind, structure, shape, dtype, values, in this order and with an address."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from grader.judging.compare import compare
from grader.judging.differences import allowed_error
from grader.results import Comparison
from grader.spec import Question, Tolerance
from grader.wire import ForeignArray, Opaque

DW = np.array([[1.0], [2.0]])
EXPECTED = ({"dw": DW, "db": np.float64(0.5)}, np.float64(6.0))


def make_question(returns: tuple[str, ...], **tolerances: Tolerance) -> Question:
    """Return a question with the given tolerances by address."""
    return Question("f", "function", "", 1.0, returns, tolerances=tolerances)


def faults(actual: Any, expected: Any = EXPECTED, **tolerances: Tolerance) -> dict[str, str]:
    """Return the faults by address; `grads` and `cost` are the names of a pair."""
    returns = ("grads", "cost") if isinstance(expected, tuple) else ("x",)
    found = compare(make_question(returns, **tolerances), actual, expected)
    return {comparison.path: comparison.fault for comparison in found if comparison.fault}


def only(actual: Any, expected: Any, **tolerances: Tolerance) -> Comparison:
    """Return the only comparison of a single value called `x`."""
    (comparison,) = compare(make_question(("x",), **tolerances), actual, expected)
    return comparison


def test_equal_values_have_no_fault() -> None:
    """Every leaf has its address, and the same value is right."""
    found = compare(make_question(("grads", "cost")), EXPECTED, EXPECTED)
    assert [c.path for c in found] == ["grads['dw']", "grads['db']", "cost"]
    assert not any(c.fault for c in found)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (0.5, np.float64(0.5)),
        (np.array(0.5), np.float64(0.5)),
        (np.float32(0.5), 0.5),
        (0, 0.0),
        (7, np.int64(7)),
        (np.uint8(7), 7),
        ([1.0, 2.0], [1.0, 2.0]),
        ([np.array(1.0), 2.0], [1.0, 2.0]),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        ((1.0, 2.0), [1.0, 2.0]),
        ({"a": 1.0, "more": None}, {"a": 1.0}),
    ],
)
def test_what_is_equally_right(actual: object, expected: object) -> None:
    """Numbers may come as Python numbers, NumPy scalars or 0-d arrays; extra keys do no harm."""
    assert faults(actual, expected) == {}


@pytest.mark.parametrize(
    ("actual", "fault"),
    [
        (None, "kind"),
        (Opaque("a function"), "kind"),
        ("0.69", "kind"),
        ([0.69], "kind"),
        (np.array([]), "shape"),
        (np.array([0.69]), "shape"),
        (np.array([[0.69]]), "shape"),
        (ForeignArray("object", ()), "dtype"),
        (0.69 + 0j, "dtype"),
        (True, "dtype"),
        (np.nan, "value"),
        (0.7, "value"),
        (-0.69, "value"),
    ],
)
def test_what_is_no_number_like_the_expected_one(actual: object, fault: str) -> None:
    """Everything that np.allclose would let pass for 0.69, and what it would not."""
    assert only(actual, 0.69).fault == fault


@pytest.mark.parametrize(
    ("actual", "fault"),
    [
        (DW.T, "shape"),
        (DW.ravel(), "shape"),
        (1.0, "shape"),
        (DW.tolist(), "kind"),
        (DW.astype(int), "dtype"),
        (DW.astype(bool), "dtype"),
        (DW.astype(complex), "dtype"),
        (ForeignArray("str32", (2, 1)), "dtype"),
        (np.full((2, 1), np.nan), "value"),
        (np.full((2, 1), np.inf), "value"),
        (2 * DW, "value"),
    ],
)
def test_what_is_no_array_like_the_expected_one(actual: object, fault: str) -> None:
    """Shape comes before dtype, dtype before values."""
    assert only(actual, DW).fault == fault


def test_the_shapes_of_a_first_attempt_are_told() -> None:
    """Arrays where scalars are due, and the wrong array, each with both shapes."""
    attempt = ({"dw": np.ones((2, 2)), "db": np.ones(2)}, np.ones(2))
    messages = [c.message for c in compare(make_question(("grads", "cost")), attempt, EXPECTED)]
    assert messages == [
        "`grads['dw']` must be an array of shape (2, 1); yours is an array of shape (2, 2).",
        "`grads['db']` must be a single number; yours is an array of shape (2,).",
        "`cost` must be a single number; yours is an array of shape (2,).",
    ]


@pytest.mark.parametrize("actual", [None, EXPECTED[0], (*EXPECTED, 1), EXPECTED[:1], DW])
def test_a_wrong_number_of_values_costs_all_outputs(actual: object) -> None:
    """Each output is told how many values are due."""
    assert set(faults(actual)) == {"grads['dw']", "grads['db']", "cost"}


def test_swapped_values_are_told_by_kind() -> None:
    """`return cost, grads` is not `return grads, cost`."""
    assert set(faults(EXPECTED[::-1]).values()) == {"kind"}


def test_a_list_may_stand_for_the_tuple() -> None:
    """`return [grads, cost]` unpacks as well."""
    assert faults(list(EXPECTED)) == {}


def test_an_empty_dictionary_is_told_once() -> None:
    """Not key by key."""
    *grads, _ = compare(make_question(("grads", "cost")), ({}, 6.0), EXPECTED)
    (message,) = {comparison.message for comparison in grads}
    assert message.endswith("the keys 'dw', 'db'; yours is an empty dictionary.")


def test_a_missing_key_names_the_near_miss() -> None:
    """`dW` for `dw` costs that output only."""
    actual = ({"dW": DW, "db": 0.5}, 6.0)
    missing, *others = compare(make_question(("grads", "cost")), actual, EXPECTED)
    assert missing.fault == "structure"
    assert missing.message == "`grads` has no key 'dw'; it has 'dW': is that the one?"
    assert not any(other.fault for other in others)


def test_the_message_counts_and_locates_the_wrong_entries() -> None:
    """How many, where first, by how much; numbers in visible cases only."""
    actual = np.arange(12.0).reshape(3, 4)
    expected = actual.copy()
    expected[1, 2:] += 0.25
    found = only(actual, expected)
    count = "`x` has the right shape, (3, 4), but 2 of 12 entries are wrong"
    assert found.message == (
        f"{count}: `x[1, 2]` is 6 and should be 6.25. The largest difference is 0.25."
    )
    some = count.replace("2 of", "some of")
    assert found.hidden_message == f"{some}, the worst off by up to 10 %."
    scalar = only(5.0, 4.0)
    assert scalar.message == "`x` is 5 and should be 4."
    assert scalar.hidden_message == "`x` has the wrong value, off by up to 100 %."


def test_a_list_is_told_by_its_length() -> None:
    """Costs at every step instead of every hundredth."""
    assert only([1.0] * 101, [1.0, 0.5]).message == "`x` must have 2 entries; yours has 101."
    assert "right length" in only([1.0, 0.6], [1.0, 0.5]).message


def test_nan_is_told_as_such() -> None:
    """NaN where a number is due is named, not called a large difference."""
    assert "NaN" in only(np.array([1.0, np.nan]), np.array([1.0, 2.0])).message


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_special_values_must_stand_where_they_are_due(special: float) -> None:
    """The same one in the same place is right, a finite number or another one is not."""
    expected = np.array([1.0, special])
    assert only(expected.copy(), expected).fault is None
    assert only(np.array([1.0, 3.0]), expected).fault == "value"
    other = np.inf if special != np.inf else -np.inf
    assert only(np.array([1.0, other]), expected).fault == "value"


def test_tolerances_by_address_and_by_root() -> None:
    """An output's own tolerance comes before its root's, and that before the question's."""
    off = ({"dw": DW * 1.01, "db": 0.505}, 6.0)
    assert set(faults(off)) == {"grads['dw']", "grads['db']"}
    assert faults(off, grads=Tolerance(rtol=0.1)) == {}
    assert faults(off, **{"grads": Tolerance(rtol=0.1), "grads['db']": Tolerance()}) == {
        "grads['db']": "value"
    }


def test_kinds_and_single_entries_may_be_allowed() -> None:
    """Predictions may be booleans, a bias an array of one entry, where the question says so."""
    ones = np.array([[1.0, 0.0]])
    assert only(ones > 0, ones, x=Tolerance(dtypes=("bool", "float"))).fault is None
    assert only(np.array([[0.5]]), 0.5, x=Tolerance(one_entry=True)).fault is None
    assert only(np.array([0.5, 0.5]), 0.5, x=Tolerance(one_entry=True)).fault == "shape"


def test_small_numbers_are_not_all_alike() -> None:
    """The hole of np.allclose: 1e-9 and 5e-9 differ."""
    assert np.allclose(1e-9, 5e-9)
    assert only(1e-9, 5e-9).fault == "value"


def test_huge_integers_are_numbers() -> None:
    """Also those that no dtype holds."""
    assert only(10**30, 64).fault == "value"
    assert only([10**30, 1], [1.0, 1.0]).fault == "value"
    assert only(10**30, 1e30).fault is None
    assert only(10**400, 0.5).fault == "value"
    assert only([10**30, 1j], [1.0, 1.0]).fault == "dtype"
    assert only([10**30, True], [1, 1]).fault == "value"


def test_any_number_of_keys_costs_no_time_and_no_space() -> None:
    """Names that a student's code makes up are looked at within bounds."""
    many = {f"Y_prediction_tset{i}": 0 for i in range(100_000)} | {"k" * 10**6: 0}
    started = time.process_time()
    (missing,) = compare(make_question(("d",)), many, {"Y_prediction_test": 1})
    (wrong,) = compare(make_question(("x",)), {"k" * 10**6: 1}, 1.0)
    assert time.process_time() - started < 2
    assert len(missing.message) + len(wrong.message) < 2000


def test_an_expected_key_is_no_near_miss_for_another() -> None:
    """`Y_train` is due itself; it does not stand for the missing `Y_test`."""
    (missing, _) = compare(make_question(("d",)), {"Y_train": 1}, {"Y_test": 1, "Y_train": 1})
    assert missing.message == "`d` has no key 'Y_test'; it has 'Y_train'."


def test_large_integers_are_compared_exactly() -> None:
    """Beyond 2⁵³, where floats would be equal."""
    assert only(2**53 + 1, 2**53).fault == "value"


FLOATS = st.floats(-1e6, 1e6, allow_subnormal=False)
MATRICES = npst.arrays(np.float64, npst.array_shapes(max_dims=3, max_side=4), elements=FLOATS)


@given(MATRICES)
def test_a_value_equals_itself_within_rounding(expected: NDArray[np.float64]) -> None:
    """Rounding errors of the size of the largest entry pass, in every entry."""
    largest = np.abs(expected).max()
    assert only(expected + 1e-15 * largest, expected).fault is None


@given(MATRICES, st.data())
def test_one_changed_entry_is_found_and_counted(
    expected: NDArray[np.float64], data: st.DataObject
) -> None:
    """An entry beyond the allowed error is found, wherever it is."""
    index = tuple(data.draw(st.integers(0, n - 1)) for n in expected.shape)
    actual = expected.copy()
    actual[index] += 3 * allowed_error(expected, Tolerance())[index] + 1e-9
    assume(actual[index] != expected[index])
    found = only(actual, expected)
    assert found.fault == "value"
    assert f"1 of {expected.size} " in found.message or "its entry is wrong" in found.message


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | MATRICES
    | st.builds(Opaque, st.text())
    | st.just(ForeignArray("object", (2, 1))),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["dw", "db", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(ANYTHING)
def test_anything_returned_gets_a_verdict_for_every_output(actual: object) -> None:
    """No returned value breaks the comparison, and every output is judged once."""
    found = compare(make_question(("grads", "cost")), actual, EXPECTED)
    assert sorted(c.path for c in found) == sorted(["grads['dw']", "grads['db']", "cost"])
    assert all(c.message and c.hidden_message for c in found if c.fault)


@given(ANYTHING)
def test_hidden_messages_hold_nothing_that_was_returned(actual: object) -> None:
    """What a student returns in a hidden case does not come back in the message."""
    secret = "4242.4242"  # noqa: S105 - what must not be told
    told = {"grads": {"dw": actual, secret: 1}, "x": secret}
    for returned in (told, (told, secret), ({secret: actual}, Opaque(secret)), secret):
        for comparison in compare(make_question(("grads", "cost")), returned, EXPECTED):
            assert secret not in comparison.hidden_message


@pytest.mark.parametrize(
    ("actual", "other"),
    [
        (np.eye(4)[:1], np.eye(4)[1:2]),
        (np.where(np.eye(4)[:1], np.nan, 0), np.where(np.ones((1, 4)) - np.eye(4)[2:3], np.nan, 0)),
    ],
)
def test_hidden_messages_do_not_say_which_entries_are_wrong(
    actual: NDArray[Any], other: NDArray[Any]
) -> None:
    """Nor how many: a student's code can choose them by what it was given."""
    expected = np.zeros((1, 4))
    found, same = only(actual, expected), only(other, expected)
    assert found.message != same.message
    assert found.hidden_message == same.hidden_message


def test_hidden_messages_do_not_say_which_entry_of_a_list_is_none() -> None:
    """As for arrays."""
    expected = [1.0, 2.0, 3.0]
    found, same = (only([*expected[:n], "x", *expected[n + 1 :]], expected) for n in (0, 2))
    assert found.message != same.message
    assert found.hidden_message == same.hidden_message
