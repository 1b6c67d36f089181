"""The mistakes of the source documents, as notebooks in a real kernel, with their verdicts."""

import numpy as np
import pytest

from grader.batch.grade import Task, requests
from grader.execution.plan import plan
from grader.submission import read_notebook
from tests import notebooks
from tests.conftest import GradeCells, WriteNotebook, question
from tests.notebooks import solution


def test_the_answer_gets_full_marks(grade_cells: GradeCells) -> None:
    """The answer of the first document, in a whole notebook."""
    result = grade_cells(*solution())
    assert [q.name for q in result.questions if q.status != "passed"] == []
    assert result.score == result.max_score == 100
    assert result.notes == ()
    assert not any(q.diagnoses for q in result.questions)


def test_the_answer_gives_the_documented_figures(task: Task, write_notebook: WriteNotebook) -> None:
    """dw, db and cost of the exercise's example, as they came out of the student's kernel."""
    planned = plan(read_notebook(write_notebook(*solution())), task.key.assignment)
    (example,) = (r for r in requests(task.key) if r.case == "example-1")
    run = task.runner.run(planned, [example], task.key.assignment.limits, task.support)
    grads, cost = run.observations[0].value
    np.testing.assert_allclose(grads["dw"], [[0.99993216], [1.99980262]], atol=5e-9, rtol=0)
    assert grads["db"] == pytest.approx(0.49993523062470574, rel=1e-12)
    assert cost == pytest.approx(6.000064773192205, rel=1e-12)


def test_the_first_attempt_is_recognised(grade_cells: GradeCells) -> None:
    """`A = sigmoid(X)`: the cause, and each output with the shape that is due."""
    result = question(grade_cells(*solution(propagate=notebooks.FIRST_ATTEMPT)), "propagate")
    assert result.score == 0
    (diagnosis,) = result.diagnoses
    assert "ignores `w` and `b`" in diagnosis.message
    assert "wrong axis" in diagnosis.message
    told = {output.path: output for output in result.outputs}
    assert {output.fault for output in told.values()} == {"shape"}
    for path, words in {
        "grads['dw']": "must be an array of shape (2, 1); yours is an array of shape (2, 2).",
        "grads['db']": "must be a single number; yours is an array of shape (2,).",
        "cost": "must be a single number; yours is an array of shape (2,).",
    }.items():
        assert f"In the exercise's example: `{path}` {words}" in told[path].message


def test_the_first_attempt_with_right_sums_is_recognised(grade_cells: GradeCells) -> None:
    """The same mistake in a function that is right otherwise."""
    cell = notebooks.PROPAGATE.replace("np.dot(w.T, X) + b", "X").replace(
        "assert dw", "# assert dw"
    )
    result = question(grade_cells(*solution(propagate=cell)), "propagate")
    assert [d.cause for d in result.diagnoses] == ["activation_of_the_inputs"]


def test_a_sum_over_the_wrong_axis_is_recognised(grade_cells: GradeCells) -> None:
    """`db = np.sum(A - Y, axis=0) / m` in a function that is right otherwise."""
    cell = notebooks.PROPAGATE.replace("np.sum(A - Y)", "np.sum(A - Y, axis=0)")
    result = question(grade_cells(*solution(propagate=cell)), "propagate")
    assert [d.cause for d in result.diagnoses] == ["db_summed_over_axis_0"]
    assert [o.path for o in result.outputs if o.status != "passed"] == ["grads['db']"]
    assert result.outputs[1].fault == "shape"


def test_another_name_is_missing_with_the_near_miss(grade_cells: GradeCells) -> None:
    """`initializing_with_zeros`: not there, and what is there; then the integers are told."""
    cell = """
def initializing_with_zeros(dim):
    w = np.zeros((dim, 1), dtype=int)
    b = 0
    return w, b
"""
    missing = question(grade_cells(*solution(initialize_with_zeros=cell)), "initialize_with_zeros")
    assert (missing.status, missing.score) == ("missing", 0)
    assert "`initializing_with_zeros`: is that the one?" in missing.message

    renamed = cell.replace("initializing_with_zeros", "initialize_with_zeros")
    result = question(
        grade_cells(*solution(initialize_with_zeros=renamed)), "initialize_with_zeros"
    )
    w, b = result.outputs
    assert (w.status, w.fault, b.status) == ("failed", "dtype", "passed")
    assert "must hold floats; yours holds integers" in w.message
    assert [d.cause for d in result.diagnoses] == ["integer_weights"]


def test_an_image_is_not_the_number_of_images(grade_cells: GradeCells) -> None:
    """`m_train = train_set_x_orig[0]`."""
    cell = notebooks.DATA.replace(
        "m_train = train_set_x_orig.shape[0]", "m_train = train_set_x_orig[0]"
    )
    cell = cell.replace("reshape(m_train,", "reshape(60,")
    result = grade_cells(*solution(data=cell))
    m_train = question(result, "m_train")
    assert m_train.message == (
        "`m_train` must be a single number; yours is an array of shape (64, 64, 3)."
    )
    assert [d.cause for d in m_train.diagnoses] == ["first_training_image"]
    assert result.score == 98


