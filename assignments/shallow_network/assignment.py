"""A network with one hidden layer, on points in the plane."""

import numpy as np

from grader import Case, Limits, Tolerance, alternative, gradient, misconception, question
from grader.spec import DtypeKind
from reference import shallow_network as ref
from reference.activations import relu
from reference.activations import sigmoid as sigma

# The longest call, a thousand steps of a tiny network, takes well under a second.
limits = Limits(call_seconds=5)

support = ("activations", "drawing", "planar", "plots", "public")

# (n_x, n_h, m): distinct, so that a transposed product or a forgotten 1/m is seen. There is one
# output unit, as in the exercise: many notebooks assert that A2 is (1, m).
SIZES = [(3, 5, 4), (2, 4, 7), (5, 3, 6)]

ANY_LINE = r"\S"

ANY_NUMBER: tuple[DtypeKind, ...] = ("bool", "integer", "float")

LEARNING_RATE = 1.2  # the exercise's, and the default of `update_parameters`


def _parameters(rng, n_x, n_h):
    """Draw parameters of a size at which neither tanh nor the sigmoid saturates."""
    return {
        "W1": 0.6 * rng.standard_normal((n_h, n_x)),
        "b1": 0.5 * rng.standard_normal((n_h, 1)),
        "W2": 0.7 * rng.standard_normal((1, n_h)),
        "b2": 0.5 * rng.standard_normal((1, 1)),
    }


def _labels(rng, m):
    """Draw labels (1, m) of both classes."""
    return (rng.permutation(m) % 2).astype(float).reshape(1, m)


# ---------------------------------------------------------------- layer_sizes


@question(ref.layer_sizes, points=6, returns=("n_x", "n_h", "n_y"))
def layer_sizes(rng):
    """The sizes of the three layers."""
    for n_x, n_y, m in [(5, 2, 3), (2, 3, 7), (7, 6, 9)]:
        yield Case(X=rng.standard_normal((n_x, m)), Y=rng.random((n_y, m)))


@misconception(
    layer_sizes,
    hint="`shape[1]` is the number of examples: an example is a column. The number of units is the "
    "length of the other axis.",
)
def examples_for_units(X, Y):
    return X.shape[1], 4, Y.shape[1]


@misconception(
    layer_sizes,
    hint="The input layer has a unit for every row of X, the output layer for every "
    "row of Y. Here the two are exchanged.",
)
def inputs_and_outputs_swapped(X, Y):
    return Y.shape[0], 4, X.shape[0]


@misconception(
    layer_sizes,
    hint="The three sizes are right, but in another order: from the input to the output, the "
    "hidden layer in the middle.",
)
def hidden_size_last(X, Y):
    return X.shape[0], Y.shape[0], 4


@misconception(
    layer_sizes,
    hint="These are whole shapes. A size is one number: the first of the two in the shape.",
)
def whole_shapes(X, Y):
    return X.shape, 4, Y.shape


FIXED_SIZE = (
    "A size is written down as a number. Only that of the hidden layer is fixed; read the others "
    "off X and Y."
)


@misconception(layer_sizes, hint=FIXED_SIZE)
def output_size_written_down(X, Y):
    return X.shape[0], 4, 1


@misconception(layer_sizes, hint=FIXED_SIZE)
def both_sizes_written_down(X, Y):
    return 2, 4, 1


# ---------------------------------------------------------------- initialize_parameters


@question(ref.initialize_parameters, points=10, returns=("parameters",), seed=2)
def initialize_parameters(rng):
    """Small random weights, and biases that are zero."""
    for n_x, n_h, n_y in [
        ((2, 3), (5, 7), (1, 1)),
        ((6, 8), (3, 3), (2, 2)),
        ((4, 5), (6, 9), (3, 3)),
    ]:
        sizes = [int(rng.integers(*ends, endpoint=True)) for ends in (n_x, n_h, n_y)]
        yield Case(n_x=sizes[0], n_h=sizes[1], n_y=sizes[2])


def _drawn(draw, n_x, n_h, n_y):
    """Return what initialize_parameters gives with weights from another function."""
    W1 = draw(n_h, n_x)
    W2 = draw(n_y, n_h)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}


@misconception(
    initialize_parameters,
    hint="`dtype=int` makes integers. The biases will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself.",
)
def integer_biases(n_x, n_h, n_y):
    parameters = ref.initialize_parameters(n_x, n_h, n_y)
    return {k: v.astype(int) if k in ("b1", "b2") else v for k, v in parameters.items()}


