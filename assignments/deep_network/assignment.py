"""A deep neural network, layer by layer."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from dnn_utils import relu_backward, sigmoid_backward

from grader import Case, Limits, alternative, gradient, misconception, question
from reference import deep_network as ref
from reference.activations import relu, sigmoid

# Every call below is over in milliseconds.
limits = Limits(call_seconds=5)

# What the starter and the modules of the assignment's own support/ import.
support = ("activations", "cats", "drawing", "planar", "plots", "public", "yours")

# One layer: n units, n_prev inputs, m examples. One has a single unit, as an output layer has; one
# has square weights: a transposed product, which stops with an error elsewhere, returns a value
# there, and a mistake that raises in every case cannot be told from another.
LAYERS = [(3, 5, 4), (1, 4, 6), (4, 4, 7)]

# Both activations, each with several units.
ACTIVATED = [("relu", 3, 5, 4), ("sigmoid", 4, 3, 6), ("relu", 2, 4, 7), ("sigmoid", 1, 3, 5)]

# Layer sizes, and m. What is right for two layers only shows from three on. Where the hidden layers
# are of one size, the wrong layer's values fit and a mistake shows in numbers; elsewhere it raises.
NETWORKS = [((4, 3, 1), 5), ((3, 5, 5, 1), 7), ((4, 6, 5, 3, 1), 8)]


def _layer(rng, n, n_prev, m):
    """Draw A_prev (n_prev, m), W (n, n_prev), b (n, 1) for which some Z are positive, not all."""
    while True:
        A_prev = rng.standard_normal((n_prev, m))
        W = rng.standard_normal((n, n_prev)) / np.sqrt(n_prev)
        b = rng.uniform(-0.5, 0.5, (n, 1))
        if _mixed(W @ A_prev + b):
            return A_prev, W, b


def _network(rng, sizes, m):
    """Draw X (n_0, m) and parameters for which every hidden relu passes some and stops some."""
    while True:
        X = rng.standard_normal((sizes[0], m))
        parameters = {}
        for layer, (n_prev, n) in enumerate(pairwise(sizes), start=1):
            parameters[f"W{layer}"] = 1.2 * rng.standard_normal((n, n_prev)) / np.sqrt(n_prev)
            parameters[f"b{layer}"] = rng.uniform(-0.5, 0.5, (n, 1))
        _, caches = ref.L_model_forward(X, parameters)
        if all(_mixed(Z) for _, Z in caches[:-1]):
            return {"X": X, "parameters": parameters}


def _mixed(Z):
    return 0.25 < np.mean(Z > 0) < 0.75


def _labels(rng, m):
    """Draw Y (1, m), labels of both classes."""
    return (rng.permutation(m) % 2).astype(float).reshape(1, m)


# ---------------------------------------------------------------- initialize_parameters_deep


@question(ref.initialize_parameters_deep, points=10, returns=("parameters",), seed=3)
def initialize_parameters_deep(rng):
    """Random weights and zero biases for every layer."""
    for count in (3, 4, 5):
        yield Case(layer_dims=[int(n) for n in rng.permutation(np.arange(2, 9))[:count]])


def _initialized(layer_dims, weights, biases=lambda n: np.zeros((n, 1))):
    """Build the parameters layer by layer from weights(n, n_prev) and biases(n)."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = weights(n, n_prev)
        parameters[f"b{layer}"] = biases(n)
    return parameters


def _by_size(n, n_prev):
    return np.random.randn(n, n_prev) / np.sqrt(n_prev)


def _by_hundredth(n, n_prev):
    return np.random.randn(n, n_prev) * 0.01


@alternative(
    initialize_parameters_deep,
    note="Your weights are standard normal numbers times 0.01, as in other versions of this "
    "exercise; here they are divided by sqrt(n_{l-1}). Both are accepted. The difference: with "
    "0.01 the activations, and with them the gradients, shrink from layer to layer, and a deep "
    "network hardly learns; divided by sqrt(n_{l-1}) they keep about the same size.",
)
def scaled_by_a_hundredth(layer_dims):
    return _initialized(layer_dims, _by_hundredth)


UNIFORM = (
    "`np.random.rand` draws uniform numbers between 0 and 1, all of them positive. The weights are "
    "to be standard normal numbers, positive and negative alike: those come from its namesake with "
    "an n at the end. A seed fixes which numbers come; it does not turn one kind into the other."
)


@misconception(initialize_parameters_deep, hint=UNIFORM)
def uniform_weights_by_size(layer_dims):
    return _initialized(layer_dims, lambda n, n_prev: np.random.rand(n, n_prev) / np.sqrt(n_prev))


@misconception(initialize_parameters_deep, hint=UNIFORM)
def uniform_weights_by_hundredth(layer_dims):
    return _initialized(layer_dims, lambda n, n_prev: np.random.rand(n, n_prev) * 0.01)


