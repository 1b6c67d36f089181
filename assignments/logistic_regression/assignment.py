"""Logistic regression with a neural network mindset."""

import math

import numpy as np
from lr_utils import load_dataset

from grader import Case, Example, Limits, Tolerance, gradient, misconception, question
from grader.spec import DtypeKind
from reference import logistic_regression as ref

# Every call below is over in milliseconds.
limits = Limits(call_seconds=5)
support = ("cats", "public")

# Sizes are distinct and not square, and m is neither 1 nor 2: where they coincide, a transposed
# product or a forgotten 1/m cannot be seen.
SIZES = [(3, 4), (5, 3), (4, 7)]

ANY_LINE = r"\S"

ANY_NUMBER: tuple[DtypeKind, ...] = ("bool", "integer", "float")

# np.sum(..., keepdims=True) and b = np.zeros(1) give the bias a shape of one entry, (1,) or (1, 1).
# It broadcasts as a number does, and the course's own checks let it pass.
BIAS = Tolerance(one_entry=True)
BIAS_AFTER_STEPS = Tolerance(rtol=1e-5, one_entry=True)


def _data(rng, n, m):
    """Draw w (n, 1), b, X (n, m), Y (1, m) with labels of both classes."""
    w = 0.5 * rng.standard_normal((n, 1))
    b = float(rng.uniform(0.2, 0.8))
    X = rng.standard_normal((n, m))
    Y = (rng.permutation(m) % 2).astype(float).reshape(1, m)
    return {"w": w, "b": b, "X": X, "Y": Y}


# ---------------------------------------------------------------- the data set


@question(points=2)
def m_train():
    """The number of training examples."""
    return load_dataset()[0].shape[0]


@misconception(
    m_train,
    hint="`train_set_x_orig[0]` is the first image. The number of images is the length of the "
    "first axis: look at `.shape`.",
)
def first_training_image():
    return load_dataset()[0][0]


WRITTEN_DOWN = (
    "This number is written down, and is that of another data set. Read it off the array that the "
    "notebook loads: look at `.shape`."
)


@misconception(m_train, hint=WRITTEN_DOWN)
def training_size_of_the_original_set():
    return 209


@question(points=2)
def m_test():
    """The number of test examples."""
    return load_dataset()[2].shape[0]


@misconception(
    m_test,
    hint="`test_set_x_orig[0]` is the first image. The number of images is the length of the "
    "first axis: look at `.shape`.",
)
def first_test_image():
    return load_dataset()[2][0]


@misconception(m_test, hint=WRITTEN_DOWN)
def test_size_of_the_original_set():
    return 50


@question(points=2)
def num_px():
    """The height and width of an image, in pixels."""
    return load_dataset()[0].shape[1]


@misconception(
    num_px,
    hint="This is the number of values in an image. The exercise asks for its height and width in "
    "pixels, a single number: look at `.shape`.",
)
def values_in_an_image():
    return load_dataset()[0][0].size


@question(
    points=3,
    helpers=("m_train", "num_px"),
    tolerances={"train_set_x_flatten": Tolerance(dtypes=("integer", "float"))},
)
def train_set_x_flatten():
    """The training images as columns."""
    return ref.flatten(load_dataset()[0])


@misconception(
    train_set_x_flatten,
    hint="`reshape(-1, m)` gives the right shape but cuts the images up: every column then mixes "
    "pixels of many images. Keep the examples on the first axis while reshaping, then transpose.",
)
def reshaped_without_transposing():
    images = load_dataset()[0]
    return images.reshape(-1, images.shape[0])


@misconception(
    train_set_x_flatten,
    hint="Here every row is an image; the exercise wants every column to be one.",
)
def images_as_rows():
    return ref.flatten(load_dataset()[0]).T


@question(
    points=3,
    helpers=("m_test", "num_px"),
    tolerances={"test_set_x_flatten": Tolerance(dtypes=("integer", "float"))},
)
def test_set_x_flatten():
    """The test images as columns."""
    return ref.flatten(load_dataset()[2])


@question(points=2, helpers=("train_set_x_flatten",))
def train_set_x():
    """The training set, scaled to values between 0 and 1."""
    return ref.standardize(ref.flatten(load_dataset()[0]))


@question(points=2, helpers=("test_set_x_flatten",))
def test_set_x():
    """The test set, scaled to values between 0 and 1."""
    return ref.standardize(ref.flatten(load_dataset()[2]))


# ---------------------------------------------------------------- sigmoid


@question(ref.sigmoid, points=10, returns=("sigmoid(z)",))
def sigmoid(rng):
    """The sigmoid of a number or of an array."""
    yield Case(z=float(rng.uniform(-3, 3)))
    yield Case(z=rng.standard_normal(5))
    yield Case(z=3 * rng.standard_normal((3, 4)))


