"""NumPy basics: functions of arrays, without loops."""

import math

import numpy as np

from grader import Case, Limits, Tolerance, gradient, misconception, question
from reference import numpy_basics as ref

# Every call below is over in milliseconds.
limits = Limits(call_seconds=5)

support = ("public",)

# What the starter's cell says: the two vectors of the products.
x1 = np.array([9, 2, 5, 0, 0, 7, 5, 0, 0, 0, 9, 2, 5, 0, 0])
x2 = np.array([9, 2, 2, 9, 0, 9, 2, 5, 0, 0, 9, 2, 5, 0, 0])

# The products of whole numbers may be kept as integers or as floats: np.zeros makes floats.
WHOLE = Tolerance(dtypes=("integer", "float"))

# A (3, 3) among them: where rows and columns are equally many, a norm or a sum without its second
# axis raises nothing and divides the columns instead of the rows.
SHAPES = [(3, 5), (4, 2), (3, 3)]

MATH_EXP = "`math.exp` takes a single number. `np.exp` takes arrays too, entry by entry."


# ---------------------------------------------------------------- sigmoid


@question(ref.sigmoid, points=14, returns=("sigmoid(z)",))
def sigmoid(rng):
    """The sigmoid of a number or of an array."""
    yield Case(z=float(rng.uniform(0.5, 3)))
    yield Case(z=rng.standard_normal(5))
    yield Case(z=3 * rng.standard_normal((3, 4)))


@misconception(sigmoid, hint=MATH_EXP)
def math_exp(z):
    return 1 / (1 + math.exp(-z))


@misconception(
    sigmoid,
    hint="Division comes before addition: this is 1/1 + e^(-z). The sum 1 + e^(-z) needs brackets.",
)
def missing_brackets(z):
    return 1 / 1 + np.exp(-z)


@misconception(
    sigmoid,
    hint="This is σ(-z), which falls where z rises; σ(z) rises. Look at the sign of the exponent, "
    "and at what stands above the line.",
)
def sign_of_the_exponent(z):
    return 1 / (1 + np.exp(z))


@misconception(
    sigmoid, hint="The denominator is a sum, 1 plus the exponential. Here it is a difference."
)
def difference_in_the_denominator(z):
    return 1 / (1 - np.exp(-z))


@misconception(
    sigmoid, hint="This is the derivative σ(z)(1 - σ(z)); the exercise asks for σ(z) itself."
)
def derivative_for_the_function(z):
    return ref.sigmoid_derivative(z)


# ---------------------------------------------------------------- sigmoid_derivative


@question(
    ref.sigmoid_derivative,
    points=16,
    returns=("ds",),
    helpers=("sigmoid",),
    aliases=("sigmoid_grad",),
)
def sigmoid_derivative(rng):
    """The derivative of the sigmoid."""
    yield Case(x=float(rng.uniform(0.5, 3)))
    yield Case(x=rng.standard_normal(6))
    yield Case(x=2 * rng.standard_normal((2, 5)))


@gradient(sigmoid_derivative)
def slope_of_the_sigmoid(x):
    return {"ds": (lambda x: np.sum(1 / (1 + np.exp(-x))), x)}


@misconception(sigmoid_derivative, hint=MATH_EXP)
def math_exp_in_the_derivative(x):
    s = 1 / (1 + math.exp(-x))
    return s * (1 - s)


@misconception(
    sigmoid_derivative,
    hint="This is the sigmoid s itself. Its derivative has a second factor, 1 - s.",
)
def without_the_second_factor(x):
    return ref.sigmoid(x)


@misconception(
    sigmoid_derivative,
    hint="The formula s(1 - s) is applied to `x` itself. In it, s is the sigmoid of x: compute "
    "that first.",
)
def formula_applied_to_x(x):
    return x * (1 - x)


@misconception(
    sigmoid_derivative, hint="The second factor is 1 minus the sigmoid s, not 1 minus `x`."
)
def one_minus_x(x):
    return ref.sigmoid(x) * (1 - x)