@misconception(
    initialize_parameters,
    hint="`np.random.rand` draws uniform numbers between 0 and 1, none of them negative. The "
    "weights are normal numbers: `np.random.randn`.",
)
def uniform_weights(n_x, n_h, n_y):
    return _drawn(lambda *shape: 0.01 * np.random.rand(*shape), n_x, n_h, n_y)


def _with_second(initialized, W2):
    return {**initialized, "W2": W2}


@misconception(
    initialize_parameters,
    hint="W1 is as it should be, but W2 comes from `np.random.rand`: uniform numbers between 0 and "
    "1, none of them negative. Weights are normal numbers: `np.random.randn`.",
)
def uniform_second_weights(n_x, n_h, n_y):
    W1 = 0.01 * np.random.randn(n_h, n_x)
    W2 = 0.01 * np.random.rand(n_y, n_h)
    return _with_second(_drawn(lambda *_: W1, n_x, n_h, n_y), W2)


@misconception(
    initialize_parameters,
    hint="W1 is scaled down by 0.01, W2 is not. Both start small.",
)
def second_weights_not_scaled(n_x, n_h, n_y):
    initialized = ref.initialize_parameters(n_x, n_h, n_y)
    return _with_second(initialized, 100 * initialized["W2"])


@misconception(
    initialize_parameters,
    hint="The weights are not scaled down by 0.01. Large weights put tanh where it is flat, and "
    "learning is slow.",
)
def weights_not_scaled(n_x, n_h, n_y):
    return _drawn(np.random.randn, n_x, n_h, n_y)


@misconception(
    initialize_parameters,
    hint="The weights are zero. Then all hidden units compute the same and stay the same for ever: "
    "they must start at random.",
)
def zero_weights(n_x, n_h, n_y):
    return _drawn(lambda *shape: np.zeros(shape), n_x, n_h, n_y)


@misconception(
    initialize_parameters,
    hint="The shapes of the weights are transposed. A row of W1 belongs to a hidden unit, a column "
    "to an input: W1 is (n_h, n_x), and W2 is (n_y, n_h).",
)
def transposed_weights(n_x, n_h, n_y):
    W1 = 0.01 * np.random.randn(n_x, n_h)
    W2 = 0.01 * np.random.randn(n_h, n_y)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}


BIASES_ARE_COLUMNS = (
    "The biases have the wrong shape. They are added to every column of a matrix, one number for "
    "every unit: columns, (n_h, 1) and (n_y, 1)."
)


@misconception(initialize_parameters, hint=BIASES_ARE_COLUMNS)
def biases_as_rows(n_x, n_h, n_y):
    parameters = ref.initialize_parameters(n_x, n_h, n_y)
    return {k: v.T if k in ("b1", "b2") else v for k, v in parameters.items()}


@misconception(initialize_parameters, hint=BIASES_ARE_COLUMNS)
def flat_biases(n_x, n_h, n_y):
    parameters = ref.initialize_parameters(n_x, n_h, n_y)
    return {k: v.ravel() if k in ("b1", "b2") else v for k, v in parameters.items()}


@misconception(
    initialize_parameters,
    hint="The biases are random, too. They start at zero; only the weights must differ from unit "
    "to unit.",
)
def random_biases(n_x, n_h, n_y):
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
    return {name: 0.01 * np.random.randn(*shape) for name, shape in shapes.items()}


@misconception(
    initialize_parameters,
    hint="The hidden layer always has 4 units. Its size is an argument: use `n_h`.",
)
def four_hidden_units(n_x, n_h, n_y):
    return ref.initialize_parameters(n_x, 4, n_y)


# ---------------------------------------------------------------- forward_propagation


# The cache has four entries, A2 among them: without a share of its own A2 would be one of five.
@question(ref.forward_propagation, points=15, returns=("A2", "cache"), shares={"A2": 0.4})
def forward_propagation(rng):
    """From the inputs to the output, layer by layer."""
    for n_x, n_h, m in SIZES:
        yield Case(X=rng.standard_normal((n_x, m)), parameters=_parameters(rng, n_x, n_h))


