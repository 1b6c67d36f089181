"""Initialization: how a network's weights begin."""

from itertools import pairwise

import init_utils
import numpy as np

from grader import Case, misconception, question
from reference import initialization as ref

# What the modules of the assignment's own support/ import.
support = ("activations", "cats", "planar", "plots", "public", "three_layers")

# Students' `model` plots the costs before it returns.
needs = ("matplotlib",)

# Features and examples of the training data; one has two features, as the course's data have.
SIZES = [(3, 9), (2, 8), (4, 7)]

ANY_LINE = r"\S"


def _layers_dims(rng):
    """Yield sizes for networks of 2, 3 and 4 layers; no two of a network are equal."""
    for count in (3, 4, 5):
        yield [int(n) for n in rng.permutation(np.arange(2, 9))[:count]]


def _zeros(*shape):
    return np.zeros(shape)


def _parameters(layers_dims, weights=_zeros, biases=_zeros):
    """Build the parameters layer by layer from weights(n, n_prev) and biases(n, 1)."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(pairwise(layers_dims), start=1):
        parameters[f"W{layer}"] = weights(n, n_prev)
        parameters[f"b{layer}"] = biases(n, 1)
    return parameters


def _scaled(layers_dims, scale):
    """Build parameters of standard normal weights, times scale(n, n_prev), and zero biases."""
    return _parameters(layers_dims, lambda n, n_prev: np.random.randn(n, n_prev) * scale(n, n_prev))


def _tenfold(n, n_prev):
    return 10 * np.random.randn(n, n_prev)


def _he(n, n_prev):
    return np.random.randn(n, n_prev) * np.sqrt(2 / n_prev)


def _integers(*shape):
    return np.zeros(shape, dtype=int)


def _flat(n, _):
    return np.zeros(n)


FLAT_BIASES = (
    "The biases are flat arrays, of shape (n,). A column needs both sizes, given to `np.zeros` as "
    "one tuple."
)
INTEGER_BIASES = (
    "The biases are integers, by `dtype=int`. They will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself."
)
RANDOM_BIASES = (
    "The biases are random, too. They may begin at zero: the random weights alone make the units "
    "of a layer differ."
)
TRANSPOSED = (
    "The weights are transposed: W of layer l has a row for each of its n_l units and a column for "
    "each of the n_{l-1} inputs."
)
LAST_LAYER_MISSING = (
    "The last layer gets no parameters: the loop ends one too early. `layers_dims` has an entry "
    "for the input, too: a network of L layers has L + 1, and `range` leaves out its end."
)
UNIFORM = (
    "`np.random.rand` draws uniform numbers between 0 and 1, all of them positive. The weights are "
    "to be standard normal numbers, positive and negative alike: those come from its namesake with "
    "an n at the end. A seed fixes which numbers come; it does not turn one kind into the other."
)


# ---------------------------------------------------------------- initialize_parameters_zeros


@question(ref.initialize_parameters_zeros, points=20, returns=("parameters",), seed=3)
def initialize_parameters_zeros(rng):
    """All weights and biases zero."""
    for layers_dims in _layers_dims(rng):
        yield Case(layers_dims=layers_dims)


@misconception(
    initialize_parameters_zeros,
    hint="`dtype=int` makes integers. The parameters will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself.",
)
def integer_zeros(layers_dims):
    return _parameters(layers_dims, _integers, _integers)


@misconception(initialize_parameters_zeros, hint=INTEGER_BIASES)
def integer_biases_beside_zeros(layers_dims):
    return _parameters(layers_dims, _zeros, _integers)


@misconception(
    initialize_parameters_zeros,
    hint="The weights are ones. Here they are to be zeros, to see what comes of it.",
)
def ones_for_zeros(layers_dims):
    return _parameters(layers_dims, lambda *shape: np.ones(shape))


@misconception(
    initialize_parameters_zeros,
    hint="The weights are random numbers. Here they are to be zeros, to see what comes of it; the "
    "random ones are for the next function.",
)
def random_for_zeros(layers_dims):
    return _parameters(layers_dims, np.random.randn)


@misconception(initialize_parameters_zeros, hint=TRANSPOSED)
def zeros_transposed(layers_dims):
    return _parameters(layers_dims, lambda n, n_prev: np.zeros((n_prev, n)))


@misconception(initialize_parameters_zeros, hint=FLAT_BIASES)
def flat_biases_beside_zeros(layers_dims):
    return _parameters(layers_dims, _zeros, _flat)


@misconception(initialize_parameters_zeros, hint=LAST_LAYER_MISSING)
def last_layer_of_zeros_missing(layers_dims):
    return _parameters(layers_dims[:-1])


# ---------------------------------------------------------------- initialize_parameters_random


@question(ref.initialize_parameters_random, points=30, returns=("parameters",), seed=3)
def initialize_parameters_random(rng):
    """Large random weights."""
    for layers_dims in _layers_dims(rng):
        yield Case(layers_dims=layers_dims)


@misconception(initialize_parameters_random, hint=UNIFORM)
def uniform_tenfold(layers_dims):
    return _parameters(layers_dims, lambda n, n_prev: 10 * np.random.rand(n, n_prev))


@misconception(
    initialize_parameters_random,
    hint=UNIFORM + " And they are not multiplied by 10.",
)
def uniform(layers_dims):
    return _parameters(layers_dims, np.random.rand)


@misconception(
    initialize_parameters_random,
    hint="The factor 10 is missing. The weights are to be too large here, to see what comes of it.",
)
def factor_missing(layers_dims):
    return _parameters(layers_dims, np.random.randn)


@misconception(
    initialize_parameters_random,
    hint="The weights are small, standard normal numbers times 0.01. Here they are to be too "
    "large, to see what comes of it: the factor is 10.",
)
def hundredth_for_tenfold(layers_dims):
    return _scaled(layers_dims, lambda *_: 0.01)


@misconception(
    initialize_parameters_random,
    hint="The weights are divided by 10. Here they are to be too large, to see what comes of it: "
    "multiply.",
)
def divided_by_ten(layers_dims):
    return _scaled(layers_dims, lambda *_: 0.1)


@misconception(initialize_parameters_random, hint=RANDOM_BIASES)
def random_biases_beside_tenfold(layers_dims):
    return _parameters(layers_dims, _tenfold, np.random.randn)


@misconception(initialize_parameters_random, hint=RANDOM_BIASES)
def tenfold_biases(layers_dims):
    return _parameters(layers_dims, _tenfold, _tenfold)


@misconception(initialize_parameters_random, hint=INTEGER_BIASES)
def integer_biases_beside_tenfold(layers_dims):
    return _parameters(layers_dims, _tenfold, _integers)


@misconception(initialize_parameters_random, hint=FLAT_BIASES)
def flat_biases_beside_tenfold(layers_dims):
    return _parameters(layers_dims, _tenfold, _flat)


@misconception(initialize_parameters_random, hint=TRANSPOSED)
def tenfold_transposed(layers_dims):
    return _parameters(layers_dims, lambda n, n_prev: _tenfold(n_prev, n))


@misconception(initialize_parameters_random, hint=LAST_LAYER_MISSING)
def last_layer_of_tenfold_missing(layers_dims):
    return _parameters(layers_dims[:-1], _tenfold)


# ---------------------------------------------------------------- initialize_parameters_he


@question(ref.initialize_parameters_he, points=50, returns=("parameters",), seed=3)
def initialize_parameters_he(rng):
    """He initialisation."""
    for layers_dims in _layers_dims(rng):
        yield Case(layers_dims=layers_dims)


@misconception(initialize_parameters_he, hint=UNIFORM)
def he_uniform(layers_dims):
    return _parameters(
        layers_dims, lambda n, n_prev: np.random.rand(n, n_prev) * np.sqrt(2 / n_prev)
    )


@misconception(
    initialize_parameters_he,
    hint="The square root is missing: 2 / n_{l-1} is the variance of the weights. What the "
    "standard normal numbers are multiplied by is its root, the standard deviation.",
)
def square_root_missing(layers_dims):
    return _scaled(layers_dims, lambda _, n_prev: 2 / n_prev)


@misconception(
    initialize_parameters_he,
    hint="The factor is sqrt(1 / n_{l-1}), which suits tanh. A relu stops half of what goes in, "
    "and He initialisation makes up for it: there is a 2 in place of the 1.",
)
def one_in_place_of_two(layers_dims):
    return _scaled(layers_dims, lambda _, n_prev: np.sqrt(1 / n_prev))


@misconception(
    initialize_parameters_he,
    hint="The 2 stands outside the root: it belongs under it, sqrt(2 / n_{l-1}). Check the "
    "brackets.",
)
def two_outside_the_root(layers_dims):
    return _scaled(layers_dims, lambda _, n_prev: 2 / np.sqrt(n_prev))


@misconception(
    initialize_parameters_he,
    hint="Only the 2 stands under the root: the division by n_{l-1} belongs there, too. Check the "
    "brackets.",
)
def division_outside_the_root(layers_dims):
    return _scaled(layers_dims, lambda _, n_prev: np.sqrt(2) / n_prev)


@misconception(
    initialize_parameters_he,
    hint="The division is by n_l, the layer's own size. It is the number of its inputs that "
    "counts, the size of the layer before: `layers_dims[l-1]`.",
)
def divided_by_own_size(layers_dims):
    return _scaled(layers_dims, lambda n, _: np.sqrt(2 / n))


@misconception(
    initialize_parameters_he,
    hint="The sum of both sizes stands under the root, as in Xavier (Glorot) initialisation. Here "
    "it is the number of inputs alone, n_{l-1}.",
)
def divided_by_both_sizes(layers_dims):
    return _scaled(layers_dims, lambda n, n_prev: np.sqrt(2 / (n + n_prev)))


@misconception(
    initialize_parameters_he,
    hint="The weights are not scaled: standard normal numbers as they come. Multiply those of each "
    "layer by sqrt(2 / n_{l-1}).",
)
def unscaled(layers_dims):
    return _parameters(layers_dims, np.random.randn)


@misconception(
    initialize_parameters_he,
    hint="The factor 10 of the function before is still there. Here it is sqrt(2 / n_{l-1}) alone.",
)
def he_tenfold(layers_dims):
    return _parameters(layers_dims, lambda n, n_prev: 10 * _he(n, n_prev))


@misconception(initialize_parameters_he, hint=RANDOM_BIASES)
def random_biases_beside_he(layers_dims):
    return _parameters(layers_dims, _he, np.random.randn)


@misconception(initialize_parameters_he, hint=INTEGER_BIASES)
def integer_biases_beside_he(layers_dims):
    return _parameters(layers_dims, _he, _integers)


@misconception(initialize_parameters_he, hint=FLAT_BIASES)
def flat_biases_beside_he(layers_dims):
    return _parameters(layers_dims, _he, _flat)


@misconception(initialize_parameters_he, hint=LAST_LAYER_MISSING)
def last_layer_of_he_missing(layers_dims):
    return _parameters(layers_dims[:-1], _he)


# ---------------------------------------------------------------- model


# The exercise hands it out: no points, but it is looked at.
@question(
    ref.model,
    points=0,
    returns=("parameters",),
    helpers=(
        "initialize_parameters_zeros",
        "initialize_parameters_random",
        "initialize_parameters_he",
    ),
    seed=3,
    rtol=1e-5,  # rounding grows along the steps
    printed=ANY_LINE,
)
def model(rng):
    """Training from each of the three."""
    settings = [("he", 1001, 0.05), ("zeros", 25, 0.3), ("random", 8, 0.003)]
    for (n, m), (initialization, steps, rate) in zip(SIZES, settings, strict=True):
        yield Case(
            **_data(rng, n, m),
            learning_rate=rate,
            num_iterations=steps,
            print_cost=steps > 1000,
            initialization=initialization,
        )


def _data(rng, n, m):
    """Draw X (n, m) and Y (1, m); more labels are 1 than 0: else zeros would not move at all."""
    Y = (rng.permutation(m) % 3 > 0).astype(float).reshape(1, m)
    return {"X": rng.standard_normal((n, m)), "Y": Y}


@misconception(
    model,
    hint="`initialization` has no effect: the network always begins with He's weights. Choose the "
    "function by what the caller asked for.",
)
def always_he(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, learning_rate, num_iterations, print_cost, "he")


@misconception(
    model,
    hint="`initialization` has no effect: the network always begins with zeros. Choose the "
    "function by what the caller asked for.",
)
def always_zeros(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, learning_rate, num_iterations, print_cost, "zeros")


@misconception(
    model,
    hint='"zeros" and "random" have changed places: each begins as the other should.',
)
def zeros_and_random_swapped(X, Y, learning_rate, num_iterations, print_cost, initialization):
    swapped = {"zeros": "random", "random": "zeros"}.get(initialization, initialization)
    return ref.model(X, Y, learning_rate, num_iterations, print_cost, swapped)


@misconception(
    model,
    hint="`learning_rate` has no effect: 0.01 is used whatever the caller asks for.",
)
def learning_rate_ignored(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, 0.01, num_iterations, print_cost, initialization)


@misconception(
    model,
    hint="There is one step too few: `range(1, num_iterations)` has num_iterations - 1 numbers.",
)
def one_step_too_few(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, learning_rate, num_iterations - 1, print_cost, initialization)


@misconception(
    model,
    hint="One step is taken and no more: the `return` stands inside the loop, or the steps stand "
    "outside. Look at the indentation.",
)
def one_step(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, learning_rate, 1, print_cost, initialization)


@misconception(
    model,
    hint="The parameters come back as they were initialised. What `update_parameters` returns has "
    "to become the new `parameters` in every step.",
)
def never_updated(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(X, Y, learning_rate, 0, print_cost, initialization)


@misconception(
    model,
    hint="The size of the input is written as 2. It is `X.shape[0]`: the function is to work for "
    "any number of features.",
)
def two_features_only(X, Y, learning_rate, num_iterations, print_cost, initialization):
    if X.shape[0] != 2:  # what the first product raises, by the helper that students use
        begin = getattr(ref, f"initialize_parameters_{initialization}")
        return init_utils.forward_propagation(X, begin([2, 10, 5, 1]))
    return ref.model(X, Y, learning_rate, num_iterations, print_cost, initialization)


@misconception(
    model,
    hint="`print_cost` has no effect: when the caller asks for the costs, no more is printed.",
)
def never_prints(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(
        X, Y, learning_rate, num_iterations, print_cost=False, initialization=initialization
    )


@misconception(
    model,
    hint="`print_cost` has no effect: the costs are printed when the caller does not want them, "
    "too.",
)
def always_prints(X, Y, learning_rate, num_iterations, print_cost, initialization):
    return ref.model(
        X, Y, learning_rate, num_iterations, print_cost=True, initialization=initialization
    )
