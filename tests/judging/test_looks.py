"""What a function's source shows by itself."""

from dataclasses import replace

import pytest

from grader.judging.lines import Function
from grader.judging.looks import STRONG, Usual, looks
from grader.results import Source

USUAL = Usual(
    needed=("A", "keep_prob"),
    dictionaries=("parameters",),
    arrays=("A",),
    named=("A", "D", "Z"),
    texts=("relu", "W", "b", "he"),
    numbers=(0, 1, 2, 100),
)


def facts(
    *body: str, parameters: str = "A, keep_prob", usual: Usual = USUAL
) -> list[tuple[str, str, int]]:
    """Return what is seen of a function of this body, which begins in line 2."""
    code = "\n".join([f"def f({parameters}):", *(f"    {line}" for line in body)])
    function = Function.of(Source(code=code, line=1))
    assert function is not None
    return [(fact.cause, fact.name, fact.line) for fact in looks(function, usual)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (["D = np.random.rand(*A.shape) < keep_prob", "return A * D / keep_prob"], []),
        (["D = np.random.rand(*A.shape) < keep_prob", "return A"], [("unused_value", "D", 2)]),
        (["D = None", "return A"], []),
        (["D, Z = None, None", "return A"], []),
        (["return A / 0.5"], [("unused_parameter", "keep_prob", 0)]),
        (["return A * (keep_prob - train_X.shape[0])"], [("from_elsewhere", "train_X", 2)]),
        (["return sigmoid(A) ** keep_prob + np.pi"], []),
        (["for i in range(3):", "    A = A * i", "return [k for k in A if keep_prob]"], []),
        (["def g(x):", "    return x + A", "return g(keep_prob)"], []),
        (["_, D = A, A", "return A * keep_prob"], []),
        (["step = lambda x: x * keep_prob", "return step(A)"], []),
        (["product, g = np.multiply, relu", "return g(product(A, keep_prob))"], []),
        (["try:", "    return A", "except ValueError as e:", "    return e, keep_prob"], []),
        (["match A.shape:", "    case (n, *m):", "        return n, m, keep_prob"], []),
        (["match A:", "    case {'a': x, **kw}:", "        return x, kw, keep_prob"], []),
        (["from math import e as euler", "return A * keep_prob * euler"], []),
        (["class C:", "    x = 1", "C.y = keep_prob", "return C, A"], []),
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
    assert [fact.name for fact in looks(function, USUAL)] == ["other"]
    assert looks(function, replace(USUAL, functions=("other",))) == []


def test_a_parameter_that_nobody_needs_may_be_unused() -> None:
    """As in the reference."""
    assert facts("return A * keep_prob", parameters="A, keep_prob, print_cost=True") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (["B = A", "B[0] = keep_prob", "return A + B"], ("no_copy", "B", 2)),
        (["B = np.copy(A)", "B[0] = keep_prob", "return A + B"], None),
        (["B = A", "B = B + keep_prob", "return A + B"], None),
        (
            ["for p in parameters:", "    p = p - A * keep_prob", "return parameters"],
            ("loop_variable", "p", 3),
        ),
        (["for p in parameters:", "    p = p - keep_prob", "    A += p", "return A"], None),
        (["for p in parameters:", "    p -= A * keep_prob", "return parameters"], None),
        (["np.sum(A)", "return A * keep_prob"], ("no_effect", "np.sum", 2)),
        (["A == keep_prob", "return A"], ("no_effect", "A == keep_prob", 2)),
        (["np.random.shuffle(A)", "return A * keep_prob"], None),
        (["np.exp(A, out=A)", "return A * keep_prob"], None),
        (["np.clip(A, 1e-9, 1, A)", "return A * keep_prob"], None),
        (["np.maximum(A, 0, A)", "return A * keep_prob"], None),
        (["np.nan_to_num(A, copy=False)", "return A * keep_prob"], None),
        (["for i in range(3):", "    A = A * i", "    i = i + 1", "return A * keep_prob"], None),
        (["new = parameters", "new['W'] = parameters['W'] + A * keep_prob", "return new"], None),
        (["own = {'Relu': A * keep_prob}", "return own['Relu']"], None),
        (["own = {}", "own['Relu'] = A * keep_prob", "return own['Relu'] + 1"], None),
        (["own = {'Relu': A * keep_prob}", "return own"], ("spelling", "'Relu'", 2)),
        (["if kind == 'he' or True:", "    A = keep_prob", "return A"], None),
        (["if A.size == 3 or 2:", "    A = keep_prob", "return A"], ("always_true", "2", 2)),
        (["print(A)", "return A * keep_prob"], None),
        (["A = A ^ 2", "return A * keep_prob"], ("xor_for_power", "", 2)),
        (
            ["W, b = parameters", "return W * A + b * keep_prob"],
            ("dictionary_unpacked", "parameters", 2),
        ),
        (["return A * keep_prob if kind == 'Relu' else A"], ("spelling", "'Relu'", 2)),
        (["return A * keep_prob if kind == 'relu' else A"], None),
        (["return A * keep_prob + parameters['W3']"], ("fixed_layer_key", "'W3'", 2)),
        (["return A.reshape(12288, 1) * keep_prob"], ("fixed_size_at_sight", "12288", 2)),
        (["print('at 12288 of', 500)", "return A % 100 * keep_prob"], None),
        (["assert A.shape == (7, 9), 'Relu'", "return A * keep_prob"], None),
        (
            ["if kind == 'he' or 'relu':", "    A = keep_prob", "return A"],
            ("always_true", "'relu'", 2),
        ),
        (["if kind == 'he' or kind == 'relu':", "    A = keep_prob", "return A"], None),
        (["A = A if kind else keep_prob or 1", "return A"], None),
        (["B = A", "B *= keep_prob", "return A + B"], ("no_copy", "B", 2)),
        (["B = keep_prob", "B *= 2", "return A + B * keep_prob"], None),
        (["return A.resize(2, keep_prob)"], ("returns_nothing", "A.resize", 2)),
        (["return {'W': A, 'b': 1, 'W': keep_prob}"], ("key_twice", "'W'", 2)),
        (["A.sort()", "return np.sort(A) * np.resize(A, keep_prob)"], None),
    ],
)
def test_more_facts(body: list[str], expected: tuple[str, str, int] | None) -> None:
    """Each where it stands; nothing where it is meant so."""
    found = facts(*body, parameters="A, keep_prob, parameters=None, kind=None")
    assert found == ([expected] if expected else [])


