"""The references reproduce the figures of the source documents."""

from typing import Any

import numpy as np
import pytest

from reference import (
    deep_network,
    gradient_checking,
    initialization,
    mse_network,
    numpy_basics,
    regularization,
    shallow_network,
    three_layers,
)
from reference.activations import Array
from reference.costs import cross_entropy

# ---------------------------------------------------------------- gradient checks


def network() -> tuple[Array, Array, dict[str, Array]]:
    """Draw the document's network, in its order, under its seed."""
    random = np.random.RandomState(1)
    X, Y = random.randn(4, 3), np.array([[1.0, 1.0, 0.0]])
    return X, Y, {name: random.randn(*shape) for name, shape in gradient_checking.SHAPES.items()}


def difference(*, faults: bool) -> float:
    """Return what the n-dimensional check says of the gradients, with or without planted faults."""
    X, Y, parameters = network()
    _, cache = gradient_checking.forward_propagation_n(X, Y, parameters)
    gradients = gradient_checking.backward_propagation_n(X, Y, cache)
    if faults:
        gradients |= {"dW2": 2 * gradients["dW2"], "db1": 4 * gradients["db1"]}
    return float(gradient_checking.gradient_check_n(parameters, gradients, X, Y))


def test_the_one_dimensional_check_is_pure_rounding() -> None:
    """2.919335883291695e-10, to the last digit: a subtraction of nearly equal numbers."""
    assert gradient_checking.gradient_check(2, 4) == pytest.approx(2.919335883291695e-10, rel=1e-12)


def test_the_planted_faults() -> None:
    """dW2 doubled and db1 four times as large: 0.28509315667, as far as rounding lets it be known.

    The document prints 0.2850931566540251, NumPy 2.4 gives 0.2850931567761623.
    """
    assert difference(faults=True) == pytest.approx(0.28509315667, abs=2e-10)


def test_without_the_faults() -> None:
    """1.189e-07: above the 1e-7 that the document tests against."""
    assert difference(faults=False) == pytest.approx(1.189e-07, rel=0.05)
    assert difference(faults=False) > 1e-7


def test_vectors_roll_up_again() -> None:
    """47 entries, in the order of the names."""
    _, _, parameters = network()
    theta, names = gradient_checking.dictionary_to_vector(parameters)
    assert theta.shape == (47, 1)
    assert names[19:21] == ["W1", "b1"]
    rolled = gradient_checking.vector_to_dictionary(theta)
    assert all(np.array_equal(rolled[name], parameters[name]) for name in parameters)


# ---------------------------------------------------------------- initialisation


def test_he_initialisation() -> None:
    """`randn(n_l, n_{l-1}) * sqrt(2 / n_{l-1})` under seed 3, its shapes and its first number."""
    np.random.seed(3)
    parameters = initialization.initialize_parameters_he([2, 4, 1])
    shapes = {name: value.shape for name, value in parameters.items()}
    assert shapes == {"W1": (4, 2), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    np.random.seed(3)
    assert np.array_equal(parameters["W1"], np.random.randn(4, 2) * np.sqrt(2 / 2))
    np.testing.assert_allclose(parameters["W2"], np.random.randn(1, 4) * np.sqrt(2 / 4))
    assert not parameters["b1"].any()


def test_he_learns_where_zeros_cannot() -> None:
    """From zeros all units stay alike, and nothing is told apart; from He's numbers it is."""
    random = np.random.default_rng(0)
    angle = random.uniform(0, 2 * np.pi, 300)
    Y = (np.arange(300) % 2).reshape(1, 300).astype(float)
    X = np.array([np.cos(angle), np.sin(angle)]) * (0.8 + 0.4 * Y) + 0.05 * random.normal(
        size=(2, 300)
    )
    right = {}
    for name in ("zeros", "he"):
        np.random.seed(3)
        parameters = initialization.model(X, Y, 0.1, 3000, print_cost=False, initialization=name)
        A3, _ = three_layers.forward(X, parameters)
        right[name] = float(np.mean((A3 > 0.5) == Y))
    assert right["zeros"] == pytest.approx(0.5, abs=0.01)
    assert right["he"] > 0.95


# ---------------------------------------------------------------- numerically sound


def test_cross_entropy_is_sound() -> None:
    """0 · log 0 counts as 0; a wrong certainty is infinite; nothing warns."""
    assert cross_entropy(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])) == 0.0
    assert cross_entropy(np.array([[0.0, 0.5]]), np.array([[1.0, 0.0]])) == np.inf
    tiny = np.array([[1e-300, 1e-17]])
    assert cross_entropy(tiny, np.array([[1.0, 0.0]])) == pytest.approx(-np.log(1e-300) / 2)


def test_softmax_does_not_overflow() -> None:
    """Rows add up to 1 whatever their size."""
    s = numpy_basics.softmax(np.array([[1000.0, 1001.0], [-1000.0, 0.0]]))
    np.testing.assert_allclose(s, [[0.26894142, 0.73105858], [0.0, 1.0]], atol=1e-8)