def test_an_ignored_argument_is_told_without_costing(grade_cells: GradeCells) -> None:
    """`model` that always passes `print_cost=False` on."""
    cell = notebooks.MODEL.replace("learning_rate, print_cost)", "learning_rate, print_cost=False)")
    result = question(grade_cells(*solution(model=cell)), "model")
    assert (result.status, result.score) == ("passed", result.max_score)
    assert [d.cause for d in result.diagnoses] == ["print_cost_ignored"]


@pytest.mark.parametrize(
    "line",
    ['print("Costo tras la iteración %i: %f" % (i, cost))', "print(i)", "print('J', cost)"],
)
def test_costs_may_be_printed_in_any_words(grade_cells: GradeCells, line: str) -> None:
    """Nothing is said to who prints when asked."""
    cell = notebooks.OPTIMIZE.replace('print("Cost after iteration %i: %f" % (i, cost))', line)
    assert line in cell
    result = grade_cells(*solution(optimize=cell))
    assert not any(q.diagnoses for q in result.questions)


def test_what_is_equally_right_gets_full_marks(grade_cells: GradeCells) -> None:
    """What varies between versions of the course and between students."""
    result = grade_cells(
        *solution(
            sigmoid="sigmoid = lambda z: np.exp(z) / (1 + np.exp(z))",
            initialize_with_zeros=notebooks.INITIALIZE.replace("0.0", "0"),
            predict="def predict(w, b, X):\n    return sigmoid(w.T.dot(X) + b) > 0.5",
            optimize=notebooks.OPTIMIZE.replace(
                "num_iterations, l", "num_iterations=100, l"
            ).replace("learning_rate, print", "learning_rate=0.009, print"),
            propagate=notebooks.PROPAGATE.replace(
                "1 / m * np.sum(A - Y)", "np.sum(A - Y, axis=1) / m"
            ),
        )
    )
    assert [q.name for q in result.questions if q.status != "passed"] == []


def test_a_missing_module_costs_only_what_needs_it(grade_cells: GradeCells) -> None:
    """In one cell with what is needed, named, and nothing else lost."""
    imports = "from course_helpers import load, show\n" + notebooks.IMPORTS
    data = notebooks.DATA.replace("m_test = test_set_x_orig.shape[0]", "m_test = load()")
    data = data.replace("reshape(m_test,", "reshape(26,")
    result = grade_cells(*solution(imports=imports, data=data))
    assert result.score == 98
    assert (
        "the module `course_helpers` is not available here (cell 1, line 1)"
        in question(result, "m_test").message
    )
    assert len(result.notes) == 1


def test_a_missing_file_is_named(grade_cells: GradeCells) -> None:
    """Data that are absent cost what is made of them."""
    cell = notebooks.DATA.replace("load_dataset()", "np.load('datasets/train.npy')")
    result = grade_cells(*solution(data=cell))
    assert "datasets/train.npy" in question(result, "num_px").message
    assert question(result, "propagate").status == "passed"


def test_a_syntax_error_costs_its_cell(grade_cells: GradeCells) -> None:
    """Named with cell and line; functions of other cells are graded."""
    result = grade_cells(*solution(predict=notebooks.PREDICT + "\nprint('predicted'"))
    predict = question(result, "predict")
    assert predict.status == "missing"
    assert "Python cannot read cell 7, line 5" in predict.message
    assert question(result, "optimize").status == "passed"
    assert [(note.level, note.cell, note.line) for note in result.notes] == [("error", 7, 5)]


def test_the_last_of_two_definitions_counts(grade_cells: GradeCells) -> None:
    """With a warning."""
    result = grade_cells(*solution(), "def sigmoid(z):\n    return z")
    assert question(result, "sigmoid").status == "failed"
    assert "the last one counts" in result.notes[0].message


def test_shadowing_by_a_later_import_does_not_count(grade_cells: GradeCells) -> None:
    """The student's own `sigmoid` is graded, whatever is imported after it."""
    result = grade_cells(*solution(), "from lr_utils import load_dataset as sigmoid")
    assert question(result, "sigmoid").status == "passed"


def test_imported_work_is_not_graded(grade_cells: GradeCells) -> None:
    """Not even where another item needs the import."""
    imported = "from lr_utils import load_dataset as predict"
    result = grade_cells(*solution(predict="", sigmoid=""), imported)
    assert question(result, "predict").status == "missing"
    assert "imports `predict` but does not define it" in question(result, "predict").message


def test_hidden_inputs_do_not_come_back_in_visible_cases(grade_cells: GradeCells) -> None:
    """A function that keeps what it was given has nothing to tell in another one's cases."""
    spy = "SEEN = []\ndef sigmoid(z):\n    SEEN.append(z)\n    return 1 / (1 + np.exp(-z))"
    tell = "def initialize_with_zeros(dim):\n    raise ValueError(len(SEEN))"
    result = question(
        grade_cells(*solution(sigmoid=spy, initialize_with_zeros=tell)), "initialize_with_zeros"
    )
    assert "ValueError" in result.message
    assert result.message.endswith(": 0.")


def test_a_loop_without_end_costs_its_question(grade_cells: GradeCells) -> None:
    """And whatever calls it; the rest is graded."""
    result = grade_cells(*solution(predict="def predict(w, b, X):\n    while True: pass"))
    assert question(result, "predict").message == (
        "`predict` was stopped after 5 s without a result. Is there a loop that never ends?"
    )
    assert question(result, "optimize").status == "passed"
    assert question(result, "model").inherits == ("predict",)
