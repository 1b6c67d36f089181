"""A network of sigmoids under the mean squared error."""

import numpy as np

from grader import Case, Example, Limits, gradient, misconception, question
from reference import mse_network as ref
from reference.activations import relu
from reference.activations import sigmoid as sigma

# Every call below is over in milliseconds.
limits = Limits(call_seconds=5)

support = ("activations", "planar", "plots")

# (n_x, n_h, n_y, m): distinct, so that a transposed product or a forgotten 1/m is seen; more than
# one output in two of them, because a mean over all entries is not a mean over the examples there.
SIZES = [(3, 5, 2, 7), (5, 3, 1, 6), (2, 6, 3, 8)]

# The network of the exercise: 400 points in the plane, four hidden units.
PLANAR = (2, 4, 1, 400)

EXERCISE_RATE = 0.2


def _weights(rng, n_x, n_h, n_y):
    """Draw W1, B1, W2, B2 of a size at which the sigmoid does not saturate."""
    return {
        "W1": 0.8 * rng.standard_normal((n_h, n_x)),
        "B1": 0.5 * rng.standard_normal((n_h, 1)),
        "W2": 0.9 * rng.standard_normal((n_y, n_h)),
        "B2": 0.5 * rng.standard_normal((n_y, 1)),
    }


def _labels(rng, n_y, m):
    """Draw labels (n_y, m), both classes in every row."""
    return np.stack([rng.permutation(m) % 2 for _ in range(n_y)]).astype(float)


# ---------------------------------------------------------------- define_NN_structure


@question(ref.define_NN_structure, points=8, returns=("n_x", "n_h", "n_y"))
def define_NN_structure(rng):  # noqa: N802 - the course's name
    """The sizes of the three layers."""
    for n_x, n_y, m in [(2, 3, 7), (5, 2, 9), (3, 6, 5)]:
        yield Case(X=rng.standard_normal((n_x, m)), Y=_labels(rng, n_y, m))


@misconception(
    define_NN_structure,
    hint="`shape[1]` is the number of examples: an example is a column. The number of units is the "
    "length of the other axis.",
)
def examples_for_units(X, Y):
    return X.shape[1], 4, Y.shape[1]


@misconception(
    define_NN_structure,
    hint="The input layer has a unit for every row of X, the output layer for every row of Y. Here "
    "the two are exchanged.",
)
def inputs_and_outputs_swapped(X, Y):
    return Y.shape[0], 4, X.shape[0]


@misconception(
    define_NN_structure,
    hint="The three sizes are right, but in another order: from the input to the output, the "
    "hidden layer in the middle.",
)
def hidden_size_last(X, Y):
    return X.shape[0], Y.shape[0], 4


@misconception(
    define_NN_structure,
    hint="A size is written down as a number. Only that of the hidden layer is fixed; read the "
    "others off X and Y.",
)
def output_size_written_down(X, Y):
    return X.shape[0], 4, 1


# ---------------------------------------------------------------- initialize_params


@question(ref.initialize_params, points=12, returns=("W1", "B1", "W2", "B2"), seed=1)
def initialize_params(rng):
    """Small random weights, and biases that are zero."""
    ranges = [((2, 3), (5, 7), (1, 1)), ((6, 8), (3, 3), (2, 2)), ((4, 5), (6, 9), (3, 3))]
    for ends in ranges:
        n_x, n_h, n_y = (int(rng.integers(*pair, endpoint=True)) for pair in ends)
        yield Case(n_x=n_x, n_h=n_h, n_y=n_y)


def _drawn(draw, n_x, n_h, n_y):
    """Return what initialize_params gives with weights from another function."""
    W1 = draw(n_h, n_x)
    W2 = draw(n_y, n_h)
    return W1, np.zeros((n_h, 1)), W2, np.zeros((n_y, 1))


@misconception(
    initialize_params,
    hint="`dtype=int` makes integers. The biases will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself.",
)
def integer_biases(n_x, n_h, n_y):
    W1, B1, W2, B2 = ref.initialize_params(n_x, n_h, n_y)
    return W1, B1.astype(int), W2, B2.astype(int)


