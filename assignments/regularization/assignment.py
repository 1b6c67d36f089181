"""Regularization: weight decay and dropout."""

from itertools import pairwise

import numpy as np

from grader import Case, Limits, Tolerance, alternative, gradient, misconception, question
from reference import regularization as ref
from reference.activations import relu, sigmoid
from reference.costs import cross_entropy
from reference.three_layers import backward, forward

# Every call below is over in milliseconds.
limits = Limits(call_seconds=5)

support = ("activations", "drawing", "plots", "public", "three_layers")

# Sizes of the input and of the two hidden layers, and the number of examples. They are distinct,
# but for the last network: its hidden layers are alike, so that a mask that was drawn in the shape
# of the other layer fits, and what then comes back can be compared.
SIZES = [(3, 5, 4, 7), (2, 6, 3, 5), (5, 4, 4, 6)]

LAMBDAS = [0.7, 0.3, 1.9]  # neither 1 nor the number of examples
KEEP_PROBS = [0.8, 0.6, 0.7]

NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")

# A mask of True and False and one of 1 and 0 multiply alike.
MASK = Tolerance(dtypes=("bool", "integer", "float"))


def _network(rng, n_x, n_1, n_2, m):
    """Draw X (n_x, m), Y (1, m) with labels of both classes, and the parameters."""
    sizes = [n_x, n_1, n_2, 1]
    parameters = {}
    for layer, (before, after) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{layer}"] = 0.6 * rng.standard_normal((after, before))
        parameters[f"b{layer}"] = rng.uniform(0.1, 0.6, (after, 1))
    X = rng.standard_normal((n_x, m))
    Y = (rng.permutation(m) % 2).astype(float).reshape(1, m)
    return X, Y, parameters


# ---------------------------------------------------------------- compute_cost_with_regularization


@question(ref.compute_cost_with_regularization, points=20, returns=("cost",))
def compute_cost_with_regularization(rng):
    """The cost with weight decay."""
    for sizes, lambd in zip(SIZES, LAMBDAS, strict=True):
        _, Y, parameters = _network(rng, *sizes)
        A3 = rng.uniform(0.1, 0.9, Y.shape)
        yield Case(A3=A3, Y=Y, parameters=parameters, lambd=lambd)


def _penalty(Y, parameters, lambd, names=("W1", "W2", "W3")):
    """Return λ/(2m) times the sum of the squares of some parameters."""
    return lambd / (2 * Y.shape[1]) * sum(np.sum(parameters[name] ** 2) for name in names)


@misconception(
    compute_cost_with_regularization,
    hint="The factor λ/(2m) stands before the first sum only. It belongs to all three: put "
    "brackets around their sum.",
)
def factor_of_the_first_sum_only(A3, Y, parameters, lambd):
    rest = 2 * Y.shape[1] * _penalty(Y, parameters, 1.0, ("W2", "W3"))
    return cross_entropy(A3, Y) + _penalty(Y, parameters, lambd, ("W1",)) + rest


