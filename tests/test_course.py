"""Courses and assignments: what is wrong with one is told with file, line and question."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from grader.authoring import question
from grader.course import assignment_folder, course_secret, find_course
from grader.errors import CourseError, UsageError
from grader.judging import expected
from grader.judging.diagnose import is_blind
from grader.judging.expected import AnswerKey, answer_key
from grader.judging.gradients import TOLERANCE
from grader.spec import Tolerance
from tests.conftest import COURSE

GOOD = '''
"""Doubling."""
import numpy as np
from grader import Case, Example, misconception, question
from reference import doubling as ref

@question(ref.double, points=3, returns=("y",))
def double(rng):
    """Twice a number."""
    yield Example(x=1.0)
    for _ in range(2):
        yield Case(x=float(rng.normal()))

@misconception(double, hint="Not the square.")
def square(x):
    return x ** 2
'''


REFERENCE = """def double(x, by=2):
    return by * x if by not in WAYS else WAYS[by]()

import os, sys
WAYS = {
    "exit": lambda: sys.exit("now"),
    "kill": lambda: os.kill(os.getpid(), 9),
    "deep": lambda: double(1.0, "deep"),
}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with one assignment, `doubling`."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "doubling.py").write_text(REFERENCE)
    (tmp_path / "assignments" / "doubling").mkdir(parents=True)
    write(tmp_path, GOOD)
    return tmp_path


def write(course: Path, text: str) -> None:
    """Write the assignment."""
    (course / "assignments" / "doubling" / "assignment.py").write_text(text.lstrip("\n"))


def key_of(course: Path, secret: bytes = b"s") -> AnswerKey:
    """Return the answer key of the assignment."""
    return answer_key(course, "doubling", secret)


def test_an_assignment_becomes_an_answer_key(course: Path) -> None:
    """Title, points, cases in order, the reference's answers, the mistakes' answers."""
    key = key_of(course)
    (question,) = key.questions
    assert (key.assignment.name, key.assignment.title) == ("doubling", "Doubling")
    assert (question.question.title, question.question.points) == ("Twice a number.", 3)
    assert [case.id for case in question.cases] == [
        *("example-1", "visible-1", "visible-2", "hidden-1", "hidden-2")
    ]
    for case, mistaken in zip(question.cases, question.misconceptions[0].answers, strict=True):
        (x,) = case.arguments
        assert case.expected.value == 2 * x
        assert mistaken.value == x**2


def test_visible_cases_are_public_and_hidden_ones_depend_on_the_secret(course: Path) -> None:
    """The same visible cases for everybody, other hidden ones for another secret."""

    def inputs(secret: bytes) -> dict[str, float]:
        (question,) = key_of(course, secret).questions
        return {case.id: case.arguments[0] for case in question.cases}

    a, again, b = inputs(b"a"), inputs(b"a"), inputs(b"b")
    assert a == again
    assert {name for name in a if a[name] != b[name]} == {"hidden-1", "hidden-2"}
    assert a["visible-1"] != a["hidden-1"]


