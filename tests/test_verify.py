"""`grader verify` and `grader starter`: a sound course, and each way in which one is not."""

import json
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import CourseError
from grader.execution.kernel import KernelRunner
from grader.judging.expected import answer_key
from grader.starter import blank_notebook, read_starter
from grader.verify import Verification, verify

pytestmark = pytest.mark.slow

REFERENCE = '''
import numpy as np

def mean(x):
    """Return 1/n Σ x_i.

    The numbers are x (n,); a "quoted" word, a back\\\\slash.
    """
    return np.mean(x)

def slope(x, w=1.0):
    'Return d/dw of "(w Σ x)²"'
    return 2 * w * np.sum(x) ** 2
'''

ASSIGNMENT = '''
"""Means."""
import numpy as np
from grader import Case, gradient, misconception, question
from reference import means as ref
from numbers_of import NUMBERS

@question(points=2)
def size():
    """How many."""
    return len(NUMBERS)

@question(ref.mean, points=5)
def mean(rng):
    """The mean."""
    for n in (1, 3):
        yield Case(x=rng.normal(size=n))

@misconception(mean, hint="Divide by n.")
def no_division(x):
    return np.sum(x)

@question(ref.slope, points=3)
def slope(rng):
    """The slope."""
    for n in (2, 3):
        yield Case(x=rng.normal(size=n), w=float(rng.uniform(1, 2)))

@gradient(slope)
def of_the_square(x, w):
    return {"slope": (lambda w: (w * np.sum(x)) ** 2, w)}

@misconception(slope, hint="Twice.")
def without_two(x, w):
    return w * np.sum(x) ** 2
'''

STARTER = """
# Means

Some numbers, and what to do with them.

```python
import numpy as np
from numbers_of import NUMBERS
```

```python
### START CODE HERE ###
count = 0
for _ in NUMBERS:
    count += 1
size = count
### END CODE HERE ###
print(size)
```

```graded
mean
```

The slope:

```graded
slope
```

```text
stays text
```
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a sound course with one assignment, `means`."""
    (tmp_path / "reference").mkdir()
    folder = tmp_path / "assignments" / "means"
    (folder / "support").mkdir(parents=True)
    (folder / "support" / "numbers_of.py").write_text("NUMBERS = [3, 1, 2]\n")
    write(tmp_path)
    return tmp_path


def write(
    course: Path, assignment: str = ASSIGNMENT, reference: str = REFERENCE, starter: str = STARTER
) -> None:
    """Write the three files of the course."""
    (course / "reference" / "means.py").write_text(reference)
    (course / "assignments" / "means" / "assignment.py").write_text(assignment)
    (course / "assignments" / "means" / "starter.md").write_text(starter)


def verified(course: Path, runner: KernelRunner) -> Verification:
    """Verify the assignment."""
    return verify(course, "means", b"s", runner)


def test_a_sound_assignment(course: Path, runner: KernelRunner) -> None:
    """Full marks for the reference, none for the blank one, and which cases are blind."""
    seen = verified(course, runner)
    assert seen.problems == ()
    assert (seen.reference.score, seen.blank.score, seen.points) == (10, 0, 10)
    assert {question.status for question in seen.reference.questions} == {"passed"}
    mistakes = {mistake.cause: mistake for mistake in seen.mistakes}
    assert mistakes["no_division"].blind == ("visible-1", "hidden-1")
    assert mistakes["no_division"].caught == ("visible-2", "hidden-2")
    assert mistakes["without_two"].blind == ()
    assert len(seen.slopes) == 4


