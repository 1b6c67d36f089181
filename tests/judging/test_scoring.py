"""Scoring and diagnosis, behind a Runner that is faked: points, statuses, words, causes."""

import math
import types
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.batch.grade import requests
from grader.execution.plan import Plan
from grader.execution.runner import FakeRunner
from grader.judging.diagnose import is_blind
from grader.judging.expected import AnswerKey
from grader.judging.failures import failure_notes
from grader.judging.scoring import judge, judge_item, with_notes
from grader.results import (
    CellFailure,
    Observation,
    Place,
    QuestionResult,
    RaisedError,
    Run,
    Source,
)
from reference import logistic_regression as ref
from tests.conftest import question_key

NO_PLAN = Plan("needed", False, (), {}, frozenset(), {}, {}, (), ())  # noqa: FBT003


def graded(
    key: AnswerKey,
    failures: tuple[CellFailure, ...] = (),
    sources: Mapping[str, Source] | None = None,
    **names: Any,
) -> dict[str, QuestionResult]:
    """Grade a notebook whose names are the reference's, with some replaced."""
    right = {n: v for n, v in vars(ref).items() if isinstance(v, types.FunctionType)}
    data = {q.question.name: q.cases[0].expected.value for q in key.questions[:7]}
    runner = FakeRunner(
        {n: v for n, v in (right | data | names).items() if v is not None}, failures
    )
    run = runner.run(NO_PLAN, requests(key), key.assignment.limits, None)
    known = {q.question.name: Source() for q in key.questions} | dict(sources or {})
    return {r.name: r for r in judge(key, run.observations, run.failures, known)}


def causes(result: QuestionResult) -> list[str]:
    """Return the names of the diagnosed causes."""
    return [diagnosis.cause for diagnosis in result.diagnoses]


def test_the_reference_gets_full_marks(key: AnswerKey) -> None:
    """And nothing is said about it."""
    results = graded(key)
    assert sum(result.score for result in results.values()) == key.assignment.points == 100
    assert all(result.status == "passed" and not result.message for result in results.values())
    # The fake does not capture what is printed: only who prints when asked has a cause.
    assert {name for name, r in results.items() if r.diagnoses} == {"optimize", "model"}


def test_points_are_split_over_outputs(key: AnswerKey) -> None:
    """One of three outputs wrong costs a third."""

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        return grads, cost + 1

    result = graded(key, propagate=propagate)["propagate"]
    assert result.status == "failed"
    assert result.score == pytest.approx(25 * 2 / 3)
    assert result.message == "1 of 3 outputs is wrong: `cost`."
    assert [output.status for output in result.outputs] == ["passed", "passed", "failed"]


def test_an_output_must_be_right_in_every_case(key: AnswerKey) -> None:
    """Right for three features only is not right."""

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        return (grads, cost) if len(w) == 3 else (grads, 0.0)

    result = graded(key, propagate=propagate)["propagate"]
    (wrong,) = (output for output in result.outputs if output.status != "passed")
    assert {case.status for case in wrong.cases} == {"passed", "failed"}


def test_hard_coded_visible_answers_fail_in_hidden_cases(key: AnswerKey) -> None:
    """A student who prints the visible numbers back gets no points, and is told where it fails."""
    visible = {
        case.arguments[2].tobytes(): case.expected.value
        for case in question_key(key, "propagate").cases
        if case.visible
    }

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        return visible.get(X.tobytes(), ({"dw": w, "db": 0.0}, 0.0))

    result = graded(key, propagate=propagate)["propagate"]
    assert result.score == 0
    assert result.outputs[0].message.startswith("In hidden case 1: ")
    assert result.outputs[0].message.endswith(
        "It is right in visible case 1, visible case 2, visible case 3."
    )