@misconception(
    initialize_params,
    hint="`np.random.rand` draws uniform numbers between 0 and 1, none of them negative. The "
    "weights are normal numbers: `np.random.randn`.",
)
def uniform_weights(n_x, n_h, n_y):
    return _drawn(lambda *shape: 0.01 * np.random.rand(*shape), n_x, n_h, n_y)


@misconception(
    initialize_params,
    hint="The weights are not scaled down by 0.01. Large weights put the sigmoid where it is flat, "
    "and learning is slow.",
)
def weights_not_scaled(n_x, n_h, n_y):
    return _drawn(np.random.randn, n_x, n_h, n_y)


@misconception(
    initialize_params,
    hint="The weights are zero. Then all hidden units compute the same and stay the same for ever: "
    "they must start at random.",
)
def zero_weights(n_x, n_h, n_y):
    return _drawn(lambda *shape: np.zeros(shape), n_x, n_h, n_y)


@misconception(
    initialize_params,
    hint="The shapes of the weights are transposed. A row of W1 belongs to a hidden unit, a column "
    "to an input: W1 is (n_h, n_x), and W2 is (n_y, n_h).",
)
def transposed_weights(n_x, n_h, n_y):
    W1 = 0.01 * np.random.randn(n_x, n_h)
    W2 = 0.01 * np.random.randn(n_h, n_y)
    return W1, np.zeros((n_h, 1)), W2, np.zeros((n_y, 1))


BIASES_ARE_COLUMNS = (
    "The biases have the wrong shape. They are added to every column of a matrix, one number for "
    "every unit: columns, (n_h, 1) and (n_y, 1)."
)


@misconception(initialize_params, hint=BIASES_ARE_COLUMNS)
def biases_as_rows(n_x, n_h, n_y):
    W1, B1, W2, B2 = ref.initialize_params(n_x, n_h, n_y)
    return W1, B1.T, W2, B2.T


@misconception(initialize_params, hint=BIASES_ARE_COLUMNS)
def flat_biases(n_x, n_h, n_y):
    W1, B1, W2, B2 = ref.initialize_params(n_x, n_h, n_y)
    return W1, B1[:, 0], W2, B2[:, 0]


@misconception(
    initialize_params,
    hint="The biases are random, too. They start at zero; only the weights must differ from unit "
    "to unit.",
)
def random_biases(n_x, n_h, n_y):
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
    return tuple(0.01 * np.random.randn(*shape) for shape in shapes)


@misconception(
    initialize_params,
    hint="The hidden layer always has 4 units. Its size is an argument: use `n_h`.",
)
def four_hidden_units(n_x, n_h, n_y):
    return ref.initialize_params(n_x, 4, n_y)


# ---------------------------------------------------------------- forward_prop


@question(ref.forward_prop, points=18, returns=("Z1", "A1", "Z2", "A2"), reads=("X",))
def forward_prop(rng):
    """From the inputs to the outputs, layer by layer."""
    for n_x, n_h, n_y, m in SIZES:
        yield Case(**_weights(rng, n_x, n_h, n_y), X=rng.standard_normal((n_x, m)))


def _forward(W1, B1, W2, B2, X, hidden=sigma, output=sigma):
    """Return what forward_prop gives with other activations."""
    Z1 = W1 @ X + B1
    A1 = hidden(Z1)
    Z2 = W2 @ A1 + B2
    return Z1, A1, Z2, output(Z2)


def _itself(Z):
    return Z


@misconception(
    forward_prop,
    hint="The hidden layer uses tanh. In this network every layer has the sigmoid.",
)
def tanh_in_the_hidden_layer(W1, B1, W2, B2, X):
    return _forward(W1, B1, W2, B2, X, hidden=np.tanh)


@misconception(
    forward_prop,
    hint="The hidden layer uses relu. In this network every layer has the sigmoid.",
)
def relu_in_the_hidden_layer(W1, B1, W2, B2, X):
    return _forward(W1, B1, W2, B2, X, hidden=relu)