@misconception(
    sigmoid,
    hint="`math.exp` takes a single number. `np.exp` takes arrays too, entry by entry.",
)
def math_exp(z):
    return 1 / (1 + math.exp(-z))


@misconception(
    sigmoid,
    hint="Division comes before addition: this is 1/1 + e^(-z). The sum 1 + e^(-z) needs brackets.",
)
def missing_brackets(z):
    return 1 / 1 + np.exp(-np.asarray(z))


@misconception(
    sigmoid,
    hint="This is σ(-z), which falls where z rises; σ(z) rises. Look at the sign of the exponent, "
    "and at what stands above the line.",
)
def sign_of_the_exponent(z):
    return ref.sigmoid(-np.asarray(z))


@misconception(
    sigmoid, hint="This is the derivative σ(z)(1 - σ(z)); the exercise asks for σ(z) itself."
)
def sigmoid_derivative(z):
    return ref.sigmoid(z) * (1 - ref.sigmoid(z))


# ---------------------------------------------------------------- initialize_with_zeros


@question(ref.initialize_with_zeros, points=6, returns=("w", "b"), tolerances={"b": BIAS})
def initialize_with_zeros(rng):
    """Weights and bias that start at zero."""
    for lowest, highest in [(2, 4), (5, 8), (9, 12)]:
        yield Case(dim=int(rng.integers(lowest, highest, endpoint=True)))


@misconception(
    initialize_with_zeros,
    hint="`dtype=int` makes integers. The weights will be updated by fractions: they must be "
    "floats, which is what `np.zeros` gives by itself.",
)
def integer_weights(dim):
    return np.zeros((dim, 1), dtype=int), 0.0


@misconception(
    initialize_with_zeros,
    hint="`np.zeros(dim)` is a flat array. A column needs both sizes: `(dim, 1)`.",
)
def flat_weights(dim):
    return np.zeros(dim), 0.0


# ---------------------------------------------------------------- propagate


@question(
    ref.propagate,
    points=25,
    returns=("grads", "cost"),
    helpers=("sigmoid",),
    tolerances={"grads['db']": BIAS},
)
def propagate(rng):
    """The cost and its gradients."""
    yield Example(
        w=np.array([[1.0], [2.0]]),
        b=2.0,
        X=np.array([[1.0, 2.0], [3.0, 4.0]]),
        Y=np.array([[1.0, 0.0]]),
    )
    for n, m in SIZES:
        yield Case(**_data(rng, n, m))


@gradient(propagate)
def slopes_of_the_cost(w, b, X, Y):
    def cost(w, b):
        Z = w.T @ X + b
        return np.mean(np.logaddexp(0, Z) - Y * Z)  # exact also where the unit is saturated

    return {
        "grads['dw']": (lambda value: cost(value, b), w),
        "grads['db']": (lambda value: cost(w, value), b),
    }


def _scaled(w, b, X, Y, factor):
    """Return what `propagate` gives, all of it times a factor."""
    grads, cost = ref.propagate(w, b, X, Y)
    return {name: factor * grad for name, grad in grads.items()}, factor * cost


IGNORES_PARAMETERS = (
    "The activation ignores `w` and `b`: it is the sigmoid of the inputs, `sigmoid(X)`. It should "
    "be the sigmoid of the weighted sum of each example plus the bias."
)


@misconception(propagate, hint=IGNORES_PARAMETERS)
def activation_of_the_inputs(w, b, X, Y):
    m = X.shape[1]
    A = ref.sigmoid(X)
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    return {"dw": X @ (A - Y).T / m, "db": np.sum(A - Y) / m}, cost


@misconception(
    propagate,
    hint=IGNORES_PARAMETERS + " And the sum runs over the wrong axis: with `axis=0` it adds up "
    "the rows and leaves one number for every example.",
)
def activation_of_the_inputs_summed_over_axis_0(w, b, X, Y):
    m = X.shape[1]
    A = ref.sigmoid(X)
    cost = -np.sum(np.dot(Y, np.log(A)) + np.dot(1 - Y, np.log(1 - A)), axis=0) / m
    return {"dw": np.dot(X, (A - Y).T) / m, "db": np.sum(A - Y, axis=0) / m}, np.squeeze(cost)


@misconception(
    propagate,
    hint="The sum in `db` runs over the wrong axis: `axis=0`, or Python's own `sum`, adds up the "
    "rows, of which there is one, and leaves a number for every example. The sum is over the "
    "examples.",
)
def db_summed_over_axis_0(w, b, X, Y):
    grads, cost = ref.propagate(w, b, X, Y)
    db = np.sum(ref.sigmoid(w.T @ X + b) - Y, axis=0) / X.shape[1]
    return {"dw": grads["dw"], "db": db}, cost


