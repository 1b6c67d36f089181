"""Gradient descent.

Source of the formula: Goodfellow, Bengio, Courville, "Deep Learning", section 4.3.
"""

from __future__ import annotations

from reference.activations import Array

Parameters = dict[str, Array]


def step(parameters: Parameters, grads: dict[str, Array], learning_rate: float) -> Parameters:
    """Take one step: θ := θ - α dθ for every parameter θ, whose gradient is grads["dθ"]."""
    return {name: value - learning_rate * grads["d" + name] for name, value in parameters.items()}
