"""Follow-through: one mistake costs once. Real kernels, at the highest step that works here."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.batch.pool import LocalPool
from grader.batch.work import Done, Parcel, Work, packed_key
from grader.batch.worker import describe, grade_parcel
from grader.course import reference_files
from grader.digests import digest_of
from grader.errors import NoAnswerError
from grader.execution.runner import FakeRunner
from grader.judging.expected import answer_key
from grader.judging.helpers import Helpers
from grader.results import QuestionResult, SubmissionResult
from grader.spec import FollowThrough
from grader.submission import SubmissionFile
from grader.wire import unpack
from tests.conftest import (
    COURSE,
    GradeCells,
    TaskFor,
    WriteNotebook,
    need_step,
    notebook_json,
    question,
)
from tests.notebooks import DATA, MODEL, OPTIMIZE, PROPAGATE, SIGMOID, solution
from tests.test_facts_networks import SHALLOW

WRONG = PROPAGATE.replace("dw = 1 / m", "dw = 2 / m")
ASCENDS = OPTIMIZE.replace("w = w - ", "w = w + ")
Grade = Callable[..., SubmissionResult]


@pytest.fixture
def grade_with(task: Task, write_notebook: WriteNotebook) -> Grade:
    """Return a function that grades cells with another policy."""

    def grade(*cells: str, policy: FollowThrough) -> SubmissionResult:
        changed = replace(task.key.assignment, follow_through=policy)
        own = replace(task, key=replace(task.key, assignment=changed))
        return grade_submission(own, SubmissionFile("student", write_notebook(*cells)))

    return grade


def lost(result: SubmissionResult) -> dict[str, float]:
    """Return what each item has lost, of those that have lost something."""
    scores = {each.name: round(each.max_score - each.score, 2) for each in result.questions}
    return {name: points for name, points in scores.items() if points}


def inherited(result: SubmissionResult) -> dict[str, tuple[str, ...]]:
    """Return whose errors items inherit."""
    return {each.name: each.inherits for each in result.questions if each.inherits}


# ---------------------------------------------------------------- inherited


@pytest.mark.parametrize(
    "propagate",
    [WRONG, "", "def propagate(w, b, X, Y):\n    import os\n    os._exit(1)", "propagate = 3"],
    ids=["wrong", "missing", "crashes", "no function"],
)
def test_what_is_right_but_for_a_helper_keeps_its_points(
    grade_cells: GradeCells, propagate: str
) -> None:
    """However the helper fails. `model` uses it through `optimize`, which is right."""
    result = grade_cells(*solution(propagate=propagate))
    assert lost(result).keys() == {"propagate"}
    assert inherited(result) == {"optimize": ("propagate",), "model": ("propagate",)}
    item = question(result, "optimize")
    assert item.status == "passed"
    assert item.message == "`optimize` is right; it inherits the error of `propagate`."


def test_an_error_at_the_end_of_a_chain_costs_once(grade_cells: GradeCells) -> None:
    """All that stands on it are told whose error it is."""
    result = grade_cells(*solution(sigmoid=SIGMOID.replace("-z", "z")))
    assert lost(result) == {"sigmoid": 10}
    items = ("propagate", "optimize", "predict", "model")
    assert inherited(result) == dict.fromkeys(items, ("sigmoid",))


def test_the_helper_in_the_middle_is_told_from_the_one_below(grade_cells: GradeCells) -> None:
    """`optimize` has an error of its own and one that it inherits; `model` has none."""
    result = grade_cells(*solution(propagate=WRONG, optimize=ASCENDS))
    assert lost(result).keys() == {"propagate", "optimize"}
    assert inherited(result) == {"model": ("optimize",)}
    message = question(result, "optimize").message
    assert message.endswith(
        "With a right `propagate` in its place, `optimize` is still wrong: look at `optimize` "
        "itself, too."
    )
    assert "may be the reason" not in message


def test_arguments_are_passed_as_the_student_wrote_the_helper(grade_cells: GradeCells) -> None:
    """In another order, by keyword, with names and defaults of the student's own."""
    result = grade_cells(
        *solution(
            propagate="""
            def propagate(weights, bias, data, labels, scale=2):
                m = data.shape[1]
                A = sigmoid(np.dot(weights.T, data) + bias)
                return {"dw": scale / m * np.dot(data, (A - labels).T),
                        "db": 1 / m * np.sum(A - labels)}, 0.0
            """,
            optimize=OPTIMIZE.replace(
                "propagate(w, b, X, Y)", "propagate(w, labels=Y, data=X, bias=b)"
            ),
        )
    )
    assert inherited(result) == {"optimize": ("propagate",), "model": ("propagate",)}


