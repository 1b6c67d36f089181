"""The catalogue of words: whole sentences, no numbers, no names that the student does not know."""

import re
import string

import pytest

from grader.judging.catalogue import PARTS, WORDS, WORDS_OF_OWN_LINES
from grader.judging.causes import BOTH, NOTHING, SEVERAL, part, render

FIELDS = {"where", "taken_", "term_", "factor_", "quantity", "name"}


ALL_WORDS = WORDS | WORDS_OF_OWN_LINES


@pytest.mark.parametrize("kind", ALL_WORDS)
def test_words_are_sentences_without_numbers(kind: str) -> None:
    """They begin with a capital, end with a full stop or a question mark, and fill all fields."""
    assert {name for _, name, _, _ in string.Formatter().parse(ALL_WORDS[kind]) if name} <= FIELDS
    about = {"variable": "dW1", "taken": "Z", "other": "A_prev", "term": "b", "factor": "m"}
    about["quantity"] = "the number of columns of `X`"
    for said in (render(kind, about), render(kind, {}), render(kind, {"variable": "helper_7"})):
        assert re.fullmatch(r"[A-Z][^{}]*[.?]", said)
        assert not re.search(r"\d", said.replace("1/m", "").replace("`dW1`", ""))
        assert "helper_7" not in said


def test_the_students_own_name_is_used() -> None:
    """Where it is known, it stands instead of the usual one."""
    about = {"variable": "dW1"}
    assert "In `dW1`," in render("not_averaged", about)
    assert "In `grad_w`," in render("not_averaged", about, "grad_w")


def test_where_nothing_is_bound() -> None:
    """What is returned has no name; the head of a loop binds nothing."""
    assert render("constant", {"variable": ""}).startswith("In what is returned,")
    assert render("constant", {"variable": NOTHING}).startswith("In one of the steps,")
    assert render("constant", {}, NOTHING).startswith("In one of the steps,")


def test_several_sites_are_joined() -> None:
    """Each is named."""
    said = render("keepdims_missing", {"variable": f"db1{SEVERAL}db2{SEVERAL}db3"})
    assert said.startswith("In `db1`, `db2` and `db3`,")


def test_two_slips_are_told_one_behind_the_other() -> None:
    """And two that mean the same are told once."""
    about = {"variable": "dW", f"{BOTH}variable": "db"}
    first, second = ({"variable": name} for name in ("dW", "db"))
    both = render(f"not_averaged{BOTH}axis_missing", about)
    assert both == f"{render('not_averaged', first)} {render('axis_missing', second)}"
    again = {"variable": "dW", f"{BOTH}variable": "dW"}
    assert render(f"sign_missing{BOTH}sign_extra", again) == render("sign_extra", first)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("A_prev", "the activations of the layer before"),
        ("dZ2", "the gradient of the linear part of layer 2"),
        ("dLdW1", "the gradient of the weights of layer 1"),
        ("AL", "the activations of the last layer"),
        ("dtheta", "the gradient of the parameter"),
        ("helper_7", ""),
        ("", ""),
    ],
)
def test_values_are_called_by_their_part(symbol: str, expected: str) -> None:
    """Whatever the student calls them."""
    assert part(symbol) == expected


def test_what_does_not_go_by_a_usual_name_is_not_named() -> None:
    """Then only the rest is said."""
    assert "look at" in render("neighbour", {"variable": "Z", "taken": "dZ"})
    assert "look at" not in render("neighbour", {"variable": "Z", "taken": "helper_7"})
    assert "the bias" in render("term_missing", {"variable": "Z", "term": "b"})
    assert all(part(symbol) for symbol in PARTS)
