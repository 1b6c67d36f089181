"""What an author can say of a question, seen through notebooks in a real kernel."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.batch.grade import Task, grade_submission
from grader.course import support_folder
from grader.errors import CourseError
from grader.execution.kernel import KernelRunner
from grader.judging.expected import answer_key, slopes
from grader.judging.gradients import TOLERANCE, off_by
from grader.results import QuestionResult
from grader.submission import SubmissionFile
from tests.conftest import WriteNotebook

REFERENCE = '''
"""Lines through points."""

import numpy as np

def draw(n):
    return np.random.randn(n)

def line(x, a=2.0, b=1.0):
    return a * x + b

def scale(x, by):
    return by * x

def summary(x):
    return np.sum(x), {"mean": np.mean(x), "square": np.mean(x**2)}

def slope(x, w):
    return {"dw": 2 * np.sum(w * x) * x}
'''

ASSIGNMENT = '''
"""Lines."""

import numpy as np
from grader import Case, alternative, gradient, misconception, question
from reference import lines as ref

support = ("shared_lines",)

@question(ref.draw, points=10, seed=3)
def draw(rng):
    for n in (3, 5):
        yield Case(n=n)

@question(ref.line, points=10, unused=("spare",), aliases=["straight"])
def line(rng):
    for a in (3.0, 4.0):
        yield Case(x=rng.normal(), a=a, b=0.5, spare="spare")

@question(ref.scale, points=10, reads=["by"], extra=True)
def scale(rng):
    for by in (3.0, 4.0):
        yield Case(x=rng.normal(size=3), by=by)

@question(ref.summary, points=10, returns=("total", "means"), shares={"total": 0.8})
def summary(rng):
    for n in (3, 5):
        yield Case(x=rng.normal(size=n))

@alternative(summary, note="Older books say average.")
def older_name(x):
    total, means = ref.summary(x)
    return total, {"average": means["mean"], "square": means["square"]}

@question(ref.slope, points=0, returns=("grads",))
def slope(rng):
    for n in (3, 5):
        yield Case(x=rng.normal(size=n), w=rng.normal(size=n))

@gradient(slope)
def of_the_square(x, w):
    return {"grads['dw']": (lambda w: np.sum(w * x) ** 2, w)}

@misconception(slope, hint="Twice.")
def without_two(x, w):
    return {"dw": np.sum(w * x) * x}
'''

Grade = Callable[..., dict[str, QuestionResult]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one assignment, `lines`."""
    course = tmp_path_factory.mktemp("course")
    (course / "reference").mkdir()
    (course / "reference" / "lines.py").write_text(REFERENCE)
    (course / "assignments" / "lines" / "support").mkdir(parents=True)
    (course / "assignments" / "support").mkdir()
    (course / "assignments" / "support" / "shared_lines.py").write_text("HALF = 0.5\n")
    (course / "assignments" / "lines" / "support" / "own_lines.py").write_text(
        "from shared_lines import HALF\nONE = 2 * HALF\n"
    )
    (course / "assignments" / "lines" / "assignment.py").write_text(ASSIGNMENT)
    return course


@pytest.fixture
def grade(course: Path, runner: KernelRunner, write_notebook: WriteNotebook) -> Grade:
    """Return a function that grades cells for `lines`."""
    key = answer_key(course, "lines", b"s")

    def grade(*cells: str) -> dict[str, QuestionResult]:
        path = write_notebook("import numpy as np", *cells)
        with support_folder(course, key.assignment) as support:
            result = grade_submission(Task(key, runner, support), SubmissionFile("s", path))
        return {question.name: question for question in result.questions}

    return grade


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return np.random.randn(n)", "passed"),
        ("np.random.seed(3); return np.random.randn(n)", "passed"),
        ("np.random.seed(4); return np.random.randn(n)", "passed"),
        ("return sow(4) or np.random.randn(n)\nfrom numpy.random import seed as sow", "passed"),
        ("return np.random.rand(n)", "failed"),
    ],
)
def test_a_seed_is_set_before_the_call(grade: Grade, body: str, status: str) -> None:
    """Who seeds inside, with whatever number, is as right as who leaves it to the grader."""
    assert grade(f"def draw(n): {body}")["draw"].status == status