BROKEN = {
    "syntax": ("x = (\n", 1, None, "'(' was never closed"),
    "import": ("import no_such_module\n", 1, None, "No module named 'no_such_module'"),
    "raises": ('"""A."""\n\nx = 1 / 0\n', 3, None, "ZeroDivisionError: division by zero"),
    "reference": (GOOD.replace("ref.double", "ref.dobule"), 6, None, "has no attribute 'dobule'"),
    "empty": ('"""A."""\n', None, None, "no questions"),
    "points": (
        GOOD.replace("points=3", "points=-1"),
        6,
        "double",
        "points=-1; expected a number, 0 or more",
    ),
    "helper": (
        GOOD.replace('returns=("y",)', 'helpers=("doubel",)'),
        6,
        "double",
        "helper 'doubel' is not a question of this assignment; did you mean 'double'?",
    ),
    "case raises": (GOOD.replace("rng.normal()", "rng.norml()"), 11, "double", "norml"),
    "no case": (GOOD.replace("yield Case", "Case"), 6, "double", "yields no Case"),
    "not a case": (GOOD.replace("yield Example(x=1.0)", "yield 1"), 6, "double", "expected Case"),
    "argument": (GOOD.replace("Case(x=", "Case(z="), 6, "double", "does not take"),
    "needed": (GOOD.replace("Example(x=1.0)", "Example(by=3)"), 6, "double", "needs"),
    "returns": (GOOD.replace('("y",)', '("y", "z")'), 6, "double", "a tuple of y, z"),
    "reference raises": (
        GOOD.replace("x=1.0", "x=[], by=None"),
        6,
        "double",
        "reference/doubling.py:2, case example-1",
    ),
    "execute": (GOOD + "\nexecute = 'some'\n", None, None, "expected 'needed' or 'all'"),
    "follow_through": (GOOD + "\nfollow_through = 1\n", None, None, "'full', 'half' or 'none'"),
    "limits": (GOOD + "\nlimits = 5\n", None, None, "expected Limits"),
    "mistake's parameter": (
        GOOD.replace("def square(x)", "def square(X)").replace("x ** 2", "X ** 2"),
        13,
        "double",
        "misconception 'square' takes 'X', which the reference does not take; did you mean 'x'?",
    ),
    "mistake needs less": (
        GOOD.replace("def square(x)", "def square()").replace("x ** 2", "4"),
        13,
        "double",
        "misconception 'square' does not take 'x'",
    ),
    "mistake raises": (
        GOOD.replace("x ** 2", "z ** 2"),
        13,
        "double",
        "misconception 'square' raises NameError in every case: name 'z' is not defined",
    ),
    "tolerance": (
        GOOD.replace('returns=("y",)', 'returns="y", tolerances={"y": 0.1}'),
        6,
        "double",
        "tolerances['y'] = 0.1; expected Tolerance(...)",
    ),
    "tolerance of nothing": (
        GOOD.replace('returns=("y",)', 'returns="yy", tolerances={"y": Tolerance()}').replace(
            "import Case", "import Tolerance, Case"
        ),
        6,
        "double",
        "tolerances: no output 'y'; did you mean 'yy'?",
    ),
    "no reference": (
        GOOD.replace("@question(ref.double, points", "@question(points"),
        6,
        "double",
        "takes parameters, but has no reference",
    ),
    "variable is None": (
        GOOD + "\n@question(points=1)\ndef size():\n    pass\n",
        17,
        "size",
        "the reference returns None",
    ),
    "exits at once": ("import os\nos._exit(7)\n", None, None, "ended with code 7"),
    "exits as if well": ("import os\nos._exit(0)\n", None, None, "ended with code 0"),
    "exits": ("import sys\nsys.exit(0)\n", 2, None, "SystemExit: 0"),
    "reference exits": (
        GOOD.replace("x=1.0", "x=1.0, by='exit'"),
        *(6, "double", "the reference raised SystemExit: now"),
    ),
    "reference kills": (
        GOOD.replace("x=1.0", "x=1.0, by='kill'"),
        *(6, "double", "the process that runs the course's code ended with signal 9 (Killed)"),
    ),
    "reference recurses": (
        GOOD.replace("x=1.0", "x=1.0, by='deep'"),
        *(6, "double", "the reference raised RecursionError: maximum recursion depth"),
    ),
    "case exits": (
        GOOD.replace("yield Example(x=1.0)", "raise SystemExit(1)"),
        *(9, "double", "SystemExit: 1"),
    ),
    "two of one name": (
        GOOD + GOOD[GOOD.index("@question") :],
        *(
            6,
            "double",
            "two definitions are named 'double': this question, and another one on line 16",
        ),
    ),
    "two of one name in a loop": (
        GOOD + "\ndef made():\n    @question(points=1)\n    def size():\n        return 3\n"
        "    return size\nfor number in '12':\n    globals()['q' + number] = made()\n",
        *(18, "size", "two definitions are named 'size'"),
    ),
    "two mistakes of one name": (
        GOOD + GOOD[GOOD.index("@misconception") :],
        *(13, "square", "two definitions are named 'square'"),
    ),
    "a mistake named as its question": (
        GOOD.replace("def square", "def double"),
        *(6, "double", "this question, and another one on line 13"),
    ),
    "a name for something else": (
        GOOD + "\ndouble = 5\n",
        *(6, "double", "the name 'double' of this question is given to something else"),
    ),
    "no question": (
        GOOD.replace("misconception(double", "misconception('double'"),
        *(13, None, "'double' is no question; expected one of this assignment"),
    ),
    "hint": (
        GOOD.replace('hint="Not the square."', "hint=5"),
        *(13, None, "'square': hint=5; expected a text"),
    ),
    "limit": (
        GOOD + "\nfrom grader import Limits\nlimits = Limits(call_seconds='5')\n",
        *(None, None, "limits: call_seconds='5'; expected a number above 0"),
    ),
    "no signature": (
        GOOD.replace("ref.double", "5"),
        *(6, "double", "5 is no reference: it has no signature"),
    ),
}