def test_right_outputs_earn_their_share(grade_cells: GradeCells) -> None:
    """What else is wrong is the item's own."""
    result = grade_cells(
        *solution(
            propagate=WRONG, optimize=OPTIMIZE.replace("costs.append(cost)", "costs.append(0.0)")
        )
    )
    item = question(result, "optimize")
    assert (item.status, item.score, item.inherits) == ("failed", 16, ("propagate",))
    assert "`params['w']`, `params['b']`, `grads['dw']`, `grads['db']` are right" in item.message
    assert "look at `optimize` itself, too" in item.message


@pytest.mark.parametrize(("policy", "given"), [("full", 20.0), ("half", 10.0), ("none", 0.0)])
def test_the_policy_is_the_assignments(
    grade_with: Grade, policy: FollowThrough, given: float
) -> None:
    """Whatever is given back, whose error it is is told."""
    item = question(grade_with(*solution(propagate=WRONG), policy=policy), "optimize")
    assert item.score == given
    assert item.inherits == ("propagate",)
    assert item.message.startswith("`optimize` is right; it inherits the error of `propagate`.")
    assert ("Half of the points" in item.message) == (policy == "half")
    assert (item.status == "passed") == (policy == "full")


def test_what_a_helper_draws_is_drawn_once(
    task_for: TaskFor, write_notebook: WriteNotebook
) -> None:
    """Random numbers come of the stream that the item has, before and after the helper."""
    pytest.importorskip("matplotlib")  # or the sample's `model` cannot plot, right as it is
    cell = """
    import numpy as np
    def initialize_parameters_he(layers_dims):
        return None
    """
    task = task_for("initialization")
    sample = next((COURSE / "assignments" / "initialization" / "samples").glob("amina.ipynb"))
    notebook = sample.read_text().replace("/ layers_dims[l", "* layers_dims[l")
    path = write_notebook(cell)
    path.write_text(notebook)
    result = grade_submission(task, SubmissionFile("student", path))
    assert question(result, "initialize_parameters_he").status != "passed"
    assert inherited(result) == {"model": ("initialize_parameters_he",)}


@pytest.mark.parametrize(
    "cost",
    [
        "raise NotImplementedError",
        "logprobs = np.dot(np.log(A2), Y)",
        "return np.log(A2)[9]",
    ],
    ids=["not filled in", "returns nothing", "raises"],
)
def test_a_helper_that_is_only_printed_costs_once(
    task_for: TaskFor, write_notebook: WriteNotebook, cost: str
) -> None:
    """It stops its caller, but its value is no part of the result."""
    pytest.importorskip("matplotlib")  # the course's own module needs it
    shallow = re.sub(
        r"    logs = .*\n    return float.*", f"    {cost}", "import numpy as np\n" + SHALLOW
    )
    path = write_notebook(shallow)
    result = grade_submission(task_for("shallow_network"), SubmissionFile("student", path))
    assert lost(result).keys() == {"compute_cost"}
    assert inherited(result) == {"nn_model": ("compute_cost",)}
    item = question(result, "nn_model")
    assert (item.score, item.status) == (14, "passed")
    assert item.message == "`nn_model` is right; it inherits the error of `compute_cost`."


def test_errors_of_variables_cost_once(grade_cells: GradeCells) -> None:
    """What is made from them is right but for that; counts are variables, too."""
    data = DATA.replace("train_set_x_orig.reshape(m_train, -1).T", "train_set_x_orig")
    result = grade_cells(*solution(data=data.replace("m_test = ", "m_test = 1 + ")))
    assert lost(result).keys() == {"train_set_x_flatten", "m_test"}
    assert inherited(result) == {
        "train_set_x": ("train_set_x_flatten",),
        "test_set_x_flatten": ("m_test",),
        "test_set_x": ("m_test",),
    }


# ---------------------------------------------------------------- not inherited


def test_what_is_made_from_a_variable_that_is_not_filled_in_inherits_nothing(
    grade_cells: GradeCells,
) -> None:
    """It may be a line of the template; a blank notebook gets no points for it."""
    given = "train_set_x_flatten = None\ntrain_set_x = train_set_x_flatten / 255.0"
    result = grade_cells("from lr_utils import load_dataset", given)
    assert (question(result, "train_set_x").score, inherited(result)) == (0, {})