UNSOUND = {
    "reference changes": (
        {"reference": REFERENCE.replace("np.mean(x)", "np.random.default_rng().random()")},
        "`mean`: the reference answers another thing when it is asked again",
    ),
    "cases change": (
        {"assignment": ASSIGNMENT.replace("def mean(rng):", "def mean(_):").replace(
            "    for n in (1, 3):", "    rng = np.random.default_rng()\n    for n in (1, 3):")},
        "`mean`: its cases are others when they are drawn again",
    ),
    "blind": (
        {"assignment": ASSIGNMENT.replace("for n in (1, 3):", "for n in (1, 1):")},
        "`mean`: misconception 'no_division' is caught by no case",
    ),
    "mistake changes": (
        {"assignment": ASSIGNMENT.replace("w * np.sum(x) ** 2", "np.random.default_rng().random()")},  # noqa: E501
        "`slope`: a misconception or alternative answers another thing when asked again",
    ),
    "alternative": (
        {"assignment": ASSIGNMENT.replace("import Case,", "import Case, alternative,")
            + "\n@alternative(mean)\ndef same(x):\n    return np.mean(x)\n"},
        "`mean`: alternative 'same' answers as the reference does",
    ),
    "gradient": (
        {"reference": REFERENCE.replace("return 2 * w", "return 2.1 * w")},
        "`slope`: `slope` is not the slope of its cost in visible case 1: off by 0.05",
    ),
    "variable": (
        {"starter": STARTER.replace("size = count\n", "size = count + 1\n")},
        "`size`: the starter, filled in, is not right: `size` is 4 and should be 3.",
    ),
    "left out": (
        {"starter": STARTER.replace("```graded\nslope\n```", "")},
        "`slope`: the starter, filled in, is not right: The notebook does not define `slope`.",
    ),
    "noise": (
        {"reference": REFERENCE.replace("np.mean(x)", "(np.mean(x) + 1e12) - 1e12")},
        "`mean`: in visible case 1 `mean` is rounding noise: arguments that differ in their last ",
    ),
    "jump": (
        {"assignment": ASSIGNMENT.replace("x=rng.normal(size=n))", "x=np.full(n, 0.5))", 1),
            "reference": REFERENCE.replace("np.mean(x)", "np.mean(x >= 0.5)")},
        "`mean`: in visible case 1 `mean` is rounding noise",
    ),
    "whole numbers in noise": (
        {"assignment": ASSIGNMENT.replace("x=rng.normal(size=n))", "x=np.arange(1.0, n + 1))", 1),
            "reference": REFERENCE.replace("np.mean(x)", "np.mean((x + 1e-13) ** 2 - x ** 2)")},
        "`mean`: in visible case 1 `mean` is rounding noise",
    ),
    "a table": (
        {"assignment": ASSIGNMENT.replace("x=rng.normal(size=n))", "x=np.arange(1.0, n + 1))", 1)},
        "`mean`: every hidden case is equal to a visible one, so that a table of the visible",
    ),
    "given away": (
        {"starter": "\n".join(line for line in STARTER.split("\n") if "CODE HERE" not in line)},
        "`size`: the blank starter gets 2 points",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "problem"), UNSOUND.values(), ids=UNSOUND)
def test_what_is_not_sound_is_told(
    course: Path, runner: KernelRunner, files: dict[str, str], problem: str
) -> None:
    """Each reason in one line."""
    write(course, **files)
    assert any(each.startswith(problem) for each in verified(course, runner).problems)


WEIGHED = """
import numpy as np

def labelled(x, y, size=0.0):
    return np.where(y == 1.0, x, 0.0).sum(), (y > 0).mean() + np.argmax(y)

def layer(x, w=1.0):
    return w * x, (x, w), 4, {"b": 0.0}

def ends(x, low=0.0, high=1.0):
    return np.clip(x, low, high)

def side(up):
    return 1 if up else -1
"""

WEIGHED_ASSIGNMENT = '''
"""Points."""
import numpy as np
from grader import Case, question
from reference import means as ref

@question(ref.labelled, points=1, returns=("sum", "share"))
def labelled(rng):
    """Labels, which are exact."""
    for n in (5, 6):
        yield Case(x=rng.normal(size=n), y=np.array([1.0, 0.0, -1.0, *np.ones(n - 3)]), size=2.0)

@question(ref.layer, points=4, returns=("y", "cache", "n", "more"), shares={"cache[1]": 0.5})
def layer(rng):
    """A cache, a size, and a zero."""
    for n in (2, 3):
        yield Case(x=rng.normal(size=n), w=float(rng.uniform(1, 2)))

@question(ref.ends, points=2, returns=("y",))
def ends(rng):
    """Defaults."""
    yield Case(x=rng.normal(size=3), low=-0.1, high=0.1)
    yield Case(x=rng.normal(size=3), low=-0.1)
    yield Case(x=rng.normal(size=3))

@question(ref.side, points=0)
def side(rng):
    """One of two."""
    for up in (True, False):
        yield Case(up=up)
'''