SETTINGS = {
    'points="1"': "points='1'; expected a number, 0 or more",
    "points=float('nan')": "points=nan; expected a number, 0 or more",
    "points=True": "points=True; expected a number",
    'points=1, rtol="x"': "rtol='x'; expected a number, 0 or more",
    "points=1, returns=5": "returns=5; expected a text, or a tuple or list of different ones",
    "points=1, returns=('a', 'a')": "returns=('a', 'a'); expected",
    'points=1, helpers="abc"': "helpers='abc'; expected a tuple or list of names",
    'points=1, unused=["a b"]': "unused=['a b']; expected a tuple or list of names",
    "points=1, reads=5": "reads=5; expected a tuple or list of names",
    'points=1, aliases=("a b",)': "aliases=('a b',); expected a tuple or list of names",
    'points=1, shares={"y": "much"}': "shares={'y': 'much'}; expected a dictionary of numbers",
    "points=1, shares=[0.5]": "shares=[0.5]; expected a dictionary of numbers",
    'points=1, seed="3"': "seed='3'; expected an integer",
    "points=1, seed=-1": "seed=-1; expected an integer",
    'points=1, printed="("': "printed='('; expected a regular expression",
    'points=1, extra="no"': "extra='no'; expected True or False",
    "points=1, tolerances=[1]": "tolerances=[1]; expected a dictionary",
    'points=1, tolerances={"y": Tolerance(rtol="x")}': "tolerances['y']: rtol='x'; expected",
    'points=1, tolerances={"y": Tolerance(dtypes="float")}': "dtypes='float'; expected a tuple",
}


@pytest.mark.parametrize(("written", "reason"), SETTINGS.items())
def test_a_setting_that_is_of_no_use_is_named_where_it_is_written(
    written: str, reason: str
) -> None:
    """With file, line and question, when the function below it is decorated."""

    def double() -> None:
        """Yield nothing."""

    decorate = eval(f"question({written})", {"question": question, "Tolerance": Tolerance})  # noqa: S307
    with pytest.raises(CourseError) as caught:
        decorate(double)
    assert reason in caught.value.reason
    assert (caught.value.question, caught.value.file) == ("double", __file__)
    assert caught.value.line == double.__code__.co_firstlineno