def _forward(X, parameters, hidden=np.tanh, output=sigma):
    """Return what forward_propagation gives with other activations."""
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = hidden(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = output(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def _itself(Z):
    return Z


@misconception(
    forward_propagation,
    hint="The hidden layer uses the sigmoid. In this network its activation is tanh; the sigmoid "
    "is the output's.",
)
def sigmoid_in_the_hidden_layer(X, parameters):
    return _forward(X, parameters, hidden=sigma)


@misconception(
    forward_propagation, hint="The hidden layer uses relu. In this network its activation is tanh."
)
def relu_in_the_hidden_layer(X, parameters):
    return _forward(X, parameters, hidden=relu)


@misconception(
    forward_propagation,
    hint="The output uses tanh, which lies between -1 and 1. A probability lies between 0 and 1: "
    "the output's activation is the sigmoid.",
)
def tanh_in_the_output(X, parameters):
    return _forward(X, parameters, output=np.tanh)


@misconception(
    forward_propagation,
    hint="The output has no activation: A2 is the same as Z2. It should be the sigmoid of Z2.",
)
def no_activation_in_the_output(X, parameters):
    return _forward(X, parameters, output=_itself)


@misconception(
    forward_propagation,
    hint="The second layer gets Z1. What a layer passes on is its activation: look at the input of "
    "Z2.",
)
def second_layer_of_Z1(X, parameters):  # noqa: N802 - Z1 is a symbol
    _, first = ref.forward_propagation(X, parameters)
    Z2 = parameters["W2"] @ first["Z1"] + parameters["b2"]
    return sigma(Z2), {**first, "Z2": Z2, "A2": sigma(Z2)}


@misconception(
    forward_propagation, hint="The biases are missing: `b1` and `b2` are not added to the products."
)
def without_biases(X, parameters):
    zero = {"b1": np.zeros_like(parameters["b1"]), "b2": np.zeros_like(parameters["b2"])}
    return ref.forward_propagation(X, parameters | zero)


@misconception(
    forward_propagation,
    hint='`b1` is read from the wrong place: it is `parameters["b2"]`. Look at the lines that '
    "unpack the parameters.",
)
def b2_read_for_b1(X, parameters):
    return ref.forward_propagation(X, parameters | {"b1": parameters["b2"]})


# ---------------------------------------------------------------- compute_cost


@question(ref.compute_cost, points=12, returns=("cost",), unused=("parameters",))
def compute_cost(rng):
    """The cross-entropy."""
    for n_x, n_h, m in SIZES:
        yield Case(
            A2=rng.uniform(0.1, 0.9, (1, m)),
            Y=_labels(rng, m),
            parameters=_parameters(rng, n_x, n_h),
        )


@misconception(
    compute_cost,
    hint="The sum is not divided by the number of examples. The cost is a mean; m is the number of "
    "columns, `Y.shape[1]`.",
)
def forgot_to_average(A2, Y):
    return Y.shape[1] * ref.compute_cost(A2, Y)


@misconception(
    compute_cost,
    hint="The cost has only one of its two terms: examples labelled 0 need (1 - Y) log(1 - A2).",
)
def one_term(A2, Y):
    return -np.sum(Y * np.log(A2)) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The cost has only one of its two terms, and it is not divided by the number of examples: "
    "those labelled 0 need (1 - Y) log(1 - A2), and the cost is a mean.",
)
def one_term_not_averaged(A2, Y):
    return -np.sum(Y * np.log(A2))


@misconception(
    compute_cost,
    hint="The cost has the wrong sign. The logarithm of a probability is negative: a minus before "
    "the sum makes the cost positive.",
)
def negative_cost(A2, Y):
    return -ref.compute_cost(A2, Y)


OTHER_LOGARITHM = (
    "The logarithm has another base. The cross-entropy takes the natural one: `np.log`."
)


@misconception(compute_cost, hint=OTHER_LOGARITHM)
def logarithm_to_base_2(A2, Y):
    return ref.compute_cost(A2, Y) / np.log(2)


@misconception(compute_cost, hint=OTHER_LOGARITHM)
def logarithm_to_base_10(A2, Y):
    return ref.compute_cost(A2, Y) / np.log(10)


@misconception(
    compute_cost,
    hint="The labels are the wrong way round: the logarithm of A2 counts where Y is 1, that of "
    "1 - A2 where Y is 0.",
)
def labels_exchanged(A2, Y):
    return ref.compute_cost(A2, 1 - Y)


@misconception(
    compute_cost,
    hint="The second term takes 1 minus the logarithm of A2. It is the logarithm of 1 - A2: look "
    "at the brackets.",
)
def one_minus_the_logarithm(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * (1 - np.log(A2))) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The cost is an array of shape (1, 1), as a product of a row and a column gives it. It "
    "should be a single number: look up `np.squeeze`.",
)
def cost_as_a_matrix(A2, Y):
    return np.array([[ref.compute_cost(A2, Y)]])


