"""The sample classes: what each notebook is worth, and the causes that are named.

The notebooks were written by somebody who did not know the assignments' cases and misconceptions.
"""

from pathlib import Path

import pytest

from grader.batch.grade import grade_submission
from grader.layouts import find_submissions
from grader.submission import SubmissionFile
from tests.conftest import COURSE, TaskFor

# By student: the score, and the causes in the order of the questions.
CLASSES: dict[str, dict[str, tuple[float, str]]] = {
    "numpy_basics": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (62, "columns_normalized softmax_of_the_whole"),
        "dmitri": (72, "one_minus_x image_as_a_row"),
        "elif": (90, "outer_transposed square_root_of_the_sum"),
        "farid": (86, "math_exp dot_for_elementwise"),
        "grace": (14, ""),
        "hana": (100, ""),
    },
    "shallow_network": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (80, "one_term"),
        "dmitri": (75.5, "forgot_to_average derivative_of_the_sigmoid"),
        "elif": (83.5, "examples_for_units sums_without_keepdims"),
        "farid": (76, "learning_rate_ignored"),
        "grace": (11, "returned_unchanged"),
        "hana": (100, ""),
    },
    "deep_network": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (80, "uniform_weights_by_hundredth output_layer_in_the_loop"),
        "dmitri": (78.75, "sum_of_the_losses sigmoids_derivative_in_hidden_layers"),
        "elif": (80, "db_flat"),
        "farid": (70, "output_layer_is_the_second every_step_from_the_last_layer"),
        "grace": (5, ""),
        "hana": (100, ""),
    },
    "initialization": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (65, "flat_biases_beside_zeros divided_by_own_size"),
        "dmitri": (85, "uniform_tenfold"),
        "elif": (57.5, ""),
        "farid": (47.5, "hundredth_for_tenfold last_layer_of_he_missing"),
        "grace": (35, ""),
        "hana": (50, ""),
    },
    "regularization": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (56.14, "without_the_half keeps_what_should_go"),
        "dmitri": (51.14, "normal_numbers masks_without_scaling"),
        "elif": (72.41, "no_decay_of_the_first_weights masks_never_applied"),
        "farid": (76.88, "weights_not_squared first_mask_not_applied"),
        "grace": (20, ""),
        "hana": (100, ""),
    },
    "gradient_checking": {
        "amina": (100, "both_planted_mistakes"),
        "bruno": (100, ""),
        "chiara": (45, "planted_factor_in_db1 divided_by_epsilon_n"),
        "dmitri": (45, "both_planted_mistakes sums_of_absolute_values"),
        "elif": (45, "cost_not_averaged"),
        "farid": (35, "derivative_by_x planted_factor_in_dW2 norm_of_the_sum"),
        "grace": (10, "both_planted_mistakes"),
        "hana": (20, ""),
    },
    "mse_network": {
        "amina": (100, ""),
        "bruno": (100, ""),
        "chiara": (52, "half_of_the_cost half_of_the_gradients"),
        "dmitri": (66, "without_the_slope_of_the_output"),
        "elif": (80, "uniform_weights"),
        "farid": (52, ""),
        "grace": (20.5, ""),
        "hana": (68, ""),
    },
}


@pytest.mark.parametrize("name", CLASSES)
def test_the_sample_class(task_for: TaskFor, name: str) -> None:
    """Two who are right in their own ways, four with mistakes, one unfinished, one in trouble."""
    for module in task_for(name).key.assignment.needs:
        pytest.importorskip(module)
    found_here = find_submissions([COURSE / "assignments" / name / "samples"], name)
    assert not found_here.errors
    results = [
        grade_submission(task_for(name), SubmissionFile(each.student, Path(each.path)))
        for each in found_here.submissions
    ]
    found = {
        result.student: (
            round(result.score, 2),
            " ".join(d.cause for question in result.questions for d in question.diagnoses),
        )
        for result in results
    }
    assert found == CLASSES[name]


def test_every_assignment_has_one() -> None:
    """That of logistic regression is graded by `tests/test_cli.py`."""
    folders = {path.parents[1].name for path in COURSE.glob("assignments/*/samples/*.ipynb")}
    assert folders == {*CLASSES, "logistic_regression"}
