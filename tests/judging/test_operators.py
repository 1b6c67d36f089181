"""Operators: each slip on a small function, and what holds for all of them."""

import ast
import inspect
from types import FunctionType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference.deep_network
import reference.gradient_checking
import reference.initialization
import reference.logistic_regression
import reference.mse_network
import reference.numpy_basics
import reference.regularization
import reference.shallow_network
from grader.judging.catalogue import WORDS
from grader.judging.causes import render
from grader.judging.mutants import changed
from grader.judging.operators import OPERATORS, Scope, Slip, slips
from grader.judging.program import Function, reachable
from grader.judging.trees import Path

# A function's body, the cause, and the line that comes of it.
SLIPS = [
    ("dW = dZ @ A.T / m", "not_averaged", "dW = dZ @ A.T"),
    ("dW = 1 / m * np.dot(dZ, A.T)", "not_averaged", "dW = np.dot(dZ, A.T)"),
    ("dW = dZ @ A.T / m", "averaged_twice", "dW = dZ @ A.T / m / m"),
    ("dW = dZ @ A.T / m", "multiplied_by_count", "dW = dZ @ A.T * m"),
    ("dW = dZ @ A.T / m", "half_extra", "dW = dZ @ A.T / (2 * m)"),
    ("cost = (A + B) / m", "average_misplaced", "cost = A + B / m"),
    ("m = A.shape[1]\n    dZ = A - Y", "averaged_extra", "dZ = (A - Y) / m"),
    ("m = X.shape[1]", "wrong_count", "m = X.shape[0]"),
    ("n = X.shape[0]", "wrong_axis_of_shape", "n = X.shape[1]"),
    ("cost = -np.sum(A)", "sign_missing", "cost = np.sum(A)"),
    ("cost = np.sum(A)", "sign_extra", "cost = -np.sum(A)"),
    ("W = W - rate * dW", "added_not_subtracted", "W = W + rate * dW"),
    ("Z = A + b", "subtracted_not_added", "Z = A - b"),
    ("dZ = A - Y", "difference_reversed", "dZ = Y - A"),
    ("Z = A + b", "term_missing", "Z = A"),
    ("Z = A + b", "term_twice", "Z = A + b + b"),
    ("Z = A * D", "factor_missing", "Z = A"),
    ("Z = A * D", "factor_twice", "Z = A * D * D"),
    ("Z = A / keep_prob", "divisor_missing", "Z = A"),
    ("Z = A * D", "divided_not_multiplied", "Z = A / D"),
    ("Z = A / keep_prob", "multiplied_not_divided", "Z = A * keep_prob"),
    ("Z = A / keep_prob", "division_reversed", "Z = keep_prob / A"),
    ("Z = A * B + C * D", "exchanged", "Z = C * B + A * D"),
    ("Z = 2 / A", "constant", "Z = 1 / A"),
    ("Z = A / (2 * m)", "brackets", "Z = A / 2 * m"),
    ("Z = A * (X + Y + D)", "brackets", "Z = A * X + Y + D"),
    ("Z = 1 - Y", "complement_missing", "Z = Y"),
    ("Z = Y * A", "complement_extra", "Z = (1 - Y) * A"),
    ("Z = A ** 2", "square_missing", "Z = A"),
    ("Z = A ** 2", "doubled_not_squared", "Z = A * 2"),
    ("Z = A ** 2", "absolute_not_squared", "Z = np.abs(A)"),
    ("Z = A ** 2", "exponent", "Z = A ** 3"),
    ("Z = np.sqrt(A)", "root_missing", "Z = A"),
    ("Z = np.sqrt(A)", "squared_not_root", "Z = A ** 2"),
    ("Z = np.sqrt(2 / A)", "root_of_one_part", "Z = np.sqrt(2) / A"),
    ("Z = np.sum(A ** 2)", "sum_then_square", "Z = np.sum(A) ** 2"),
    ("Z = np.sum(A ** 2)", "root_extra", "Z = np.sqrt(np.sum(A ** 2))"),
    ("Z = W @ A", "product_swapped", "Z = A @ W"),
    ("Z = np.dot(W, A)", "entrywise_product", "Z = W * A"),
    ("Z = W.T @ A", "transpose_missing", "Z = W @ A"),
    ("Z = W @ A", "transpose_extra", "Z = W.T @ A"),
    ("Z = W @ A", "product_transposes", "Z = W.T @ A.T"),
    ("Z = W @ A", "product_summed", "Z = np.sum(W * A)"),
    ("Z = W @ A", "outer_product", "Z = np.outer(W, A)"),
    ("Z = A * D", "matrix_product", "Z = np.dot(A, D)"),
    ("Z = A * D", "result_transposed", "Z = (A * D).T"),
    ("db = np.sum(dZ, axis=1, keepdims=True)", "wrong_axis", "np.sum(dZ, axis=0, keepdims=True)"),
    ("db = np.sum(dZ, axis=1, keepdims=True)", "axis_missing", "db = np.sum(dZ)"),
    ("db = np.sum(dZ, axis=1, keepdims=True)", "keepdims_missing", "db = np.sum(dZ, axis=1)"),
    ("db = np.sum(dZ)", "axis_extra", "db = np.sum(dZ, axis=1)"),
    ("db = np.sum(dZ)", "keepdims_extra", "db = np.sum(dZ, keepdims=True)"),
    ("db = np.sum(dZ)", "sum_missing", "db = dZ"),
    ("db = np.sum(dZ)", "mean_for_sum", "db = np.mean(dZ)"),
    ("n = np.linalg.norm(A)", "squared_norm", "n = np.sum(A ** 2)"),
    ("n = np.linalg.norm(A)", "sum_for_norm", "n = np.sum(A)"),
    ("n = np.linalg.norm(A)", "absolute_for_norm", "n = np.sum(np.abs(A))"),
    ("n = np.linalg.norm(A)", "max_for_norm", "n = np.max(A)"),
    ("n = np.max(A)", "min_for_max", "n = np.min(A)"),
    ("Z = np.abs(A)", "absolute_missing", "Z = A"),
    ("Z = np.abs(A)", "squared_not_absolute", "Z = A ** 2"),
    ("b = np.zeros((n, 1))", "sizes_swapped", "b = np.zeros((1, n))"),
    ("b = np.zeros((n, 1))", "flat_array", "b = np.zeros((n,))"),
    ("b = np.zeros((n, 1))", "integers", "b = np.zeros((n, 1), dtype=int)"),
    ("b = np.zeros((n, 1))", "ones_for_zeros", "b = np.ones((n, 1))"),
    ("b = np.zeros((n, 1))", "random_for_zeros", "b = np.random.randn(n, 1)"),
    ("v = X.reshape(-1, 1)", "entries_order", "v = X.reshape(-1, 1, order='F')"),
    ("v = X.reshape(-1, 1)", "reshape_missing", "v = X"),
    ("p = (A > 0.5).astype(float)", "booleans", "p = A > 0.5"),
    ("Z = A + b", "fewer_digits", "Z = np.asarray(A + b, dtype=np.float32)"),
    ("A = sigmoid(Z)", "activation_missing", "A = Z"),
    ("A = sigmoid(Z)", "other_activation", "A = np.tanh(Z)"),
    ("dZ = dA * (1 - A ** 2)", "other_derivative", "dZ = dA * (A * (1 - A))"),
    ("dZ = dA * A * (1 - A)", "other_derivative", "dZ = dA * (1 - A ** 2)"),
    ("dZ = dA * (1 - A ** 2)", "activation_twice", "dZ = dA * (1 - np.tanh(A) ** 2)"),
    ("dZ = dA * (A > 0)", "value_for_derivative", "dZ = dA * np.maximum(0.0, A)"),
    ("dZ = relu_backward(dA, Z)", "derivative_missing", "dZ = dA"),
    ("Z = np.log(A)", "log_base", "Z = np.log10(A)"),
    ("Z = np.log(A)", "log_missing", "Z = A"),
    ("Z = np.log(1 - A)", "log_of_complement", "Z = 1 - np.log(A)"),
    ("Z = np.exp(A)", "exp_missing", "Z = A"),
    ("Z = np.exp(A)", "exp_base", "Z = np.exp2(A)"),
    ("Z = np.exp(-A)", "sign_in_argument", "Z = np.exp(A)"),
    ("D = D < keep_prob", "comparison_inverted", "D = D > keep_prob"),
    ("D = D < keep_prob", "comparison_strict", "D = D <= keep_prob"),
    ("D = D < keep_prob", "comparison_missing", "D = D"),
    ("D = D < keep_prob", "threshold", "D = D < 0.5"),
    ("D = np.random.rand(n, m)", "normal_for_uniform", "D = np.random.randn(n, m)"),
    ("D = np.random.rand(n, m)", "fewer_draws", "D = np.random.rand(n, 1)"),
    ("W = np.random.randn(n, m)", "uniform_for_normal", "W = np.random.rand(n, m)"),
    ("W = np.random.randn(n, m)", "zeros_for_random", "W = np.zeros((n, m))"),
    ("W = np.random.randn(n, m)", "ones_for_random", "W = np.ones((n, m))"),
    ("W = np.random.randn(n, m) * 0.01", "unscaled", "W = np.random.randn(n, m)"),
    ("W = np.random.randn(n, m) * 0.01", "other_scale", "np.random.randn(n, m) * np.sqrt(2 / m)"),
    ("W = np.random.randn(n, m) * 0.01", "scale_of_other_side", "(n, m) * np.sqrt(2 / n)"),
    ("W = np.random.randn(n, m) * 0.01", "scale_without_root", "np.random.randn(n, m) * (2 / m)"),
    ("w = optimize(X, Y)", "arguments_swapped", "w = optimize(Y, X)"),
    ("w = optimize(X, Y)", "argument_missing", "w = optimize(X)"),
    ("A = forward(X, 'relu')", "other_activation", "A = forward(X, 'sigmoid')"),
    ("dZ = A - Y", "neighbour", "dZ = Z - Y"),
    ("A = cache['A1']", "neighbour", "A = cache['Z1']"),
    ("W = p['W' + str(l)]", "neighbour", "W = p['b' + str(l)]"),
    ("for l in range(3):\n        A = caches[l]", "other_layer", "A = caches[l - 1]"),
    ("for l in range(3):\n        A = caches[l - 1]", "other_layer", "A = caches[l]"),
    ("for l in range(3):\n        A = caches[l]", "fixed_layer", "A = caches[1]"),
    ("n = sizes[0]", "other_element", "n = sizes[1]"),
    ("W = W - learning_rate * dW", "argument_ignored", "W = W - 0.5 * dW"),
    ("return A, Z", "returns_swapped", "return (Z, A)"),
    ("return A, (X, Y)", "returns_swapped", "return (A, (Y, X))"),
    ("return {'A': A, 'Z': Z}", "return_missing", "return {'Z': Z}"),
    ("for i in range(m):\n        W = A", "range_end", "for i in range(0, m - 1)"),
    ("for i in range(1, m):\n        W = A", "range_start", "for i in range(0, m)"),
    ("for i in reversed(range(m)):\n        W = A", "wrong_direction", "for i in range(m)"),
    ("L = len(A) // 2", "half_missing", "L = len(A)"),
    ("L = len(A)", "number_of_layers", "L = len(A) - 1"),
    ("A = A @ D", "statement_missing", "pass"),
    ("W = W - dW", "not_added_up", "W = dW"),
    ("for i in range(m):\n        W = A\n        Z = A", "after_the_loop", "Z = A\n        W = A"),
    ("for i in range(m):\n        W = A\n        Z = A", "before_the_loop", "W = A\n        for"),
    ("for i in range(m):\n        W = A\n        Z = W", "order", "Z = W\n        W = A"),
    ("Z = 0\n    for i in range(m):\n        W = A", "inside_the_loop", "Z = 0\n        W = A"),
    ("for i in range(m):\n        W = A\n    return W", "early_return", "W = A\n        return W"),
    ("A = X if k else Y", "branches_swapped", "A = Y if k else X"),
    ("A = X if k else Y", "always_one_branch", "A = X"),
    ("if k:\n        A = X", "condition_missing", "if True:\n        A = X"),
]

