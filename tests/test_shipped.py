"""The shipped assignments: nobody gets points for what was handed out, nor loses any for style."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course import assignment_names
from reference.activations import relu, sigmoid
from tests import notebooks
from tests.conftest import COURSE, Grade, TaskFor, judged, question_key

# ---------------------------------------------------------------- what is handed out


MODEL_OF_INITIALIZATION = """
from init_utils import *

def initialize_parameters_he(layers_dims):
    np.random.seed(3)
    parameters = {}
    L = len(layers_dims) - 1
    for l in range(1, L + 1):
        parameters["W" + str(l)] = None
        parameters["b" + str(l)] = None
    return parameters

def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = None
        parameters["b" + str(l)] = None
    return parameters

def initialize_parameters_random(layers_dims):
    np.random.seed(3)
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = None
        parameters["b" + str(l)] = None
    return parameters

def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    layers_dims = [X.shape[0], 10, 5, 1]
    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        parameters = initialize_parameters_random(layers_dims)
    elif initialization == "he":
        parameters = initialize_parameters_he(layers_dims)
    for i in range(num_iterations):
        a3, cache = forward_propagation(X, parameters)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, learning_rate)
    return parameters
"""

CHECKED_NETWORK = """
from gc_utils import *

def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    cost = 1 / m * np.sum(-np.log(A3) * Y - np.log(1 - A3) * (1 - Y))
    return cost, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)

def forward_propagation(x, theta):
    J = None
    return J
"""

BACK_THROUGH_DROPOUT = """
def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = X.shape[1]
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    dZ3 = A3 - Y
    dW3 = 1 / m * np.dot(dZ3, A2.T)
    db3 = 1 / m * np.sum(dZ3, axis=1, keepdims=True)
    dA2 = np.dot(W3.T, dZ3)
    # YOUR CODE STARTS HERE
    # YOUR CODE ENDS HERE
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    # YOUR CODE STARTS HERE
    # YOUR CODE ENDS HERE
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
            "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
"""

LINEAR = """
def linear_forward(A, W, b):
    Z = None
    cache = (A, W, b)
    return Z, cache
"""

PRODUCTS = """
x1 = np.array([9, 2, 5, 0, 0, 7, 5, 0, 0, 0, 9, 2, 5, 0, 0])
x2 = np.array([9, 2, 2, 9, 0, 9, 2, 5, 0, 0, 9, 2, 5, 0, 0])
outer = np.outer(x1, x2)
mul = x1 * x2
W = np.random.rand(3, len(x1))
dot = np.dot(W, x1)

def sigmoid(x):
    s = None
    return s
"""

BLANK = {
    "initialization": MODEL_OF_INITIALIZATION,
    "gradient_checking": CHECKED_NETWORK,
    "regularization": BACK_THROUGH_DROPOUT,
    "deep_network": LINEAR,
    "numpy_basics": PRODUCTS,
}


@pytest.mark.parametrize("name", BLANK)
def test_what_is_handed_out_gives_no_points(grade: Grade, name: str) -> None:
    """A blank notebook of the course, with all that it gives: nothing, in any of its templates."""
    assert {result.name for result in grade(name, BLANK[name]).values() if result.score} == set()


# ---------------------------------------------------------------- what may be left out


def test_a_learning_rate_without_its_default_is_right(grade: Grade) -> None:
    """The exercise's text calls it with one."""
    cell = """
def update_parameters(parameters, grads, learning_rate):
    return {name: parameters[name] - learning_rate * grads["d" + name] for name in parameters}
"""
    result = grade("shallow_network", cell)["update_parameters"]
    assert (result.status, result.score) == ("passed", 10)


@pytest.mark.parametrize("name", assignment_names(COURSE))
def test_scored_cases_leave_no_argument_out(task_for: TaskFor, name: str) -> None:
    """Not all versions of a function have the default."""
    for question in task_for(name).key.questions:
        for case in question.cases:
            if case.scored:
                assert len(case.arguments) == len(question.question.parameters)


# ---------------------------------------------------------------- ways to draw a mask

DROPOUT = """
from reg_utils import relu, sigmoid

def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    np.random.seed(1)
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    D1 = MASK(A1)
    A1 = A1 * D1 / keep_prob
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    D2 = MASK(A2)
    A2 = A2 * D2 / keep_prob
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
"""