@pytest.mark.parametrize(
    "signature",
    [
        "(x, a, b)",
        "(x, a, b, spare)",
        "(x, b=9, a=9)",  # optional ones by their names
        "(x, rate=0, a=9, b=9)",  # one of the student's own in between
        "(x, a, b, *, spare)",
        "(x, *, b, a)",
        "(b, a, x)",  # before the one that must be given
        "(x, a, b, /)",
        "(*everything): x, a, b = everything; return a * x + b\ndef other()",
    ],
)
def test_arguments_go_where_they_are_taken(grade: Grade, signature: str) -> None:
    """By position, and the optional ones by name where the names tell them apart."""
    assert grade(f"def line{signature}: return a * x + b")["line"].status == "passed"


@pytest.mark.parametrize(
    "cell",
    [
        "def line(x, slope, shift=0): return slope * x + shift",
        "def line(x, slope, b=0): return slope * x + b",
        "def line(x, b, slope=0): return slope * x + b",
        "def line(x, a, shift, another): return a * x + shift",
    ],
)
def test_optional_arguments_under_other_names_go_in_order(grade: Grade, cell: str) -> None:
    """What no name tells goes to the parameters that are left."""
    assert grade(cell)["line"].status == "passed"


def test_an_alias_is_graded(grade: Grade) -> None:
    """Unless the item's own name is there."""
    assert grade("def straight(x, a, b): return a * x + b")["line"].status == "passed"
    both = "def straight(x, a, b): return a * x + b\ndef line(x, a, b): return 0.0"
    assert grade(both)["line"].status == "failed"


@pytest.mark.parametrize(
    "cell",
    [
        "def scale(x, by): return by * x",
        "def scale(by, x): return by * x",
        "by = 7\ndef scale(x): return by * x",
        "def scale(x): return by * x, 'and more'",
        "def scale(x): return by * x, x, by",
        "def scale(x, factor): return factor * x",
        "def scale(x, by, /): return by * x",
        "def loud(f): return lambda *a: f(*a)\n@loud\ndef scale(x, by): return by * x",
        "def loud(f): return lambda *a: f(*a)\n@loud\ndef scale(x): return by * x",
    ],
)
def test_an_argument_may_be_read_as_a_global(grade: Grade, cell: str) -> None:
    """Taken by name, or read as a global, which then has the case's value; more may be returned."""
    assert grade(cell)["scale"].status == "passed"


def test_shares_weigh_outputs(grade: Grade) -> None:
    """A wrong total costs its share, a wrong mean half of the rest."""
    right = "np.sum(x), {'mean': np.mean(x), 'square': np.mean(x**2)}"
    for wrong, score in [("np.sum(x)", 2), ("np.mean(x)", 9), ("np.mean(x**2)", 9)]:
        cell = f"def summary(x): return {right.replace(wrong, '0.5')}"
        assert grade(cell)["summary"].score == pytest.approx(score)
    assert grade(f"def summary(x): return {right}")["summary"].score == 10


def test_an_alternative_is_as_right(grade: Grade) -> None:
    """Full marks, and its note; a mistake beside it costs what it costs by the alternative."""
    older = "np.sum(x), {'average': np.mean(x), 'square': np.mean(x**2)}"
    result = grade(f"def summary(x): return {older}")["summary"]
    assert (result.status, result.score) == ("passed", 10)
    assert result.message == "Older books say average."
    partly = grade(f"def summary(x): return {older.replace('x**2', 'x')}")["summary"]
    assert partly.score == pytest.approx(9)
    assert [o.path for o in partly.outputs if o.status == "failed"] == ["means['square']"]


def test_an_item_without_points_is_told(grade: Grade) -> None:
    """Judged as any other, with its cause."""
    result = grade("def slope(x, w): return {'dw': np.sum(w * x) * x}")["slope"]
    assert (result.status, result.score, result.max_score) == ("failed", 0, 0)
    assert [diagnosis.cause for diagnosis in result.diagnoses] == ["without_two"]