REMARKS = """
`layer`: 2 of 4 points are given for arguments that are passed through: `cache[0]`, `cache[1]`
`layer`: 1 of 4 points are given for one value, right in every case: `n`, `more['b']`
`ends`: a function without defaults fails where `low`, `high` are left out: in \
visible case 2, visible case 3, hidden case 2, hidden case 3
`side`: 2 of 2 hidden cases are equal to visible ones
"""


def test_points_and_cases_to_look_at_are_named(course: Path, runner: KernelRunner) -> None:
    """Each in a line, beside no problem: labels in floats are exact, and move nothing."""
    names = ("labelled", "layer", "ends", "side")
    starter = "".join(f"```graded\n{name}\n```\n" for name in names)
    write(course, WEIGHED_ASSIGNMENT, WEIGHED, starter)
    seen = verified(course, runner)
    assert seen.problems == ()
    assert list(seen.remarks) == REMARKS.strip().splitlines()


def test_a_right_answer_is_no_misconception(course: Path, runner: KernelRunner) -> None:
    """It could never be claimed."""
    right = '\n@misconception(mean, hint="None.")\ndef right(x):\n    return np.mean(x)\n'
    write(course, ASSIGNMENT + right)
    assert verified(course, runner).problems == (
        "`mean`: misconception 'right' is caught by no case",
    )


def test_a_default_that_is_no_code_is_told(course: Path, runner: KernelRunner) -> None:
    """The starter could not show it."""
    write(course, reference=REFERENCE.replace("def mean(x):", "def mean(x=object()):"))
    with pytest.raises(CourseError, match="cannot be written as Python"):
        verified(course, runner)