@misconception(
    compute_cost, hint="This is the mean squared error. Here the cost is the cross-entropy."
)
def squared_error(A2, Y):
    return np.mean((A2 - Y) ** 2)


# ---------------------------------------------------------------- backward_propagation


@question(ref.backward_propagation, points=25, returns=("grads",))
def backward_propagation(rng):
    """The gradients of the cost."""
    for n_x, n_h, m in SIZES:
        parameters = _parameters(rng, n_x, n_h)
        X = rng.standard_normal((n_x, m))
        _, cache = ref.forward_propagation(X, parameters)
        yield Case(parameters=parameters, cache=cache, X=X, Y=_labels(rng, m))


@gradient(backward_propagation)
def slopes_of_the_cost(parameters, cache, X, Y):
    def cost_of(name):
        def cost(value):
            A2, _ = ref.forward_propagation(X, parameters | {name: value})
            return ref.compute_cost(A2, Y)

        return cost

    return {f"grads['d{name}']": (cost_of(name), parameters[name]) for name in parameters}


def _backward(cache, X, dZ1, dZ2):
    """Return the four gradients that follow from dZ1 and dZ2."""
    m = X.shape[1]
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": dZ2 @ cache["A1"].T / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def _with_slope(parameters, cache, X, Y, slope):
    """Return the gradients with something else in the place of tanh'(Z1)."""
    dZ2 = cache["A2"] - Y
    return _backward(cache, X, (parameters["W2"].T @ dZ2) * slope, dZ2)


def _scaled(grads, factor, names):
    """Return the gradients, those named times a factor."""
    return {name: factor * grad if name in names else grad for name, grad in grads.items()}


@misconception(
    backward_propagation,
    hint="The hidden layer has the derivative of the sigmoid, A1(1 - A1). Its activation is tanh: "
    "what is the derivative of tanh in terms of A1?",
)
def derivative_of_the_sigmoid(parameters, cache, X, Y):
    A1 = cache["A1"]
    return _with_slope(parameters, cache, X, Y, A1 * (1 - A1))


@misconception(
    backward_propagation,
    hint="The derivative of tanh is 1 minus the square of its value. Here A1 is not squared.",
)
def A1_not_squared(parameters, cache, X, Y):  # noqa: N802 - A1 is a symbol
    return _with_slope(parameters, cache, X, Y, 1 - cache["A1"])


@misconception(
    backward_propagation,
    hint="The derivative of tanh is written with Z1. The formula 1 - a² holds for the value of "
    "tanh: it takes A1.",
)
def Z1_for_A1(parameters, cache, X, Y):  # noqa: N802 - symbols
    return _with_slope(parameters, cache, X, Y, 1 - cache["Z1"] ** 2)


@misconception(
    backward_propagation,
    hint="tanh is applied twice: A1 is tanh(Z1) already. Square A1 as it is.",
)
def tanh_applied_twice(parameters, cache, X, Y):
    return _with_slope(parameters, cache, X, Y, 1 - np.tanh(cache["A1"]) ** 2)


@misconception(
    backward_propagation,
    hint="`dZ1` lacks the derivative of tanh: what comes back through W2 must be multiplied by it, "
    "entry by entry.",
)
def without_the_derivative(parameters, cache, X, Y):
    return _with_slope(parameters, cache, X, Y, 1.0)


@misconception(
    backward_propagation,
    hint="`dZ2` is multiplied by the derivative of the sigmoid. With the cross-entropy that factor "
    "cancels out, and only A2 - Y is left.",
)
def derivative_of_the_output(parameters, cache, X, Y):
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    return _backward(cache, X, (parameters["W2"].T @ dZ2) * (1 - A1**2), dZ2)


