"""What an item may ask its helpers while the reference answers for them, and what comes of it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import numpy as np
import pytest

from grader.batch.grade import Task, grade_submission
from grader.cli import main
from grader.execution.runner import FakeRunner, Request
from grader.judging.expected import AnswerKey, CaseKey, answer_key
from grader.judging.helpers import Helpers
from grader.results import QuestionResult
from grader.submission import SubmissionFile
from tests.conftest import WriteNotebook, notebook_json

ASSIGNMENT = '''
"""A layer of units."""
import numpy as np
from grader import Case, question
from reference import layer as ref


def _data(rng, m=5):
    return {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal((3, 1)),
            "X": rng.standard_normal((4, m))}


@question(ref.activate, points=4)
def activate(rng):
    """The activation."""
    yield Case(z=float(rng.uniform(1, 2)))
    yield Case(z=rng.standard_normal((3, 5)))


@question(ref.cost, points=4)
def cost(rng):
    """The cost."""
    for _ in range(2):
        yield Case(A=rng.standard_normal((3, 5)))


@question(ref.forward, points=8, helpers=("activate",))
def forward(rng):
    """One layer."""
    for _ in range(2):
        yield Case(**_data(rng))


@question(ref.train, points=10, helpers=("forward", "cost"), returns=("W", "costs"))
def train(rng):
    """Some steps."""
    for _ in range(2):
        yield Case(**_data(rng), steps=7)


@question(ref.labels, points=6, helpers=("activate",))
def labels(rng):
    """What a slightly wrong activation seldom changes."""
    for _ in range(3):
        yield Case(z=rng.uniform(-1, 1, 3))
'''
REFERENCE = '''
"""A layer of units."""
import numpy as np


def activate(z):
    """Return the activation of z."""
    return np.tanh(0.61803398 * np.asarray(z)) + 0.2718281


def cost(A):
    """Return the mean square."""
    return float(np.mean(np.asarray(A) ** 2))


def forward(W, b, X):
    """Return the activations of a layer."""
    return activate(W @ X + b)


def train(W, b, X, steps):
    """Shrink the weights step by step."""
    costs = []
    for _ in range(steps):
        A = forward(W, b, X)
        costs.append(cost(A))
        W = 0.9 * W + 0.01 * A @ X.T
    return W, costs


def labels(z):
    """Return which are large."""
    return (activate(z) > 0.3).astype(float)
'''
RIGHT = {
    "activate": "def activate(z):\n    return np.tanh(0.61803398 * np.asarray(z)) + 0.2718281",
    "cost": "def cost(A):\n    return float(np.mean(np.asarray(A) ** 2))",
    "forward": "def forward(W, b, X):\n    return activate(W @ X + b)",
    "train": """
def train(W, b, X, steps):
    costs = []
    for _ in range(steps):
        A = forward(W, b, X)
        costs.append(cost(A))
        W = 0.9 * W + 0.01 * A @ X.T
    return W, costs