@misconception(
    sigmoid_derivative,
    hint="The sign is wrong: the sigmoid rises everywhere, so its derivative is positive. The "
    "second factor is 1 - s, not s - 1.",
)
def negative_derivative(x):
    return -ref.sigmoid_derivative(x)


@misconception(
    sigmoid_derivative,
    hint="1 - s² is made like the derivative of tanh, in terms of its value. For the sigmoid it is "
    "s times 1 - s.",
)
def derivative_of_tanh(x):
    return 1 - ref.sigmoid(x) ** 2


# ---------------------------------------------------------------- image2vector


@question(ref.image2vector, points=12, returns=("v",))
def image2vector(rng):
    """An image as a column."""
    for length, height in [(2, 4), (5, 2), (4, 6)]:
        yield Case(image=rng.random((length, height, 3)))


@misconception(
    image2vector,
    hint="This is a flat array. A column has two axes, the second of length 1: `reshape` needs to "
    "be told both.",
)
def flat_image(image):
    return image.reshape(-1)


@misconception(
    image2vector,
    hint="This is a row, (1, length · height · depth). The exercise asks for a column: the long "
    "axis comes first.",
)
def image_as_a_row(image):
    return image.reshape(1, -1)


@misconception(
    image2vector,
    hint="Only the first two axes are merged: every pixel still has its colours on an axis of its "
    "own. The number of rows is the product of all three sizes.",
)
def a_row_for_every_pixel(image):
    return image.reshape(image.shape[0] * image.shape[1], image.shape[2])


@misconception(
    image2vector,
    hint="The first axis is kept and the other two are merged, as for a set of images. Here there "
    "is a single image, and all three axes become one.",
)
def first_axis_kept(image):
    return image.reshape(image.shape[0], -1)


@misconception(
    image2vector,
    hint="The first axis is kept and the other two are merged, as for a set of images. Here there "
    "is a single image, and all three axes become one.",
)
def first_axis_kept_and_transposed(image):
    return image.reshape(image.shape[0], -1).T


TRANSPOSED = (
    "The shape is right, but the numbers stand in another order: the axes are exchanged before the "
    "image is unrolled. `reshape` alone keeps the order of the image."
)


@misconception(image2vector, hint=TRANSPOSED)
def axes_reversed(image):
    return image.T.reshape(-1, 1)


@misconception(image2vector, hint=TRANSPOSED)
def colours_first(image):
    return image.transpose(2, 0, 1).reshape(-1, 1)


# ---------------------------------------------------------------- normalizeRows


@question(ref.normalizeRows, points=18, returns=("x",), aliases=("normalize_rows",))
def normalizeRows(rng):  # noqa: N802 - the course's name
    """Rows of length 1."""
    for n, k in SHAPES:
        yield Case(x=2 * rng.standard_normal((n, k)))


@misconception(
    normalizeRows,
    hint="The columns get length 1, not the rows: the norm runs along the wrong axis.",
)
def columns_normalized(x):
    return x / np.linalg.norm(x, axis=0, keepdims=True)


@misconception(
    normalizeRows,
    hint="The norms are a flat array, (n,), and NumPy lines it up with the columns of `x`: that "
    "fails, or, where the matrix is square, divides the wrong numbers. Keep the second axis: look "
    "up `keepdims`.",
)
def norms_without_keepdims(x):
    return x / np.linalg.norm(x, axis=1)


@misconception(
    normalizeRows,
    hint="The whole matrix is divided by one number. Without an `axis`, `np.linalg.norm` gives the "
    "norm of all entries together; every row needs its own.",
)
def one_norm_for_all_rows(x):
    return x / np.linalg.norm(x)


@misconception(
    normalizeRows,
    hint="The rows are divided by the square of their length: the square root is missing.",
)
def squared_norm(x):
    return x / np.sum(x**2, axis=1, keepdims=True)


ANOTHER_SIZE = (
    "The rows are divided by a sum of their entries. The length of a row is the square root of the "
    "sum of their squares."
)