def test_a_saturated_output_has_finite_gradients() -> None:
    """AL of exactly 1 or 0 would divide by zero in dAL."""
    caches = [((np.ones((2, 3)), np.ones((1, 2)), np.zeros((1, 1))), np.full((1, 3), 800.0))]
    grads = deep_network.L_model_backward(np.ones((1, 3)), np.array([[1.0, 0.0, 1.0]]), caches)
    np.testing.assert_allclose(grads["dW1"], [[1 / 3, 1 / 3]])


# ---------------------------------------------------------------- by another way


def test_the_deep_network_is_the_shallow_ones_family() -> None:
    """The gradients of three layers, and of L layers with L = 3, are the same."""
    X, Y, parameters = network()
    AL, caches = deep_network.L_model_forward(X, parameters)
    A3, cache = three_layers.forward(X, parameters)
    assert np.array_equal(AL, A3)
    deep, three = deep_network.L_model_backward(AL, Y, caches), three_layers.backward(X, Y, cache)
    for name in ("dW1", "db1", "dW2", "db2", "dW3", "db3", "dA1", "dA2"):
        np.testing.assert_allclose(deep[name], three[name], rtol=1e-12)


def test_dropout_that_keeps_all_is_none() -> None:
    """And its expectation is the network's: what is kept is scaled up."""
    X, Y, parameters = network()
    A3, cache = regularization.forward_propagation_with_dropout(X, parameters, 1.0)
    assert np.array_equal(A3, three_layers.forward(X, parameters)[0])
    kept = regularization.backward_propagation_with_dropout(X, Y, cache, 1.0)
    plain = three_layers.backward(X, Y, three_layers.forward(X, parameters)[1])
    assert all(np.array_equal(kept[name], plain[name]) for name in plain)
    np.random.seed(0)
    masks = [
        regularization.forward_propagation_with_dropout(X, parameters, 0.7)[1][1]
        for _ in range(500)
    ]
    assert np.mean(masks) == pytest.approx(0.7, abs=0.01)


def test_weight_decay_adds_the_weights() -> None:
    """λ/m W to each dW; λ/(2m) Σ W² to the cost."""
    X, Y, parameters = network()
    A3, cache = three_layers.forward(X, parameters)
    more = regularization.backward_propagation_with_regularization(X, Y, cache, 0.6)
    plain = three_layers.backward(X, Y, cache)
    np.testing.assert_allclose(more["dW2"] - plain["dW2"], 0.6 / 3 * parameters["W2"])
    cost = regularization.compute_cost_with_regularization(A3, Y, parameters, 0.6)
    squares = sum(float(np.sum(parameters[name] ** 2)) for name in ("W1", "W2", "W3"))
    assert cost - cross_entropy(A3, Y) == pytest.approx(0.1 * squares)


@pytest.mark.parametrize("module", [shallow_network, mse_network])
def test_training_lowers_the_cost(module: Any) -> None:
    """On points that a curve separates."""
    random = np.random.default_rng(2)
    X = random.normal(size=(2, 80))
    Y = (X[:1] ** 2 + X[1:] > 0.5).astype(float)
    np.random.seed(1)
    if module is shallow_network:
        predictions = module.predict(module.nn_model(X, Y, 4, 2000), X)
    else:
        W1, B1, W2, B2 = module.initialize_params(2, 4, 1)
        for _ in range(6000):
            Z1, A1, Z2, A2 = module.forward_prop(W1, B1, W2, B2, X)
            slopes = module.backward_prop(X, Y, Z1, A1, Z2, A2, W2)
            W1, B1, W2, B2 = module.update_params(W1, B1, W2, B2, *slopes, 2.0)
        predictions = A2 > 0.5
    assert np.mean(predictions == Y) > 0.9


def test_the_corrected_equations_of_the_document() -> None:
    """What the author of the mean squared error network found in the end, written as there."""
    random = np.random.default_rng(3)
    X, Y = random.normal(size=(2, 9)), random.integers(0, 2, (1, 9)).astype(float)
    np.random.seed(1)
    W1, B1, W2, B2 = mse_network.initialize_params(2, 4, 1)
    Z1, A1, Z2, A2 = mse_network.forward_prop(W1, B1, W2, B2, X)
    prime = [numpy_basics.sigmoid_derivative(Z) for Z in (Z1, Z2)]
    delta2 = 1 / 9 * 2 * (A2 - Y) * prime[1]  # (1, 9)
    delta1 = delta2.T @ W2 * prime[0].T  # (9, 4)
    ones = np.ones((1, 9))
    written = (delta2 @ A1.T, delta2 @ ones.T, delta1.T @ X.T, delta1.T @ ones.T)
    ours = mse_network.backward_prop(X, Y, Z1, A1, Z2, A2, W2)
    for one, other in zip(ours, written, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
