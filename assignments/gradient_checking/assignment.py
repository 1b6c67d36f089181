"""Gradient checking: a gradient against differences of the cost."""

import numpy as np

from grader import Case, Example, Limits, Tolerance, gradient, misconception, question
from reference import gradient_checking as ref
from reference.activations import relu, sigmoid

# A check takes 94 forward passes of a small network: some ten milliseconds.
limits = Limits(call_seconds=5)

support = ("activations", "drawing", "public")

NAMES = tuple(ref.SHAPES)

EXAMPLE_COUNTS = [2, 6, 7]  # the sizes of the network are given, and are others: 4, 5, 3, 1

# In one dimension the cost is a straight line: the approximation is exact, and what a right check
# returns is rounding, 1e-9 and less. So only an absolute bound makes sense. Whatever a mistake does
# is larger by far: the smallest that is known here gives 1 where 0.96 is due.
ROUNDING = Tolerance(rtol=0.0, atol=1e-7)

# The cost is known to about 1e-16, so its differences over 2ε = 2e-7 are to about 1e-9: two right
# implementations, with logarithms and sums in other ways or another order, were seen to differ by
# 7e-9 where ε = 1e-7, and by 1e-12 where ε = 1e-3. With right gradients the result is no more than
# that noise, and again only an absolute bound makes sense; with wrong ones it is about 0.03 to
# 0.5, and the relative bound counts.
CHECK = Tolerance(rtol=1e-6, atol=1e-7)


# ---------------------------------------------------------------- forward_propagation


@question(ref.forward_propagation, points=10, returns=("J",))
def forward_propagation(rng):
    """The cost J(θ) = θ x."""
    yield Example(x=2.0, theta=4.0)
    for sign_x, sign_theta in [(1, 1), (-1, 1), (1, -1)]:
        yield Case(**_numbers(rng, sign_x, sign_theta))


def _numbers(rng, sign_x, sign_theta):
    """Draw x and θ of different size."""
    return {
        "x": sign_x * float(rng.uniform(1.2, 2.5)),
        "theta": sign_theta * float(rng.uniform(3.0, 5.0)),
    }


@misconception(forward_propagation, hint="J is the product of θ and x; here it is their sum.")
def sum_for_the_product(x, theta):
    return theta + x


@misconception(
    forward_propagation,
    hint="This is x, the derivative of J. Here the cost itself is wanted: it depends on θ.",
)
def derivative_for_the_cost(x, theta):
    return x


# ---------------------------------------------------------------- backward_propagation


@question(ref.backward_propagation, points=10, returns=("dtheta",))
def backward_propagation(rng):
    """The derivative of J."""
    yield Example(x=2.0, theta=4.0)
    for sign_x, sign_theta in [(1, 1), (-1, 1), (1, -1)]:
        yield Case(**_numbers(rng, sign_x, sign_theta))


@gradient(backward_propagation)
def slope_of_the_line(x, theta):
    return {"dtheta": (lambda theta: x * theta, theta)}


@misconception(
    backward_propagation,
    hint="This is θ: the derivative with respect to x. Differentiate J with respect to θ, x "
    "being fixed.",
)
def derivative_by_x(x, theta):
    return theta


@misconception(
    backward_propagation,
    hint="This is the cost itself. Its derivative with respect to θ no longer holds θ.",
)
def cost_for_the_derivative(x, theta):
    return theta * x


@misconception(
    backward_propagation,
    hint="The derivative is 1 only for a sum. J is a product: its slope depends on x.",
)
def derivative_of_a_sum(x, theta):
    return 1.0


# ---------------------------------------------------------------- gradient_check


@question(
    ref.gradient_check,
    points=25,
    returns=("difference",),
    helpers=("forward_propagation", "backward_propagation"),
    expects=("backward_propagation",),
    tolerances={"difference": ROUNDING},
)
def gradient_check(rng):
    """The check in one dimension."""
    yield Example(x=2.0, theta=4.0, epsilon=1e-7)
    # With ε of different sizes mistakes in its place can be told apart.
    for sign_x, sign_theta, epsilon in [(1, -1, 1e-7), (-1, 1, 1e-4), (1, 1, 1e-2)]:
        yield Case(**_numbers(rng, sign_x, sign_theta), epsilon=epsilon)
    # No larger θ: the rounding grows with it, and is not the same for all who are right. Whether a
    # check looks at its arguments at all is seen with NaN, for which the difference is NaN, too.
    yield Case(**_numbers(rng, 1, 1) | {"x": float("nan")}, epsilon=1e-7)


