"""From observations to points: each question, its outputs, its cases.

A question's points are split over its outputs (`grader.judging.shares`); an output earns its share
only if it is right in every scored case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judging import wording
from grader.judging.alternatives import by_alternative
from grader.judging.behaviour import behaviour, snippet
from grader.judging.calls import calls
from grader.judging.compare import compare
from grader.judging.diagnose import diagnose
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey
from grader.judging.outputs import SEVERITY, output_of, worst
from grader.judging.shares import share_of
from grader.results import (
    CaseResult,
    CellFailure,
    Comparison,
    Observation,
    QuestionResult,
    Source,
    Status,
)
from grader.values import addresses


@dataclass(frozen=True)
class _Evidence:
    """What is known of one notebook besides the values that came back."""

    failures: Sequence[CellFailure]
    sources: Mapping[str, Source]
    repeats: Mapping[str, Observation]
    secret: bool = False  # whether what was seen may tell of hidden cases, or of answers


def judge(
    key: AnswerKey,
    observations: Iterable[Observation],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
    *,
    secret: bool = False,
) -> tuple[QuestionResult, ...]:
    """Judge one notebook.

    There is an observation for every case of every question, perhaps a second one of one case of a
    question (a `repeat`), and a Source for every question; `failures` are the parts of the notebook
    that did not run. Of what was seen in `secret`, when hidden cases had run already, no word is
    told, as if all cases were hidden.
    """
    by_question, repeats = _sorted(observations)
    evidence = _Evidence(() if secret else failures, sources, repeats, secret=secret)
    results = [_judge(q, by_question[q.question.name], evidence) for q in key.questions]
    results = [_without_inherited_causes(result, results, sources) for result in results]
    told_more = key.assignment.feedback != "points"  # else it would say that two are alike
    of_class = key.assignment.hidden_cases == "class" and told_more
    alike = [q if of_class else _visible_part(q) for q in key.questions]
    results = [
        _with_behaviour(result, q, by_question[result.name], repeats, sources[result.name])
        for result, q in zip(results, alike, strict=True)
    ]
    wrong = {result.name for result in results if result.status != "passed"}
    return tuple(
        with_notes(
            _with_hints(result, question, wrong, sources), question, by_question[result.name]
        )
        for result, question in zip(results, key.questions, strict=True)
    )


def _sorted(
    observations: Iterable[Observation],
) -> tuple[dict[str, dict[str, Observation]], dict[str, Observation]]:
    """Return the observations by question and case, and the repeats by question."""
    by_question: dict[str, dict[str, Observation]] = {}
    repeats: dict[str, Observation] = {}
    for observation in observations:
        if observation.repeat:
            repeats[observation.question] = observation
        else:
            by_question.setdefault(observation.question, {})[observation.case] = observation
    return by_question, repeats


def not_right(key: AnswerKey, observations: Iterable[Observation]) -> set[str]:
    """Return the functions that answered in every case, and are not right in all."""
    seen, _ = _sorted(observations)
    return {
        each.question.name
        for each in key.questions
        if each.question.kind == "function"
        and all(o.status in ("returned", "raised") for o in seen[each.question.name].values())
        and not _answers_right(each, seen[each.question.name])
    }


def _answers_right(key: QuestionKey, observations: Mapping[str, Observation]) -> bool:
    variants = [key, *(by_alternative(key, other) for other in key.alternatives)]
    return any(
        all(
            observations[case.id].status == "returned"
            and not any(
                found.fault
                for found in compare(key.question, observations[case.id].value, case.expected.value)
            )
            for case in variant.cases
        )
        for variant in variants
    )


def judge_item(
    key: QuestionKey,
    observations: Sequence[Observation],
    failures: Sequence[CellFailure],
    sources: Mapping[str, Source],
) -> QuestionResult:
    """Judge one item by itself: there is an observation for every case, perhaps a repeat.

    Of what it says itself, nothing is told: with right helpers, it has seen answers.
    """
    by_case = {seen.case: seen for seen in observations if not seen.repeat}
    repeats = {seen.question: seen for seen in observations if seen.repeat}
    return _judge(key, by_case, _Evidence(failures, sources, repeats, secret=True))


def _judge(
    key: QuestionKey, observations: Mapping[str, Observation], evidence: _Evidence
) -> QuestionResult:
    """Judge one item by the reference, and by what is as right; what is worth more counts."""
    results = [_judge_by(key, observations, evidence)]
    for other in key.alternatives:
        result = _judge_by(by_alternative(key, other), observations, evidence)
        if result.status == "passed" and other.note:
            result = replace(result, message=other.note)
        results.append(result)
    return max(results, key=lambda result: (result.status == "passed", result.score))


def _judge_by(
    key: QuestionKey, observations: Mapping[str, Observation], evidence: _Evidence
) -> QuestionResult:
    question = key.question
    by_case = [
        _repeated(key, case, _case_results(key, case, observations[case.id], evidence), evidence)
        for case in key.cases
    ]
    outputs = tuple(
        output_of(path, [results[path] for results in by_case if path in results])
        for path in key.outputs
    )
    right = {output.path for output in outputs if output.status == "passed"}
    wrong = tuple(output.path for output in outputs if output.status != "passed")
    return QuestionResult(
        name=question.name,
        title=question.title,
        status=worst(output.status for output in outputs),
        score=round(question.points * share_of(key, key.outputs, right), 9),
        max_score=question.points,
        message=wording.summary(outputs, SEVERITY),
        outputs=outputs,
        diagnoses=diagnose(key, observations, wrong),
        calls=calls(key, evidence.sources[question.name]) if wrong else (),
    )


def _with_hints(
    result: QuestionResult, key: QuestionKey, wrong: set[str], sources: Mapping[str, Source]
) -> QuestionResult:
    """Add what the source shows of an item that is defined."""
    source = sources[result.name]
    if source.missing:
        return result
    if result.status == "passed":
        note = wording.does_not_call(key.question, source)
        return replace(result, message=f"{result.message} {note}".strip())
    suspects = wording.suspects(result.name, wrong, sources)
    hints = (
        result.message,
        wording.order_of_parameters(key.question, source),
        wording.names_suspects(suspects),
    )
    return replace(result, message=" ".join(hint for hint in hints if hint), suspects=suspects)


def _is_wrong_in(cases: Sequence[CaseKey], result: QuestionResult) -> bool:
    known = {case.id for case in cases}
    found = (case for output in result.outputs for case in output.cases if case.scored)
    return any(case.status != "passed" for case in found if case.id in known)


def _visible_part(key: QuestionKey) -> QuestionKey:
    """Return the part of a key that is the same for the whole class."""
    return replace(key, cases=tuple(case for case in key.cases if case.visible))


def _with_behaviour(
    result: QuestionResult,
    key: QuestionKey,
    observations: Mapping[str, Observation],
    repeats: Mapping[str, Observation],
    source: Source,
) -> QuestionResult:
    """Add to what was called and is wrong how it behaves, and the student's own definition."""
    if not _is_wrong_in(key.cases, result):
        return result
    found = behaviour(key, observations, repeats.get(result.name))
    own = snippet(source.code) if found else ""
    return replace(result, behaviour=found, snippet=own)