@pytest.mark.parametrize(("text", "line", "question", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_told_with_its_place(
    course: Path, text: str, line: int | None, question: str | None, reason: str
) -> None:
    """One line: file, line, question, reason."""
    write(course, text)
    with pytest.raises(CourseError) as caught:
        key_of(course)
    error = caught.value
    assert reason in str(error)
    assert (error.line, error.question) == (line, question)
    assert str(error).startswith(str(course / "assignments" / "doubling" / "assignment.py"))
    assert "\n" not in str(error)


def test_a_course_that_hangs_is_stopped(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference process has a time limit; the question that it had begun is named."""
    (course / "reference" / "doubling.py").write_text("def double(x):\n    while True: pass\n")
    monkeypatch.setattr(expected, "REFERENCE_SECONDS", 2)
    with pytest.raises(CourseError, match=r"question 'double': .* took more than 2 s") as caught:
        key_of(course)
    assert caught.value.line == 6


def test_one_question_may_have_two_names(course: Path) -> None:
    """It counts once."""
    write(course, GOOD + "\nsame = double\n")
    assert [each.question.name for each in key_of(course).questions] == ["double"]


def test_a_course_that_takes_all_memory_is_stopped(course: Path) -> None:
    """The reference process has a limit on memory."""
    write(course, "import numpy as np\nx = np.ones(2 ** 40, dtype='u1')\n")
    with pytest.raises(CourseError, match="MemoryError"):
        key_of(course)


def test_what_the_course_prints_does_not_disturb(course: Path) -> None:
    """Prints of the assignment and of the reference go elsewhere."""
    write(course, GOOD + "\nprint('hello')\nimport os\nos.write(1, b'raw')\n")
    assert key_of(course).assignment.points == 3


def test_a_mistake_may_crash(course: Path) -> None:
    """A misconception that raises is kept with its exception."""
    write(course, GOOD.replace("return x ** 2", "return 1 if x == 1 else [][3]"))
    answers = key_of(course).questions[0].misconceptions[0].answers
    assert [answer.error_type for answer in answers] == ["", *["IndexError"] * 4]


def test_a_reference_that_changes_its_input_does_not_change_the_case(course: Path) -> None:
    """Every call gets copies."""
    text = "def double(x, by=2):\n    x *= 2\n    return x\n"
    (course / "reference" / "doubling.py").write_text(text)
    write(
        course,
        GOOD.replace("float(rng.normal())", "rng.normal(size=3)").replace("1.0", "np.ones(1)"),
    )
    for case in key_of(course).questions[0].cases:
        np.testing.assert_array_equal(case.expected.value, 2 * case.arguments[0])


# ---------------------------------------------------------------- finding


def test_the_example_of_the_readme_is_an_assignment(course: Path) -> None:
    """As it stands there, over the reference of this repository."""
    (example,) = re.findall(
        r"^```python\n(.*?)^```$", (COURSE / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    shutil.copytree(COURSE / "reference", course / "reference", dirs_exist_ok=True)
    write(course, example)
    key = key_of(course)
    found = expected.slopes(course, "doubling", b"s")
    assert {slope.output for slope in found} == {"grads['dw']", "grads['db']"}
    assert all(slope.difference < TOLERANCE for slope in found)
    assert [q.question.name for q in key.questions] == ["propagate", "m_train"]
    assert not is_blind(key.questions[0], key.questions[0].misconceptions[0])


def test_a_course_is_found_from_below(course: Path) -> None:
    """From any folder inside it; elsewhere the error says what a course is."""
    assert find_course(course / "assignments" / "doubling") == course.resolve()
    with pytest.raises(UsageError, match="a folder with assignments/ and reference/"):
        find_course(course.parent)


def test_an_unknown_assignment_names_the_near_miss(course: Path) -> None:
    """Or lists what there is."""
    with pytest.raises(UsageError, match="did you mean 'doubling'"):
        assignment_folder(course, "dubling")
    with pytest.raises(UsageError, match="there are: doubling"):
        assignment_folder(course, "zzz")
    with pytest.raises(UsageError):
        assignment_folder(course, "../assignments/doubling")


def test_an_assignment_may_be_named_as_shells_complete_it(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a slash at the end, or as the path of its folder."""
    monkeypatch.chdir(course / "assignments")
    for name in (
        "doubling",
        "doubling/",
        "../assignments/doubling",
        str(course / "assignments/doubling/"),
    ):
        assert assignment_folder(course.resolve(), name).name == "doubling"


def test_the_secret_is_made_once_and_kept_from_others(course: Path) -> None:
    """Readable by its owner only, and ignored by git."""
    secret = course_secret(course)
    assert course_secret(course) == secret
    path = course / ".grader" / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (course / ".grader" / ".gitignore").read_text() == "*\n"
    path.write_text("not a secret")
    with pytest.raises(CourseError):
        course_secret(course)