MASKS = {
    "np.random.rand(*{0}.shape) < keep_prob": True,
    "np.random.rand(*{0}.shape) <= keep_prob": True,
    "np.random.rand(*{0}.shape) > 1 - keep_prob": True,
    "np.random.rand(*{0}.shape) >= 1 - keep_prob": True,
    "1 - np.random.random({0}.shape) < keep_prob": True,
    "(np.random.uniform(0, 1, {0}.shape) < keep_prob).astype(int)": True,
    "np.random.binomial(1, keep_prob, {0}.shape)": True,
    "np.random.binomial(n=1, p=keep_prob, size={0}.shape).astype(float)": True,
    "np.random.choice([0, 1], {0}.shape, p=[1 - keep_prob, keep_prob])": True,
    "np.random.choice([1, 0], {0}.shape, p=[keep_prob, 1 - keep_prob])": True,
    "np.floor(np.random.rand(*{0}.shape) + keep_prob)": True,
    "np.random.randn(*{0}.shape) < keep_prob": False,
    "np.random.randn(*{0}.shape) > 1 - keep_prob": False,
    "np.random.rand(*{0}.shape) > keep_prob": False,
    "np.random.rand(*{0}.shape) < 1 - keep_prob": False,
    "np.random.binomial(1, 1 - keep_prob, {0}.shape)": False,
    "np.random.rand(*{0}.shape) < 0.5": False,
}


@pytest.mark.parametrize(("mask", "right"), MASKS.items())
def test_masks_of_one_distribution_are_equally_right(
    task_for: TaskFor, mask: str, *, right: bool
) -> None:
    """However they are drawn from the stream; others are wrong."""
    names: dict[str, Any] = {"np": np, "relu": relu, "sigmoid": sigmoid}
    code = DROPOUT.replace("from reg_utils import relu, sigmoid", "").replace(
        "np.random.seed(1)", ""
    )
    for layer in ("A1", "A2"):
        code = code.replace(f"MASK({layer})", mask.format(layer))
    exec(code, names)  # noqa: S102 - our own text
    key = question_key(task_for("regularization").key, "forward_propagation_with_dropout")
    result = judged(key, names["forward_propagation_with_dropout"])
    assert (result.status == "passed") == right
    assert bool(result.diagnoses) <= (not right)


def test_another_mask_is_right_in_a_notebook(grade: Grade) -> None:
    """Which seeds the stream itself, as the exercise has it."""
    code = DROPOUT.replace("MASK(A1)", "np.random.rand(*A1.shape) > 1 - keep_prob")
    code = code.replace("MASK(A2)", "np.random.rand(*A2.shape) > 1 - keep_prob")
    result = grade("regularization", code)["forward_propagation_with_dropout"]
    assert (result.status, result.score) == ("passed", 25)


# ---------------------------------------------------------------- the data of logistic regression

OWN_LOADER = """
import h5py

def load():
    with h5py.File("datasets/train_catvnoncat.h5", "r") as train:
        x, y = np.array(train["train_set_x"][:]), np.array(train["train_set_y"][:])
        classes = np.array(train["list_classes"][:])
    test = h5py.File("datasets/test_catvnoncat.h5", "r")
    return x, y.reshape((1, -1)), test["test_set_x"][:], test["test_set_y"][:], classes

train_set_x_orig, train_set_y, test_set_x_orig, test_set_y, classes = load()
"""


def test_a_notebook_that_opens_the_data_itself_has_the_same(grade: Grade) -> None:
    """All seven variables are right."""
    pytest.importorskip("h5py")
    data = "\n".join(line for line in notebooks.DATA.splitlines() if "load_dataset" not in line)
    results = grade("logistic_regression", OWN_LOADER, data)
    variables = [each for each in results.values() if each.max_score in (2, 3)]
    assert len(variables) == 7
    assert [each.name for each in variables if each.status != "passed"] == []


def test_the_files_hold_what_the_module_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry by entry, and of the same dtypes; `make_datasets.py` writes them."""
    h5py = pytest.importorskip("h5py")
    folder = COURSE / "assignments" / "logistic_regression"
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    make = __import__("make_datasets")
    make.write_datasets(tmp_path)
    for name in ("train_catvnoncat.h5", "test_catvnoncat.h5"):
        with h5py.File(tmp_path / name) as due, h5py.File(make.FILES / name) as found:
            assert set(found) == set(due)
            for part in due:
                assert found[part].dtype == due[part].dtype
                np.testing.assert_array_equal(found[part][:], due[part][:])