@misconception(
    initialize_parameters_deep,
    hint=UNIFORM + " And they are not scaled: each layer's weights are divided by the square root "
    "of the number of its inputs.",
)
def uniform_weights_unscaled(layer_dims):
    return _initialized(layer_dims, np.random.rand)


@misconception(
    initialize_parameters_deep,
    hint="The weights are not scaled: they are standard normal numbers as they come. Divide those "
    "of each layer by the square root of the number of its inputs, n_{l-1}.",
)
def unscaled_weights(layer_dims):
    return _initialized(layer_dims, np.random.randn)


@misconception(
    initialize_parameters_deep,
    hint="This is He initialisation, randn · sqrt(2 / n_{l-1}), which a later exercise is about. "
    "Here there is no factor 2 under the root.",
)
def he_initialization(layer_dims):
    return _initialized(
        layer_dims, lambda n, n_prev: np.random.randn(n, n_prev) * (2 / n_prev) ** 0.5
    )


@misconception(
    initialize_parameters_deep,
    hint="The weights are divided by the square root of the layer's own size. It is the number of "
    "its inputs that counts, the size of the layer before: how many terms each sum has.",
)
def divided_by_own_size(layer_dims):
    return _initialized(layer_dims, lambda n, n_prev: np.random.randn(n, n_prev) / np.sqrt(n))


@misconception(
    initialize_parameters_deep,
    hint="The weights are divided by n_{l-1} itself. It is its square root that keeps the sums of "
    "n_{l-1} random terms at one size.",
)
def square_root_missing(layer_dims):
    return _initialized(layer_dims, lambda n, n_prev: np.random.randn(n, n_prev) / n_prev)


INTEGER_BIASES = (
    "The biases are integers, by `dtype=int`. They will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself."
)
FLAT_BIASES = (
    "The biases are flat arrays, of shape (n,). Added to Z (n, m) they would run along the "
    "examples: a column needs both sizes, given to `np.zeros` as one tuple."
)


def _integers(n):
    return np.zeros((n, 1), dtype=int)


@misconception(initialize_parameters_deep, hint=INTEGER_BIASES)
def integer_biases(layer_dims):
    return _initialized(layer_dims, _by_size, _integers)


@misconception(initialize_parameters_deep, hint=INTEGER_BIASES)
def integer_biases_by_hundredth(layer_dims):
    return _initialized(layer_dims, _by_hundredth, _integers)


@misconception(initialize_parameters_deep, hint=FLAT_BIASES)
def flat_biases(layer_dims):
    return _initialized(layer_dims, _by_size, np.zeros)


@misconception(initialize_parameters_deep, hint=FLAT_BIASES)
def flat_biases_by_hundredth(layer_dims):
    return _initialized(layer_dims, _by_hundredth, np.zeros)


# ---------------------------------------------------------------- linear_forward


@question(ref.linear_forward, points=5, returns=("Z", "cache"), shares={"Z": 0.6})
def linear_forward(rng):
    """The linear part of a layer."""
    for n, n_prev, m in LAYERS:
        A, W, b = _layer(rng, n, n_prev, m)
        yield Case(A=A, W=W, b=b)


# Students write np.dot: where shapes clash, its message is what they see.


@misconception(
    linear_forward,
    hint="W is transposed. Its rows belong to the units of this layer, its columns to the inputs: "
    "the product W A fits as it is. (In logistic regression the weights were a column; not here.)",
)
def weights_transposed(A, W, b):
    return np.dot(W.T, A) + b, (A, W, b)


@misconception(linear_forward, hint="The bias is missing: Z is W A plus b.")
def bias_missing(A, W, b):
    return np.dot(W, A), (A, W, b)


@misconception(
    linear_forward,
    hint="The cache holds the result Z where the input A is due. The way back needs what the layer "
    "was given: A, W and b.",
)
def result_in_the_cache(A, W, b):
    Z, _ = ref.linear_forward(A, W, b)
    return Z, (Z, W, b)


@misconception(
    linear_forward, hint="The cache has another order: it is (A, W, b), the inputs as they come in."
)
def cache_in_another_order(A, W, b):
    Z, _ = ref.linear_forward(A, W, b)
    return Z, (W, A, b)


# ---------------------------------------------------------------- linear_activation_forward


@question(
    ref.linear_activation_forward,
    points=10,
    returns=("A", "cache"),
    helpers=("linear_forward",),
    shares={"A": 0.6},
)
def linear_activation_forward(rng):
    """A layer with its activation."""
    for activation, n, n_prev, m in ACTIVATED:
        A_prev, W, b = _layer(rng, n, n_prev, m)
        yield Case(A_prev=A_prev, W=W, b=b, activation=activation)


OTHER = {"relu": "sigmoid", "sigmoid": "relu"}