OTHER_OUTPUT = (
    "The output layer has another activation than the sigmoid. The labels are 0 and 1, and A2 must "
    "lie between them."
)


@misconception(forward_prop, hint=OTHER_OUTPUT)
def tanh_in_the_output(W1, B1, W2, B2, X):
    return _forward(W1, B1, W2, B2, X, output=np.tanh)


@misconception(forward_prop, hint=OTHER_OUTPUT)
def relu_in_the_output(W1, B1, W2, B2, X):
    return _forward(W1, B1, W2, B2, X, output=relu)


@misconception(
    forward_prop,
    hint="The output has no activation: A2 is the same as Z2. It should be the sigmoid of Z2.",
)
def no_activation_in_the_output(W1, B1, W2, B2, X):
    return _forward(W1, B1, W2, B2, X, output=_itself)


@misconception(
    forward_prop,
    hint="The second layer gets Z1. What a layer passes on is its activation: look at the input of "
    "Z2.",
)
def second_layer_of_Z1(W1, B1, W2, B2, X):  # noqa: N802 - Z1 is a symbol
    Z1, A1, _, _ = ref.forward_prop(W1, B1, W2, B2, X)
    Z2 = W2 @ Z1 + B2
    return Z1, A1, Z2, sigma(Z2)


@misconception(
    forward_prop, hint="The biases are missing: B1 and B2 are not added to the products."
)
def without_biases(W1, B1, W2, B2, X):
    return ref.forward_prop(W1, 0 * B1, W2, 0 * B2, X)


@misconception(
    forward_prop,
    hint="The four arrays are right, but come back in another order: layer by layer, Z before A.",
)
def activations_last(W1, B1, W2, B2, X):
    Z1, A1, Z2, A2 = ref.forward_prop(W1, B1, W2, B2, X)
    return Z1, Z2, A1, A2


# ---------------------------------------------------------------- compute_cost


@question(ref.compute_cost, points=14, returns=("cost",))
def compute_cost(rng):
    """The mean squared error."""
    for _, _, n_y, m in SIZES:
        yield Case(A2=rng.uniform(0.1, 0.9, (n_y, m)), Y=_labels(rng, n_y, m))


@misconception(
    compute_cost,
    hint="The squares are added up but not divided by the number of examples. m is the number of "
    "columns, `Y.shape[1]`.",
)
def forgot_to_average(A2, Y):
    return np.sum((A2 - Y) ** 2)


@misconception(
    compute_cost,
    hint="This is half of the cost. Some textbooks put 1/2 before the squared error; in this "
    "exercise's formula there is none.",
)
def half_of_the_cost(A2, Y):
    return ref.compute_cost(A2, Y) / 2


MEAN_OVER = "The mean is over the m examples, the columns of Y. "


@misconception(
    compute_cost,
    hint=MEAN_OVER
    + "`np.mean`, or `Y.size`, divides by the number of all entries, which is more where there are "
    "several outputs.",
)
def mean_over_all_entries(A2, Y):
    return np.mean((A2 - Y) ** 2)


@misconception(
    compute_cost,
    hint=MEAN_OVER + "Here the sum is divided by the number of outputs, the rows.",
)
def mean_over_the_outputs(A2, Y):
    return np.sum((A2 - Y) ** 2) / Y.shape[0]


@misconception(
    compute_cost,
    hint="This is the cross-entropy. The cost of this exercise is the mean squared error, without "
    "logarithms.",
)
def cross_entropy(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]


@misconception(
    compute_cost,
    hint="These are absolute differences. The exercise asks for their squares.",
)
def absolute_differences(A2, Y):
    return np.sum(np.abs(A2 - Y)) / Y.shape[1]


@misconception(
    compute_cost,
    hint="The sum is squared, after the differences have cancelled out. Square every difference, "
    "then add up.",
)
def square_of_the_sum(A2, Y):
    return np.sum(A2 - Y) ** 2 / Y.shape[1]