MODULES = (
    reference.deep_network,
    reference.gradient_checking,
    reference.initialization,
    reference.logistic_regression,
    reference.mse_network,
    reference.numpy_basics,
    reference.regularization,
    reference.shallow_network,
)


def scope_of(body: str) -> Scope:
    """Return the scope of a function of many parameters."""
    names = "X, Y, A, B, C, D, W, Z, b, dA, dZ, dW, m, n, k, l, p, cache, caches, sizes"
    (tree,) = ast.parse(f"def f({names}, keep_prob, learning_rate):\n    {body}").body
    assert isinstance(tree, ast.FunctionDef)
    return Scope(tree)


@pytest.mark.parametrize(("body", "cause", "expected"), SLIPS)
def test_a_slip(body: str, cause: str, expected: str) -> None:
    """The slip is made, under the cause that says so."""
    scope = scope_of(body)
    made = [slip for slip in slips(scope) if slip.change.cause == cause]
    results = [_written(changed(scope.tree, (slip,))) for slip in made]
    assert any(expected in result for result in results), "\n".join(results)


def _written(tree: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


def test_a_size_is_hard_coded_as_it_is_in_the_first_case() -> None:
    """The number comes from where the function was run."""
    scope = scope_of("Z = X.shape[1]")
    first: dict[Path, int] = {(("body", 0), ("value", None)): 7}
    made = [s for s in slips(Scope(scope.tree, first)) if s.change.cause == "fixed_size"]
    assert [_written(changed(scope.tree, (slip,))).split("\n")[-1].strip() for slip in made] == [
        "Z = 7"
    ]


def test_every_cause_is_tried_above_and_has_words() -> None:
    """What the operators can say, the catalogue has, and the other way round."""
    tried = {cause for _, cause, _ in SLIPS} | {"fixed_size"}
    assert tried == set(WORDS)


def test_every_operator_finds_something_above() -> None:
    """No operator is dead."""
    found = set()
    for scope in (*(scope_of(body) for body, _, _ in SLIPS), Scope(_tree_with_default(), FIRST)):
        for slip_site in {slip.site.path: slip.site for slip in slips(scope)}.values():
            found |= {operator for operator in OPERATORS if any(True for _ in operator(slip_site))}
    assert {each.__name__ for each in OPERATORS} == {each.__name__ for each in found}


FIRST: dict[Path, int] = {(("body", 0), ("value", None)): 7}


def _tree_with_default() -> ast.FunctionDef:
    (tree,) = ast.parse("def f(X):\n    m = X.shape[1]\n    return m").body
    assert isinstance(tree, ast.FunctionDef)
    return tree


def test_printing_and_the_docstring_are_left_alone() -> None:
    """Nothing that is graded comes of them."""
    scope = scope_of('"""Return 2 * x."""\n    print(2 * X)\n    return k')
    assert {slip.site.statement.lineno for slip in slips(scope)} <= {4}


def _all_slips() -> list[tuple[Function, Slip]]:
    functions = {
        each.function: each
        for module in MODULES
        for function in vars(module).values()
        if isinstance(function, FunctionType)
        for each in reachable(function)
    }
    return [(each, slip) for each in functions.values() for slip in slips(Scope(each.tree))]


ALL = _all_slips()


@given(st.sampled_from(ALL))
def test_every_slip_in_the_reference_compiles_and_changes_something(
    each: tuple[Function, Slip],
) -> None:
    """And leaves the function's own tree as it was, under words that can be said."""
    function, slip = each
    before = ast.unparse(function.tree)
    tree = changed(function.tree, (slip,))
    made = function.compiled(tree)
    assert (
        inspect.signature(made).parameters.keys()
        == inspect.signature(function.function).parameters.keys()
    )
    assert ast.dump(tree) != ast.dump(function.tree)
    assert ast.unparse(function.tree) == before
    assert render(slip.change.cause, slip.about)


@pytest.mark.parametrize(
    "body",
    [
        "if k:\n        pass\n    else:\n        for i in X:\n            Z = i",
        "return X, (X,)",
        "return 0 < X < 1",
        "return relu_backward(dA=X, Z=k)",
        "return np.abs(x=X) + np.sqrt(x=X) + list(reversed())",
        "return [x for x in range()]",
    ],
)
def test_unusual_code_is_no_trouble(body: str) -> None:
    """Whatever a course's reference looks like."""
    assert list(slips(scope_of(body))) is not None