@misconception(normalizeRows, hint=ANOTHER_SIZE)
def divided_by_the_sum(x):
    return x / np.sum(x, axis=1, keepdims=True)


@misconception(normalizeRows, hint=ANOTHER_SIZE)
def divided_by_the_sum_of_absolute_values(x):
    return x / np.linalg.norm(x, ord=1, axis=1, keepdims=True)


@misconception(
    normalizeRows,
    hint="These are the lengths of the rows. The exercise asks for the rows, divided by them.",
)
def the_norms_themselves(x):
    return np.linalg.norm(x, axis=1, keepdims=True)


@misconception(
    normalizeRows,
    hint="This takes off the mean and divides by the standard deviation. Here a row is only "
    "divided by its length.",
)
def standardized_rows(x):
    return (x - np.mean(x, axis=1, keepdims=True)) / np.std(x, axis=1, keepdims=True)


# ---------------------------------------------------------------- softmax


@question(ref.softmax, points=20, returns=("s",))
def softmax(rng):
    """Softmax of the rows of a matrix."""
    for n, k in SHAPES:
        yield Case(x=2 * rng.standard_normal((n, k)))


@misconception(
    softmax,
    hint="The columns add up to 1, not the rows: the sum runs along the wrong axis.",
)
def softmax_of_the_columns(x):
    return np.exp(x) / np.sum(np.exp(x), axis=0, keepdims=True)


@misconception(
    softmax,
    hint="All entries together add up to 1; every row should. `np.sum` without an `axis` gives one "
    "number for the whole matrix.",
)
def softmax_of_the_whole(x):
    return np.exp(x) / np.sum(np.exp(x))


@misconception(
    softmax,
    hint="The sums are a flat array, (n,), and NumPy lines it up with the columns: that fails, or, "
    "where the matrix is square, divides the wrong numbers. Keep the second axis: look up "
    "`keepdims`.",
)
def sums_without_keepdims(x):
    return np.exp(x) / np.sum(np.exp(x), axis=1)


@misconception(
    softmax,
    hint="The entries themselves are divided by their sum. Softmax takes the exponential of every "
    "entry first.",
)
def without_exponentials(x):
    return x / np.sum(x, axis=1, keepdims=True)


@misconception(
    softmax,
    hint="These are the exponentials. They must be divided by the sum of their row.",
)
def exponentials_only(x):
    return np.exp(x)


@misconception(
    softmax,
    hint="The sum of the entries and the sum of their exponentials are two things: the "
    "exponentials are divided by the first, and need the second.",
)
def divided_by_the_sum_of_x(x):
    return np.exp(x) / np.sum(x, axis=1, keepdims=True)


@misconception(
    softmax,
    hint="The fraction is upside down: the exponential of an entry is divided by the sum.",
)
def fraction_upside_down(x):
    return np.sum(np.exp(x), axis=1, keepdims=True) / np.exp(x)


@misconception(
    softmax,
    hint="This is the sigmoid of every entry. Softmax compares the entries of a row: the "
    "denominator is the sum of its exponentials.",
)
def sigmoid_for_softmax(x):
    return ref.sigmoid(x)


# ---------------------------------------------------------------- the products


# The exercise shows these as an example: no points, but they are looked at. Its other two products
# are made of random numbers that nobody knows.
@question(points=0, tolerances={"outer": WHOLE})
def outer():
    """The outer product of two vectors."""
    return np.outer(x1, x2)


@misconception(
    outer,
    hint="Rows and columns are exchanged: the row number goes with `x1`, the column number with "
    "`x2`.",
)
def outer_transposed():
    return np.outer(x2, x1)


@misconception(
    outer,
    hint="This is the product entry by entry, a vector. The outer product has a number for every "
    "pair of entries: a matrix.",
)
def elementwise_for_outer():
    return x1 * x2


@misconception(
    outer,
    hint="This is the dot product, one number. The outer product has a number for every pair of "
    "entries: a matrix.",
)
def dot_for_outer():
    return np.dot(x1, x2)


