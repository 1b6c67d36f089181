"""A network of three layers: LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID.

X (n_x, m) holds one example a column, Y (1, m) their labels; W_l is (n_l, n_{l-1}), b_l (n_l, 1).
"""

import numpy as np
from activations import relu, sigmoid


def forward_propagation(X, parameters):
    """Return a3 (1, m) and the cache (z1, a1, W1, b1, z2, a2, W2, b2, z3, a3, W3, b3)."""
    a, cache = X, []
    for layer, activation in ((1, relu), (2, relu), (3, sigmoid)):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        z = W @ a + b
        a = activation(z)
        cache += [z, a, W, b]
    return a, tuple(cache)


def compute_cost(a3, Y):
    """Return the mean of -log of the probability that a3 gives to the right label."""
    with np.errstate(divide="ignore"):  # a probability of 0 costs infinitely much
        losses = -np.where(Y == 1, np.log(a3), np.log(1 - a3))
    return np.mean(losses)


def backward_propagation(X, Y, cache):
    """Return the gradients of the cost with respect to W_l and b_l, and those on the way to them.

    The keys are dZ_l, dW_l and db_l for l = 1, 2, 3, and dA1, dA2.
    """
    _, a1, _, _, _, a2, W2, _, _, a3, W3, _ = cache
    dZ3 = a3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (a2 > 0)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (a1 > 0)
    gradients = {"dA2": dA2, "dA1": dA1}
    for layer, dZ, a_prev in ((3, dZ3, a2), (2, dZ2, a1), (1, dZ1, X)):
        gradients[f"dZ{layer}"] = dZ
        gradients[f"dW{layer}"] = dZ @ a_prev.T / X.shape[1]
        gradients[f"db{layer}"] = np.mean(dZ, axis=1, keepdims=True)
    return gradients


def update_parameters(parameters, grads, learning_rate):
    """Return the parameters after one step of gradient descent."""
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}


def predict_dec(parameters, X):
    """Return, for each column of X, whether its label is likelier 1 than 0: bools (1, m)."""
    a3, _ = forward_propagation(X, parameters)
    return a3 > 0.5


def predict(X, y, parameters):
    """Return the labels (1, m), 0 or 1, that the network gives to X; print how many are as in y."""
    p = predict_dec(parameters, X).astype(int)
    print(f"Accuracy: {np.mean(p == y)}")  # noqa: T201 - the student is to see it
    return p
