"""Likely mistakes, made in the real reference process, and the cache that keeps them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.judging import evidence
from grader.judging.causes import render
from grader.judging.evidence import unexplained, with_evidence
from grader.judging.expected import AnswerKey, Mutant, answer_key
from grader.judging.fingerprint import Outcome, fingerprint
from tests.conftest import COURSE, question_key

pytestmark = pytest.mark.slow

SECRET = b"a secret for the tests"


def mutants(
    course: Path, name: str, secret: bytes, cache: Path | None
) -> dict[str, tuple[Mutant, ...]]:
    """Return the likely mistakes in each function of an assignment."""
    key = with_evidence(answer_key(course, name, secret), course, secret, cache)
    found = {each.question.name: each.evidence for each in key.questions}
    return {question: each.mutants for question, each in found.items() if each}


ASSIGNMENT = '''
"""Means."""
from grader import Case, question, variant
from reference import means as ref

@question(ref.mean_of_squares, points=1, returns=("y",))
def mean_of_squares(rng):
    """The mean of the squares."""
    for n, m in [(2, 3), (3, 5)]:
        yield Case(X=rng.standard_normal((n, m)))

@question(ref.doubled, points=1, returns=("y",))
def doubled(rng):
    """Twice the mean of the squares."""
    for n, m in [(2, 3), (3, 5)]:
        yield Case(X=rng.standard_normal((n, m)))
'''

REFERENCE = """
import numpy as np

def mean_of_squares(X):
    m = X.shape[1]
    return np.sum(X**2) / m

def doubled(X):
    return 2 * mean_of_squares(X)
"""

VARIANT = """
import numpy as np
from grader import variant

@variant("mean_of_squares")
def written_out(X):
    m = X.shape[1]
    S = X * X
    y = np.sum(S) / m
    return y
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of one assignment, `means`."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "means.py").write_text(REFERENCE)
    folder = tmp_path / "assignments" / "means"
    folder.mkdir(parents=True)
    (folder / "assignment.py").write_text(ASSIGNMENT.lstrip())
    return tmp_path


@pytest.fixture(scope="module")
def logistic() -> dict[str, tuple[Mutant, ...]]:
    """Return the likely mistakes in `logistic_regression`."""
    return mutants(COURSE, "logistic_regression", SECRET, None)


Answer = Callable[..., object]


def explanations(
    key: AnswerKey, made: dict[str, tuple[Mutant, ...]], name: str, answer: Answer
) -> list[Mutant]:
    """Return the mistakes that do what a function does in all cases."""
    question = question_key(key, name)
    outcomes = []
    for case in question.cases:
        np.random.seed(case.seed)
        try:
            outcomes.append(Outcome("returned", answer(*case.arguments)))
        except ValueError as error:
            outcomes.append(Outcome("raised", None, "ValueError", str(error)))
    right = [case.expected.value for case in question.cases]
    seen = fingerprint(question.question, outcomes, right)
    return [each for each in made[name] if each.outputs.agrees(seen)]


def propagate(dw: Answer, db: Answer, cost: Answer) -> Answer:
    """Return a student's function, with these ways to compute its three results."""

    def function(w: Any, b: Any, X: Any, Y: Any) -> Any:
        A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
        m = X.shape[1]
        return {"dw": dw(X, A, Y, m), "db": db(A, Y, m)}, cost(A, Y, m)

    return function


def right_dw(X: Any, A: Any, Y: Any, m: int) -> Any:
    """Return dw as it should be."""
    return np.dot(X, (A - Y).T) / m


def right_db(A: Any, Y: Any, m: int) -> Any:
    """Return db as it should be."""
    return np.sum(A - Y) / m


def right_cost(A: Any, Y: Any, m: int) -> Any:
    """Return the cost as it should be."""
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m