@misconception(
    backward_propagation,
    hint="The gradients have the wrong sign: the error of the output is A2 - Y, not Y - A2.",
)
def error_with_the_wrong_sign(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return _scaled(grads, -1, grads)


@misconception(
    backward_propagation,
    hint="The gradients are sums over the examples. They should be means: the 1/m is missing.",
)
def nothing_averaged(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return _scaled(grads, X.shape[1], grads)


@misconception(
    backward_propagation,
    hint="`db1` and `db2` are sums over the examples. They should be means, as `dW1` and `dW2` "
    "are: the 1/m is missing.",
)
def biases_not_averaged(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return _scaled(grads, X.shape[1], ("db1", "db2"))


@misconception(
    backward_propagation,
    hint="`dW1` and `dW2` are sums over the examples. They should be means, as `db1` and `db2` "
    "are: the 1/m is missing.",
)
def weights_not_averaged(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return _scaled(grads, X.shape[1], ("dW1", "dW2"))


@misconception(
    backward_propagation,
    hint="`db1` and `db2` are flat arrays. Each must have the shape of its bias, a column: keep "
    "the axis that is summed over with `keepdims`.",
)
def sums_without_keepdims(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return grads | {"db1": grads["db1"][:, 0], "db2": grads["db2"][:, 0]}


def _with_bias_sums(parameters, cache, X, Y, add_up):
    """Return the gradients with another sum of dZ1 and dZ2 in db1 and db2."""
    dZ2 = cache["A2"] - Y
    dZ1 = (parameters["W2"].T @ dZ2) * (1 - cache["A1"] ** 2)
    m = X.shape[1]
    return _backward(cache, X, dZ1, dZ2) | {"db1": add_up(dZ1) / m, "db2": add_up(dZ2) / m}


SUM_OVER_EXAMPLES = (
    "The sums in `db1` and `db2` run over the wrong axis. Every unit has a bias of its own, so the "
    "sum is over the examples, along the rows."
)


@misconception(backward_propagation, hint=SUM_OVER_EXAMPLES)
def sums_over_the_units(parameters, cache, X, Y):
    return _with_bias_sums(parameters, cache, X, Y, lambda dZ: np.sum(dZ, axis=0, keepdims=True))


@misconception(
    backward_propagation,
    hint="The sums in `db1` and `db2` have no axis and give one number for the whole layer. Every "
    "unit has a bias of its own: the sum is over the examples, along the rows.",
)
def sums_of_everything(parameters, cache, X, Y):
    return _with_bias_sums(parameters, cache, X, Y, np.sum)


@misconception(
    backward_propagation,
    hint="`m` is the number of features, `X.shape[0]`. The mean is over the examples, the columns "
    "of X.",
)
def averaged_over_the_features(parameters, cache, X, Y):
    grads = ref.backward_propagation(parameters, cache, X, Y)
    return _scaled(grads, X.shape[1] / X.shape[0], grads)


# ---------------------------------------------------------------- update_parameters


@question(ref.update_parameters, points=10, returns=("parameters",))
def update_parameters(rng):
    """One step of gradient descent."""
    # Always with the learning rate: not all versions of the function have a default.
    for (n_x, n_h, _), rate in zip(SIZES, (0.5, 0.07, 1.9), strict=True):
        parameters = _parameters(rng, n_x, n_h)
        grads = {"d" + k: rng.standard_normal(value.shape) for k, value in parameters.items()}
        yield Case(parameters=parameters, grads=grads, learning_rate=rate)


@misconception(
    update_parameters,
    hint="The parameters move up the gradient. Gradient descent subtracts the step.",
)
def ascends(parameters, grads, learning_rate=LEARNING_RATE):
    return ref.update_parameters(parameters, grads, -learning_rate)


@misconception(
    update_parameters,
    hint="The step is always 1.2 times the gradient. The learning rate is an argument: use it.",
)
def learning_rate_ignored(parameters, grads, learning_rate=LEARNING_RATE):
    return ref.update_parameters(parameters, grads, LEARNING_RATE)


@misconception(
    update_parameters,
    hint="The whole gradient is subtracted: it is not multiplied by the learning rate.",
)
def without_the_learning_rate(parameters, grads, learning_rate=LEARNING_RATE):
    return ref.update_parameters(parameters, grads, 1.0)


@misconception(
    update_parameters,
    hint='The new `b1` is made of the old `b2`: look at the line that reads `parameters["b1"]`.',
)
def b1_made_of_b2(parameters, grads, learning_rate=LEARNING_RATE):
    mixed = parameters | {"b1": parameters["b2"]}
    return ref.update_parameters(mixed, grads, learning_rate)


@misconception(update_parameters, hint="`b1` is moved by `db2`, the gradient of the other bias.")
def b1_moved_by_db2(parameters, grads, learning_rate=LEARNING_RATE):
    mixed = grads | {"db1": grads["db2"]}
    return ref.update_parameters(parameters, mixed, learning_rate)


@misconception(
    update_parameters,
    hint="Only the weights are updated. The biases have gradients, too, and move in the same way.",
)
def biases_left_as_they_are(parameters, grads, learning_rate=LEARNING_RATE):
    moved = ref.update_parameters(parameters, grads, learning_rate)
    return moved | {"b1": parameters["b1"], "b2": parameters["b2"]}


@misconception(
    update_parameters,
    hint="The parameters come back as they were: the new values are not put into the dictionary "
    "that is returned.",
)
def returned_unchanged(parameters, grads, learning_rate=LEARNING_RATE):
    return parameters


# ---------------------------------------------------------------- nn_model


# Some versions set the seed 3 here and 2 in `initialize_parameters`, others one of them or none.
# What they set themselves is passed over, so that all draw the same weights.
@question(
    ref.nn_model,
    points=14,
    returns=("parameters",),
    helpers=(
        "layer_sizes",
        "initialize_parameters",
        "forward_propagation",
        "compute_cost",
        "backward_propagation",
        "update_parameters",
    ),
    rtol=1e-5,  # rounding grows along the steps
    printed=ANY_LINE,
    seed=3,
    unused=("learning_rate",),  # some versions take it; 1.2 is what the others have built in
)
def nn_model(rng):
    """All of it put together: training."""
    settings = [(2, 5, 9, 30, False), (4, 3, 7, 120, False), (3, 2, 8, 1001, True)]
    for n_x, n_h, m, steps, print_cost in settings:
        yield Case(
            **_steady(rng, n_x, n_h, m, steps),
            n_h=n_h,
            num_iterations=steps,
            print_cost=print_cost,
            learning_rate=LEARNING_RATE,
        )


def _steady(rng, n_x, n_h, m, steps):
    """Draw X, Y on which training does not magnify rounding errors.

    A learning rate of 1.2 is large: on some data the descent overshoots again and again, and two
    right solutions that differ in the last bit end up far apart. Such data are drawn anew.
    """
    while True:
        X = rng.standard_normal((n_x, m))
        side = X[0] + 0.5 * X[1]
        Y = (side > np.median(side)).astype(float).reshape(1, m)
        nudged = X * (1 + 1e-10 * rng.standard_normal(X.shape))
        if _alike(_train(X, Y, n_h, steps), _train(nudged, Y, n_h, steps)):
            return {"X": X, "Y": Y}


def _train(X, Y, n_h, steps):
    np.random.seed(3)  # as before the call that is graded
    return ref.nn_model(X, Y, n_h, steps)


def _alike(one, other):
    return all(np.allclose(one[name], other[name], rtol=0, atol=1e-6) for name in one)


def _descend(parameters, X, Y, steps, learning_rate=LEARNING_RATE):
    """Return the parameters after some steps of gradient descent."""
    for _ in range(steps):
        _, cache = ref.forward_propagation(X, parameters)
        grads = ref.backward_propagation(parameters, cache, X, Y)
        parameters = ref.update_parameters(parameters, grads, learning_rate)
    return parameters


@misconception(
    nn_model,
    hint="`print_cost` has no effect: when the caller asks for the costs, no more is printed.",
)
def never_prints(X, Y, n_h, num_iterations, print_cost):
    return ref.nn_model(X, Y, n_h, num_iterations)


@misconception(
    nn_model,
    hint="The costs are printed whether the caller asks for them or not: `print_cost` has no "
    "effect.",
)
def always_prints(X, Y, n_h, num_iterations, print_cost):
    return ref.nn_model(X, Y, n_h, num_iterations, print_cost=True)


@misconception(
    nn_model,
    hint="The hidden layer always has 4 units. `layer_sizes` proposes 4, but here the caller says "
    "how many there are: `n_h` is what `initialize_parameters` needs.",
)
def hidden_units_ignored(X, Y, n_h, num_iterations, print_cost):
    return ref.nn_model(X, Y, 4, num_iterations, print_cost)


@misconception(
    nn_model,
    hint="The output layer has 4 units: the size of the hidden layer is taken for its own. In what "
    "`layer_sizes` returns, the size of the output layer is the last.",
)
def output_size_from_the_middle(X, Y, n_h, num_iterations, print_cost):
    return _descend(ref.initialize_parameters(X.shape[0], n_h, 4), X, Y, num_iterations)


@misconception(
    nn_model,
    hint="The parameters are those of the beginning: `update_parameters` returns new ones, which "
    "must take the place of the old ones in every iteration.",
)
def never_updated(X, Y, n_h, num_iterations, print_cost):
    return ref.initialize_parameters(X.shape[0], n_h, Y.shape[0])


@misconception(
    nn_model,
    hint="One step is missing: the loop begins at 1. `range(num_iterations)` takes as many steps "
    "as the caller asks for.",
)
def one_step_short(X, Y, n_h, num_iterations, print_cost):
    return ref.nn_model(X, Y, n_h, num_iterations - 1)


@misconception(
    nn_model,
    hint="The steps are those of a learning rate of 0.5. The exercise trains with 1.2, the default "
    "of `update_parameters`.",
)
def another_learning_rate(X, Y, n_h, num_iterations, print_cost):
    start = ref.initialize_parameters(X.shape[0], n_h, Y.shape[0])
    return _descend(start, X, Y, num_iterations, 0.5)


# ---------------------------------------------------------------- predict


# Predictions may be kept as True and False, as integers or as floats: they multiply alike.
@question(
    ref.predict,
    points=8,
    returns=("predictions",),
    helpers=("forward_propagation",),
    tolerances={"predictions": Tolerance(dtypes=ANY_NUMBER)},
)
def predict(rng):
    """Labels from probabilities."""
    for n_x, n_h, m in SIZES:
        yield Case(**_decided(rng, n_x, n_h, m))


def _decided(rng, n_x, n_h, m):
    """Draw parameters, and X on both sides of the boundary, but not near it.

    Most labels are 1, one of these not by much: another threshold gives other labels.
    """
    parameters = _parameters(rng, n_x, n_h)
    X = rng.standard_normal((n_x, 50 * m))
    Z2 = ref.forward_propagation(X, parameters)[1]["Z2"]  # (1, 50 m)
    parameters["b2"] = parameters["b2"] - np.median(Z2)
    order = np.argsort(Z2[0])
    lowest, highest = order[: 10 * m], order[-10 * m :]
    close = np.argmin(np.abs(Z2[0] - np.median(Z2) - 0.25))
    chosen = [rng.choice(lowest), close, *rng.choice(highest, m - 2, replace=False)]
    return {"parameters": parameters, "X": X[:, rng.permutation(chosen)]}


@alternative(
    predict,
    note="The predictions are right, but flat: an array of shape (m,). The network's outputs are a "
    "row, (1, m), as the labels are.",
)
def flat_predictions(parameters, X):
    return ref.predict(parameters, X)[0]


@misconception(
    predict,
    hint="These are the probabilities. A prediction is 1 where the probability is above 0.5, "
    "else 0.",
)
def probabilities(parameters, X):
    return ref.forward_propagation(X, parameters)[0]


@misconception(predict, hint="The labels are the wrong way round: above 0.5 means 1.")
def labels_swapped(parameters, X):
    return 1.0 - ref.predict(parameters, X)


@misconception(
    predict,
    hint="What is compared with 0.5 is Z2, not its sigmoid A2. A probability is above 0.5 where Z2 "
    "is above 0.",
)
def sigmoid_missing(parameters, X):
    return np.where(ref.forward_propagation(X, parameters)[1]["Z2"] > 0.5, 1.0, 0.0)


@misconception(
    predict,
    hint="The threshold is the mean of the probabilities, so it depends on the other examples. It "
    "is 0.5 for each of them.",
)
def above_the_mean(parameters, X):
    A2 = ref.forward_propagation(X, parameters)[0]
    return np.where(np.mean(A2) < A2, 1.0, 0.0)


@misconception(
    predict,
    hint="Everything is predicted to be 1. Compare A2 itself with 0.5: a probability is always "
    "above 0, and the sigmoid of a probability is always above 0.5.",
)
def always_one(parameters, X):
    return np.ones_like(ref.predict(parameters, X))


@misconception(
    predict,
    hint="This is the share of examples that are predicted to be 1. The exercise asks for the "
    "prediction of every example.",
)
def mean_of_the_predictions(parameters, X):
    return np.mean(ref.predict(parameters, X))