@misconception(
    compute_cost_with_regularization,
    hint="The regularisation term is twice what it should be: look at the factor 1/2 in front of "
    "the sum.",
)
def without_the_half(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + 2 * _penalty(Y, parameters, lambd)


@misconception(
    compute_cost_with_regularization,
    hint="The regularisation term is not divided by m, the number of examples, as the "
    "cross-entropy is.",
)
def penalty_not_averaged(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + Y.shape[1] * _penalty(Y, parameters, lambd)


@misconception(
    compute_cost_with_regularization,
    hint="`lambd / 2 * m` is (λ/2) · m: division and multiplication go from left to right. What "
    "stands under the fraction needs brackets.",
)
def missing_brackets(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + Y.shape[1] ** 2 * _penalty(Y, parameters, lambd)


LEFT_OUT = (
    "The sum of squares runs over the weights of all three layers; {} is missing from it. Check "
    "that each of W1, W2 and W3 is there once."
)


@misconception(compute_cost_with_regularization, hint=LEFT_OUT.format("W1"))
def first_weights_left_out(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + _penalty(Y, parameters, lambd, ("W2", "W3"))


@misconception(compute_cost_with_regularization, hint=LEFT_OUT.format("W2"))
def second_weights_left_out(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + _penalty(Y, parameters, lambd, ("W1", "W3"))


@misconception(compute_cost_with_regularization, hint=LEFT_OUT.format("W3"))
def third_weights_left_out(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + _penalty(Y, parameters, lambd, ("W1", "W2"))


@misconception(
    compute_cost_with_regularization,
    hint="The weights are added up as they are. Each entry must be squared first; otherwise "
    "positive and negative weights cancel.",
)
def weights_not_squared(A3, Y, parameters, lambd):
    total = sum(np.sum(parameters[name]) for name in ("W1", "W2", "W3"))
    return cross_entropy(A3, Y) + lambd / (2 * Y.shape[1]) * total


@misconception(
    compute_cost_with_regularization,
    hint="It squares the sum of a matrix. What is wanted is the sum of the squares: square the "
    "entries first, then add them up.",
)
def squares_of_the_sums(A3, Y, parameters, lambd):
    total = sum(np.sum(parameters[name]) ** 2 for name in ("W1", "W2", "W3"))
    return cross_entropy(A3, Y) + lambd / (2 * Y.shape[1]) * total


@misconception(
    compute_cost_with_regularization,
    hint="`np.linalg.norm` takes the root of the sum of squares. The term has the sum itself, "
    "without a root.",
)
def norms_not_squared(A3, Y, parameters, lambd):
    total = sum(np.linalg.norm(parameters[name]) for name in ("W1", "W2", "W3"))
    return cross_entropy(A3, Y) + lambd / (2 * Y.shape[1]) * total


@misconception(
    compute_cost_with_regularization,
    hint="The biases are in the sum of squares too. Only the weights W are held small.",
)
def biases_in_the_sum(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y) + _penalty(Y, parameters, lambd, NAMES)


@misconception(
    compute_cost_with_regularization,
    hint="This is the regularisation term alone. The cost is the cross-entropy plus that term.",
)
def penalty_alone(A3, Y, parameters, lambd):
    return _penalty(Y, parameters, lambd)


@misconception(
    compute_cost_with_regularization,
    hint="This is the cross-entropy alone: `lambd` has no effect. The regularisation term has to "
    "be computed, and added.",
)
def cross_entropy_alone(A3, Y, parameters, lambd):
    return cross_entropy(A3, Y)


# --------------------------------------------------------- backward_propagation_with_regularization


# The exercise is about dW: three fifths of the points; the other eight gradients share the rest.
@question(
    ref.backward_propagation_with_regularization,
    points=30,
    returns=("gradients",),
    shares={"gradients['dW1']": 0.2, "gradients['dW2']": 0.2, "gradients['dW3']": 0.2},
)
def backward_propagation_with_regularization(rng):
    """The gradients with weight decay."""
    for sizes, lambd in zip(SIZES, LAMBDAS, strict=True):
        X, Y, parameters = _network(rng, *sizes)
        yield Case(X=X, Y=Y, cache=forward(X, parameters)[1], lambd=lambd)


def _by_name(cache):
    """Return W1, b1, … of a cache of twelve by their names."""
    _, _, W1, b1, _, _, W2, b2, _, _, W3, b3 = cache
    return dict(zip(NAMES, (W1, b1, W2, b2, W3, b3), strict=True))


@gradient(backward_propagation_with_regularization)
def slopes_with_regularization(X, Y, cache, lambd):
    at = _by_name(cache)

    def cost(name, value):
        parameters = at | {name: value}
        A3, _ = forward(X, parameters)
        return ref.compute_cost_with_regularization(A3, Y, parameters, lambd)

    return {
        f"gradients['d{name}']": (lambda value, name=name: cost(name, value), at[name])
        for name in NAMES
    }


def _decayed(X, Y, cache, factor, names=("W1", "W2", "W3")):
    """Return the gradients of the cross-entropy, plus factor · W for some of the parameters."""
    gradients = backward(X, Y, cache)
    at = _by_name(cache)
    return gradients | {"d" + name: gradients["d" + name] + factor * at[name] for name in names}


@misconception(
    backward_propagation_with_regularization,
    hint="The terms that are added to dW are not divided by m. The penalty in the cost has λ/(2m) "
    "in front: its derivative keeps the m.",
)
def decay_not_averaged(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd)


@misconception(
    backward_propagation_with_regularization,
    hint="The terms that are added to dW are half as large as they should be. Differentiating W² "
    "gives a factor 2: what becomes of λ/(2m)?",
)
def decay_with_the_half(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / (2 * X.shape[1]))


@misconception(
    backward_propagation_with_regularization,
    hint="These are the gradients without regularisation: `lambd` has no effect on dW1, dW2 and "
    "dW3.",
)
def no_decay(X, Y, cache, lambd):
    return backward(X, Y, cache)


NO_TERM = "The regularisation term is missing in {}. Each dW has one, with the weights of its layer"


@misconception(backward_propagation_with_regularization, hint=NO_TERM.format("dW1") + ".")
def no_decay_of_the_first_weights(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / X.shape[1], ("W2", "W3"))


@misconception(backward_propagation_with_regularization, hint=NO_TERM.format("dW2") + ".")
def no_decay_of_the_second_weights(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / X.shape[1], ("W1", "W3"))


@misconception(backward_propagation_with_regularization, hint=NO_TERM.format("dW3") + ".")
def no_decay_of_the_third_weights(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / X.shape[1], ("W1", "W2"))


@misconception(
    backward_propagation_with_regularization,
    hint=NO_TERM.format("dW1 and dW2") + ", not only the last.",
)
def decay_of_the_third_weights_only(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / X.shape[1], ("W3",))


@misconception(
    backward_propagation_with_regularization,
    hint="The regularisation term is subtracted. The penalty is added in the cost, and so is its "
    "derivative in the gradients.",
)
def decay_with_the_wrong_sign(X, Y, cache, lambd):
    return _decayed(X, Y, cache, -lambd / X.shape[1])


@misconception(
    backward_propagation_with_regularization,
    hint="The gradients of the biases have a regularisation term too. The penalty holds no b: db "
    "stays as it was.",
)
def decay_of_the_biases(X, Y, cache, lambd):
    return _decayed(X, Y, cache, lambd / X.shape[1], NAMES)


@misconception(
    backward_propagation_with_regularization,
    hint="A single number is added to every entry of dW: λ/(2m) times the sum of squares, as in "
    "the cost. What belongs there is its derivative, which has the shape of W.",
)
def penalty_not_differentiated(X, Y, cache, lambd):
    gradients, m = backward(X, Y, cache), X.shape[1]
    for name in ("W1", "W2", "W3"):
        W = _by_name(cache)[name]
        gradients["d" + name] = gradients["d" + name] + lambd / (2 * m) * np.sum(W**2)
    return gradients


# ---------------------------------------------------------------- forward_propagation_with_dropout


# Half of the points are A3's; the fourteen parts of the cache share the others.
@question(
    ref.forward_propagation_with_dropout,
    points=25,
    returns=("A3", "cache"),
    seed=1,
    shares={"A3": 0.5},
    tolerances={"cache[1]": MASK, "cache[6]": MASK},
)
def forward_propagation_with_dropout(rng):
    """The forward pass with dropout."""
    for sizes, keep_prob in zip(SIZES, KEEP_PROBS, strict=True):
        X, _, parameters = _network(rng, *sizes)
        yield Case(X=X, parameters=parameters, keep_prob=keep_prob)


def _pass(X, parameters, drop, drop_in_second=None):
    """Return A3 and the cache; `drop` turns the A of a hidden layer into its mask and what stays.

    `drop_in_second` does so in the second layer, where that is done in another way.
    """
    W1, b1, W2, b2, W3, b3 = (parameters[name] for name in NAMES)
    Z1 = W1 @ X + b1
    D1, A1 = drop(relu(Z1))
    Z2 = W2 @ A1 + b2
    D2, A2 = (drop_in_second or drop)(relu(Z2))
    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def _with_masks(X, parameters, keep_prob, apply, apply_in_second=None):
    """Return A3 and the cache, with right masks; `apply(A, D)` returns what becomes of A."""

    def drop(A):
        D = np.random.rand(*A.shape) < keep_prob
        return D, apply(A, D)

    def drop_in_second(A):
        D = np.random.rand(*A.shape) < keep_prob
        return D, (apply_in_second or apply)(A, D)

    return _pass(X, parameters, drop, drop_in_second)


def _with_draws(X, parameters, keep_prob, draw):
    """Return A3 and the cache, with masks applied rightly; `draw(A)` returns the mask."""

    def drop(A):
        D = draw(A)
        return D, A * D / keep_prob

    return _pass(X, parameters, drop)


# `np.random.binomial(1, keep_prob)` and `np.random.choice` draw one of these two from the stream.
@alternative(forward_propagation_with_dropout)
def kept_above_the_rest(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.rand(*A.shape) > 1 - keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint="The masks are drawn with `randn`: normal numbers, half of them negative. Too many are "
    "below `keep_prob`: 69 % for 0.5, where it should be 50 %. The threshold works for numbers "
    "spread evenly between 0 and 1, as `np.random.rand` gives them.",
)
def normal_numbers(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.randn(*A.shape) < keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint="D1 is drawn with `randn`: normal numbers, of which too many are below `keep_prob`. Draw "
    "it as D2, with `np.random.rand`.",
)
def normal_numbers_in_the_first_layer(X, parameters, keep_prob):
    def drop(A):
        D = np.random.randn(*A.shape) < keep_prob
        return D, A * D / keep_prob

    def drop_in_second(A):
        D = np.random.rand(*A.shape) < keep_prob
        return D, A * D / keep_prob

    return _pass(X, parameters, drop, drop_in_second)


@misconception(
    forward_propagation_with_dropout,
    hint="D2 is made from A2 itself, `A2 < keep_prob`, and not from the random numbers: which "
    "units are shut off then depends on how large they are, not on chance.",
)
def second_mask_from_the_activations(X, parameters, keep_prob):
    def drop(A):
        D = np.random.rand(*A.shape) < keep_prob
        return D, A * D / keep_prob

    def drop_in_second(A):
        D = np.less(A, keep_prob)
        return D, A * D / keep_prob

    return _pass(X, parameters, drop, drop_in_second)


@misconception(
    forward_propagation_with_dropout,
    hint="The comparison in the masks is the wrong way round: units are shut off with the "
    "probability `keep_prob`, and should be kept with it.",
)
def keeps_what_should_go(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.rand(*A.shape) > keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint="The threshold of the masks is 0.5, whatever the caller asks for. Compare with "
    "`keep_prob`.",
)
def threshold_of_one_half(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.rand(*A.shape) < 0.5)


@misconception(
    forward_propagation_with_dropout,
    hint="The masks are the random numbers themselves. They must first become 0 or 1, by comparing "
    "them with `keep_prob`.",
)
def masks_without_threshold(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.rand(*A.shape))


@misconception(
    forward_propagation_with_dropout,
    hint="The masks have one entry for a unit, so that it is shut off for all examples or for "
    "none. They need the shape of A: an entry for every unit and every example.",
)
def one_draw_for_all_examples(X, parameters, keep_prob):
    return _with_draws(X, parameters, keep_prob, lambda A: np.random.rand(len(A), 1) < keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint="D2 is drawn in the shape of A1, which fits only where both hidden layers have equally "
    "many units. Each mask has the shape of its own layer's A.",
)
def second_mask_in_the_shape_of_the_first(X, parameters, keep_prob):
    shape_of_first = (len(parameters["W1"]), X.shape[1])

    def draw(_):
        return np.random.rand(*shape_of_first) < keep_prob

    return _with_draws(X, parameters, keep_prob, draw)


NOT_SCALED = (
    "what is left of A{} is not divided by `keep_prob`. Without that, the next layer gets less on "
    "average than it would without dropout."
)


@misconception(
    forward_propagation_with_dropout,
    hint="The masks are right, but " + NOT_SCALED.format("1 and A2"),
)
def not_scaled(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, D: A * D)


@misconception(
    forward_propagation_with_dropout,
    hint="The first hidden layer is right. In the second, " + NOT_SCALED.format("2"),
)
def second_layer_not_scaled(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, D: A * D / keep_prob, lambda A, D: A * D)


@misconception(
    forward_propagation_with_dropout,
    hint="What is left of A is multiplied by `keep_prob`. To make up for what was shut off, it has "
    "to grow: divide.",
)
def multiplied_by_keep_prob(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, D: A * D * keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint="What is left of A is divided by 1 - `keep_prob`, the share that is shut off. Divide by "
    "the share that is kept.",
)
def divided_by_the_share_shut_off(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, D: A * D / (1 - keep_prob))


NEVER_APPLIED = (
    "D1 and D2 are drawn, but never applied: A1 and A2 keep all of their entries. Multiply each A "
    "by its mask."
)


@misconception(forward_propagation_with_dropout, hint=NEVER_APPLIED)
def masks_never_applied(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, _: A / keep_prob)


@misconception(
    forward_propagation_with_dropout,
    hint=NEVER_APPLIED + " Then divide by `keep_prob`, which is missing too.",
)
def masks_neither_applied_nor_scaled(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, _: A)


@misconception(
    forward_propagation_with_dropout,
    hint="Only the first hidden layer has dropout. D2 is drawn, but A2 goes on as it was: apply "
    "the mask and scale there as well.",
)
def dropout_in_the_first_layer_only(X, parameters, keep_prob):
    return _with_masks(X, parameters, keep_prob, lambda A, D: A * D / keep_prob, lambda A, _: A)


# ---------------------------------------------------------------- backward_propagation_with_dropout


# The exercise hands out all but the masks: what does not depend on them has no share of its own.
@question(
    ref.backward_propagation_with_dropout,
    points=25,
    returns=("gradients",),
    shares={"gradients['dZ3']": 0, "gradients['dW3']": 0, "gradients['db3']": 0},
)
def backward_propagation_with_dropout(rng):
    """The gradients with dropout."""
    for sizes, keep_prob in zip(SIZES, KEEP_PROBS, strict=True):
        X, Y, parameters = _network(rng, *sizes)
        _, cache = _pass(X, parameters, _dropper(rng, keep_prob))
        yield Case(X=X, Y=Y, cache=cache, keep_prob=keep_prob)


def _dropper(rng, keep_prob):
    def drop(A):
        D = rng.random(A.shape) < keep_prob
        return D, A * D / keep_prob

    return drop


def _without_masks(cache):
    """Return the cache of twelve, and both masks."""
    Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3 = cache
    return (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3), D1, D2


@gradient(backward_propagation_with_dropout)
def slopes_with_dropout(X, Y, cache, keep_prob):
    plain, D1, D2 = _without_masks(cache)
    at, m = _by_name(plain), X.shape[1]

    def from_second(A2, W3, b3):  # A2 as the relu gave it
        return cross_entropy(sigmoid(W3 @ (A2 * D2 / keep_prob) + b3), Y)

    def from_first(A1, W2, b2, W3, b3):  # A1 as the relu gave it
        return from_second(relu(W2 @ (A1 * D1 / keep_prob) + b2), W3, b3)

    def cost(W1, b1, **others):
        return from_first(relu(W1 @ X + b1), **others)

    W2, b2, W3, b3 = (at[name] for name in NAMES[2:])
    parameters = {
        f"gradients['d{name}']": (lambda value, name=name: cost(**(at | {name: value})), at[name])
        for name in NAMES
    }
    # dA is the slope of the sum over the examples, not of their mean.
    return parameters | {
        "gradients['dA1']": (lambda A1: m * from_first(A1, W2, b2, W3, b3), relu(plain[0])),
        "gradients['dA2']": (lambda A2: m * from_second(A2, W3, b3), relu(plain[4])),
    }


def _scaled_back(X, Y, cache, scale_1, scale_2):
    """Return the gradients, with dA1 and dA2 multiplied by what two functions make of D1 and D2."""
    plain, D1, D2 = _without_masks(cache)
    return backward(X, Y, plain, scale_1(D1), scale_2(D2))


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 and dA2 are those of a network without dropout. Multiply them by the masks of the "
    "forward pass, which are in the cache, and divide them by `keep_prob`, before dZ is computed.",
)
def no_masks(X, Y, cache, keep_prob):
    return _scaled_back(X, Y, cache, np.ones_like, np.ones_like)


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 and dA2 are divided by `keep_prob`, but the masks D1 and D2 are not applied. Units "
    "that were shut off pass no gradient.",
)
def scaled_without_masks(X, Y, cache, keep_prob):
    def scale(D):
        return np.ones(D.shape) / keep_prob

    return _scaled_back(X, Y, cache, scale, scale)


@misconception(
    backward_propagation_with_dropout,
    hint="The masks are applied, but dA1 and dA2 are not divided by `keep_prob`. The forward pass "
    "scaled the activations that it kept: that factor belongs to the gradient too.",
)
def masks_without_scaling(X, Y, cache, keep_prob):
    return _scaled_back(X, Y, cache, np.asarray, np.asarray)


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 and dA2 are multiplied by `keep_prob`. The forward pass divided by it, and so does "
    "the backward pass.",
)
def multiplied_back_by_keep_prob(X, Y, cache, keep_prob):
    def scale(D):
        return D * keep_prob

    return _scaled_back(X, Y, cache, scale, scale)


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 and dA2 are divided by 1 - `keep_prob`, the share that is shut off. Divide by the "
    "share that is kept.",
)
def divided_back_by_the_share_shut_off(X, Y, cache, keep_prob):
    def scale(D):
        return D / (1 - keep_prob)

    return _scaled_back(X, Y, cache, scale, scale)


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 is divided by `keep_prob`, but its mask D1 is not applied. The gradients of the "
    "weights come out right all the same, because A1 is 0 where D1 is; dA1 itself does not.",
)
def first_mask_not_applied(X, Y, cache, keep_prob):
    def scale(D):
        return np.ones(D.shape) / keep_prob

    return _scaled_back(X, Y, cache, scale, lambda D: D / keep_prob)


@misconception(
    backward_propagation_with_dropout,
    hint="The second hidden layer is right, but dA1 is that of a network without dropout: it needs "
    "its mask, D1, and the division by `keep_prob` as well.",
)
def no_mask_in_the_first_layer(X, Y, cache, keep_prob):
    return _scaled_back(X, Y, cache, np.ones_like, lambda D: D / keep_prob)


@misconception(
    backward_propagation_with_dropout,
    hint="dA2 is that of a network without dropout: it needs its mask, D2, and the division by "
    "`keep_prob`, as dA1 has them.",
)
def no_mask_in_the_second_layer(X, Y, cache, keep_prob):
    return _scaled_back(X, Y, cache, lambda D: D / keep_prob, np.ones_like)


@misconception(
    backward_propagation_with_dropout,
    hint="The masks are the wrong way round, which fits only where both hidden layers have equally "
    "many units: dA2 takes D2, dA1 takes D1.",
)
def masks_swapped(X, Y, cache, keep_prob):
    plain, D1, D2 = _without_masks(cache)
    return backward(X, Y, plain, D2 / keep_prob, D1 / keep_prob)


@misconception(
    backward_propagation_with_dropout,
    hint="dA1 is scaled from dA2, the gradient of the other layer: `dA2 / keep_prob`. Look at the "
    "line that divides dA1: what is divided there?",
)
def first_layer_taken_from_the_second(X, Y, cache, keep_prob):
    gradients = ref.backward_propagation_with_dropout(X, Y, cache, keep_prob)
    A1, m = cache[2], X.shape[1]
    dA1 = gradients["dA2"] / keep_prob
    dZ1 = dA1 * (A1 > 0)
    dW1, db1 = dZ1 @ X.T / m, np.sum(dZ1, axis=1, keepdims=True) / m
    return gradients | {"dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}


@misconception(
    backward_propagation_with_dropout,
    hint="Mask and scaling go into dZ1 and dZ2. The gradients of the weights come out right, but "
    "dA1 and dA2, which are returned too, lack both: apply them to dA, before the relu's "
    "derivative.",
)
def masks_applied_to_dZ(X, Y, cache, keep_prob):  # noqa: N802 - the symbol of the exercise
    gradients = ref.backward_propagation_with_dropout(X, Y, cache, keep_prob)
    W2, W3 = cache[8], cache[12]
    return gradients | {"dA1": W2.T @ gradients["dZ2"], "dA2": W3.T @ gradients["dZ3"]}