@misconception(
    compute_cost,
    hint="This is the square root of the cost. The exercise asks for the mean of the squares "
    "itself.",
)
def square_root_of_the_cost(A2, Y):
    return np.sqrt(ref.compute_cost(A2, Y))


@misconception(
    compute_cost,
    hint="The squares are divided by m, but not added up: a cost is one number.",
)
def squares_not_added_up(A2, Y):
    return (A2 - Y) ** 2 / Y.shape[1]


# ---------------------------------------------------------------- backward_prop


# W2 may be read from the notebook, and the single factors of the chain rule returned besides.
@question(
    ref.backward_prop,
    points=34,
    returns=("dLdW2", "dLdB2", "dLdW1", "dLdB1"),
    reads=("W2",),
    extra=True,
)
def backward_prop(rng):
    """The gradients of the cost."""
    yield Example(**_forwarded(rng, *PLANAR))
    for sizes in SIZES:
        yield Case(**_forwarded(rng, *sizes))


def _forwarded(rng, n_x, n_h, n_y, m):
    """Draw a network and data, and return what backward_prop is called with."""
    weights = _weights(rng, n_x, n_h, n_y)
    X = rng.standard_normal((n_x, m))
    Z1, A1, Z2, A2 = ref.forward_prop(**weights, X=X)
    Y = _labels(rng, n_y, m)
    return {"X": X, "Y": Y, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "W2": weights["W2"]}


@gradient(backward_prop)
def slopes_of_the_cost(X, Y, Z1, A1, Z2, A2, W2):
    B2 = (Z2 - W2 @ A1)[:, :1]
    # W1 and B1 are not passed: they enter as steps away from what they were.
    no_step = np.zeros((Z1.shape[0], X.shape[0])), np.zeros((Z1.shape[0], 1))

    def cost_by_output(W2, B2):
        return ref.compute_cost(sigma(W2 @ A1 + B2), Y)

    def cost_by_hidden(Z1):
        return ref.compute_cost(sigma(W2 @ sigma(Z1) + B2), Y)

    return {
        "dLdW2": (lambda W2: cost_by_output(W2, B2), W2),
        "dLdB2": (lambda B2: cost_by_output(W2, B2), B2),
        "dLdW1": (lambda step: cost_by_hidden(Z1 + step @ X), no_step[0]),
        "dLdB1": (lambda step: cost_by_hidden(Z1 + step), no_step[1]),
    }


def _slope(A):
    """Return σ' in terms of the sigmoid's value."""
    return A * (1 - A)


def _from_error(X, A1, A2, W2, dA2):
    """Return the gradients that follow from the derivative of the cost by A2."""
    return _from_deltas(X, A1, dA2 * _slope(A2), W2, _slope(A1))


def _from_deltas(X, A1, delta2, W2, slope1):
    """Return the gradients that follow from δ2 and the derivative of the hidden layer."""
    delta1 = (W2.T @ delta2) * slope1
    dLdB2, dLdB1 = (np.sum(delta, axis=1, keepdims=True) for delta in (delta2, delta1))
    return delta2 @ A1.T, dLdB2, delta1 @ X.T, dLdB1


def _products(X, A1, A2, W2, dA2):
    """Return what comes of writing every step of the chain rule as a matrix product."""
    m = X.shape[1]
    ones = np.ones((1, m))
    from_output = _slope(A2).T @ dA2  # (m, m): where an elementwise product is due
    from_hidden = _slope(A1).T @ W2.T @ _slope(A2) @ dA2.T  # (m, n_y)
    return (
        A1 @ from_output / m,
        ones @ from_output / m,
        X @ from_hidden / m,
        ones @ from_hidden / m,
    )


ALL_MATRIX_PRODUCTS = (
    "The gradients have the wrong shapes: each must have that of its parameter. What an activation "
    "contributes, σ'(Z), is multiplied entry by entry, not by a matrix product; and the order of "
    "the factors is not free. Begin at the output with δ2 = dL/dZ2, of shape (n_y, m), and "
    "multiply it by the transpose of what the layer was given."
)


