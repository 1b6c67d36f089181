"""The reference reproduces the figures of the source documents, and its gradients are gradients."""

import numpy as np
import pytest

from reference import logistic_regression as ref
from reference.activations import Array

W, B = np.array([[1.0], [2.0]]), 2.0
X, Y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0]])


def test_propagate_gives_the_documented_figures() -> None:
    """The exercise's example, to the digits that it prints."""
    grads, cost = ref.propagate(W, B, X, Y)
    np.testing.assert_allclose(grads["dw"], [[0.99993216], [1.99980262]], rtol=0, atol=5e-9)
    assert grads["db"] == pytest.approx(0.49993523062470574, rel=1e-14)
    assert cost == pytest.approx(6.000064773192205, rel=1e-12)


def test_propagate_is_the_gradient_of_the_cost() -> None:
    """Central differences of the cost agree with dw and db."""
    rng = np.random.default_rng(0)
    w, b, X, Y = rng.normal(size=(4, 1)), 0.3, rng.normal(size=(4, 6)), np.eye(1, 6)
    grads, _ = ref.propagate(w, b, X, Y)
    h = 1e-6

    def cost(w: Array, b: float) -> float:
        return float(ref.propagate(w, b, X, Y)[1])

    for i in range(4):
        step = h * np.eye(4)[:, [i]]
        slope = (cost(w + step, b) - cost(w - step, b)) / (2 * h)
        assert grads["dw"][i, 0] == pytest.approx(slope, rel=1e-7)
    assert grads["db"] == pytest.approx((cost(w, b + h) - cost(w, b - h)) / (2 * h), rel=1e-7)


@pytest.mark.parametrize("z", [0.0, 710.0, -710.0, 1e308, -1e308])
def test_sigmoid_does_not_overflow(z: float) -> None:
    """Saturated inputs give 0 or 1 without a warning."""
    assert ref.sigmoid(z) == pytest.approx(0.5 * (1 + np.tanh(z / 2)), abs=1e-300)


def test_the_cost_is_finite_where_the_activation_is_saturated() -> None:
    """A confident mistake costs much, not infinitely much."""
    _, cost = ref.propagate(
        np.array([[1000.0]]), 0.0, np.array([[1.0, -1.0]]), np.array([[0.0, 1.0]])
    )
    assert cost == pytest.approx(1000.0)


def test_model_learns() -> None:
    """Separable data are separated, and the cost falls."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(3, 40))
    Y = (np.array([[1.0, -2.0, 0.5]]) @ X > 0).astype(float)
    d = ref.model(X, Y, X[:, :7], Y[:, :7], 1000, 0.5)
    assert np.array_equal(d["Y_prediction_train"], Y)
    assert np.array_equal(d["Y_prediction_test"], Y[:, :7])
    assert len(d["costs"]) == 10
    assert np.all(np.diff(d["costs"]) < 0)