def test_an_item_that_takes_no_notice_of_its_helper_gets_nothing(grade_cells: GradeCells) -> None:
    """It calls it, and goes on with wrong code of its own; or gives what cannot depend on it."""
    own = """
    def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
        propagate(w, b, X, Y)
        return {"w": w, "b": b}, {"dw": w, "db": b}, []
    """
    result = grade_cells(*solution(propagate=WRONG, optimize=own))
    item = question(result, "optimize")
    assert (item.score, item.inherits) == (0, ())


def test_nothing_is_answered_that_an_item_is_no_helper_of(grade_cells: GradeCells) -> None:
    """Else `propagate` could be had from an `optimize` that is given up for it."""
    propagate = """
    def propagate(w, b, X, Y):
        params, grads, costs = optimize(w, b, X, Y, 1, 0.1)
        return grads, costs[0]
    """
    result = grade_cells(*solution(propagate=propagate, optimize="def optimize(*a): return 0"))
    assert question(result, "propagate").score == 0
    assert question(result, "optimize").score == 0


def test_the_reference_may_raise(grade_cells: GradeCells) -> None:
    """What it raises is raised where the helper is called, by a name that can be caught."""
    optimize = """
    def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
        try:
            propagate(w, b, Y, X)
        except ValueError:
            return real(w, b, X, Y, num_iterations, learning_rate)
    """
    real = OPTIMIZE.replace("def optimize", "def real")
    result = grade_cells(
        *solution(propagate=WRONG, optimize=real + optimize.replace("\n    ", "\n"))
    )
    assert question(result, "optimize").inherits == ("propagate",)


# ---------------------------------------------------------------- where there is no course