def _difference(g, a):
    return np.linalg.norm(g - a) / (np.linalg.norm(g) + np.linalg.norm(a))


def _rise(x, theta, epsilon):
    return (theta + epsilon) * x - (theta - epsilon) * x


# Not here: J is a straight line, so that one-sided differences, a difference that is not divided by
# the sizes, or another denominator give (nearly) 0 as well. The check in n dimensions shows them.


@misconception(
    gradient_check,
    hint="The approximation is twice as large as the gradient, or half of it. θ + ε and θ - ε are "
    "2ε apart: take the difference of these two costs, and divide it by 2ε.",
)
def divided_by_epsilon(x, theta, epsilon):
    return _difference(x, _rise(x, theta, epsilon) / epsilon)


WRONG_ORDER = (
    "The difference is 1: the approximation is 0, or it has the wrong sign. Look at where each of "
    "the two costs is taken, and at which of them is subtracted from which."
)
BRACKETS = (
    "`/ 2 * epsilon` divides by 2 and then multiplies by ε. What stands under the fraction needs "
    "brackets."
)


@misconception(gradient_check, hint=BRACKETS)
def missing_brackets(x, theta, epsilon):
    return _difference(x, _rise(x, theta, epsilon) / 2 * epsilon)


@misconception(
    gradient_check,
    hint="The approximation is the difference of the two costs, not divided by anything. It "
    "becomes a slope when it is divided by how far apart the two points are.",
)
def difference_for_the_slope(x, theta, epsilon):
    return _difference(x, _rise(x, theta, epsilon))


@misconception(gradient_check, hint=WRONG_ORDER)
def costs_in_the_wrong_order(x, theta, epsilon):
    return _difference(x, -_rise(x, theta, epsilon) / (2 * epsilon))


@misconception(
    gradient_check,
    hint="One of the two slopes is that with respect to x, which is θ; the derivative with respect "
    "to θ is x. It is θ that ε moves, and `backward_propagation` takes x before θ: in which of the "
    "two are they exchanged?",
)
def moves_x(x, theta, epsilon):
    return _difference(x, _rise(theta, x, epsilon) / (2 * epsilon))


@misconception(
    gradient_check,
    hint="The approximation is compared with the cost J. Compare it with what "
    "`backward_propagation` returns.",
)
def compared_with_the_cost(x, theta, epsilon):
    return _difference(theta * x, _rise(x, theta, epsilon) / (2 * epsilon))


# ---------------------------------------------------------------- forward_propagation_n


# The exercise hands it out: no points, but it is looked at.
@question(ref.forward_propagation_n, points=0, returns=("cost", "cache"))
def forward_propagation_n(rng):
    """The cost of a network of three layers."""
    for m in EXAMPLE_COUNTS:
        yield Case(**_data(rng, m))


def _data(rng, m):
    """Draw X (4, m), Y (1, m) with labels of both classes, and the parameters.

    Biases above 0 leave enough of the units active.
    """
    X = rng.standard_normal((4, m))
    Y = (rng.permutation(m) % 2).astype(float).reshape(1, m)
    parameters = {
        name: 0.6 * rng.standard_normal(shape) if "W" in name else rng.uniform(0.1, 0.6, shape)
        for name, shape in ref.SHAPES.items()
    }
    return {"X": X, "Y": Y, "parameters": parameters}


def _with_cost(X, Y, parameters, cost):
    """Return another cost, a function of A3, with the right cache."""
    _, cache = ref.forward_propagation_n(X, Y, parameters)
    return cost(cache[9]), cache