@misconception(
    backward_prop,
    hint=ALL_MATRIX_PRODUCTS
    + " Besides, `np.abs` takes away the sign of the error, and with it the direction of the step.",
)
def matrix_products_throughout(X, Y, Z1, A1, Z2, A2, W2):
    return _products(X, A1, A2, W2, 2 * np.abs(A2 - Y))


@misconception(backward_prop, hint=ALL_MATRIX_PRODUCTS)
def matrix_products_throughout_with_the_sign(X, Y, Z1, A1, Z2, A2, W2):
    return _products(X, A1, A2, W2, 2 * (A2 - Y))


SIGN_LOST = (
    "`np.abs` takes away the sign of the error: wherever A2 is below Y, the step goes the wrong "
    "way. The derivative of a square keeps the sign of what is squared."
)


@misconception(backward_prop, hint=SIGN_LOST)
def absolute_error(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, 2 / Y.shape[1] * np.abs(A2 - Y))


NOT_AVERAGED = (
    "The cost is a mean over the examples, and so are its gradients: they are not divided by m."
)


@misconception(backward_prop, hint=SIGN_LOST + " And the gradients are not divided by m.")
def absolute_error_not_averaged(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, 2 * np.abs(A2 - Y))


@misconception(backward_prop, hint=NOT_AVERAGED)
def forgot_to_average_the_gradients(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, 2 * (A2 - Y))


@misconception(
    backward_prop,
    hint="The gradients are divided by m twice: once in the derivative of the cost, once more on "
    "the way. A single 1/m is due.",
)
def averaged_twice(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, 2 * (A2 - Y) / Y.shape[1] ** 2)


@misconception(
    backward_prop,
    hint="The gradients are half of what they should be: the derivative of a square has a factor "
    "2, and this cost has no 1/2 that would cancel it.",
)
def half_of_the_gradients(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, (A2 - Y) / Y.shape[1])


@misconception(
    backward_prop,
    hint="The factor 2 of the derivative of the square is missing, and so is the 1/m of the mean.",
)
def neither_doubled_nor_averaged(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, A2 - Y)


@misconception(
    backward_prop,
    hint="The gradients have the wrong sign: the error is A2 - Y, not Y - A2.",
)
def error_with_the_wrong_sign(X, Y, Z1, A1, Z2, A2, W2):
    return _from_error(X, A1, A2, W2, -2 / Y.shape[1] * (A2 - Y))


CROSS_ENTROPY = (
    "δ2 is A2 - Y, as it is under the cross-entropy, where σ'(Z2) cancels out. Under the squared "
    "error it does not: look at the derivative of the cost by A2, and multiply by σ'(Z2)."
)


@misconception(backward_prop, hint=CROSS_ENTROPY)
def gradients_of_the_cross_entropy(X, Y, Z1, A1, Z2, A2, W2):
    return _from_deltas(X, A1, (A2 - Y) / Y.shape[1], W2, _slope(A1))


@misconception(
    backward_prop,
    hint="δ2 lacks σ'(Z2): the derivative of the cost by A2 must be multiplied by it, entry by "
    "entry.",
)
def without_the_slope_of_the_output(X, Y, Z1, A1, Z2, A2, W2):
    return _from_deltas(X, A1, 2 / Y.shape[1] * (A2 - Y), W2, _slope(A1))


@misconception(
    backward_prop,
    hint="δ1 lacks σ'(Z1): what comes back through W2 must be multiplied by it, entry by entry.",
)
def without_the_slope_of_the_hidden_layer(X, Y, Z1, A1, Z2, A2, W2):
    return _from_deltas(X, A1, 2 / Y.shape[1] * (A2 - Y) * _slope(A2), W2, 1.0)


@misconception(
    backward_prop,
    hint="The hidden layer has the derivative of tanh, 1 - A1². Its activation is the sigmoid.",
)
def derivative_of_tanh(X, Y, Z1, A1, Z2, A2, W2):
    return _from_deltas(X, A1, 2 / Y.shape[1] * (A2 - Y) * _slope(A2), W2, 1 - A1**2)