ASSIGNMENT = '''
"""Two functions, of which one calls the other."""
from grader import Case, question
from reference import pair as ref


@question(ref.base, points=4)
def base(x):
    """The base."""
    for _ in range(2):
        yield Case(x=x.standard_normal(3))


@question(ref.twice, points=6, helpers=("base",))
def twice(x):
    """Twice the base."""
    for _ in range(2):
        yield Case(x=x.standard_normal(3))
'''
REFERENCE = '''
"""A pair."""


def base(x):
    """Return x² + 1."""
    while isinstance(x, str):
        pass
    return x**2 + 1


def twice(x):
    """Return 2 x² + 2."""
    return 2 * base(x)
'''
SPY = """
import glob, os
def twice(x):
    value = 2 * base(x)
    for folder, _, files in os.walk("/tmp"):
        if any(name == "pair.py" for name in files):
            raise OSError(folder)
    return value
"""
OWN_BASE = "def base(x):\n    return x ** 2\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a small course in which one item calls another."""
    course = tmp_path / "course"
    for name, text in (
        ("assignments/pair/assignment.py", ASSIGNMENT),
        ("reference/__init__.py", ""),
        ("reference/pair.py", REFERENCE),
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    return course


def work_of(course: Path, pool: LocalPool) -> Work:
    """Return the work of grading the pair, after which the course's folder is gone."""
    key = answer_key(course, "pair", b"secret")
    files = reference_files(course, "pair")
    shutil.rmtree(course)
    return Work(packed_key(key), (), pool.submit(describe).result(), course=files)


def result_of(work: Work, pool: LocalPool, *cells: str) -> SubmissionResult:
    """Return the result of a notebook that a worker grades."""
    notebook = notebook_json(*cells).encode()
    parcel = Parcel("ann", "ann.ipynb", notebook, (), digest_of([("", notebook)]))
    ask = partial(grade_parcel, work.digest, work.environment, work)
    done = pool.submit(ask, parcel).result()
    assert isinstance(done, Done)
    return done.result


def graded(work: Work, pool: LocalPool, *cells: str) -> dict[str, QuestionResult]:
    """Return the results of its questions."""
    return {each.name: each for each in result_of(work, pool, *cells).questions}


@pytest.mark.parametrize("step", ["A", "B"])
def test_a_worker_needs_no_course_and_shows_none(course: Path, step: str) -> None:
    """What it needs comes with the work, and lies where no notebook can read it."""
    need_step(step)
    alone = LocalPool(1, step)  # type: ignore[arg-type]
    try:
        work = work_of(course, alone)
        assert graded(work, alone, OWN_BASE, SPY)["twice"].inherits == ("base",)
    finally:
        alone.shutdown()


def test_without_the_course_nothing_is_said_of_inheritance(course: Path, pool: LocalPool) -> None:
    """The item stays as it was."""
    changed = replace(work_of(course, pool), course=())
    item = graded(changed, pool, OWN_BASE, "def twice(x):\n    return 2 * base(x)")["twice"]
    assert (item.status, item.score, item.inherits) == ("failed", 0, ())
    assert "It uses `base`, which is not right yet" in item.message


def test_a_course_that_cannot_be_loaded_leaves_no_score(course: Path, pool: LocalPool) -> None:
    """What should be followed through is no result without it."""
    broken = (("assignments/pair/assignment.py", b"1 / 0"),)
    work = replace(work_of(course, pool), course=broken)
    cells = OWN_BASE, "def twice(x):\n    return 2 * base(x)"
    result = result_of(work, pool, *cells)
    assert (result.status, result.questions) == ("not_graded", ())
    assert result.message.startswith("the reference could not be started")


def test_the_answers_process_is_started_again(course: Path) -> None:
    """What ends it costs the item that did."""
    helpers = Helpers(lambda: course, "pair")
    try:
        first = helpers.answer("base", {"x": 2.0}, None, 5.0)
        started = time.monotonic()
        with pytest.raises(NoAnswerError, match="the reference took more than"):
            helpers.answer("base", {"x": "for ever"}, None, 0.5)
        assert time.monotonic() - started < 3
        assert helpers.answer("base", {"x": 2.0}, None, 5.0).packed == first.packed
        raised = unpack(helpers.answer("base", {"y": 2.0}, None, 5.0).packed)
        assert (raised["status"], raised["type"]) == ("raised", "TypeError")
    finally:
        helpers.close()


def test_the_fake_runner_follows_too(course: Path, write_notebook: WriteNotebook) -> None:
    """The same answers, without a kernel."""
    names: dict[str, object] = {}
    exec(OWN_BASE + "def twice(x):\n    return 2 * base(x)", names)  # noqa: S102
    helpers = Helpers(lambda: course, "pair")
    task = Task(answer_key(course, "pair", b"s"), FakeRunner(names), helpers=helpers)
    path = write_notebook(OWN_BASE, "def twice(x):\n    return 2 * base(x)")
    try:
        result = grade_submission(task, SubmissionFile("student", path))
    finally:
        helpers.close()
    assert inherited(result) == {"twice": ("base",)}
    assert (lost(result), names["base"].__name__) == ({"base": 4}, "base")  # type: ignore[attr-defined]


def test_a_circle_of_helpers_ends(grade_cells: GradeCells) -> None:
    """A notebook whose functions call one another is judged, too."""
    result = grade_cells(*solution(propagate=WRONG + "\n    model", model=MODEL))
    assert result.status == "graded"


FLAT_BIAS = """
from dnn_utils_v2 import relu_backward, sigmoid_backward
def linear_backward(dZ, cache):
    A_prev, W, b = cache
    db = np.squeeze(np.sum(dZ, axis=1)) / A_prev.shape[1]
    assert db.ndim == 0
    return np.dot(W.T, dZ), np.dot(dZ, A_prev.T) / A_prev.shape[1], db
"""
OLDER_KEYS = """
def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    dA = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    for l in range(L, 0, -1):
        linear_cache, activation_cache = caches[l - 1]
        dZ = sigmoid_backward(dA, activation_cache)
        grads[f"dA{l}"], grads[f"dW{l}"], grads[f"db{l}"] = linear_backward(dZ, linear_cache)
    return grads
"""


def test_answers_of_another_kind_may_fit_better_with_a_right_helper(
    task_for: TaskFor, write_notebook: WriteNotebook
) -> None:
    """Before, all raised, and the reference's keys were named; now it is those of an alternative.

    The sigmoid's derivative in the hidden layers is a mistake of its own.
    """
    notebook = write_notebook("import numpy as np", FLAT_BIAS, OLDER_KEYS)
    graded = grade_submission(task_for("deep_network"), SubmissionFile("student", notebook))
    result = question(graded, "L_model_backward")
    assert result.inherits == ("linear_backward",)
    assert 0 < result.score < result.max_score
    assert "`grads['dW4']`" in result.message
