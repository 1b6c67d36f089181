"""The mistakes and the right solutions of the source documents about networks, as notebooks."""

import pytest

from grader.results import QuestionResult
from tests.conftest import Grade


def causes(question: QuestionResult) -> list[str]:
    """Return the names of the causes."""
    return [diagnosis.cause for diagnosis in question.diagnoses]


def hints(question: QuestionResult) -> str:
    """Return what is said of the causes."""
    return " ".join(diagnosis.message for diagnosis in question.diagnoses)


# ---------------------------------------------------------------- random numbers

DEEP_INIT = """
def initialize_parameters_deep(layer_dims):
    np.random.seed(3)
    params = {}
    for k, (before, n) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
        params["W" + str(k)] = np.random.randn(n, before) SCALE
        params["b" + str(k)] = np.zeros((n, 1))
    return params
"""


def test_uniform_for_normal_numbers(grade: Grade) -> None:
    """`rand` for `randn`, and what a seed does."""
    cell = DEEP_INIT.replace("SCALE", "/ np.sqrt(before)").replace("randn", "rand")
    result = grade("deep_network", cell)["initialize_parameters_deep"]
    assert causes(result) == ["uniform_weights_by_size"]
    for words in ("uniform", "normal", "seed"):
        assert words in hints(result)
    assert [o.path for o in result.outputs if o.status == "passed"] == [
        f"parameters['b{k}']" for k in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(("scale", "said"), [("/ np.sqrt(before)", False), ("* 0.01", True)])
def test_both_scales_of_the_deep_initialisation(grade: Grade, scale: str, *, said: bool) -> None:
    """The one that is not wanted is named, and as right."""
    cell = DEEP_INIT.replace("SCALE", scale)
    result = grade("deep_network", cell)["initialize_parameters_deep"]
    assert (result.status, result.score) == ("passed", result.max_score)
    assert ("0.01" in result.message and "sqrt" in result.message) is said


# ---------------------------------------------------------------- integers


def test_integer_biases(grade: Grade) -> None:
    """`dtype=int` where floats are due."""
    cell = """
def initialize_parameters(n_x, n_h, n_y):
    np.random.seed(2)
    first = np.random.randn(n_h, n_x) * 0.01
    second = np.random.randn(n_y, n_h) * 0.01
    return dict(W1=first, b1=np.zeros((n_h, 1), dtype=int), W2=second,
                b2=np.zeros((n_y, 1), dtype=int))
"""
    result = grade("shallow_network", cell)["initialize_parameters"]
    assert causes(result) == ["integer_biases"]
    wrong = {output.path: output.fault for output in result.outputs if output.status != "passed"}
    assert wrong == {"parameters['b1']": "dtype", "parameters['b2']": "dtype"}
    assert "must hold floats; yours holds integers" in result.outputs[1].message


# ---------------------------------------------------------------- the deep network

LAYER_BACKWARD = """
from dnn_utils_v2 import relu_backward, sigmoid_backward

def linear_backward(dZ, cache):
    A_pre, W, b = cache
    m = A_pre.shape[1]
    return np.dot(W.T, dZ), np.dot(dZ, A_pre.T) / m, np.sum(dZ, axis=1, keepdims=True) / m

def linear_activation_backward(dA, cache, activation):
    linear, Z = cache
    slope = relu_backward if activation == "relu" else sigmoid_backward
    return linear_backward(slope(dA, Z), linear)
"""

MODEL_BACKWARD = """
def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    Y = Y.reshape(AL.shape)
    dAL = np.divide(1 - Y, 1 - AL) - np.divide(Y, AL)
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = (
        linear_activation_backward(dAL, caches[-1], "sigmoid"))
    for k in range(L - 1, 0, -1):
        grads["dA" + str(k - 1)], grads["dW" + str(k)], grads["db" + str(k)] = (
            linear_activation_backward(grads["dA" + str(FROM)], caches[k - 1], "relu"))
    return grads
"""


def test_the_documents_backward_functions_are_right(grade: Grade) -> None:
    """One layer, and all of them."""
    results = grade("deep_network", LAYER_BACKWARD, MODEL_BACKWARD.replace("FROM", "k"))
    for name in ("linear_backward", "linear_activation_backward", "L_model_backward"):
        assert (results[name].status, results[name].diagnoses) == ("passed", ())


def test_one_gradient_in_every_step(grade: Grade) -> None:
    """`grads["dA" + str(L - 1)]`: right for two layers, wrong from three on."""
    result = grade("deep_network", LAYER_BACKWARD, MODEL_BACKWARD.replace("FROM", "L - 1"))
    backward = result["L_model_backward"]
    assert result["linear_activation_backward"].status == "passed"
    assert causes(backward) == ["every_step_from_the_last_layer"]
    assert "two layers" in hints(backward)
    first = {case.id: case.status for case in backward.outputs[0].cases}
    assert first["visible-1"] == first["hidden-1"] == "passed"  # two layers
    assert first["visible-3"] == "errored"  # four, of different sizes


def test_the_documents_forward_functions_are_right(grade: Grade) -> None:
    """Caches as the exercise has them; and the cost, and the update."""
    cell = """
from dnn_utils_v2 import relu, sigmoid

def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    return Z, (A, W, b)

def linear_activation_forward(A_prev, W, b, activation):
    Z, first = linear_forward(A_prev, W, b)
    A, second = sigmoid(Z) if activation == "sigmoid" else relu(Z)
    return A, (first, second)

def L_model_forward(X, parameters):
    caches, A, L = [], X, len(parameters) // 2
    for k in range(1, L + 1):
        A, cache = linear_activation_forward(A, parameters["W" + str(k)], parameters["b" + str(k)],
                                             "relu" if k < L else "sigmoid")
        caches.append(cache)
    return A, caches

def compute_cost(AL, Y):
    cost = -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / Y.shape[1]
    return np.squeeze(cost)

def update_parameters(parameters, grads, learning_rate):
    for k in range(1, len(parameters) // 2 + 1):
        for name in ("W" + str(k), "b" + str(k)):
            parameters[name] = parameters[name] - learning_rate * grads["d" + name]
    return parameters
"""
    results = grade("deep_network", cell)
    right = [name for name, question in results.items() if question.status == "passed"]
    assert right == [
        *("linear_forward", "linear_activation_forward", "L_model_forward", "compute_cost"),
        "update_parameters",
    ]
    assert "changes `parameters` in place" in results["update_parameters"].message


# ---------------------------------------------------------------- the shallow network

SHALLOW = """
from planar_utils import sigmoid

def layer_sizes(X, Y):
    return X.shape[0], 4, Y.shape[0]

def initialize_parameters(n_x, n_h, n_y):
    np.random.seed(2)
    W1 = 0.01 * np.random.randn(n_h, n_x)
    W2 = 0.01 * np.random.randn(n_y, n_h)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}

def forward_propagation(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = sigmoid(Z2)
    assert A2.shape == (1, X.shape[1])
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}

def compute_cost(A2, Y, parameters):
    logs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), 1 - Y)
    return float(np.squeeze(-np.sum(logs) / Y.shape[1]))

def backward_propagation(parameters, cache, X, Y):
    m, A1 = X.shape[1], cache["A1"]
    dZ2 = cache["A2"] - Y
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - np.power(A1, 2))
    return {"dW1": np.dot(dZ1, X.T) / m, "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
            "dW2": np.dot(dZ2, A1.T) / m, "db2": np.sum(dZ2, axis=1, keepdims=True) / m}

def update_parameters(parameters, grads, learning_rate=1.2):
    return {name: parameters[name] - learning_rate * grads["d" + name] for name in parameters}

def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    np.random.seed(3)
    n_x, _, n_y = layer_sizes(X, Y)
    parameters = initialize_parameters(n_x, n_h, n_y)
    for step in range(num_iterations):
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y, parameters)
        parameters = update_parameters(parameters, backward_propagation(parameters, cache, X, Y))
        if print_cost and step % 1000 == 0:
            print("Cost after iteration %i: %f" % (step, cost))
    return parameters

def predict(parameters, X):
    A2, cache = forward_propagation(X, parameters)
    return A2 > 0.5
"""


def test_the_documents_shallow_network_is_right(grade: Grade) -> None:
    """Seeds inside, a parameter that is not used, booleans for labels."""
    results = grade("shallow_network", SHALLOW)
    wrong = {name: each.message for name, each in results.items() if each.status != "passed"}
    assert wrong == {}
    assert not any(question.diagnoses for question in results.values())


# ---------------------------------------------------------------- initialisation, regularisation


def test_the_documents_he_initialisation_is_right(grade: Grade) -> None:
    """With `math.sqrt`."""
    cell = """
from math import sqrt

def initialize_parameters_he(layers_dims):
    np.random.seed(3)
    return {key: value for k in range(1, len(layers_dims)) for key, value in (
        ("W" + str(k), np.random.randn(layers_dims[k], layers_dims[k - 1])
                       * sqrt(2. / layers_dims[k - 1])),
        ("b" + str(k), np.zeros((layers_dims[k], 1))))}
"""
    assert grade("initialization", cell)["initialize_parameters_he"].status == "passed"


def test_the_documents_regularisation_is_right(grade: Grade) -> None:
    """L2 and dropout, forward and back."""
    cell = """
from reg_utils import compute_cost, relu, sigmoid

def compute_cost_with_regularization(A3, Y, parameters, lambd):
    squares = sum(np.sum(np.square(parameters[name])) for name in ("W1", "W2", "W3"))
    return compute_cost(A3, Y) + lambd / (2 * Y.shape[1]) * squares

def _back(X, Y, A1, W1, A2, W2, A3, W3, decay, first, second):
    m = X.shape[1]
    dZ3 = A3 - Y
    dA2 = second(np.dot(W3.T, dZ3))
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dA1 = first(np.dot(W2.T, dZ2))
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    return {"dZ3": dZ3, "dW3": np.dot(dZ3, A2.T) / m + decay * W3 / m,
            "db3": 1. / m * np.sum(dZ3, axis=1, keepdims=True), "dA2": dA2, "dZ2": dZ2,
            "dW2": np.dot(dZ2, A1.T) / m + decay * W2 / m,
            "db2": 1. / m * np.sum(dZ2, axis=1, keepdims=True), "dA1": dA1, "dZ1": dZ1,
            "dW1": np.dot(dZ1, X.T) / m + decay * W1 / m,
            "db1": 1. / m * np.sum(dZ1, axis=1, keepdims=True)}

def backward_propagation_with_regularization(X, Y, cache, lambd):
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    return _back(X, Y, A1, W1, A2, W2, A3, W3, lambd, lambda dA: dA, lambda dA: dA)

def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    np.random.seed(1)
    W1, b1, W2, b2, W3, b3 = (parameters[n] for n in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    D1 = np.random.rand(A1.shape[0], A1.shape[1]) < keep_prob
    A1 = np.multiply(A1, D1)
    A1 /= keep_prob
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    D2 = np.random.rand(A2.shape[0], A2.shape[1]) < keep_prob
    A2 = np.multiply(A2, D2)
    A2 /= keep_prob
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)

def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    return _back(X, Y, A1, W1, A2, W2, A3, W3, 0,
                 lambda dA: dA * D1 / keep_prob, lambda dA: dA * D2 / keep_prob)
"""
    results = grade("regularization", cell)
    assert {question.status for question in results.values()} == {"passed"}


# ---------------------------------------------------------------- gradient checking

PLANTED = """
def backward_propagation_n(X, Y, cache):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    dZ3 = A3 - Y
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = dA2 * (A2 > 0)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = dA1 * (A1 > 0)
    grads = {"dZ3": dZ3, "dA2": dA2, "dZ2": dZ2, "dA1": dA1, "dZ1": dZ1}
    for k, dZ, A in ((3, dZ3, A2), (2, dZ2, A1), (1, dZ1, X)):
        grads["dW" + str(k)] = np.dot(dZ, A.T) / m
        grads["db" + str(k)] = np.sum(dZ, axis=1, keepdims=True) / m
    grads["dW2"] = grads["dW2"] * TWO
    grads["db1"] = grads["db1"] * FOUR
    return grads
"""


@pytest.mark.parametrize(
    ("two", "four", "cause"),
    [
        ("2", "4", ["both_planted_mistakes"]),
        ("2", "1", ["planted_factor_in_dW2"]),
        ("1", "4", ["planted_factor_in_db1"]),
        ("1", "1", []),
    ],
)
def test_planted_mistakes_are_told(grade: Grade, two: str, four: str, cause: list[str]) -> None:
    """Which of the two are still there, without points."""
    cell = PLANTED.replace("TWO", two).replace("FOUR", four)
    result = grade("gradient_checking", cell)["backward_propagation_n"]
    assert (causes(result), result.max_score) == (cause, 0)


GRADIENT_CHECK = """
from gc_utils import dictionary_to_vector, gradients_to_vector, relu, sigmoid, vector_to_dictionary

def forward_propagation(x, theta):
    return np.dot(theta, x)

def backward_propagation(x, theta):
    return x

def gradient_check(x, theta, epsilon=1e-7, print_msg=False):
    rise = forward_propagation(x, theta + epsilon) - forward_propagation(x, theta - epsilon)
    slope = rise / (2 * epsilon)
    grad = GRAD
    return np.linalg.norm(grad - slope) / (np.linalg.norm(grad) + np.linalg.norm(slope))

def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    W1, b1, W2, b2, W3, b3 = (parameters[n] for n in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    logs = np.multiply(-np.log(A3), Y) + np.multiply(-np.log(1 - A3), 1 - Y)
    return 1. / m * np.sum(logs), (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)

def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    theta, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    slope = np.zeros((theta.shape[0], 1))
    for i in range(theta.shape[0]):
        J = []
        for step in (epsilon, -epsilon):
            moved = np.copy(theta)
            moved[i][0] += step
            cost, _ = forward_propagation_n(X, Y, vector_to_dictionary(moved))
            J.append(cost)
        slope[i] = (J[0] - J[1]) / (2 * epsilon)
    difference = np.linalg.norm(grad - slope) / (np.linalg.norm(grad) + np.linalg.norm(slope))
    if difference > 1e-7:
        print("There is a mistake in the backward propagation!", difference)
    return difference
"""


@pytest.mark.parametrize(("grad", "said"), [("backward_propagation(x, theta)", ""), ("x", "call")])
def test_the_documents_gradient_checks_are_right(grade: Grade, grad: str, said: str) -> None:
    """`grad = x` gives the same numbers: said, not failed."""
    results = grade("gradient_checking", GRADIENT_CHECK.replace("GRAD", grad))
    wrong = [name for name, question in results.items() if question.status != "passed"]
    assert wrong == ["backward_propagation_n"]  # which is not there
    check = results["gradient_check"]
    assert check.score == check.max_score
    assert check.message == (
        "Its results are right, but `gradient_check` does not call `backward_propagation`, as the "
        "exercise asks."
        if said
        else ""
    )


def test_a_check_that_returns_nought_is_not_right(grade: Grade) -> None:
    """Where rounding is all there is, nought is near; not where it is large."""
    cell = "def gradient_check(x, theta, epsilon=1e-7):\n    return 0.0"
    assert grade("gradient_checking", cell)["gradient_check"].score == 0


# ---------------------------------------------------------------- mean squared error

MSE = """
np.random.seed(1)
from planar_utils import load_planar_dataset
X, Y = load_planar_dataset()
W2 = np.ones((1, 4))

def sigmoid_prime(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)

def forward_prop(W1, B1, W2, B2):
    Z1 = W1 @ X + B1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = W2 @ A1 + B2
    return Z1, A1, Z2, 1 / (1 + np.exp(-Z2))

def backward_prop(X, Y, Z1, A1, Z2, A2):
    m = Y.shape[1]
    ones = np.ones((1, m))
    dA2 = ERROR
    dZ2, dZ1 = sigmoid_prime(Z2), sigmoid_prime(Z1)
EQUATIONS
    return dLdW2, dLdB2, dLdW1, dLdB1, dA2, dZ2, dZ1, ones
"""

CORRECTED = """
    delta2 = dA2 * dZ2
    delta1 = delta2.T @ W2 * dZ1.T
    dLdW2, dLdB2 = delta2 @ A1.T, delta2 @ ones.T
    dLdW1, dLdB1 = delta1.T @ X.T, delta1.T @ ones.T
"""

AT_FIRST = """
    dLdW2 = 1/m * A1 @ dZ2.T @ dA2
    dLdB2 = 1/m * ones @ dZ2.T @ dA2
    dLdW1 = 1/m * X @ dZ1.T @ W2.T @ dZ2 @ dA2.T
    dLdB1 = 1/m * ones @ dZ1.T @ W2.T @ dZ2 @ dA2.T
"""


def test_the_corrected_equations_are_right(grade: Grade) -> None:
    """X and W2 are the notebook's globals; more than the four gradients is returned."""
    cell = MSE.replace("EQUATIONS", CORRECTED).replace("ERROR", "1/m * 2 * (A2 - Y)")
    results = grade("mse_network", cell)
    assert results["forward_prop"].status == results["backward_prop"].status == "passed"


def test_an_error_without_its_sign(grade: Grade) -> None:
    """`2 * np.abs(A2 - Y)`: the sign is lost; and 1/m."""
    for error, words in [
        ("1/m * 2 * np.abs(A2 - Y)", ["sign"]),
        ("2 * np.abs(A2 - Y)", ["sign", "m"]),
    ]:
        cell = MSE.replace("EQUATIONS", CORRECTED).replace("ERROR", error)
        result = grade("mse_network", cell)["backward_prop"]
        assert result.score == 0
        assert len(result.diagnoses) == 1
        assert all(word in hints(result) for word in words)


def test_matrix_products_where_entries_meet(grade: Grade) -> None:
    """The shapes that came out and those that are due, and why."""
    cell = MSE.replace("EQUATIONS", AT_FIRST).replace("ERROR", "2 * np.abs(A2 - Y)")
    result = grade("mse_network", cell)["backward_prop"]
    assert causes(result) == ["matrix_products_throughout"]
    assert "elementwise" in hints(result) or "entry by entry" in hints(result)
    example = {
        output.path: case.message
        for output in result.outputs
        for case in output.cases
        if case.id == "example-1"
    }
    due = "must be an array of shape (1, 4); yours is an array of shape (4, 400)."
    assert due in example["dLdW2"]
    due = "must be an array of shape (4, 2); yours is an array of shape (2, 1)."
    assert due in example["dLdW1"]


# ---------------------------------------------------------------- basics


def test_the_documents_basics_are_right(grade: Grade) -> None:
    """Functions under the names of either version, and the products of two vectors."""
    cell = """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s)

def image2vector(image):
    return image.reshape((image.shape[0] * image.shape[1] * image.shape[2], 1))

def normalize_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)

def softmax(x):
    x_exp = np.exp(x)
    return x_exp / np.sum(x_exp, axis=1, keepdims=True)

def L1(yhat, y):
    return np.sum(abs(yhat - y))

def L2(yhat, y):
    return np.sum((yhat - y) * (yhat - y))

x1 = [9, 2, 5, 0, 0, 7, 5, 0, 0, 0, 9, 2, 5, 0, 0]
x2 = [9, 2, 2, 9, 0, 9, 2, 5, 0, 0, 9, 2, 5, 0, 0]
outer = np.outer(x1, x2)
mul = np.multiply(x1, x2)
W = np.random.rand(3, len(x1))
dot = np.dot(W, x1)
"""
    results = grade("numpy_basics", cell)
    assert {question.status for question in results.values()} == {"passed"}