@misconception(
    forward_propagation_n,
    hint="The cost is the sum over the examples. It should be their mean: divide by m.",
)
def cost_not_averaged(X, Y, parameters):
    cost, cache = ref.forward_propagation_n(X, Y, parameters)
    return cost * X.shape[1], cache


@misconception(
    forward_propagation_n,
    hint="m is the number of examples, one a column: `X.shape[1]`. Here the cost is divided by the "
    "number of features.",
)
def cost_averaged_over_the_features(X, Y, parameters):
    cost, cache = ref.forward_propagation_n(X, Y, parameters)
    return cost * X.shape[1] / X.shape[0], cache


@misconception(
    forward_propagation_n,
    hint="The cost has only one of its two terms: examples labelled 0 need (1 - Y) log(1 - A3).",
)
def one_term_of_the_cost(X, Y, parameters):
    return _with_cost(X, Y, parameters, lambda A3: -np.sum(Y * np.log(A3)) / X.shape[1])


@misconception(
    forward_propagation_n,
    hint="The two terms of the cost have different signs. Both logarithms are negative, and both "
    "count as losses: there is one minus, in front of the whole sum.",
)
def terms_of_different_signs(X, Y, parameters):
    def cost(A3):
        return np.sum((1 - Y) * np.log(1 - A3) - Y * np.log(A3)) / X.shape[1]

    return _with_cost(X, Y, parameters, cost)


@misconception(
    forward_propagation_n, hint="The cost has the wrong sign: the cross-entropy is never negative."
)
def negative_cost(X, Y, parameters):
    cost, cache = ref.forward_propagation_n(X, Y, parameters)
    return -cost, cache


@misconception(
    forward_propagation_n,
    hint="The hidden layers apply the sigmoid. They should apply `relu`; the sigmoid is for the "
    "last layer only.",
)
def sigmoid_in_the_hidden_layers(X, Y, parameters):
    W1, b1, W2, b2, W3, b3 = (parameters[name] for name in NAMES)
    Z1 = W1 @ X + b1
    A1 = sigmoid(Z1)
    Z2 = W2 @ A1 + b2
    A2 = sigmoid(Z2)
    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)
    cost = -np.sum(Y * np.log(A3) + (1 - Y) * np.log(1 - A3)) / X.shape[1]
    return cost, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)


# ---------------------------------------------------------------- backward_propagation_n


# It is given, with two mistakes to be found by the check: no points, but it is told what is left.
@question(ref.backward_propagation_n, points=0, returns=("gradients",))
def backward_propagation_n(rng):
    """The gradients, which are given with two mistakes to find."""
    for m in EXAMPLE_COUNTS:
        data = _data(rng, m)
        _, cache = ref.forward_propagation_n(**data)
        yield Case(X=data["X"], Y=data["Y"], cache=cache)


@gradient(backward_propagation_n)
def slopes_of_the_cost(X, Y, cache):
    _, _, W1, b1, _, _, W2, b2, _, _, W3, b3 = cache
    at = dict(zip(NAMES, (W1, b1, W2, b2, W3, b3), strict=True))

    def cost(W1, b1, W2, b2, W3, b3):
        Z3 = W3 @ relu(W2 @ relu(W1 @ X + b1) + b2) + b3
        return np.mean(np.logaddexp(0, Z3) - Y * Z3)

    return {
        f"gradients['d{name}']": (lambda value, name=name: cost(**(at | {name: value})), at[name])
        for name in NAMES
    }


def _with_faults(gradients, dW2=2, db1=4):
    """Return gradients with the planted mistakes, or one of them."""
    return gradients | {"dW2": dW2 * gradients["dW2"], "db1": db1 * gradients["db1"]}


@misconception(
    backward_propagation_n,
    hint="Both mistakes that were planted here are still there: look at the factors in dW2 and in "
    "db1, and compare each with those of the other layers.",
)
def both_planted_mistakes(X, Y, cache):
    return _with_faults(ref.backward_propagation_n(X, Y, cache))