def test_the_command(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table and the blind cases; 0 if all are sound, 1 with the reasons, 2 if not to be read."""
    assert main(["verify", "--course", str(course)]) == 0
    printed = capsys.readouterr().out
    assert "sound" in printed
    assert "means: `mean`: 'no_division' is not seen in visible case 1, hidden case 1" in printed
    write(course, ASSIGNMENT.replace("for n in (1, 3):", "for n in (1, 1):"))
    assert main(["verify", "means", "--course", str(course)]) == 1
    assert "misconception 'no_division' is caught by no case" in capsys.readouterr().out
    (course / "assignments" / "means" / "starter.md").unlink()
    assert main(["verify", "--course", str(course)]) == 2
    assert "starter.md" in capsys.readouterr().err


def test_a_module_that_is_needed_and_missing_is_told_before(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notebooks are graded all the same."""
    write(course, ASSIGNMENT + '\nneeds = ("numpy", "no_such_plots")\n')
    notebook = course / "ann.ipynb"
    assert main(["starter", "means", "--course", str(course), "--out", str(course / "out")]) == 0
    (course / "out" / "means.ipynb").rename(notebook)
    assert main(["grade", "means", str(notebook), "--course", str(course)]) == 0
    warned = capsys.readouterr().err
    assert "commonly use no_such_plots, which is not installed here" in warned
    assert "numpy" not in warned


UNREADABLE = """

class Slope:
    def __call__(self, x, w=1.0):
        return 2 * w * np.sum(x) ** 2

slope = Slope()
"""


def test_where_causes_cannot_be_named_the_class_is_graded_without(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says for which question, and why; `verify` says it before."""
    write(course, reference=REFERENCE + UNREADABLE)
    why = "no causes can be named for `slope`: its reference, or a variant, is no function that is"
    assert main(["verify", "--course", str(course)]) == 1
    assert f"means: {why}" in capsys.readouterr().out
    notebook = course / "ann.ipynb"
    assert main(["starter", "means", "--course", str(course), "--out", str(course / "out")]) == 0
    (course / "out" / "means.ipynb").rename(notebook)
    arguments = [str(notebook), "--course", str(course), "--out", str(course / "out")]
    assert main(["grade", "means", *arguments, "--format", "json"]) == 0
    assert capsys.readouterr().err.count(f"grader: {why}") == 1
    (result,) = json.loads((course / "out" / "results.json").read_text())["submissions"]
    assert [n["message"] for n in result["notes"] if "No causes" in n["message"]]


def test_a_helper_that_the_reference_cannot_answer_for_is_a_problem(
    course: Path, runner: KernelRunner
) -> None:
    """Before a class is graded with errors that cannot be followed through."""
    assignment = ASSIGNMENT.replace("ref.slope, points=3", 'ref.slope, points=3, helpers=("mean",)')
    write(course, assignment)
    assert verified(course, runner).problems == ()
    # The process that answers for helpers prints to nobody.
    quiet = (
        "import os\n    if os.fstat(1).st_rdev == os.stat(os.devnull).st_rdev:\n        x = x + 1"
    )
    write(
        course,
        assignment,
        REFERENCE.replace("return np.mean(x)", f"{quiet}\n    return np.mean(x)"),
    )
    assert verified(course, runner).problems[-1] == (
        "`mean`: in place of a student's own, the reference answers differently (case visible-1)"
    )


# ---------------------------------------------------------------- the starter


def test_the_starter_notebook(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prose, given cells, variables without their solution, functions without their body."""
    out = course / "out"
    assert main(["starter", "means", "--course", str(course), "--out", str(out)]) == 0
    assert f"Wrote {out / 'means.ipynb'}" in capsys.readouterr().out
    assert (out / "numbers_of.py").is_file()
    notebook = json.loads((out / "means.ipynb").read_text())
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    assert [kind for kind, _ in cells] == [
        *("markdown", "code", "code", "code", "markdown", "code", "markdown")
    ]
    assert cells[2][1] == (
        "### START CODE HERE ###\ncount = None\nsize = None\n### END CODE HERE ###\nprint(size)"
    )
    mean = cells[3][1]
    assert mean.startswith('# GRADED FUNCTION: mean\ndef mean(x):\n    """Return 1/n Σ x_i.\n')
    assert mean.endswith(
        '    """\n    ### START CODE HERE ###\n    pass\n    ### END CODE HERE ###'
    )
    names: dict[str, object] = {}
    exec(mean, names)  # noqa: S102 - our own text
    doc = names["mean"].__doc__ or ""
    assert 'a "quoted" word, a back\\slash.' in doc
    assert "def slope(x, w=1.0):" in cells[5][1]
    exec(cells[5][1], names)  # noqa: S102 - a docstring that ends in a quotation mark
    assert "stays text" in cells[6][1]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("```graded\nmean", "```graded\nmeen", 21, "'meen' is no graded function; did you mean"),
        ("import numpy as np", "import numpy as", 6, ""),
        ("### END CODE HERE ###", "", 11, "'### START CODE HERE ###' without its other half"),
        ("stays text\n```\n", "", None, ""),
        ("stays text\n```\n", "stays text\n```\n```python\n", 33, "the fence is never closed"),
    ],
)
def test_wrong_prose_is_told(
    course: Path, old: str, new: str, line: int | None, reason: str
) -> None:
    """With file and line."""
    assert old in STARTER
    write(course, starter=STARTER.replace(old, new).lstrip("\n"))
    assignment = answer_key(course, "means", b"s").assignment
    file = course / "assignments" / "means" / "starter.md"
    if line is None:
        assert blank_notebook(assignment, read_starter(file, assignment))
        return
    with pytest.raises(CourseError) as caught:
        read_starter(file, assignment)
    assert (caught.value.line, caught.value.file) == (line, file)
    assert reason in caught.value.reason