def test_shared_modules_can_be_imported(grade: Grade) -> None:
    """Those that the assignment names, by notebooks and by its own modules."""
    cell = "from own_lines import ONE\nfrom shared_lines import HALF\n"
    results = grade(cell + "def line(x, a, b): return a * x + b * ONE * 2 * HALF")
    assert results["line"].status == "passed"


def test_calls_to_paste_fit_the_student(grade: Grade) -> None:
    """What only some versions take is passed to those that do."""
    (call, *_) = grade("def line(x, a, b, spare): return 0.0")["line"].calls
    assert call.code.endswith("line(x, a, b, spare)")
    (call, *_) = grade("def line(x, a, b): return 0.0")["line"].calls
    assert call.code.endswith("line(x, a, b)")
    (call, *_) = grade("def straight(b, x, rate=1, a=2): return 0.0")["line"].calls
    assert call.code.endswith("straight(b, x, a=a)")
    (call, *_) = grade("def scale(x): return 0.0")["scale"].calls
    assert "by = 3.0" in call.code
    assert call.code.endswith("scale(x)")
    (call, *_) = grade("def draw(n): return 0.0")["draw"].calls
    assert call.code == "np.random.seed(3)\nn = 3\ndraw(n)"


def test_gradients_are_compared_with_central_differences(course: Path) -> None:
    """Right ones agree; the factor two would be seen."""
    found = slopes(course, "lines", b"s")
    assert [(s.question, s.output) for s in found] == [("slope", "grads['dw']")] * 4
    assert all(slope.difference < TOLERANCE for slope in found)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('{"total": 0.8}', '{"totl": 0.8}', "shares: no output 'totl'; did you mean 'total'?"),
        ('{"total": 0.8}', '{"total": 1.8}', "shares: expected numbers from 0"),
        ('("shared_lines",)', '("shared",)', "support: there is no shared.py"),
        ('("shared_lines",)', '"shared_lines"', "support = 'shared_lines'; expected a tuple"),
        ("def older_name(x)", "def older_name(y)", "alternative 'older_name' takes 'y'"),
        ('means["mean"]', 'means["men"]', "alternative 'older_name' raises KeyError: 'men'"),
        ("def of_the_square(x, w)", "def of_the_square(x)", "does not take 'w'"),
        ("return total, {", "return total, total, {", "does not return as many values"),
        (
            'reads=["by"]',
            'reads=["bye"]',
            "reads: the reference does not take 'bye'; did you mean",
        ),
        ('unused=("spare",)', 'unused=("a",)', "unused: the reference takes 'a'"),
        ('["straight"]', '["draw"]', "aliases: 'draw' is another question's name"),
        ('("shared_lines",)', '("shared_lines", "own_lines")', "there is no own_lines.py"),
    ],
)
def test_what_is_wrong_is_told(course: Path, old: str, new: str, reason: str) -> None:
    """One line, with file and question."""
    path = course / "assignments" / "lines" / "assignment.py"
    assert old in ASSIGNMENT
    path.write_text(ASSIGNMENT.replace(old, new))
    try:
        with pytest.raises(CourseError, match=r"assignment\.py") as caught:
            answer_key(course, "lines", b"s")
    finally:
        path.write_text(ASSIGNMENT)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("factor", "least", "most"), [(1.0, 0.0, TOLERANCE), (2.0, 0.9, 1.1), (0.0, 0.9, 1.1)]
)
def test_a_kink_within_the_step_makes_no_gradient_wrong(
    factor: float, least: float, most: float
) -> None:
    """A relu's Z may be almost 0 in a case that is drawn; a wrong gradient stays wrong there."""
    found = off_by(factor * np.ones(3), lambda w: np.maximum(w + 1e-6, 0).sum(), np.zeros(3))
    assert least <= found <= most


def test_a_gradient_of_nothing_is_told(course: Path) -> None:
    """An address that the reference does not return, with the near miss."""
    path = course / "assignments" / "lines" / "assignment.py"
    path.write_text(ASSIGNMENT.replace("grads['dw']\": (", "grads['dW']\": ("))
    try:
        with pytest.raises(CourseError, match=r"names 'grads\['dW'\]'.*did you mean") as caught:
            slopes(course, "lines", b"s")
    finally:
        path.write_text(ASSIGNMENT)
    assert caught.value.question == "slope"
