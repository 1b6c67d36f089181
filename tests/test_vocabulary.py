"""The closed set of words: whatever a text says, only words that were there before come of it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.lines import Function
from grader.judging.raised import _RULES, raised_fact
from grader.results import Observation, RaisedError, Source, Step
from grader.vocabulary import Vocabulary, numpy_warning

CODE = """def f(A, n=3, cache=None):
    W1, b = cache["W1"], cache['b']
    grads = {"dW" + str(n): A.shape(0), f"db{n}": np.zeros(3, 1)[1]}
    for row in n:
        if A > 0: x, y = np.sum(A, A) ^ len(n), np.sigmoid(W1.T, axis=b)(A)
    return grads
"""
HELPER = "def layer(A, W, b=0, *, keep):\n    return lambda z: z\n"
WORDS = Vocabulary.of(CODE, addresses=["grads['dZ1']", "caches[0]"], notebook=[HELPER])
FUNCTION = Function.of(Source(code=CODE))

secrets = st.text(string.ascii_lowercase, min_size=6, max_size=12).map("leak".__add__)


def _steps(*addresses: str) -> list[str]:
    """Return the addresses that are left of those that a kernel may name."""
    steps = tuple(Step(2, address, 1.0) for address in addresses)
    return [
        each.address for each in WORDS.seen(Observation("f", "1", "returned", steps=steps)).steps
    ]


# ---------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    "text",
    [
        "overflow encountered in exp",
        "divide by zero encountered in log",
        "invalid value encountered in scalar divide",
        "overflow encountered in reduce",
        "invalid value encountered in cast",
        "underflow encountered in matmul",
    ],
)
def test_numpys_own_warnings_are_told(text: str) -> None:
    """Word for word."""
    assert numpy_warning(text) == text


@given(st.one_of(st.text(), st.integers(), st.binary()), secrets)
def test_no_other_warning_is(said: object, secret: str) -> None:
    """Not even one that begins or ends like NumPy's."""
    assert numpy_warning(said) is None
    for text in (f"{said}{secret}", f"exp {secret}", f"{secret} exp", f"exp\n{secret}", "exp\n"):
        assert numpy_warning(f"overflow encountered in {text}") is None
    assert numpy_warning(f"{secret} encountered in exp") is None


def test_a_text_that_says_it_is_another_is_none() -> None:
    """What comes over the wire has the wire's types; another would be no text."""

    class Text(str):
        __slots__ = ()

    assert numpy_warning(Text("overflow encountered in exp")) is None


# ---------------------------------------------------------------- exceptions

PATTERNS = [
    "name '{0}' is not defined",
    "cannot access local variable '{0}' where it is not associated with a value",
    "module 'numpy' has no attribute '{0}'",
    "module 'numpy.{0}' has no attribute '{0}'",
    "'int' object has no attribute '{0}'",
    "'numpy.ndarray' object has no attribute '{0}'",
    "'{0}' object has no attribute '{0}'",
    "{0}() missing 1 required positional argument: '{0}'",
    "layer() missing 1 required positional argument: '{0}'",
    "layer() missing 2 required positional arguments: 'A' and '{0}'",
    "layer() missing 2 required positional arguments: 'A' {0} 'W'",
    "layer() missing 2 required positional arguments: {0}",
    "_sum_dispatcher() missing 1 required positional argument: '{0}'",
    "{0}() takes 1 positional argument but 2 were given",
    "_{0}_dispatcher() takes 1 positional argument but 2 were given",
    "f() got an unexpected keyword argument '{0}'",
    "'{0}' object is not callable",
    "unsupported operand type(s) for +: '{0}' and 'str'",
    "{0}",
]
KINDS = sorted({kind for kinds, *_ in _RULES for kind in kinds})