@misconception(
    backward_propagation_n,
    hint="One of the planted mistakes is still there: dW2 is twice as large as it should be. "
    "Compare its line with that of dW1 or dW3.",
)
def planted_factor_in_dW2(X, Y, cache):  # noqa: N802 - the symbol of the exercise
    return _with_faults(ref.backward_propagation_n(X, Y, cache), db1=1)


@misconception(
    backward_propagation_n,
    hint="One of the planted mistakes is still there: db1 is four times as large as it should be. "
    "Compare its line with that of db2 or db3.",
)
def planted_factor_in_db1(X, Y, cache):
    return _with_faults(ref.backward_propagation_n(X, Y, cache), dW2=1)


# ---------------------------------------------------------------- gradient_check_n


@question(
    ref.gradient_check_n,
    points=55,
    returns=("difference",),
    helpers=("forward_propagation_n",),
    tolerances={"difference": CHECK},
)
def gradient_check_n(rng):
    """The check of a network."""
    yield Example(**_exercise())
    yield Case(**_check(rng, 6, lambda gradients: gradients, 1e-7))
    yield Case(**_check(rng, 8, _with_faults, 1e-7))
    yield Case(**_check(rng, 2, _third_weights_doubled, 1e-5))
    # With right gradients and this ε, one-sided differences are off by 3e-5 and more.
    yield Case(**_check(rng, 7, lambda gradients: gradients, 1e-3))


def _check(rng, m, fault, epsilon):
    """Draw the arguments of a check; `fault` is done to the right gradients."""
    data = _data(rng, m)
    _, cache = ref.forward_propagation_n(**data)
    gradients = fault(ref.backward_propagation_n(data["X"], data["Y"], cache))
    return data | {"gradients": gradients, "epsilon": epsilon}


def _third_weights_doubled(gradients):
    return gradients | {"dW3": 2 * gradients["dW3"]}


def _exercise():
    """Return the numbers that the exercise prints, with the planted mistakes: 0.28509315."""
    stream = np.random.RandomState(1)
    X, Y = stream.randn(4, 3), np.array([[1, 1, 0]])
    parameters = {name: stream.randn(*shape) for name, shape in ref.SHAPES.items()}
    _, cache = ref.forward_propagation_n(X, Y, parameters)
    gradients = _with_faults(ref.backward_propagation_n(X, Y, cache))
    return {"parameters": parameters, "gradients": gradients, "X": X, "Y": Y, "epsilon": 1e-7}


def _pair(parameters, gradients, X, Y, slope):
    """Return both gradients (47, 1); slope(cost, theta, i) approximates entry i."""

    def cost(theta):
        return ref.forward_propagation_n(X, Y, ref.vector_to_dictionary(theta))[0]

    theta, _ = ref.dictionary_to_vector(parameters)
    approximation = np.array([[slope(cost, theta, i)] for i in range(len(theta))])
    return ref.gradients_to_vector(gradients), approximation


def _moved(theta, i, step):
    moved = theta.copy()
    moved[i] += step
    return moved


def _central_pair(parameters, gradients, X, Y, epsilon):
    """Return both gradients, rightly computed."""

    def slope(cost, theta, i):
        return (cost(_moved(theta, i, epsilon)) - cost(_moved(theta, i, -epsilon))) / (2 * epsilon)

    return _pair(parameters, gradients, X, Y, slope)