@misconception(
    propagate,
    hint="`db` is computed as `dw` is, with a product by `X`. The bias multiplies no feature: its "
    "gradient is the mean error, a single number.",
)
def db_computed_as_dw(w, b, X, Y):
    grads, cost = ref.propagate(w, b, X, Y)
    return {"dw": grads["dw"], "db": grads["dw"]}, cost


@misconception(propagate, hint="The gradients and the cost are averages over the m examples.")
def forgot_to_average(w, b, X, Y):
    return _scaled(w, b, X, Y, X.shape[1])


@misconception(
    propagate,
    hint="It divides by the size of the notebook's training set. Inside the function, `m` is the "
    "number of examples that it was given: `X.shape[1]`.",
)
def averaged_over_the_training_set(w, b, X, Y):
    return _scaled(w, b, X, Y, X.shape[1] / m_train.reference())


@misconception(
    propagate,
    hint="`m` is the number of examples, one a column: `X.shape[1]`. Here it is the number of "
    "features.",
)
def averaged_over_the_features(w, b, X, Y):
    return _scaled(w, b, X, Y, X.shape[1] / X.shape[0])


@misconception(
    propagate,
    hint="The cost has only one of its two terms: examples labelled 0 need (1 - Y) log(1 - A).",
)
def one_term_of_the_cost(w, b, X, Y):
    grads, _ = ref.propagate(w, b, X, Y)
    return grads, -np.sum(Y * np.log(ref.sigmoid(w.T @ X + b))) / X.shape[1]


@misconception(propagate, hint="The cost has the wrong sign: it is never negative.")
def negative_cost(w, b, X, Y):
    grads, cost = ref.propagate(w, b, X, Y)
    return grads, -cost


@misconception(
    propagate, hint="The gradients have the wrong sign: the error of the unit is A - Y, not Y - A."
)
def error_with_the_wrong_sign(w, b, X, Y):
    grads, cost = ref.propagate(w, b, X, Y)
    return {name: -grad for name, grad in grads.items()}, cost


# ---------------------------------------------------------------- optimize


@question(
    ref.optimize,
    points=20,
    returns=("params", "grads", "costs"),
    helpers=("propagate",),
    rtol=1e-5,  # rounding grows along the steps
    printed=ANY_LINE,
    tolerances={"params['b']": BIAS_AFTER_STEPS, "grads['db']": BIAS_AFTER_STEPS},
)
def optimize(rng):
    """Gradient descent."""
    for (n, m), steps, rate in zip(SIZES, (101, 201, 3), (0.009, 0.05, 0.1), strict=True):
        yield Case(
            **_data(rng, n, m), num_iterations=steps, learning_rate=rate, print_cost=steps > 200
        )


@misconception(
    optimize,
    hint="`print_cost` has no effect: when the caller asks for the costs, no more is printed.",
)
def never_prints(w, b, X, Y, num_iterations, learning_rate, print_cost):
    return ref.optimize(w, b, X, Y, num_iterations, learning_rate)


@misconception(
    optimize,
    hint="The parameters move up the gradient. Gradient descent subtracts the step.",
)
def ascends(w, b, X, Y, num_iterations, learning_rate, print_cost):
    return ref.optimize(w, b, X, Y, num_iterations, -learning_rate, print_cost)


@misconception(
    optimize,
    hint="The cost is recorded at every step; the exercise wants it at every hundredth.",
)
def records_every_cost(w, b, X, Y, num_iterations, learning_rate, print_cost):
    costs = []
    for _ in range(num_iterations):
        grads, cost = ref.propagate(w, b, X, Y)
        w, b = w - learning_rate * grads["dw"], b - learning_rate * grads["db"]
        costs.append(cost)
    return {"w": w, "b": b}, grads, costs


@misconception(
    optimize,
    hint="It returns after the first step: the `return` stands inside the loop. Move it out, to "
    "the level of the `for`.",
)
def returns_in_the_loop(w, b, X, Y, num_iterations, learning_rate, print_cost):
    return ref.optimize(w, b, X, Y, 1, learning_rate, print_cost)


@misconception(optimize, hint="The update of `b` is missing: it stays at its first value.")
def forgets_the_bias(w, b, X, Y, num_iterations, learning_rate, print_cost):
    costs = []
    for i in range(num_iterations):
        grads, cost = ref.propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]
        if i % 100 == 0:
            costs.append(cost)
    return {"w": w, "b": b}, grads, costs


# ---------------------------------------------------------------- predict