def test_an_example_carries_no_points(key: AnswerKey) -> None:
    """Wrong in the example alone: shown, and full marks."""

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        return (grads, cost + 1) if X.shape == (2, 2) else (grads, cost)

    result = graded(key, propagate=propagate)["propagate"]
    assert (result.status, result.score) == ("passed", 25)
    (example,) = (case for case in result.outputs[2].cases if not case.scored)
    assert (example.id, example.status) == ("example-1", "failed")


def test_hidden_cases_tell_no_numbers(key: AnswerKey) -> None:
    """Neither expected values, nor inputs that the student's code raises or returns."""

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        raise ValueError(repr(X.tolist()))

    def predict(w: Any, b: Any, X: Any) -> Any:
        raise type(f"Leak_{abs(X[0, 0]):.6f}", (Exception,), {})

    results = graded(key, propagate=propagate, predict=predict, sigmoid=lambda z: {str(z): z})
    for name in ("propagate", "predict", "sigmoid"):
        hidden = [c for c in question_key(key, name).cases if not c.visible]
        messages = " ".join(
            case.message
            for output in results[name].outputs
            for case in output.cases
            if not case.visible
        )
        for case in hidden:
            for argument in case.arguments:
                for number in np.ravel(argument):
                    assert f"{abs(number):.4f}" not in messages
    assert "raised an exception." in results["predict"].outputs[0].cases[-1].message


def test_a_missing_item_is_traced_back(key: AnswerKey) -> None:
    """A missing module in cell 1 is why `m_train` is not there, through two NameErrors."""
    failures = (
        CellFailure(
            Place(1, 3),
            RaisedError("ModuleNotFoundError", "No module named 'h5py'"),
            frozenset({"h5py"}),
            is_import=True,
        ),
        CellFailure(
            Place(2, 1), RaisedError("NameError", "name 'h5py' is not defined"), frozenset({"x"})
        ),
        CellFailure(
            Place(3, 1), RaisedError("NameError", "name 'x' is not defined"), frozenset({"m_train"})
        ),
    )
    result = graded(key, failures, m_train=None)["m_train"]
    assert result.status == "missing"
    assert result.message == (
        "`m_train` could not be made, because the module `h5py` is not available here "
        "(cell 1, line 3)."
    )
    (note,) = failure_notes(failures)
    assert note.message == (
        "The module `h5py` is not available here (cell 1, line 3). "
        "What does not need it was graded all the same."
    )


def test_a_name_error_in_a_call_is_traced_back(key: AnswerKey) -> None:
    """The import that failed is named with the exception."""
    failures = (
        CellFailure(
            Place(1), RaisedError("ImportError", "broken"), frozenset({"copy"}), is_import=True
        ),
    )

    def sigmoid(z: Any) -> Any:
        raise NameError("name 'copy' is not defined")

    message = graded(key, failures, sigmoid=sigmoid)["sigmoid"].message
    assert message == (
        "`sigmoid` raised NameError: name 'copy' is not defined. "
        "That is because cell 1 stopped with ImportError: broken."
    )


def test_failures_that_name_each_other_end() -> None:
    """A circle of names is not followed for ever."""
    failures = tuple(
        CellFailure(
            Place(i), RaisedError("NameError", f"name '{a}' is not defined"), frozenset({b})
        )
        for i, (a, b) in enumerate([("a", "b"), ("b", "a")], start=1)
    )
    assert len(failure_notes(failures)) <= 2


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        ("timed_out", "timed_out", "was stopped after 5 s"),
        ("crashed", "crashed", "ended the notebook's process"),
        ("not_a_function", "errored", "is no function"),
        ("unreadable", "errored", "could not be read"),
    ],
)
def test_what_did_not_return_is_told(
    key: AnswerKey, status: Any, expected: str, words: str
) -> None:
    """Every way of not returning has its status and its sentence."""
    seen = tuple(
        Observation(r.question, r.case, status, error=RaisedError("", "int"), seconds=5)
        for r in requests(key)
    )
    results = judge(key, seen, (), {q.question.name: Source() for q in key.questions})
    assert {result.status for result in results} == {expected}
    assert all(words in result.message for result in results)
    assert sum(result.score for result in results) == 0