@misconception(
    linear_activation_forward,
    hint='The two activations are swapped: "relu" gives the sigmoid, and "sigmoid" the relu.',
)
def activations_swapped(A_prev, W, b, activation):
    return ref.linear_activation_forward(A_prev, W, b, OTHER[activation])


@misconception(
    linear_activation_forward,
    hint='The activation is the sigmoid whatever is asked for. Look at the branch for "relu".',
)
def always_sigmoid(A_prev, W, b, activation):
    return ref.linear_activation_forward(A_prev, W, b, "sigmoid")


@misconception(
    linear_activation_forward,
    hint='The activation is the relu whatever is asked for. Look at the branch for "sigmoid".',
)
def always_relu(A_prev, W, b, activation):
    return ref.linear_activation_forward(A_prev, W, b, "relu")


@misconception(
    linear_activation_forward,
    hint="What is returned is Z, the linear part. The activation function of it is missing.",
)
def linear_part_returned(A_prev, W, b, activation):
    _, cache = ref.linear_activation_forward(A_prev, W, b, activation)
    return cache[1], cache


@misconception(
    linear_activation_forward,
    hint="The cache holds A where Z is due. The derivative of the activation is taken at Z, what "
    "went into it, on the way back.",
)
def activation_in_the_cache(A_prev, W, b, activation):
    A, (linear_cache, _) = ref.linear_activation_forward(A_prev, W, b, activation)
    return A, (linear_cache, A)


# ---------------------------------------------------------------- L_model_forward


@question(
    ref.L_model_forward,
    points=15,
    returns=("AL", "caches"),
    helpers=("linear_activation_forward",),
    shares={"AL": 0.6},
)
def L_model_forward(rng):  # noqa: N802
    """The way forward through all layers."""
    for sizes, m in NETWORKS:
        yield Case(**_network(rng, sizes, m))


def _forward(A, parameters, layer, activation):
    """Go through a layer, by np.dot: where shapes clash, its message is what students see."""
    W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
    Z = np.dot(W, A) + b
    return (sigmoid(Z) if activation == "sigmoid" else relu(Z)), ((A, W, b), Z)