@misconception(
    gradient_check_n,
    hint="The approximation is twice as large as the slope. θ + ε and θ - ε are 2ε apart: divide "
    "by 2ε.",
)
def divided_by_epsilon_n(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return _difference(g, 2 * a)


@misconception(gradient_check_n, hint=BRACKETS)
def missing_brackets_n(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return _difference(g, a * epsilon**2)


@misconception(gradient_check_n, hint=WRONG_ORDER)
def costs_in_the_wrong_order_n(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return _difference(g, -a)


@misconception(
    gradient_check_n,
    hint="The difference is one-sided, from θ to θ + ε. The central one, from θ - ε to θ + ε, is "
    "what the exercise asks for, and much more exact.",
)
def one_sided(parameters, gradients, X, Y, epsilon):
    def slope(cost, theta, i):
        return (cost(_moved(theta, i, epsilon)) - cost(theta)) / epsilon

    return _difference(*_pair(parameters, gradients, X, Y, slope))


NOT_COPIED = (
    "`theta_plus = theta` makes no copy: what is added to it stays in θ. Copy the vector of the "
    "parameters afresh for every step, with `np.copy`."
)


@misconception(
    gradient_check_n,
    hint="The approximation is half of the slope: one of the two costs is taken at θ itself, not "
    "at θ + ε or θ - ε. If both vectors are moved, look at how they are made: " + NOT_COPIED,
)
def never_copied(parameters, gradients, X, Y, epsilon):
    # The step forwards moves θ itself, the step backwards moves it back.
    def slope(cost, theta, i):
        return (cost(_moved(theta, i, epsilon)) - cost(theta)) / (2 * epsilon)

    return _difference(*_pair(parameters, gradients, X, Y, slope))


@misconception(gradient_check_n, hint="The steps forwards add up: " + NOT_COPIED)
def steps_forwards_add_up(parameters, gradients, X, Y, epsilon):
    def slope(cost, theta, i):
        theta[i] += epsilon
        return (cost(theta) - cost(_moved(theta, i, -epsilon))) / (2 * epsilon)

    return _difference(*_pair(parameters, gradients, X, Y, slope))


@misconception(
    gradient_check_n,
    hint="All parameters move at once: `theta + epsilon` adds ε to every entry. For entry i of the "
    "approximation, only entry i of θ moves.",
)
def moves_all_entries(parameters, gradients, X, Y, epsilon):
    def slope(cost, theta, i):
        return (cost(theta + epsilon) - cost(theta - epsilon)) / (2 * epsilon)

    return _difference(*_pair(parameters, gradients, X, Y, slope))


@misconception(
    gradient_check_n,
    hint="The approximation holds one number, that of the last parameter, instead of one for each: "
    "assign to its entry i in the loop.",
)
def approximation_of_the_last_entry(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return _difference(g, a[-1])


@misconception(
    gradient_check_n,
    hint="This is the distance of the two gradients. It still has to be divided by the sum of "
    "their norms.",
)
def not_relative(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.linalg.norm(g - a)


@misconception(
    gradient_check_n,
    hint="The numerator is a vector, with a difference for every parameter. Take its norm: one "
    "number is wanted.",
)
def numerator_without_norm(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return (g - a) / (np.linalg.norm(g) + np.linalg.norm(a))


ONE_NORM = "The denominator is the norm of {} alone. It is the sum of both norms."


@misconception(gradient_check_n, hint=ONE_NORM.format("the gradient"))
def norm_of_the_gradient_alone(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.linalg.norm(g - a) / np.linalg.norm(g)


@misconception(gradient_check_n, hint=ONE_NORM.format("the approximation"))
def norm_of_the_approximation_alone(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.linalg.norm(g - a) / np.linalg.norm(a)


@misconception(
    gradient_check_n,
    hint="The denominator is the norm of a sum. Take the norm of each gradient first, then add the "
    "two numbers.",
)
def norm_of_the_sum(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.linalg.norm(g - a) / np.linalg.norm(g + a)


@misconception(
    gradient_check_n,
    hint="Sums of absolute values stand where Euclidean norms are due: `np.linalg.norm` takes the "
    "root of the sum of squares.",
)
def sums_of_absolute_values(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.sum(np.abs(g - a)) / (np.sum(np.abs(g)) + np.sum(np.abs(a)))


@misconception(
    gradient_check_n,
    hint="The approximation is zero throughout, so that the difference is always 1: both points "
    "are moved the same way. One is θ + ε, the other θ - ε.",
)
def both_points_moved_alike(parameters, gradients, X, Y, epsilon):
    return 1.0


@misconception(
    gradient_check_n,
    hint="The norms are squared: sums of squares, of which the roots are missing. `np.linalg.norm` "
    "takes the root.",
)
def squared_norms(parameters, gradients, X, Y, epsilon):
    g, a = _central_pair(parameters, gradients, X, Y, epsilon)
    return np.sum((g - a) ** 2) / (np.sum(g**2) + np.sum(a**2))
