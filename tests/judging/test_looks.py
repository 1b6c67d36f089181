"""What a function's source shows by itself."""

import pytest

from grader.judging.lines import Function
from grader.judging.looks import looks
from grader.results import Source

NEEDED = ("A", "keep_prob")
NAMED = ("A", "D", "Z")


def facts(*body: str, parameters: str = "A, keep_prob") -> list[tuple[str, str, int]]:
    """Return what is seen of a function of this body, which begins in line 2."""
    code = "\n".join([f"def f({parameters}):", *(f"    {line}" for line in body)])
    function = Function.of(Source(code=code, line=1))
    assert function is not None
    return [(fact.cause, fact.name, fact.line) for fact in looks(function, NEEDED, NAMED)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (["D = np.random.rand(*A.shape) < keep_prob", "return A * D / keep_prob"], []),
        (["D = np.random.rand(*A.shape) < keep_prob", "return A"], [("unused_value", "D", 2)]),
        (["D = None", "return A"], []),
        (["D, Z = None, None", "return A"], []),
        (["return A / 0.5"], [("unused_parameter", "keep_prob", 1)]),
        (["return A * (keep_prob - train_X.shape[0])"], [("from_elsewhere", "train_X", 2)]),
        (["return sigmoid(A) ** keep_prob + np.pi"], []),
        (["for i in range(3):", "    A = A * i", "return [k for k in A if keep_prob]"], []),
        (["def g(x):", "    return x + A", "return g(keep_prob)"], []),
        (["_, D = A, A", "return A * keep_prob"], []),
        (["step = lambda x: x * keep_prob", "return step(A)"], []),
        (["try:", "    return A", "except ValueError as e:", "    return e, keep_prob"], []),
    ],
)
def test_facts(body: list[str], expected: list[tuple[str, str, int]]) -> None:
    """Each with its line; nothing of what may be wanted."""
    assert facts(*body) == expected


def test_a_graded_function_is_no_variable() -> None:
    """It may be passed on as a value."""
    code = "def f(A, keep_prob):\n    table = {A: other}\n    return table[A](keep_prob)"
    function = Function.of(Source(code=code, line=1))
    assert function is not None
    assert [fact.name for fact in looks(function, NEEDED, NAMED)] == ["other"]
    assert looks(function, NEEDED, NAMED, ["other"]) == []


def test_a_parameter_that_nobody_needs_may_be_unused() -> None:
    """As in the reference."""
    assert facts("return A * keep_prob", parameters="A, keep_prob, print_cost=True") == []