@misconception(
    backward_prop,
    hint="σ' is taken at A1 and A2, which are sigmoids already. Take it at Z1 and Z2, or write it "
    "with the values: A(1 - A).",
)
def slope_at_the_activations(X, Y, Z1, A1, Z2, A2, W2):
    delta2 = 2 / Y.shape[1] * (A2 - Y) * _slope(sigma(A2))
    return _from_deltas(X, A1, delta2, W2, _slope(sigma(A1)))


@misconception(
    backward_prop,
    hint="`dLdB2` and `dLdB1` are flat arrays. Each must have the shape of its bias, a column: "
    "keep the axis that is summed over with `keepdims`.",
)
def sums_without_keepdims(X, Y, Z1, A1, Z2, A2, W2):
    dLdW2, dLdB2, dLdW1, dLdB1 = ref.backward_prop(X, Y, Z1, A1, Z2, A2, W2)
    return dLdW2, dLdB2[:, 0], dLdW1, dLdB1[:, 0]


@misconception(
    backward_prop,
    hint="`dLdB2` and `dLdB1` are not summed over the examples: they are δ2 and δ1 themselves. A "
    "bias is shared by all examples, so their contributions add up.",
)
def biases_not_summed(X, Y, Z1, A1, Z2, A2, W2):
    dLdW2, _, dLdW1, _ = ref.backward_prop(X, Y, Z1, A1, Z2, A2, W2)
    delta2 = 2 / Y.shape[1] * (A2 - Y) * _slope(A2)
    return dLdW2, delta2, dLdW1, (W2.T @ delta2) * _slope(A1)


@misconception(
    backward_prop,
    hint="The four gradients are right, but come back in another order: those of the second layer "
    "first.",
)
def first_layer_first(X, Y, Z1, A1, Z2, A2, W2):
    dLdW2, dLdB2, dLdW1, dLdB1 = ref.backward_prop(X, Y, Z1, A1, Z2, A2, W2)
    return dLdW1, dLdB1, dLdW2, dLdB2


# ---------------------------------------------------------------- update_params


@question(ref.update_params, points=14, returns=("W1", "B1", "W2", "B2"))
def update_params(rng):
    """One step of gradient descent."""
    for (n_x, n_h, n_y, _), alpha in zip(SIZES, (0.5, 0.07, 1.3), strict=True):
        weights = _weights(rng, n_x, n_h, n_y)
        order = ("W2", "B2", "W1", "B1")
        grads = {f"dLd{name}": rng.standard_normal(weights[name].shape) for name in order}
        yield Case(**weights, **grads, alpha=alpha)


@misconception(
    update_params,
    hint="The parameters move up the gradient. Gradient descent subtracts the step.",
)
def ascends(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    return ref.update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, -alpha)


@misconception(
    update_params,
    hint="The step is always 0.2 times the gradient. The learning rate is an argument: use "
    "`alpha`.",
)
def learning_rate_ignored(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    return ref.update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, EXERCISE_RATE)


@misconception(
    update_params,
    hint="The whole gradient is subtracted: it is not multiplied by the learning rate `alpha`.",
)
def without_the_learning_rate(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    return ref.update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, 1.0)


@misconception(
    update_params,
    hint="Only the weights are updated. The biases have gradients, too, and move in the same way.",
)
def biases_left_as_they_are(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    return W1 - alpha * dLdW1, B1, W2 - alpha * dLdW2, B2


@misconception(
    update_params,
    hint="The new values are right, but come back in another order: W1, B1, W2, B2, as they were "
    "given.",
)
def second_layer_first(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    moved = ref.update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha)
    return moved[2:] + moved[:2]


@misconception(
    update_params,
    hint="The parameters come back as they were given: the new values are computed but not "
    "returned, or not computed at all.",
)
def returned_unchanged(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    return W1, B1, W2, B2