""",
    "labels": "def labels(z):\n    return (activate(z) > 0.3).astype(float)",
}
WRONG_ACTIVATE = "def activate(z):\n    return np.tanh(np.asarray(z))"
WRONG_COST = "def cost(A):\n    return float(np.sum(np.asarray(A) ** 2))"

Grade = Callable[..., dict[str, QuestionResult]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small course in which items call one another."""
    course = tmp_path_factory.mktemp("layers") / "course"
    for name, text in (
        ("assignments/layer/assignment.py", ASSIGNMENT),
        ("reference/__init__.py", ""),
        ("reference/layer.py", REFERENCE),
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    return course


@pytest.fixture(scope="module")
def key(course: Path) -> AnswerKey:
    """Return its answer key."""
    return answer_key(course, "layer", b"secret")


@pytest.fixture(scope="module")
def helpers(course: Path) -> Iterator[Helpers]:
    """Return who answers for helpers."""
    helpers = Helpers(lambda: course, "layer")
    yield helpers
    helpers.close()


@pytest.fixture
def asked() -> list[Request]:
    """Return the requests that the last hand-in was asked."""
    return []


@pytest.fixture
def grade(
    key: AnswerKey, helpers: Helpers, write_notebook: WriteNotebook, asked: list[Request]
) -> Grade:
    """Return a function that grades a notebook in this process."""

    def graded(**cells: str) -> dict[str, QuestionResult]:
        sources = [dedent(each) for each in (RIGHT | cells).values()]
        names: dict[str, Any] = {"np": np}
        exec("\n".join(sources), names)  # noqa: S102 - our own
        runner = FakeRunner(names, asked=asked)
        path = write_notebook("import numpy as np", *sources)
        task = Task(key, runner, helpers=helpers)
        result = grade_submission(task, SubmissionFile("ann", path))
        return {each.name: each for each in result.questions}

    return graded


# ---------------------------------------------------------------- which cases are asked


def test_no_hidden_case_is_asked_beside_answers(
    grade: Grade, key: AnswerKey, asked: list[Request]
) -> None:
    """Not one that decides on points: the visible ones are, and others drawn for this."""
    assert grade(activate=WRONG_ACTIVATE)["forward"].inherits == ("activate",)
    cases = {each.question.name: each.cases for each in key.questions}
    beside = [each for each in asked if each.answered]
    assert beside
    for each in beside:
        hidden = [c.arguments for c in cases[each.question] if not c.visible]
        assert not any(_same(each.arguments, other) for other in hidden)
    kinds = {(each.visible, each.case.count("-")) for each in beside}
    assert kinds == {(True, 1), (False, 2)}


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def test_no_seed_is_that_of_a_hidden_case(key: AnswerKey) -> None:
    """Nor are two drawn cases alike."""
    for each in key.questions:
        drawn = [case for one in each.drawn for case in one]
        assert not {c.seed for c in drawn} & {c.seed for c in each.cases}
        assert len({case.packed_arguments for case in drawn}) == len(drawn)


@pytest.mark.parametrize("drawn_later", [True, False])
def test_a_helper_that_seldom_matters(grade: Grade, key: AnswerKey, *, drawn_later: bool) -> None:
    """It is wrong near a hidden number. Sets are drawn until one shows that, up to a bound.

    Where none shows it, nothing is known: easy cases must not forgive an own mistake.
    """
    (item,) = [each for each in key.questions if each.question.name == "labels"]
    hidden = _numbers([case for case in item.cases if not case.visible])
    early = _numbers([*(c for c in item.cases if c.visible), *itertools.chain(*item.drawn[:3])])
    late = _numbers([*itertools.chain(*item.drawn[3:])])
    near = {at: (_nearest(at, early), _nearest(at, late)) for at in hidden}
    if drawn_later:
        at = next(at for at, (first, second) in near.items() if second < first)
        width = near[at][1] * 1.001
    else:
        at = hidden[0]
        width = min(near[at]) / 2
    wrong = f"""
    def activate(z):
        A = np.tanh(0.61803398 * np.asarray(z)) + 0.2718281
        A = A + 0.1 * (np.asarray(z) > 1)  # where `labels` is never asked
        return np.where(np.abs(np.asarray(z) - {at!r}) <= {width!r}, 0.6 - A, A)
    """
    result = grade(activate=wrong)["labels"]
    assert result.inherits == (("activate",) if drawn_later else ())
    assert result.score == (6 if drawn_later else 0)
    assert "itself, too" not in result.message


def _numbers(cases: list[CaseKey]) -> list[float]:
    return [float(number) for case in cases for number in case.arguments[0]]


def _nearest(at: float, others: list[float]) -> float:
    return min(abs(at - other) for other in others)


def test_an_own_mistake_is_not_forgiven(grade: Grade) -> None:
    """With a wrong helper beside it."""
    own = "def forward(W, b, X):\n    return activate(W @ X - b)"
    item = grade(activate=WRONG_ACTIVATE, forward=own)["forward"]
    assert (item.score, item.inherits) == (0, ())
    assert "look at `forward` itself, too" in item.message


# ---------------------------------------------------------------- honest relatives

FORWARD = {
    "column by column": "return np.hstack([activate(W @ X[:, i:i+1] + b) for i in range(5)])",
    "flat columns": "return np.stack([activate(W @ X[:, i] + b[:, 0]) for i in range(5)], axis=1)",
    "number by number": """
        Z = W @ X + b
        return np.array([[activate(z) for z in row] for row in Z])""",
    "Python's numbers": """
        Z = (W @ X + b).tolist()
        return np.array([[float(activate(z)) for z in row] for row in Z])""",
    "mini-batches": """
        Z = W @ X + b
        return np.hstack([activate(Z[:, i:i+2]) for i in range(0, 5, 2)])""",
    "row by row": "return np.vstack([activate(z) for z in W @ X + b])",
    "transposed": "return activate(X.T @ W.T + b.T).T",
    "flattened": "return activate((W @ X + b).ravel()).reshape(3, 5)",
    "a list": "return np.array(activate((W @ X + b).ravel().tolist())).reshape(3, 5)",
    "lists of lists": "return np.array(activate((W @ X + b).tolist()))",
    "twice": "activate(0.0); A = activate(W @ X + b); print(activate(np.mean(A))); return A",
    "other types": "return activate(np.longdouble(1) * 0 + W @ X + b).astype(float)",
    "bias within": "return activate(np.hstack([W, b]) @ np.vstack([X, np.ones((1, 5))]))",
    "differences": """
        Z = W @ X + b
        slopes = [(activate(Z + 1e-3) - activate(Z - 1e-3)) / 2e-3 for _ in range(9)]
        return activate(Z)""",
    "of nothing, too": "activate(np.zeros((3, 0))); return activate(W @ X + b)",
}
TRAIN = {
    "cost by keyword": "costs.append(cost(A=A))",
    "cost of a part, printed": "print(cost(A[:, :2])); costs.append(cost(A))",
    "cost by example": "costs.append(sum(cost(A[:, i:i+1]) for i in range(5)) / 5)",
    "cost again and again": "[cost(A) for _ in range(9)]; costs.append(cost(A))",
    "each row's, too": "[cost(row) for row in A]; costs.append(cost(A))",
}


@pytest.mark.parametrize("body", FORWARD.values(), ids=FORWARD.keys())
def test_however_it_is_written_it_inherits(grade: Grade, body: str) -> None:
    """Loops over examples, batches, calls that are printed: all of it could be handed on."""
    own = "def forward(W, b, X):\n" + indent(dedent(body).strip(), "    ")
    item = grade(activate=WRONG_ACTIVATE, forward=own)["forward"]
    assert (item.inherits, item.score) == (("activate",), 8)


@pytest.mark.parametrize("statement", TRAIN.values(), ids=TRAIN.keys())
def test_training_inherits(grade: Grade, statement: str) -> None:
    """With calls of its helpers for parts, or one by one."""
    own = RIGHT["train"].replace("costs.append(cost(A))", statement)
    item = grade(cost=WRONG_COST, train=own)["train"]
    assert (item.inherits, item.score) == (("cost",), 10)


# ---------------------------------------------------------------- what is outside

OUTSIDE = {
    "too large": "activate(np.ones((30, 50)))",
    "larger by two axes": "activate(np.ones((6, 8)))",
    "a long table": "activate(np.linspace(0, 1, 2000))",
    "more axes": "activate(np.ones((1, 1, 5)))",
    "a long list": "activate([0.5] * 5000)",
    "deep": "activate([[[[[0.5]]]]])",
    "a text": "activate('0.5')",
    "a dictionary": "activate({'z': 0.5})",
    "None": "activate(None)",
    "an object": "activate(np.array([object()]))",
    "too many calls": "[activate(0.001 * i) for i in range(3000)]",
}


@pytest.mark.parametrize("call", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_could_not_be_handed_on_is_not_answered(grade: Grade, call: str) -> None:
    """The item is judged as it is without help, whatever it makes of that."""
    own = f"""
    def forward(W, b, X):
        try:
            {call}
        except Exception:
            pass
        return activate(W @ X + b)
    """
    item = grade(activate=WRONG_ACTIVATE, forward=own)["forward"]
    assert (item.score, item.inherits) == (0, ())
    assert "itself, too" not in item.message


# ---------------------------------------------------------------- a class that works together

# What stands for `forward`: it has answers of the reference for numbers of its own choice, if its
# helper is answered for, and says them (`digits`) in every way that there is.
COLLECTOR = """
import warnings
def forward(W, b, X):
    A = activate(W @ X + b)
    answers = activate(np.array([[0.11], [0.22], [0.33]]))
    digits = "".join("%.9f" % x for x in np.ravel(answers)).replace("0.", "")
    {}
    return A
"""
CHANNELS = {
    "warns": "warnings.warn('overflow encountered in A_' + digits, RuntimeWarning)",
    "warns in a right": "warnings.warn_explicit(digits, RuntimeWarning, digits, 3)",
    "raises": "raise ValueError(digits)",
    "misses": "raise TypeError(f\"f() missing 1 required positional argument: 'A{digits}'\")",
    "unbound": "raise NameError(f\"name 'A{digits}' is not defined\", name='A' + digits)",
    "key": "{}['A' + digits]",
    "line": "raise type('line ' + digits, (Exception,), {})()",
    "prints": "print(digits); return digits",
    "shape": "return np.zeros(int(digits[:5]))",
    "keys": "return {'A' + digits: A}",
    "type": "return type('A' + digits, (), {})()",
    "another name": "forward.__name__ = forward.__qualname__ = 'A' + digits",
    "changes": "X[:] = answers[0]; W[:] = answers[1]",
    "a bit": "A = A + int(digits[0]) % 2",
    "keeps": """
    import pathlib
    for folder in (".", "/tmp", "/dev/shm", str(pathlib.Path.home())):
        try: pathlib.Path(folder, "kept").write_text(digits)
        except OSError: pass""",
}
READER = """
import glob, pathlib
def activate(z):
    places = [p for f in (".", "/tmp", "/dev/shm", str(pathlib.Path.home()))
              for p in glob.glob(f + "/kept")]
    known = {KNOWN}
    texts = [*known, *(pathlib.Path(p).read_text() for p in places)]
    table = [float("0." + text[i:i + 9]) for text in texts for i in range(len(text) - 8)]
    own = np.tanh(np.asarray(z))
    if not table:
        return own
    return np.asarray(table)[np.argmin(np.abs(np.subtract.outer(own, table)), axis=-1)]
"""


@pytest.mark.slow
def test_a_class_cannot_carry_answers(course: Path, tmp_path: Path, shared_workers: None) -> None:
    """The first hand-ins collect, the last one reads all that was reported of them."""
    first = _graded(course, tmp_path / "first", {
        name.replace(" ", "-"): RIGHT | {
            "activate": WRONG_ACTIVATE, "forward": COLLECTOR.replace("{}", body, 1),
        }
        for name, body in CHANNELS.items()
    })  # fmt: skip
    pages = [
        p.read_text() for p in (tmp_path / "first/out").rglob("*") if p.suffix in (".html", ".json")
    ]
    assert len(pages) > len(CHANNELS)
    answers = np.tanh(0.61803398 * np.array([0.11, 0.22, 0.33])) + 0.2718281
    digits = [f"{x:.9f}"[2:] for x in answers]
    for page in pages:
        assert not any(each in page for each in digits)
        assert digits[0][:5] not in page
        assert f"{int(digits[0][:5]):,}" not in page
    inherits = {name: items["forward"]["inherits"] for name, items in first.items()}
    assert inherits["a-bit"] == []  # the one bit that points give
    assert inherits["keeps"] == inherits["warns"] == ["activate"]
    collected = sorted({d for page in pages for d in re.findall(r"\d{9,}", page)})[:200]
    reader = READER.replace("{KNOWN}", repr(collected))
    last = _graded(course, tmp_path / "last", {
        "own": RIGHT | {"activate": WRONG_ACTIVATE}, "reader": RIGHT | {"activate": reader},
    })  # fmt: skip
    assert last["reader"]["activate"]["score"] == last["own"]["activate"]["score"] == 0


def _graded(
    course: Path, folder: Path, students: dict[str, dict[str, str]]
) -> dict[str, dict[str, Any]]:
    """Grade a class on the command line; return its items by student and name."""
    for name, cells in students.items():
        path = folder / "students" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        sources = [dedent(each) for each in cells.values()]
        path.write_text(notebook_json("import numpy as np", *sources))
    out = folder / "out"
    places = ["--course", str(course), "--out", str(out)]
    book = ["--gradebook", str(folder / "book.sqlite")]
    assert main(["grade", "layer", str(folder / "students"), *places, *book]) == 0
    result = json.loads((out / "results.json").read_text())
    return {
        each["student"]: {item["name"]: item for item in each["questions"]}
        for each in result["submissions"]
    }


def test_a_drawn_case_of_rounding_noise_is_left_out(tmp_path: Path) -> None:
    """A right item would be wrong in it by chance, and its helper's error its own."""
    course = tmp_path / "course"
    noise = REFERENCE.replace("activate(W @ X + b)", "activate(np.sin(1e12 * (W @ X + b)))")
    for name, text in (
        ("assignments/layer/assignment.py", ASSIGNMENT),
        ("reference/__init__.py", ""),
        ("reference/layer.py", noise),
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    key = answer_key(course, "layer", b"secret")
    drawn = {each.question.name: len(each.drawn) for each in key.questions}
    assert (drawn["forward"], drawn["labels"]) == (0, 8)