@pytest.mark.parametrize(
    ("dw", "db", "cost", "causes"),
    [
        (lambda X, A, Y, m: np.dot(X, (A - Y).T), right_db, right_cost, {"not_averaged"}),
        (right_dw, lambda A, Y, m: np.sum(A - Y), right_cost, {"not_averaged"}),
        (right_dw, lambda A, Y, m: np.sum(A - Y, axis=0) / m, right_cost, {"axis_extra"}),
        (
            right_dw,
            right_db,
            lambda A, Y, m: -np.sum(Y * np.log2(A) + (1 - Y) * np.log2(1 - A)) / m,
            {"log_base"},
        ),
        (right_dw, right_db, lambda A, Y, m: -right_cost(A, Y, m), {"sign_missing", "sign_extra"}),
        (lambda X, A, Y, m: np.dot((A - Y).T, X) / m, right_db, right_cost, {"product_swapped"}),
    ],
)
def test_a_students_mistake_is_among_the_mutants(
    key: AnswerKey,
    logistic: dict[str, tuple[Mutant, ...]],
    dw: Answer,
    db: Answer,
    cost: Answer,
    causes: set[str],
) -> None:
    """Written in the student's own way, by what it does in all cases; also where it raises."""
    found = explanations(key, logistic, "propagate", propagate(dw, db, cost))
    assert {each.cause for each in found} & causes
    assert {each.cause for each in found if each.slips == 1} <= causes | {"arguments_swapped"}


def test_the_right_answer_is_no_mistake(
    key: AnswerKey, logistic: dict[str, tuple[Mutant, ...]]
) -> None:
    """Changes that change nothing that is seen are left out, and no cause is there twice."""
    right = propagate(right_dw, right_db, right_cost)
    assert not explanations(key, logistic, "propagate", right)
    for found in logistic.values():
        said = [(m.outputs, render(m.cause, m.about), m.about["variable"]) for m in found]
        assert len(said) == len(set(said))


def test_mutants_tell_what_the_changed_statement_binds(
    logistic: dict[str, tuple[Mutant, ...]],
) -> None:
    """By name, with its values."""
    found = [each for each in logistic["propagate"] if each.target]
    assert {"dw", "db", "cost", "A"} <= {each.target.address for each in found if each.target}
    forgotten = [m for m in found if m.cause == "not_averaged" and m.about["variable"] == "dw"]
    assert forgotten
    assert all(m.target is not None and m.target.address == "dw" for m in forgotten)
    assert any(each.raises for each in logistic["propagate"])


def test_helpers_that_are_items_of_their_own_are_not_changed(course: Path) -> None:
    """The student's own helper is judged by itself."""
    made = mutants(course, "means", SECRET, None)
    assert {"not_averaged", "square_missing", "wrong_count"} <= {
        each.cause for each in made["mean_of_squares"]
    }
    assert "not_averaged" not in {each.cause for each in made["doubled"]}
    assert "factor_missing" in {each.cause for each in made["doubled"]}


def test_variants_are_changed_too(course: Path) -> None:
    """What is written in another way is mistaken in other ways."""
    (course / "assignments" / "means" / "variants.py").write_text(VARIANT)
    made = mutants(course, "means", SECRET, None)
    assert {"S", "y"} <= {m.target.address for m in made["mean_of_squares"] if m.target}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("np.sum(S) / m", "np.sum(S)", "variant 'written_out' does not answer as the reference"),
        ("S = X * X", "S = Q * X", "variant 'written_out' raises NameError"),
        ("written_out(X)", "written_out(Y)", "variant 'written_out' takes Y; the reference takes"),
        ('"mean_of_squares"', '"mean_of_square"', "did you mean 'mean_of_squares'"),
        ("S = X * X", "S = = X", "invalid syntax"),
    ],
)
def test_a_variant_that_is_wrong_is_told(course: Path, old: str, new: str, reason: str) -> None:
    """With its file."""
    file = course / "assignments" / "means" / "variants.py"
    file.write_text(VARIANT.replace(old, new))
    with pytest.raises(CourseError, match=reason) as caught:
        mutants(course, "means", SECRET, None)
    assert "variants.py" in str(caught.value)


def test_a_variant_may_stand_in_the_assignment_itself(course: Path) -> None:
    """Below its question, as misconceptions do."""
    variant = "\n@variant(mean_of_squares)\ndef other(X):\n    return (X**2).sum() / len(X[0])\n"
    file = course / "assignments" / "means" / "assignment.py"
    file.write_text(file.read_text() + variant)
    assert answer_key(course, "means", SECRET).questions
    assert mutants(course, "means", SECRET, None)["mean_of_squares"]


# ---------------------------------------------------------------- the cache


def _no_process(*_arguments: object) -> None:
    raise AssertionError("the reference process was asked")