@given(
    st.sampled_from(KINDS),
    st.sampled_from(PATTERNS),
    st.one_of(secrets, secrets.map(lambda text: f"A' and '{text}"), st.text(max_size=40)),
    st.integers(1, 7),
)
def test_a_fact_is_made_of_the_functions_words(
    kind: str, pattern: str, secret: str, number: int
) -> None:
    """Whatever the message: names of its source, of NumPy's, or parameters that there are."""
    assert FUNCTION
    line = FUNCTION.line(number)
    if line is None:
        return
    fact = raised_fact(RaisedError(kind, pattern.format(secret)), line, FUNCTION, WORDS)
    name = fact.name if fact else ""
    assert "leak" not in name
    parts = re.findall(r"\w+", name)
    known = {*re.findall(r"\w+", CODE + HELPER), "tuple", "dict", "list", "and"}
    assert all(part in known or WORDS.holds(part) for part in parts)


@given(st.sampled_from(KINDS), st.text(max_size=60), st.text(max_size=60))
def test_no_message_breaks_the_rules(kind: str, before: str, after: str) -> None:
    """Any text may come."""
    assert FUNCTION
    for line in FUNCTION.lines:
        for pattern in PATTERNS:
            raised_fact(RaisedError(kind, before + pattern + after), line, FUNCTION, WORDS)


@pytest.mark.parametrize(
    ("function", "said", "passes"),
    [
        ("layer", "'W'", True),
        ("layer", "'A' and 'W'", True),
        ("layer", "'A'", False),  # the one before would be missing, too
        ("layer", "'W' and 'A'", False),
        ("layer", "'A', 'W', and 'b'", False),
        ("layer", "'keep'", False),
        ("layer", "'A' and 'A'", False),
        ("layer", "'A', 'W'", False),
        ("layer", "", False),
        ("layer", "'z'", False),
        ("lambda", "'z'", True),
        ("elsewhere", "'a'", False),
        ("_sum_dispatcher", "'a'", True),
        ("_sum_dispatcher", "'a' and 'axis'", False),
    ],
)
def test_missing_arguments_are_parameters(function: str, said: str, *, passes: bool) -> None:
    """The last ones of the function that is called, in Python's own words: no choice is left."""
    assert WORDS.passes(function, said) == passes


# ---------------------------------------------------------------- steps


def test_addresses_of_the_function_count() -> None:
    """Names of its source, parts by its texts, by the reference's, and by numbers."""
    own = [
        "A",
        "grads",
        "cache['W1']",
        "grads['dW1']",
        "grads['db12']",
        "grads['dZ1']",
        "x[3]['b']",
    ]
    assert _steps(*own, "") == [*own, ""]


@given(secrets, st.text(max_size=30))
def test_no_other_address_does(secret: str, text: str) -> None:
    """Text in brackets, before or behind them."""
    for each in (secret, f"{secret}[0]", f"A['{secret}']", f"A[{secret}]", f"A{text}{secret}"):
        assert _steps(each) == []
    for each in _steps(text, f"A[{text}]", f"A['{text}']", f"A[0]{text}"):
        told = WORDS.told(each)
        parts = re.findall(r"\w+", told)
        assert all(WORDS.holds(part) or part in WORDS.keys for part in parts)


@given(st.integers(-(10**9), 10**9))
def test_a_number_in_an_address_is_not_told(number: int) -> None:
    """It may be any; but one that the reference has. So may one in a key."""
    assert WORDS.told(f"A[{number}]") == "A"
    assert WORDS.told(f"grads['dW{number}']") == "grads"
    assert WORDS.told(f"grads['dZ1'][{number}]['b']") == "grads['dZ1']"
    assert WORDS.told("grads['dZ1']['W1']['b']") == "grads['dZ1']"
    assert WORDS.told("caches[0]") == "caches[0]"


def test_what_python_cannot_read_has_names_all_the_same() -> None:
    """A source that is none has no texts and no functions."""
    assert Vocabulary.of("def f(:", notebook=["\0"]).holds("f")
    assert not Vocabulary.of("").holds("leaked")