def with_notes(
    result: QuestionResult, key: QuestionKey, observations: Mapping[str, Observation]
) -> QuestionResult:
    """Tell which arguments the function changes in place; of a right one, what NumPy warns of.

    That of hidden cases, only where none is visible: which warnings come may tell the inputs.
    """
    visible = [observations[case.id] for case in key.cases if case.visible]
    seen = visible or [*observations.values()]
    changed = list(dict.fromkeys(name for each in seen for name in each.changed))
    warned = list(dict.fromkeys(text for each in seen for text in each.warned))
    notes = [result.message]
    if changed:
        notes.append(wording.changes_in_place(result.name, changed))
    if warned and result.status == "passed":
        notes.append(wording.warned(result.name, warned))
    return replace(result, message=" ".join(note for note in notes if note))


def _without_inherited_causes(
    result: QuestionResult, results: Sequence[QuestionResult], sources: Mapping[str, Source]
) -> QuestionResult:
    """Claim no cause while something that the item uses may be the cause."""
    used = [other for other in results if other.name in sources[result.name].uses]
    doubtful = any(other.status != "passed" or other.diagnoses for other in used)
    return replace(result, diagnoses=()) if doubtful else result


# ---------------------------------------------------------------- one case


def _case_results(
    key: QuestionKey, case: CaseKey, observation: Observation, evidence: _Evidence
) -> dict[str, CaseResult]:
    """Return what one case shows of each output, by address."""
    if observation.status == "returned":
        comparisons = compare(key.question, observation.value, case.expected.value)
        shown = case.visible and not evidence.secret
        return {found.path: _compared(case, found, shown=shown) for found in comparisons}
    status, message = _not_returned(key.question.name, case, observation, evidence)
    lost = CaseResult(case.id, case.visible, status, None, message, case.scored)
    return dict.fromkeys(addresses(case.expected.value, key.question.returns), lost)


def _repeated(
    key: QuestionKey, case: CaseKey, found: dict[str, CaseResult], evidence: _Evidence
) -> dict[str, CaseResult]:
    """Fail the outputs that were right in a case, and are not when it is asked again."""
    repeat = evidence.repeats.get(key.question.name)
    if repeat is None or repeat.case != case.id or repeat.status == "not_reached":
        return found
    again = _case_results(key, case, repeat, evidence)
    message = wording.another_result(key.question.name)
    changed = CaseResult(case.id, case.visible, "failed", "value", message, case.scored)
    return {
        path: changed
        if result.status == "passed" and (path not in again or again[path].status != "passed")
        else result
        for path, result in found.items()
    }


def _compared(case: CaseKey, comparison: Comparison, *, shown: bool) -> CaseResult:
    status: Status = "failed" if comparison.fault else "passed"
    message = comparison.message if shown else comparison.hidden_message
    return CaseResult(case.id, case.visible, status, comparison.fault, message, case.scored)


def _not_returned(
    name: str, case: CaseKey, observation: Observation, evidence: _Evidence
) -> tuple[Status, str]:
    shown = case.visible and not evidence.secret
    if observation.status == "missing":
        return "missing", wording.missing(name, evidence.failures, evidence.sources[name])
    if observation.status == "raised" and observation.error:
        error, sources = observation.error, evidence.sources
        if not shown:
            return "errored", wording.raised_in_hidden_case(name, error, sources)
        return "errored", wording.raised(name, error, evidence.failures, sources)
    status: Status = "errored"
    if observation.status in ("timed_out", "not_reached"):
        status = "timed_out"
    elif observation.status == "crashed":
        status = "crashed"
    return status, wording.lost(name, observation, visible=shown)