@question(
    ref.predict,
    points=10,
    returns=("Y_prediction",),
    helpers=("sigmoid",),
    tolerances={"Y_prediction": Tolerance(dtypes=ANY_NUMBER)},
)
def predict(rng):
    """Labels from probabilities."""
    for n, m in SIZES:
        # Most of them are 1, one of these not by much: another threshold gives other labels.
        far = rng.uniform(0.7, 3.0, m - 2)
        z = np.array([-rng.uniform(0.4, 2.0), rng.uniform(0.1, 0.4), *far])
        yield Case(**_drawn(rng, n, rng.permutation(z)))


def _decided(rng, n, m):
    """Draw w, b, X of which no example lies near the boundary, and both labels come up."""
    side = np.where(np.arange(m) % 2, 1.0, -1.0)  # (m,)
    return _drawn(rng, n, side * rng.uniform(0.4, 2.0, m))


def _drawn(rng, n, z):
    """Draw w, b, and X with the given wᵀx + b of every example, (m,)."""
    w = rng.standard_normal((n, 1))
    b = float(rng.uniform(0.2, 0.8))
    X = rng.standard_normal((n, z.size))
    X = X + w * (z - (w.T @ X + b)) / np.sum(w**2)
    return {"w": w, "b": b, "X": X}


@misconception(
    predict,
    hint="These are the probabilities. A prediction is 1 where the probability is above 0.5, "
    "else 0.",
)
def probabilities(w, b, X):
    return ref.sigmoid(w.T @ X + b)


@misconception(predict, hint="The labels are the wrong way round: above 0.5 means 1.")
def labels_swapped(w, b, X):
    return 1.0 - ref.predict(w, b, X)


@misconception(
    predict,
    hint="What is compared with 0.5 is wᵀX + b, not its sigmoid. A probability is above 0.5 where "
    "wᵀx + b is above 0.",
)
def sigmoid_missing(w, b, X):
    return np.where(w.T @ X + b > 0.5, 1.0, 0.0)


@misconception(
    predict,
    hint="The threshold is the mean of the probabilities, so it depends on the other examples. It "
    "is 0.5 for each of them.",
)
def above_the_mean(w, b, X):
    A = ref.sigmoid(w.T @ X + b)
    return np.where(np.mean(A) < A, 1.0, 0.0)


# ---------------------------------------------------------------- model


@question(
    ref.model,
    points=13,
    returns=("d",),
    helpers=("initialize_with_zeros", "optimize", "predict"),
    rtol=1e-5,
    printed=ANY_LINE,
    tolerances={
        "d['Y_prediction_test']": Tolerance(dtypes=ANY_NUMBER),
        "d['Y_prediction_train']": Tolerance(dtypes=ANY_NUMBER),
        "d['b']": BIAS_AFTER_STEPS,
    },
)
def model(rng):
    """All of it put together."""
    settings = [(101, 0.05, False), (201, 0.02, True), (50, 0.1, False)]
    for (n, m), (steps, rate, print_cost) in zip(SIZES, settings, strict=True):
        train, test = _decided(rng, n, m + 3), _decided(rng, n, m)
        yield Case(
            X_train=train["X"],
            Y_train=ref.predict(**train),
            X_test=test["X"],
            Y_test=ref.predict(**test),
            num_iterations=steps,
            learning_rate=rate,
            print_cost=print_cost,
        )


@misconception(
    model,
    hint="`print_cost` has no effect: when the caller asks for the costs, no more is printed. Take "
    "the argument, and pass it on to `optimize`.",
)
def print_cost_ignored(X_train, Y_train, X_test, Y_test, num_iterations, learning_rate, print_cost):
    return ref.model(X_train, Y_train, X_test, Y_test, num_iterations, learning_rate)


HYPERPARAMETERS = (
    "`num_iterations` and `learning_rate` have no effect: whatever the caller asks for, training "
    "takes as many steps, of the same size. Look at what is passed on to `optimize`."
)


@misconception(model, hint=HYPERPARAMETERS)
def hyperparameters_ignored(
    X_train, Y_train, X_test, Y_test, num_iterations, learning_rate, print_cost
):
    d = ref.model(X_train, Y_train, X_test, Y_test, 100, 0.009, print_cost)
    return d | {"num_iterations": num_iterations, "learning_rate": learning_rate}


@misconception(model, hint=HYPERPARAMETERS)
def hyperparameters_written_down(
    X_train, Y_train, X_test, Y_test, num_iterations, learning_rate, print_cost
):
    d = ref.model(X_train, Y_train, X_test, Y_test, 2000, 0.5, print_cost)
    return d | {"num_iterations": num_iterations, "learning_rate": learning_rate}