def test_what_an_item_uses_and_is_not_right_is_pointed_at(key: AnswerKey) -> None:
    """As far back as it goes, and only where the student's code does use it."""
    sources = {
        "propagate": Source(uses=frozenset({"sigmoid"})),
        "optimize": Source(uses=frozenset({"propagate", "sigmoid"})),
        "model": Source(uses=frozenset({"optimize", "propagate", "sigmoid"})),
    }
    nothing: dict[str, Any] = dict.fromkeys(
        ("propagate", "optimize", "model", "predict"), lambda *_: None
    )
    results = graded(key, sources=sources, **nothing)
    for name in ("optimize", "model"):
        assert "It uses `propagate`, which is not right yet" in results[name].message
    for name in ("propagate", "predict"):
        assert "It uses" not in results[name].message


def test_another_order_of_parameters_is_told(key: AnswerKey) -> None:
    """Arguments are passed by position; names of the student's own choice are no matter."""
    sources = {
        "predict": Source(parameters=("X", "w", "b")),
        "propagate": Source(parameters=("weights", "bias", "X", "Y")),
    }
    results = graded(key, sources=sources, predict=lambda *_: None, propagate=lambda *_: None)
    assert "in the order (X, w, b)" in results["predict"].message
    assert "order" not in results["propagate"].message


def test_the_case_is_named_unless_all_are_alike(key: AnswerKey) -> None:
    """`math.exp` works for a number only, and the student is told so."""

    def sigmoid(z: Any) -> Any:
        return 1 / (1 + math.exp(-z))

    result = graded(key, sigmoid=sigmoid)["sigmoid"]
    assert result.message.startswith("In visible case 2: `sigmoid` raised TypeError")
    assert result.message.endswith("It is right in visible case 1.")
    assert causes(result) == ["math_exp"]
    blank = graded(key, sigmoid=lambda z: None)["sigmoid"]
    assert blank.message == (
        "Nothing (None) is returned: is a `return` missing, or is it not filled in yet?"
    )


def test_wrong_items_come_with_calls_to_try(key: AnswerKey) -> None:
    """Visible cases as code that gives, when run, what was judged; right items have none."""
    results = graded(key, propagate=lambda *_: None)
    assert results["sigmoid"].calls == ()
    case = question_key(key, "propagate").cases[1]
    (call,) = (call for call in results["propagate"].calls if call.case == case.id)
    names: dict[str, Any] = {"np": np, "propagate": ref.propagate}
    *inputs, last = call.code.splitlines()
    exec("\n".join(inputs), names)  # noqa: S102 - what the student would paste
    grads, cost = eval(last, names)  # noqa: S307
    np.testing.assert_array_equal(grads["dw"], case.expected.value[0]["dw"])
    assert cost == case.expected.value[1]
    assert not any(call.case.startswith("hidden") for call in results["propagate"].calls)


# ---------------------------------------------------------------- causes


def test_no_misconception_is_blind(key: AnswerKey) -> None:
    """The cases tell every known mistake from the reference, and from each other."""
    for question in key.questions:
        for mistake in question.misconceptions:
            assert not is_blind(question, mistake), mistake.misconception.cause