BRANCHES = ["if kind == 'he':", "    B = A", "if kind == 'relu':", "    B = -A"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ([*BRANCHES, "else:", "    B = 0", "return B * keep_prob"], 4),
        (["for i in range(2):", *(f"    {each}" for each in BRANCHES), "    else:", "        B = 0",
          "return B * keep_prob"], 5),
        ([*BRANCHES, "elif kind == 'W':", "    B = 1", "else:", "    B = 0",
          "return B * keep_prob"], 4),
        ([*BRANCHES, "return B * keep_prob"], 0),
        ([*BRANCHES, "else:", "    C = 0", "return B * keep_prob"], 0),
        ([*BRANCHES[:2], "el" + BRANCHES[2], BRANCHES[3], "else:", "    B = 0",
          "return B * keep_prob"], 0),
        ([*BRANCHES[:2], "if A == 1:", "    B = 1", "else:", "    B = 0",
          "return B * keep_prob"], 0),
    ],
)  # fmt: skip
def test_a_choice_that_another_one_undoes(body: list[str], line: int) -> None:
    """The second `if` binds in every branch what the first one has bound: it is meant as `elif`."""
    found = facts(*body, parameters="A, keep_prob, kind=None")
    assert found == ([("elif_missing", "", line)] if line else [])


@pytest.mark.parametrize(
    ("line", "draws", "seeds", "expected"),
    [
        ("D = np.random.rand(3)", False, True, "draws_itself"),
        ("D = np.random.rand(3)", True, True, None),
        ("rng = np.random.default_rng(1)", True, True, "own_stream"),
        ("np.random.seed(2)", True, True, "own_stream"),
        ("np.random.seed(2)", True, False, None),
    ],
)
def test_random_numbers(line: str, *, draws: bool, seeds: bool, expected: str | None) -> None:
    """It depends on what the reference does whether they are amiss."""
    usual = replace(USUAL, draws=draws, seeds=seeds, named=())
    found = facts(line, "return A * keep_prob", usual=usual)
    assert found == ([(expected, "", 2)] if expected else [])
    assert expected is None or expected in STRONG
