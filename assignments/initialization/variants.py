"""Right solutions as the text of the exercise suggests them, to be changed as the reference is."""

import numpy as np

from grader.authoring import variant
from reference.descent import step
from reference.initialization import (
    initialize_parameters_he,
    initialize_parameters_random,
    initialize_parameters_zeros,
)
from reference.three_layers import backward, forward


@variant("initialize_parameters_zeros")
def zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):  # noqa: E741 - the field's symbol
        parameters["W" + str(l)] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


@variant("initialize_parameters_random")
def large(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):  # noqa: E741 - the field's symbol
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * 10
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


@variant("initialize_parameters_he")
def he(layers_dims):
    parameters = {}
    L = len(layers_dims) - 1
    for l in range(1, L + 1):  # noqa: E741 - the field's symbol
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * np.sqrt(
            2 / layers_dims[l - 1]
        )
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


@variant("model")
def train(
    X,
    Y,
    learning_rate=0.01,
    num_iterations=15000,
    print_cost=True,  # noqa: FBT002
    initialization="he",
):
    layers_dims = [X.shape[0], 10, 5, 1]
    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        parameters = initialize_parameters_random(layers_dims)
    elif initialization == "he":
        parameters = initialize_parameters_he(layers_dims)
    for _ in range(num_iterations):
        a3, cache = forward(X, parameters)
        grads = backward(X, Y, cache)
        parameters = step(parameters, grads, learning_rate)
    return parameters