def _hidden(X, parameters):
    """Return the activations A_0 = X, A_1, … of the layers before the last, and their caches."""
    As, caches = [X], []
    for layer in range(1, len(parameters) // 2):
        A, cache = _forward(As[-1], parameters, layer, "relu")
        As.append(A)
        caches.append(cache)
    return As, caches


@misconception(
    L_model_forward,
    hint="The output layer ends in a relu. Its result is to be a probability: the last layer's "
    "activation is the sigmoid.",
)
def relu_in_the_output_layer(X, parameters):
    As, caches = _hidden(X, parameters)
    AL, cache = _forward(As[-1], parameters, len(As), "relu")
    return AL, [*caches, cache]


@misconception(
    L_model_forward,
    hint="All layers have the sigmoid. It belongs to the last one; those before it have the relu.",
)
def sigmoid_in_every_layer(X, parameters):
    A, caches = X, []
    for layer in range(1, len(parameters) // 2 + 1):
        A, cache = _forward(A, parameters, layer, "sigmoid")
        caches.append(cache)
    return A, caches


@misconception(
    L_model_forward,
    hint="`AL` is the linear part of the output layer, before its sigmoid.",
)
def linear_part_of_the_output(X, parameters):
    _, caches = ref.L_model_forward(X, parameters)
    return caches[-1][1], caches


@misconception(
    L_model_forward,
    hint="The output layer is given `A_prev`, what went into the last hidden layer. It needs what "
    "came out of it: `A`.",
)
def output_layer_from_a_prev(X, parameters):
    As, caches = _hidden(X, parameters)
    AL, cache = _forward(As[-2], parameters, len(As), "sigmoid")
    return AL, [*caches, cache]


HARD_CODED = (
    "The output layer takes the weights of one fixed layer, whatever the number of layers. Its "
    "weights are those numbered L, the number of layers that `parameters` holds."
)


def _output_layer_hard_coded(X, parameters, number):
    As, caches = _hidden(X, parameters)
    AL, cache = _forward(As[-1], parameters, number, "sigmoid")
    return AL, [*caches, cache]


@misconception(L_model_forward, hint=HARD_CODED)
def output_layer_is_the_second(X, parameters):
    return _output_layer_hard_coded(X, parameters, 2)


@misconception(L_model_forward, hint=HARD_CODED)
def output_layer_is_the_second_and_its_shape_asserted(X, parameters):
    AL, caches = _output_layer_hard_coded(X, parameters, 2)
    if AL.shape != (1, X.shape[1]):
        raise AssertionError  # as an assert without a message does
    return AL, caches


@misconception(L_model_forward, hint=HARD_CODED)
def output_layer_is_the_third(X, parameters):
    return _output_layer_hard_coded(X, parameters, 3)


OUTPUT_LAYER_IN_THE_LOOP = (
    "The output layer stands inside the loop, so that it is computed after every hidden layer and "
    "not once, at the end. With two layers this makes no difference; with three it does. Look at "
    "the indentation."
)


def _output_layer_in_the_loop(X, parameters):
    """Return AL, and the caches of all the layers that are gone through."""
    A, caches, L = X, [], len(parameters) // 2
    for layer in range(1, L):
        A, cache = _forward(A, parameters, layer, "relu")
        AL, output_cache = _forward(A, parameters, L, "sigmoid")
        caches += [cache, output_cache]
    return AL, caches


@misconception(L_model_forward, hint=OUTPUT_LAYER_IN_THE_LOOP)
def output_layer_in_the_loop(X, parameters):
    return _output_layer_in_the_loop(X, parameters)


@misconception(L_model_forward, hint=OUTPUT_LAYER_IN_THE_LOOP)
def output_layer_in_the_loop_but_not_its_cache(X, parameters):
    AL, caches = _output_layer_in_the_loop(X, parameters)
    return AL, [*caches[::2], caches[-1]]


@misconception(
    L_model_forward,
    hint="Every hidden layer is given X. Only the first one takes it; each of the others takes the "
    "activations of the layer before.",
)
def every_layer_from_the_input(X, parameters):
    caches, L = [], len(parameters) // 2
    for layer in range(1, L):
        A, cache = _forward(X, parameters, layer, "relu")
        caches.append(cache)
    AL, cache = _forward(A, parameters, L, "sigmoid")
    return AL, [*caches, cache]


@misconception(
    L_model_forward,
    hint="`caches` is returned empty. The way back needs every layer's cache: append it to the "
    "list right after the layer.",
)
def no_caches(X, parameters):
    return ref.L_model_forward(X, parameters)[0], []


@misconception(
    L_model_forward,
    hint="The output layer's cache is missing: `caches` has an entry for every layer, L of them.",
)
def cache_of_the_output_layer_missing(X, parameters):
    AL, caches = ref.L_model_forward(X, parameters)
    return AL, caches[:-1]


@misconception(
    L_model_forward,
    hint="`caches` holds the output layer's cache only. Those of the hidden layers are to be "
    "appended too, inside the loop.",
)
def caches_of_the_hidden_layers_missing(X, parameters):
    AL, caches = ref.L_model_forward(X, parameters)
    return AL, caches[-1:]


# ---------------------------------------------------------------- compute_cost


@question(ref.compute_cost, points=10, returns=("cost",))
def compute_cost(rng):
    """The cross-entropy."""
    for m in (5, 7, 9):
        yield Case(AL=rng.uniform(0.05, 0.95, (1, m)), Y=_labels(rng, m))


@misconception(
    compute_cost,
    hint="The cost is an average over the m examples; this is their sum. `m` is `Y.shape[1]`.",
)
def sum_of_the_losses(AL, Y):
    return ref.compute_cost(AL, Y) * Y.shape[1]


@misconception(
    compute_cost,
    hint="The cost has the wrong sign: the logarithms of probabilities are negative, the cost is "
    "not.",
)
def negative_cost(AL, Y):
    return -ref.compute_cost(AL, Y)


@misconception(
    compute_cost,
    hint="The cost has only one of its two terms: examples labelled 0 need (1 - Y) log(1 - AL).",
)
def one_term(AL, Y):
    return -np.sum(Y * np.log(AL)) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The two terms are subtracted from each other. They are added, and the minus sign stands "
    "before both.",
)
def terms_subtracted(AL, Y):
    return -np.sum(Y * np.log(AL) - (1 - Y) * np.log(1 - AL)) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The sum runs over the wrong axis: with `axis=0` there is nothing to add up, and a number "
    "for every example is left. The sum is over the examples.",
)
def summed_over_axis_0(AL, Y):
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL), axis=0) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The number is right, but it is returned in an array of shape (1, 1). The cost is a plain "
    "number: `np.squeeze` takes the extra axes away.",
)
def not_squeezed(AL, Y):
    return np.full((1, 1), ref.compute_cost(AL, Y))


# ---------------------------------------------------------------- linear_backward


@question(ref.linear_backward, points=15, returns=("dA_prev", "dW", "db"))
def linear_backward(rng):
    """The way back through the linear part of a layer."""
    for n, n_prev, m in LAYERS:
        yield Case(dZ=rng.standard_normal((n, m)), cache=_layer(rng, n, n_prev, m))