def test_a_cause_needs_all_the_evidence(key: AnswerKey) -> None:
    """M times the gradients is the known mistake; m times one of them is not."""

    def all_of_it(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        m = X.shape[1]
        return {"dw": grads["dw"] * m, "db": grads["db"] * m}, cost * m

    def part_of_it(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        return {"dw": grads["dw"] * X.shape[1], "db": grads["db"]}, cost

    assert causes(graded(key, propagate=all_of_it)["propagate"]) == ["forgot_to_average"]
    assert causes(graded(key, propagate=part_of_it)["propagate"]) == []


def test_no_cause_is_claimed_that_may_be_inherited(key: AnswerKey) -> None:
    """With a sigmoid that falls, a right `predict` looks as if it swapped the labels."""

    def falling(z: Any) -> Any:
        return ref.sigmoid(-np.asarray(z))

    def predict(w: Any, b: Any, X: Any) -> Any:
        return (falling(w.T @ X + b) > 0.5).astype(float)

    uses = {"predict": Source(uses=frozenset({"sigmoid"}))}
    results = graded(key, sources=uses, sigmoid=falling, predict=predict)
    assert causes(results["sigmoid"]) == ["sign_of_the_exponent"]
    assert causes(results["predict"]) == []
    assert causes(graded(key, predict=predict)["predict"]) == ["labels_swapped"]


def test_a_diagnosis_names_the_outputs_it_explains(key: AnswerKey) -> None:
    """Only those that are wrong."""

    def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
        grads, cost = ref.propagate(w, b, X, Y)
        return grads, -cost

    (diagnosis,) = graded(key, propagate=propagate)["propagate"].diagnoses
    assert (diagnosis.cause, diagnosis.outputs) == ("negative_cost", ("cost",))


def test_diagnosis_does_not_change_the_score(key: AnswerKey) -> None:
    """A recognised mistake costs what an unrecognised one costs."""

    def known(w: Any, b: Any, X: Any) -> Any:
        return ref.sigmoid(w.T @ X + b)

    def unknown(w: Any, b: Any, X: Any) -> Any:
        return ref.sigmoid(w.T @ X + b) ** 2

    a, b = graded(key, predict=known)["predict"], graded(key, predict=unknown)["predict"]
    assert (causes(a), causes(b)) == (["probabilities"], [])
    assert a.score == b.score == 0


@pytest.mark.parametrize(
    ("names", "told"), [({}, True), ({"sigmoid": lambda z: z * 0.5}, False)], ids=["right", "wrong"]
)
def test_a_warning_is_told_of_what_is_right(
    key: AnswerKey, monkeypatch: pytest.MonkeyPatch, names: dict[str, Any], *, told: bool
) -> None:
    """It costs nothing; of what is wrong there is more to say."""
    before = graded(key, **names)["sigmoid"]
    run = FakeRunner.run

    def warning(self: FakeRunner, *arguments: Any) -> Run:
        done = run(self, *arguments)
        seen = [
            replace(each, warned=("overflow encountered in exp",)) for each in done.observations
        ]
        return replace(done, observations=tuple(seen))

    monkeypatch.setattr(FakeRunner, "run", warning)
    after = graded(key, **names)["sigmoid"]
    assert after.score == before.score
    assert ("makes NumPy warn: overflow encountered in exp" in after.message) == told
    assert after.message.startswith(before.message)


def test_a_retrial_says_nothing_in_its_own_words(key: AnswerKey) -> None:
    """With right helpers it has seen answers: not even in visible cases."""
    item = question_key(key, "sigmoid")
    error = RaisedError("ValueError", "leaked")
    for status in ("raised", "returned"):
        seen = [
            Observation("sigmoid", case.id, status, value="leaked", error=error)
            for case in item.cases
        ]
        assert "leaked" not in repr(judge_item(item, seen, (), {"sigmoid": Source()}))


def test_what_is_noted_of_hidden_cases_is_not_told_where_others_are_visible(
    key: AnswerKey,
) -> None:
    """Which warnings come, and which arguments are changed, may tell the inputs."""
    item = question_key(key, "sigmoid")
    assert {case.visible for case in item.cases} == {True, False}
    before = QuestionResult("sigmoid", "", "passed", 1, 1, "", ())
    seen = {
        case.id: Observation(
            "sigmoid", case.id, "returned", changed=(case.id,), warned=(f"of {case.id}",)
        )
        for case in item.cases
    }
    told = with_notes(before, item, seen).message
    assert "visible-1" in told
    assert "hidden" not in told