@question(points=0, tolerances={"mul": WHOLE})
def mul():
    """The product of two vectors, entry by entry."""
    return x1 * x2


@misconception(
    mul,
    hint="This is the dot product: the products are added up. Here they stay apart, one for every "
    "entry.",
)
def dot_for_elementwise():
    return np.dot(x1, x2)


@misconception(
    mul,
    hint="This is the outer product, every entry with every other. Here each entry of `x1` meets "
    "only the entry of `x2` at the same place.",
)
def outer_for_elementwise():
    return np.outer(x1, x2)


# ---------------------------------------------------------------- L1 and L2


def _labels(rng):
    """Yield labels of both classes, and what was predicted for them, 0.05 to 0.95."""
    for m in (5, 8, 7):
        yield {"yhat": rng.uniform(0.05, 0.95, m), "y": (rng.permutation(m) % 2).astype(float)}


@question(ref.L1, points=10, returns=("loss",))
def L1(rng):  # noqa: N802 - the course's name
    """The L1 loss."""
    for arguments in _labels(rng):
        yield Case(**arguments)


WITHOUT_ABS = (
    "The absolute value is missing: differences above and below zero cancel out, and the loss can "
    "be small, or negative, for bad predictions."
)


@misconception(L1, hint=WITHOUT_ABS)
def without_the_absolute_value(yhat, y):
    return np.sum(y - yhat)


@misconception(L1, hint=WITHOUT_ABS)
def without_the_absolute_value_the_other_way(yhat, y):
    return np.sum(yhat - y)


@misconception(
    L1,
    hint="The absolute value is taken of the sum, after the differences have cancelled out. Take "
    "it of every difference, then add up.",
)
def absolute_value_of_the_sum(yhat, y):
    return np.abs(np.sum(y - yhat))


@misconception(
    L1, hint="This is the mean of the absolute differences; the exercise asks for their sum."
)
def mean_absolute_difference(yhat, y):
    return np.mean(np.abs(y - yhat))


@misconception(
    L1, hint="The absolute differences are right, but they are not added up: a loss is one number."
)
def absolute_differences_not_added_up(yhat, y):
    return np.abs(y - yhat)


@misconception(
    L1, hint="This is the L2 loss, the sum of squares. L1 adds up the absolute differences."
)
def squares_for_absolute_values(yhat, y):
    return ref.L2(yhat, y)


@question(ref.L2, points=10, returns=("loss",))
def L2(rng):  # noqa: N802 - the course's name
    """The L2 loss."""
    for arguments in _labels(rng):
        yield Case(**arguments)


@misconception(
    L2,
    hint="This is the square root of the L2 loss, as `np.linalg.norm` gives it. The exercise asks "
    "for the sum of squares itself.",
)
def square_root_of_the_sum(yhat, y):
    return np.sqrt(np.sum((y - yhat) ** 2))


@misconception(L2, hint="This is the mean of the squares; the exercise asks for their sum.")
def mean_of_the_squares(yhat, y):
    return np.mean((y - yhat) ** 2)


@misconception(
    L2, hint="This is half of the sum of squares. In the exercise's formula there is no 1/2."
)
def half_of_the_sum(yhat, y):
    return np.sum((y - yhat) ** 2) / 2


@misconception(
    L2,
    hint="The sum is squared, after the differences have cancelled out. Square every difference, "
    "then add up.",
)
def square_of_the_sum(yhat, y):
    return np.sum(y - yhat) ** 2


@misconception(L2, hint="The squares are right, but they are not added up: a loss is one number.")
def squares_not_added_up(yhat, y):
    return (y - yhat) ** 2


@misconception(
    L2, hint="This is the L1 loss, the sum of absolute differences. L2 adds up their squares."
)
def absolute_values_for_squares(yhat, y):
    return ref.L1(yhat, y)


@misconception(
    L2,
    hint="This is the dot product of `yhat` and `y`. It is the vector of their differences whose "
    "dot product with itself is the sum of squares.",
)
def dot_product_of_both(yhat, y):
    return np.dot(yhat, y)