def test_what_is_cached_is_not_made_again(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comes from the cache, without the reference process."""
    cache = course / "cache"
    made = mutants(course, "means", SECRET, cache)
    monkeypatch.setattr(evidence, "ask_reference", _no_process)
    assert mutants(course, "means", SECRET, cache) == made


def test_what_changes_them_makes_them_again(course: Path) -> None:
    """Another secret, or another reference; what is out of date is removed."""
    cache = course / "cache"
    mutants(course, "means", SECRET, cache)
    (first,) = cache.iterdir()
    other = cache / "means_too-0123456789abcdef.msgpack"
    other.write_bytes(b"of another assignment")
    mutants(course, "means", b"another", cache)
    (second,) = set(cache.iterdir()) - {other}
    reference = course / "reference" / "means.py"
    reference.write_text(reference.read_text().replace("X**2", "X**3"))
    mutants(course, "means", b"another", cache)
    (third,) = set(cache.iterdir()) - {other}
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\x90garbage"])
def test_a_damaged_cache_is_made_again(course: Path, damage: bytes) -> None:
    """And mended."""
    cache = course / "cache"
    made = mutants(course, "means", SECRET, cache)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert mutants(course, "means", SECRET, cache) == made
    assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_time(course: Path) -> None:
    """A file stands where the folder should be."""
    (course / "cache").write_text("in the way")
    assert mutants(course, "means", SECRET, course / "cache")["doubled"]


# ---------------------------------------------------------------- limits


def test_a_mistake_that_never_ends_is_left_out(course: Path) -> None:
    """Where a slip makes a loop endless, the clock ends it, and the others are there."""
    (course / "reference" / "means.py").write_text(
        REFERENCE.replace(
            "    return np.sum(X**2) / m",
            "    total, left = 0.0, m\n    while left > 0:\n        left = left - 1\n"
            "        total = total + np.sum(X[:, left] ** 2)\n    return total / m",
        )
    )
    made = mutants(course, "means", SECRET, None)
    assert "not_averaged" in {each.cause for each in made["mean_of_squares"]}


def unexplained_in(course: Path) -> tuple[str, ...]:
    """Return the lines on functions of which no causes can be named."""
    key = with_evidence(answer_key(course, "means", SECRET), course, SECRET, None)
    assert [each.question.name for each in key.questions] == ["mean_of_squares", "doubled"]
    return unexplained(key)


def test_taking_too_long_costs_the_causes_only(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The class is graded without; a line says so."""
    reference = course / "reference" / "means.py"
    reference.write_text(REFERENCE.replace("m = X", "import time; time.sleep(1); m = X"))
    monkeypatch.setattr(evidence, "EVIDENCE_SECONDS", 3)
    assert unexplained_in(course) == tuple(
        f"no causes can be named for `{name}`: the reference and its cases took more than 3 s"
        for name in ("mean_of_squares", "doubled")
    )


HOSTILE = {
    "dies": ("os.abort()", "the process that looked at its reference ended (signal 6"),
    "exits": ("os._exit(4)", "the process that looked at its reference ended (code 4)"),
    "memory": ("np.ones(2**50)", "its reference answers differently"),
    "differs": ("X = X + 1", "its reference answers differently"),
}


@pytest.mark.parametrize(("statement", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_what_one_reference_does_costs_no_other(course: Path, statement: str, reason: str) -> None:
    """Each function of the reference is looked at in a process of its own."""
    # A version that is watched stands in no file.
    hostile = f"""
    import os, sys
    if sys._getframe().f_code.co_filename.startswith("<"):
        {statement}
    return np.sum(X**2) / m"""
    text = REFERENCE.replace("\n    return np.sum(X**2) / m", hostile)
    text = text.replace(
        "return 2 * mean_of_squares(X)", "m = X.shape[1]\n    return 2 * np.sum(X) / m"
    )
    (course / "reference" / "means.py").write_text(text)
    (line,) = unexplained_in(course)
    assert line.startswith(f"no causes can be named for `mean_of_squares`: {reason}")


def test_a_reference_with_a_memory_of_its_calls_is_not_trusted(course: Path) -> None:
    """What its changed versions do to its module is noticed, and costs no other function."""
    text = REFERENCE.replace(
        "    return 2 *", "    CALLS.append(1)\n    return (2 + (len(CALLS) > 60)) *"
    )
    (course / "reference" / "means.py").write_text("CALLS = []\n" + text)
    (line,) = unexplained_in(course)
    assert line == (
        "no causes can be named for `doubled`: its reference answers differently when it is called "
        "again"
    )
