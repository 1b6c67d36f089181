"""A search for causes without kernels: versions are made and called here."""

import contextlib
import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.execution.tracing import Tracer
from grader.judging.expected import (
    Answer,
    AnswerKey,
    CaseKey,
    Evidence,
    Intermediate,
    QuestionKey,
)
from grader.judging.explain import Explainer
from grader.judging.intermediates import Recorder
from grader.judging.repairs.trying import Trial
from grader.results import Observation, OutputResult, QuestionResult, RaisedError, Source, Step
from grader.spec import Assignment, Question
from grader.values import leaves
from grader.wire import pack, unpack


def key_of(
    reference: Callable[..., Any], cases: Sequence[Mapping[str, Any]], returns: tuple[str, ...]
) -> QuestionKey:
    """Return the key of a function, of which every named value of the reference is known."""
    name = reference.__name__
    parameters = tuple(reference.__code__.co_varnames[: reference.__code__.co_argcount])
    question = Question(name, "function", name, 1, returns, parameters, len(parameters))
    keys, seen = [], []
    for number, given in enumerate(cases, start=1):
        tracer = Tracer(reference)
        with tracer:
            value = reference(**copy.deepcopy(dict(given)))
        answer = Answer("returned", pack(value))
        packed = pack(tuple(given[name] for name in parameters))
        keys.append(
            CaseKey(
                f"visible-{number}",
                visible=True,
                scored=True,
                seed=0,
                packed_arguments=packed,
                expected=answer,
            )
        )
        seen.append(_intermediates(tracer, given, value, returns))
    return QuestionKey(question, returns, tuple(keys), (), evidence=Evidence(tuple(seen)))


def _intermediates(
    tracer: Tracer, given: Mapping[str, Any], value: Any, returns: tuple[str, ...]
) -> tuple[Intermediate, ...]:
    recorder = Recorder()
    for argument in given.values():
        recorder.see(argument)
    for _, address, bound in tracer.steps[:-1]:
        recorder.see(bound, address)
    for address, leaf in leaves(value, returns).items():
        recorder.see(leaf, address)
    return tuple(recorder.found.values())


def explain(
    key: QuestionKey, code: str, line: int = 1, outputs: Sequence[OutputResult] = ()
) -> QuestionResult:
    """Return a wrong function's result with what is found; it begins in a line of its cell."""
    _, (result,) = explained_together((key,), {key.question.name: code}, line, outputs)
    return result


def explained_together(
    keys: Sequence[QuestionKey],
    codes: Mapping[str, str],
    line: int = 1,
    outputs: Sequence[OutputResult] = (),
    *,
    asked: list[str] | None = None,
) -> tuple[Explainer, list[QuestionResult]]:
    """Return wrong functions' results with what is found of them, and who has looked.

    The versions that were asked for are put into `asked`.
    """
    by_name = {key.question.name: key for key in keys}
    sources = {
        name: Source(
            parameters=by_name[name].question.parameters, name=name, code=code, cell=3, line=line
        )
        for name, code in codes.items()
    }
    questions = tuple(key.question for key in keys)
    explainer = Explainer(AnswerKey(Assignment("test", "Test", questions), tuple(keys)), sources)

    def called(trials: Sequence[Trial]) -> list[Observation]:
        return [
            _called(by_name[each.question], "\n" * (line - 1) + codes[each.question], each)
            for each in trials
        ]

    cases = [Trial(key.question.name, case.id) for key in keys for case in key.cases]
    trials = explainer.begin([*codes], (), called([e for e in cases if e.question in codes]))
    while trials:
        if asked is not None:
            asked += [each.source for each in trials if each.source]
        trials = explainer.next(called(trials))
    return explainer, [
        explainer.told(QuestionResult(name, name, "failed", 0, 1, "", tuple(outputs)))
        for name in codes
    ]


def _called(key: QuestionKey, code: str, trial: Trial) -> Observation:
    names: dict[str, Any] = {"np": np}
    case = next(each for each in key.cases if each.id == trial.case)
    seen: dict[str, Any] = {"version": trial.version}
    tracer = None
    try:
        exec(trial.source or code, names)  # noqa: S102 - as a kernel does
        tracer = Tracer(names[trial.question] if trial.traced else None, trial.lines)
        with contextlib.redirect_stdout(None), np.errstate(all="ignore"), tracer:
            given = case.arguments if trial.arguments is None else trial.arguments
            value = names[trial.question](*copy.deepcopy(given))
        seen |= {"value": unpack(pack(value)), "status": "returned"}
    except Exception as error:  # noqa: BLE001
        seen |= {"status": "raised", "error": RaisedError(type(error).__name__, str(error))}
    seen["steps"] = tuple(Step(*step) for step in tracer.steps) if tracer and trial.traced else ()
    return Observation(trial.question, trial.case, **seen)