@gradient(linear_backward)
def slopes_of_the_linear_part(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return {
        "dA_prev": (lambda A_prev: np.sum(dZ * (W @ A_prev + b)), A_prev),
        "dW": (lambda W: np.sum(dZ * (W @ A_prev + b)) / m, W),
        "db": (lambda b: np.sum(dZ * (W @ A_prev + b)) / m, b),
    }


AVERAGE = "`{}` is an average over the m examples: the division by m is missing."


@misconception(linear_backward, hint=AVERAGE.format("dW"))
def dw_not_averaged(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    return dA_prev, dW * dZ.shape[1], db


@misconception(linear_backward, hint=AVERAGE.format("db"))
def db_not_averaged(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    return dA_prev, dW, db * dZ.shape[1]


@misconception(
    linear_backward,
    hint="`dW` and `db` are averages over the m examples: the division by m is missing in both.",
)
def not_averaged(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    return dA_prev, dW * dZ.shape[1], db * dZ.shape[1]


@misconception(
    linear_backward,
    hint="`dA_prev` is divided by m. Only the gradients of W and b are averages over the examples; "
    "`dA_prev` has a column of its own for every example.",
)
def da_prev_averaged(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    return dA_prev / dZ.shape[1], dW, db


@misconception(
    linear_backward,
    hint="`m` is the number of examples, one a column: `A_prev.shape[1]`. Here it is the number of "
    "inputs, `A_prev.shape[0]`.",
)
def averaged_over_the_inputs(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    n_prev, m = cache[0].shape
    return dA_prev, dW * m / n_prev, db * m / n_prev


AXIS_0 = (
    "The sum in `db` runs over the wrong axis: with `axis=0` it adds up the units of the layer and "
    "leaves a number for every example. It is to run over the examples, one a column, and leave a "
    "number for every unit."
)


@misconception(linear_backward, hint=AXIS_0)
def db_summed_over_axis_0(dZ, cache):
    dA_prev, dW, _ = ref.linear_backward(dZ, cache)
    return dA_prev, dW, np.sum(dZ, axis=0, keepdims=True) / dZ.shape[1]


@misconception(linear_backward, hint=AXIS_0)
def db_summed_over_axis_0_and_flat(dZ, cache):
    dA_prev, dW, _ = ref.linear_backward(dZ, cache)
    return dA_prev, dW, np.sum(dZ, axis=0) / dZ.shape[1]


@misconception(
    linear_backward,
    hint="`db` has lost an axis: its shape is (n,), that of b is (n, 1). `keepdims=True` in "
    "`np.sum` keeps the axis that is summed over.",
)
def db_flat(dZ, cache):
    dA_prev, dW, db = ref.linear_backward(dZ, cache)
    return dA_prev, dW, db[:, 0]


ONE_SUM = (
    "`db` adds up all of dZ, over examples and units, to a single number. Every unit has a bias of "
    "its own: the sum runs over the examples only, `axis=1`. With one unit the number comes out "
    "right, with more it does not."
)


@misconception(linear_backward, hint=ONE_SUM)
def db_a_single_number(dZ, cache):
    dA_prev, dW, _ = ref.linear_backward(dZ, cache)
    return dA_prev, dW, np.sum(dZ) / dZ.shape[1]


def _db_a_single_entry(dZ, cache):
    dA_prev, dW, _ = ref.linear_backward(dZ, cache)
    return dA_prev, dW, np.sum(dZ, keepdims=True) / dZ.shape[1]


@misconception(linear_backward, hint=ONE_SUM)
def db_a_single_entry(dZ, cache):
    return _db_a_single_entry(dZ, cache)


@misconception(linear_backward, hint=ONE_SUM)
def db_a_single_entry_and_its_shape_asserted(dZ, cache):
    if dZ.shape[0] > 1:
        raise AssertionError  # as `assert db.shape == b.shape` does
    return _db_a_single_entry(dZ, cache)


@misconception(
    linear_backward,
    hint="`db` is squeezed and asserted to be a float, which holds for a layer of one unit only. "
    "`db` has the shape of b, (n, 1): a number for every unit.",
)
def db_asserted_to_be_a_float(dZ, cache):
    if dZ.shape[0] > 1:
        raise AssertionError  # as `assert isinstance(db, float)` does
    return db_a_single_number.answer(dZ, cache)


@misconception(
    linear_backward,
    hint="`dA_prev` is the product with W; the way back takes the transpose, Wᵀ dZ: every input "
    "collects from the units that it went into.",
)
def weights_not_transposed(dZ, cache):
    _, dW, db = ref.linear_backward(dZ, cache)
    return np.dot(cache[1], dZ), dW, db


# ---------------------------------------------------------------- linear_activation_backward


@question(
    ref.linear_activation_backward,
    points=10,
    returns=("dA_prev", "dW", "db"),
    helpers=("linear_backward",),
)
def linear_activation_backward(rng):
    """The way back through a layer with its activation."""
    for activation, n, n_prev, m in ACTIVATED:
        A_prev, W, b = _layer(rng, n, n_prev, m)
        _, cache = ref.linear_activation_forward(A_prev, W, b, activation)
        yield Case(dA=rng.standard_normal((n, m)), cache=cache, activation=activation)


@gradient(linear_activation_backward)
def slopes_of_a_layer(dA, cache, activation):
    (A_prev, W, b), _ = cache
    m = A_prev.shape[1]
    g = {"relu": relu, "sigmoid": sigmoid}[activation]
    return {
        "dA_prev": (lambda A_prev: np.sum(dA * g(W @ A_prev + b)), A_prev),
        "dW": (lambda W: np.sum(dA * g(W @ A_prev + b)) / m, W),
        "db": (lambda b: np.sum(dA * g(W @ A_prev + b)) / m, b),
    }


@misconception(
    linear_activation_backward,
    hint='The derivatives are swapped: "relu" takes that of the sigmoid, "sigmoid" that of the '
    "relu.",
)
def derivatives_swapped(dA, cache, activation):
    return ref.linear_activation_backward(dA, cache, OTHER[activation])


@misconception(
    linear_activation_backward,
    hint='The derivative is the sigmoid\'s whatever is asked for. Look at the branch for "relu".',
)
def always_the_sigmoids_derivative(dA, cache, activation):
    return ref.linear_activation_backward(dA, cache, "sigmoid")


@misconception(
    linear_activation_backward,
    hint='The derivative is the relu\'s whatever is asked for. Look at the branch for "sigmoid".',
)
def always_the_relus_derivative(dA, cache, activation):
    return ref.linear_activation_backward(dA, cache, "relu")


@misconception(
    linear_activation_backward,
    hint="The activation is left out: `linear_backward` is given dA. It needs dZ, which is dA "
    "times the derivative of the activation at Z.",
)
def derivative_missing(dA, cache, activation):
    return ref.linear_backward(dA, cache[0])


@misconception(
    linear_activation_backward,
    hint="dA is multiplied by the activation itself, g(Z). On the way back it is multiplied by its "
    "derivative, g'(Z): that is what the helpers whose names end in `_backward` are for.",
)
def activation_for_its_derivative(dA, cache, activation):
    linear_cache, Z = cache
    A = relu(Z) if activation == "relu" else sigmoid(Z)
    return ref.linear_backward(dA * A, linear_cache)


# ---------------------------------------------------------------- L_model_backward


# dW and db are what training uses: they carry most of the points, and dA0 … dA3 the rest.
SHARES = {f"grads['d{name}{layer}']": 0.11 for layer in range(1, 5) for name in "Wb"}


@question(
    ref.L_model_backward,
    points=15,
    returns=("grads",),
    helpers=("linear_activation_backward",),
    shares=SHARES,
)
def L_model_backward(rng):  # noqa: N802
    """The way back through all layers."""
    for sizes, m in NETWORKS:
        AL, caches = ref.L_model_forward(**_network(rng, sizes, m))
        yield Case(AL=AL, Y=_labels(rng, m), caches=caches)


@alternative(
    L_model_backward,
    note="Your `grads` numbers the gradients of the activations as older versions of this exercise "
    "did: what comes out of layer l, backwards, is `dA{l}`. Here it is `dA{l-1}`, the gradient of "
    "A_{l-1}. Both are accepted.",
)
def older_keys(AL, Y, caches):
    return _renumbered(ref.L_model_backward(AL, Y, caches))


def _renumbered(grads):
    """Number the gradients of the activations as older versions do: dA0 is dA1 there."""
    return {
        f"dA{int(name[2:]) + 1}" if name.startswith("dA") else name: grad
        for name, grad in grads.items()
    }


@gradient(L_model_backward)
def slopes_of_the_cost(AL, Y, caches):
    return {
        address: slope
        for layer in range(1, len(caches) + 1)
        for address, slope in _slopes_of_a_layer(Y, caches, layer).items()
    }


def _slopes_of_a_layer(Y, caches, layer):
    (A_prev, W, b), _ = caches[layer - 1]
    after = [(W, b) for (_, W, b), _ in caches[layer:]]

    def cost(A_prev, W, b):
        return ref.compute_cost(_output(A_prev, [(W, b), *after]), Y)

    return {
        f"grads['dA{layer - 1}']": (lambda A_prev: Y.shape[1] * cost(A_prev, W, b), A_prev),
        f"grads['dW{layer}']": (lambda W: cost(A_prev, W, b), W),
        f"grads['db{layer}']": (lambda b: cost(A_prev, W, b), b),
    }


def _output(A, layers):
    for W, b in layers[:-1]:
        A = relu(W @ A + b)
    W, b = layers[-1]
    return sigmoid(W @ A + b)


def _loss_slope(AL, Y):
    return -(Y / AL - (1 - Y) / (1 - AL))


# By the course's helpers, as students do it: where shapes clash, it is they that raise.
def _sigmoid_step(dA, cache):
    return ref.linear_backward(sigmoid_backward(dA, cache[1]), cache[0])


def _relu_step(dA, cache):
    return ref.linear_backward(relu_backward(dA, cache[1]), cache[0])


def _backward(dAL, caches, output=_sigmoid_step, hidden=_relu_step):
    """Go back through all layers, by other steps than the right ones."""
    L, grads = len(caches), {}
    dA, grads[f"dW{L}"], grads[f"db{L}"] = output(dAL, caches[-1])
    grads[f"dA{L - 1}"] = dA
    for layer in reversed(range(1, L)):
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = hidden(dA, caches[layer - 1])
        grads[f"dA{layer - 1}"] = dA
    return grads


@misconception(
    L_model_backward,
    hint="Every hidden layer starts from the same gradient, the one that comes out of the output "
    "layer. Each needs the gradient from the layer right behind it: the index of `dA` in the loop "
    "has to count down with `l`. With two layers this makes no difference; with three it does.",
)
def every_step_from_the_last_layer(AL, Y, caches):
    dAL = _loss_slope(AL, Y)
    first = _sigmoid_step(dAL, caches[-1])[0]
    return _backward(dAL, caches, hidden=lambda _, cache: _relu_step(first, cache))


@misconception(
    L_model_backward,
    hint="The loop computes the output layer over and over: it takes dAL and the last cache in "
    "every step. Each hidden layer has a cache of its own, and takes the gradient that came out of "
    "the layer behind it.",
)
def output_layer_in_every_step(AL, Y, caches):
    dAL = _loss_slope(AL, Y)
    return _backward(dAL, caches, hidden=lambda *_: _relu_step(dAL, caches[-1]))


LOSS_SLOPE_EVERYWHERE = (
    "The hidden layers are given dAL, which belongs to the output layer. Each takes the gradient "
    "that came out of the layer behind it."
)


@misconception(L_model_backward, hint=LOSS_SLOPE_EVERYWHERE)
def every_step_from_the_loss(AL, Y, caches):
    dAL = _loss_slope(AL, Y)
    return _backward(dAL, caches, hidden=lambda _, cache: _relu_step(dAL, cache))


@misconception(
    L_model_backward,
    hint=LOSS_SLOPE_EVERYWHERE + " And it goes through the sigmoid's derivative: the hidden layers "
    "have the relu.",
)
def every_step_from_the_loss_by_the_sigmoid(AL, Y, caches):
    dAL = _loss_slope(AL, Y)
    return _backward(dAL, caches, hidden=lambda _, cache: _sigmoid_step(dAL, cache))


@misconception(
    L_model_backward,
    hint="The hidden layers go through the sigmoid's derivative. On the way forward they had the "
    "relu; the way back takes the same activations.",
)
def sigmoids_derivative_in_hidden_layers(AL, Y, caches):
    return _backward(_loss_slope(AL, Y), caches, hidden=_sigmoid_step)


@misconception(
    L_model_backward,
    hint="The output layer goes through the relu's derivative. On the way forward it had the "
    "sigmoid; the way back takes the same activation.",
)
def relus_derivative_in_the_output_layer(AL, Y, caches):
    return _backward(_loss_slope(AL, Y), caches, output=_relu_step)


@misconception(
    L_model_backward,
    hint="The way back starts from AL itself. It has to start from dAL, the derivative of the loss "
    "with respect to AL.",
)
def starts_from_the_activations(AL, Y, caches):
    return _backward(AL, caches)


@misconception(
    L_model_backward,
    hint="dAL has the wrong sign, and with it every gradient: the loss has a minus before both of "
    "its terms, and so has its derivative.",
)
def loss_slope_with_the_wrong_sign(AL, Y, caches):
    return _backward(-_loss_slope(AL, Y), caches)


@misconception(
    L_model_backward,
    hint="The two terms of dAL have the same sign. The derivative of log(1 - AL) brings a minus of "
    "its own: one term is subtracted from the other. Check the brackets.",
)
def terms_of_the_loss_slope_added(AL, Y, caches):
    return _backward(-(Y / AL + (1 - Y) / (1 - AL)), caches)


@misconception(
    L_model_backward,
    hint="dAL is divided by m, and the gradients once more in `linear_backward`. dAL has a column "
    "for every example; the average is taken there only.",
)
def averaged_twice(AL, Y, caches):
    return _backward(_loss_slope(AL, Y) / Y.shape[1], caches)


@misconception(
    L_model_backward,
    hint="The output layer takes `caches[1]`, which is the last cache of a network of two layers "
    "only. The last one of L is at L - 1.",
)
def second_cache_for_the_output_layer(AL, Y, caches):
    second = caches[1]
    return _backward(_loss_slope(AL, Y), caches, output=lambda dA, _: _sigmoid_step(dA, second))


@misconception(
    L_model_backward,
    hint="All hidden layers take the cache of the last hidden one. Each has a cache of its own: "
    "its index has to count down with `l`.",
)
def one_cache_for_all_hidden_layers(AL, Y, caches):
    return _backward(_loss_slope(AL, Y), caches, hidden=lambda dA, _: _relu_step(dA, caches[-2]))


def _older(mistake):
    """The same mistake in a notebook that numbers dA as older versions do."""
    return replace(mistake, answer=lambda AL, Y, caches: _renumbered(mistake.answer(AL, Y, caches)))


older_every_step_from_the_last_layer = _older(every_step_from_the_last_layer)
older_output_layer_in_every_step = _older(output_layer_in_every_step)
older_every_step_from_the_loss = _older(every_step_from_the_loss)
older_every_step_from_the_loss_by_the_sigmoid = _older(every_step_from_the_loss_by_the_sigmoid)
older_sigmoids_derivative_in_hidden_layers = _older(sigmoids_derivative_in_hidden_layers)
older_relus_derivative_in_the_output_layer = _older(relus_derivative_in_the_output_layer)
older_starts_from_the_activations = _older(starts_from_the_activations)
older_loss_slope_with_the_wrong_sign = _older(loss_slope_with_the_wrong_sign)
older_terms_of_the_loss_slope_added = _older(terms_of_the_loss_slope_added)
older_averaged_twice = _older(averaged_twice)
older_second_cache_for_the_output_layer = _older(second_cache_for_the_output_layer)
older_one_cache_for_all_hidden_layers = _older(one_cache_for_all_hidden_layers)


# ---------------------------------------------------------------- update_parameters


@question(ref.update_parameters, points=10, returns=("parameters",))
def update_parameters(rng):
    """A step of gradient descent."""
    for (sizes, m), rate in zip(NETWORKS, (0.3, 0.07, 0.5), strict=True):
        parameters = _network(rng, sizes, m)["parameters"]
        grads = {f"d{name}": rng.standard_normal(value.shape) for name, value in parameters.items()}
        yield Case(parameters=parameters, grads=grads, learning_rate=rate)


def _updated(parameters, grads, learning_rate, names):
    """Update the parameters of these names only."""
    updated = ref.update_parameters(parameters, grads, learning_rate)
    return parameters | {name: updated[name] for name in names}


@misconception(
    update_parameters,
    hint="The parameters move up the gradient. Gradient descent subtracts the step.",
)
def ascends(parameters, grads, learning_rate):
    return ref.update_parameters(parameters, grads, -learning_rate)


@misconception(update_parameters, hint="The biases are not updated: only the weights move.")
def biases_not_updated(parameters, grads, learning_rate):
    weights = [name for name in parameters if name.startswith("W")]
    return _updated(parameters, grads, learning_rate, weights)


@misconception(
    update_parameters,
    hint="The learning rate has no effect: the whole gradient is subtracted.",
)
def learning_rate_ignored(parameters, grads, learning_rate):
    return ref.update_parameters(parameters, grads, 1.0)


@misconception(
    update_parameters,
    hint="The parameters are replaced by the step, learning rate times gradient. It is to be "
    "subtracted from what they were.",
)
def replaced_by_the_step(parameters, grads, learning_rate):
    return {name: learning_rate * grads["d" + name] for name in parameters}


@misconception(
    update_parameters,
    hint="The biases move by the gradients of the weights, and take their shape: look for `dW` "
    "where `db` is due.",
)
def biases_moved_by_dw(parameters, grads, learning_rate):
    layers = range(1, len(parameters) // 2 + 1)
    mixed = grads | {f"db{layer}": grads[f"dW{layer}"] for layer in layers}
    return ref.update_parameters(parameters, mixed, learning_rate)


@misconception(
    update_parameters,
    hint="The last layer is not updated: the loop ends one too early. `range(1, L)` stops before "
    "L.",
)
def last_layer_not_updated(parameters, grads, learning_rate):
    last = len(parameters) // 2
    names = [name for name in parameters if name not in (f"W{last}", f"b{last}")]
    return _updated(parameters, grads, learning_rate, names)


TWO_LAYERS_ONLY = (
    "Two layers are updated, whatever the number of layers. `parameters` holds a W and a b for "
    "each: half as many layers as it has entries."
)


@misconception(update_parameters, hint=TWO_LAYERS_ONLY)
def two_layers_updated(parameters, grads, learning_rate):
    return _updated(parameters, grads, learning_rate, ("W1", "b1", "W2", "b2"))


@misconception(update_parameters, hint=TWO_LAYERS_ONLY)
def two_layers_returned(parameters, grads, learning_rate):
    updated = ref.update_parameters(parameters, grads, learning_rate)
    return {name: updated[name] for name in ("W1", "b1", "W2", "b2")}
