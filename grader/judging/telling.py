"""From all that was found of one wrong function to what its student is told.

A cause is claimed only if a change that takes it back makes right what it should, if a likely
mistake in the reference does in every case what the student's function does, or if it is a fact
that Python itself, or the source, shows. Where two fit that mean different things, both are named
as possible.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from grader.judging.causes import NOTHING, render
from grader.judging.expected import Intermediate, QuestionKey
from grader.judging.facts import Fact
from grader.judging.failures import unbound_name
from grader.judging.likely import fitting_mutants, of_mutants
from grader.judging.looks import STRONG, SURE, Usual, is_not_filled_in, looks
from grader.judging.raised import WEAK, raised_fact
from grader.judging.relations import relations
from grader.judging.repairs.edits import Edit
from grader.judging.repairs.scores import keys_of
from grader.judging.repairs.search import Explanation, Mistake
from grader.judging.repairs.words import (
    GENERAL,
    about_own_code,
    in_one_voice,
    is_telling,
    without_detours,
)
from grader.judging.slopes import Backward
from grader.judging.where import is_certain, line_of, location_of
from grader.judging.wrong import Wrong, claim
from grader.results import Diagnosis, QuestionResult
from grader.values import leaves

MOST_FACTS = 3
_NAME = re.compile(r"[^\W\d]\w*")


def told(
    result: QuestionResult, wrong: Wrong, found: Explanation, backward: Backward | None = None
) -> QuestionResult:
    """Add to a result what was found of it; a known mistake that explains it all stands."""
    nothing = all(e.status == "returned" and e.value is None for e in wrong.traced.values())
    if nothing and not found.mistakes:
        return result  # not filled in yet
    location = location_of(found, wrong)
    if result.diagnoses and location and not found.mistakes and found.begins:
        # The cause is known; where the values begin to differ is less than that.
        location = location if is_certain(found.begins) else None
    diagnoses = result.diagnoses or _diagnoses(result, wrong, found)
    if backward is not None and not result.diagnoses:
        more = _of_slopes(replace(result, diagnoses=diagnoses), backward)
        diagnoses = (*diagnoses, *more)
    return replace(result, diagnoses=diagnoses, location=location)


def _diagnoses(result: QuestionResult, wrong: Wrong, found: Explanation) -> tuple[Diagnosis, ...]:
    """Return what is best established: what takes everything back, facts, then likely mistakes."""
    outputs = tuple(each.path for each in result.outputs if each.status != "passed")
    raised, facts = _raised(wrong), _facts(wrong)
    strong = [each for each in facts if each.cause in STRONG]
    claims = list(_claims(found, wrong, outputs, raised))
    if sure := [each for each in facts if each.cause in SURE]:
        told_first = [wrong.diagnosis(each, outputs) for each in sure]
        return tuple(dict.fromkeys([*told_first, *_elsewhere(claims, sure, wrong)]))
    if found.complete and claims:
        return tuple(dict.fromkeys(claims))
    first = [raised] if raised and raised.cause not in WEAK else []
    of_each_kind = {each.cause: each for each in reversed([*first, *strong])}
    if of_each_kind:
        found_first = [*reversed(of_each_kind.values())][:MOST_FACTS]
        return tuple(wrong.diagnosis(each, outputs) for each in found_first)
    if mutants := fitting_mutants(wrong):
        return of_mutants(mutants, wrong, outputs)
    weak = [*([raised] if raised else []), *facts]
    return (
        tuple(dict.fromkeys(claims))
        or _related(wrong)
        or tuple(wrong.diagnosis(each) for each in weak[:MOST_FACTS])
    )


def _elsewhere(
    claims: Sequence[Diagnosis], facts: Sequence[Fact], wrong: Wrong
) -> Iterator[Diagnosis]:
    """Yield what is claimed of other statements than those of the facts."""
    statements = [wrong.function.line(each.line) for each in facts] if wrong.function else []
    for each in claims:
        number = each.place.line if each.place else 0
        if not any(line and line.first <= (number or 0) <= line.last for line in statements):
            yield each


# ---------------------------------------------------------------- facts


def _raised(wrong: Wrong) -> Fact | None:
    """Return what the first exception says, if all that were raised say the same."""
    function = wrong.function
    if function is None or is_not_filled_in(function):
        return None
    found = set[Fact | None]()
    for case, seen in wrong.traced.items():
        error = wrong.shown.get(case, seen).error  # as it was before any hidden case had run
        if error is not None and seen.steps and seen.own_line:
            line = function.line(seen.steps[-1].line)
            found.add(raised_fact(error, line, function, wrong.words) if line else None)
    return found.pop() if len(found) == 1 else None


def _facts(wrong: Wrong) -> list[Fact]:
    """Return what the source shows."""
    function = wrong.function
    if function is None or wrong.key.evidence is None:
        return []
    unbound = _unbound(wrong)
    found = looks(function, _usual(wrong))
    return [each for each in found if each.cause != "from_elsewhere" or not unbound]


def _usual(wrong: Wrong) -> Usual:
    key, evidence = wrong.key, wrong.key.evidence
    if evidence is None:
        return Usual()
    names = dict(zip(key.question.parameters, wrong.source.parameters or (), strict=False))
    given = dict(zip(key.question.parameters, key.cases[0].arguments, strict=False))
    every = [each for case in evidence.intermediates[:1] for each in case]
    return Usual(
        needed={names.get(each, each) for each in evidence.reads},
        dictionaries={names.get(name, name) for name, v in given.items() if isinstance(v, dict)},
        arrays={names.get(name, name) for name, v in given.items() if isinstance(v, np.ndarray)},
        named={each.address for each in every if each.shape},
        functions=wrong.functions,
        texts={*evidence.texts, *keys_of(key.cases)},
        numbers={*evidence.numbers, *_common_sizes(key, evidence.intermediates)},
        draws=key.draws,
        seeds=key.question.seed is None,
    )


def _common_sizes(key: QuestionKey, intermediates: Sequence[Sequence[Intermediate]]) -> set[int]:
    """Return the sizes that arrays have in every case: the exercise itself may set them."""
    per_case = []
    for case, inner in zip(key.cases, intermediates, strict=False):
        every = leaves((case.arguments, case.expected.value), ("given", "due")).values()
        shapes = [*map(np.shape, every), *(each.shape for each in inner)]
        per_case.append({size for shape in shapes for size in shape})
    return set.intersection(*per_case) if per_case else set()


def _unbound(wrong: Wrong) -> str | None:
    """Return the name that a function looks up in vain, if that is why it raises."""
    errors = [seen.error for seen in wrong.traced.values() if seen.error]
    return next(filter(None, map(unbound_name, errors)), None)


def _related(wrong: Wrong) -> tuple[Diagnosis, ...]:
    """Tell how wrong outputs are related to the right ones."""
    by_words: dict[str, tuple[str, list[str]]] = {}
    for found in relations(wrong.key, wrong.traced):
        words = render(found.cause, found.about, found.path)
        by_words.setdefault(words, (found.cause, []))[1].append(found.path)
    return tuple(
        Diagnosis(cause, words, tuple(paths)) for words, (cause, paths) in by_words.items()
    )[:MOST_FACTS]


def _of_slopes(result: QuestionResult, backward: Backward) -> Iterator[Diagnosis]:
    """Tell a wrong step backwards from one that is right for a wrong cost."""
    wrong = {each.path for each in result.outputs if each.status != "passed"}
    paths = (*backward.fitting, *backward.others)
    if not wrong.issuperset(paths):
        return  # of a cost that is wrong by itself, right gradients are not the slopes, either
    if backward.cost_is_right:
        cause = "only_backwards" if not result.diagnoses else ""
    else:
        cause = "" if backward.others else "fits_own_cost"
    if cause:
        yield Diagnosis(cause, render(cause, {}), paths)


# ---------------------------------------------------------------- changes that take it back


def _claims(
    found: Explanation, wrong: Wrong, outputs: tuple[str, ...], raised: Fact | None
) -> Iterator[Diagnosis]:
    """Say the mistakes that a search has found; of a line that raises, better what Python says."""
    for each in _together(found.mistakes, wrong):
        sharp = raised is not None and raised.cause not in WEAK
        if raised is not None and sharp and raised.line == each.line.first:
            yield wrong.diagnosis(raised, outputs)
        else:
            yield from _of_mistake(each, wrong, outputs, complete=found.complete)


def _together(mistakes: Sequence[Mistake], wrong: Wrong) -> Iterator[Mistake]:
    """Yield mistakes, but one for all values of one container that stand in the wrong order."""
    for _, group in groupby(mistakes, key=_order_in):
        first, *others = same = list(group)
        is_own = all(_is_own(cause, each, wrong) for each in same for cause in each.causes)
        if others and is_own and _order_in(first):
            causes = tuple(replace(cause, about={}) for cause in first.causes)
            first = replace(first, address=first.address.partition("[")[0], causes=causes)
            others = []
        yield from (first, *others)


def _order_in(mistake: Mistake) -> tuple[int, str] | None:
    """Return the line, and the container whose values it puts into the wrong order, if it does."""
    is_it = {cause.cause for cause in mistake.causes} == {"order_of_values"}
    return (mistake.line.first, mistake.address.partition("[")[0]) if is_it else None


def _is_own(edit: Edit, mistake: Mistake, wrong: Wrong) -> bool:
    """Whether the student has written what is to be looked at, and not a change before this one."""
    if edit.cause == "key_missing":
        return True
    first, last = mistake.line.first, mistake.line.last
    lines = wrong.source.code.split("\n")
    if edit.at is None or first <= edit.at <= last:
        lines = lines[first - wrong.source.line : last - wrong.source.line + 1]
    return set(_NAME.findall(edit.about.get("taken", ""))) <= set(_NAME.findall("\n".join(lines)))


def _of_mistake(
    mistake: Mistake, wrong: Wrong, outputs: tuple[str, ...], *, complete: bool
) -> Iterator[Diagnosis]:
    """Claim a mistake; what is general is claimed only if everything is right without it."""
    is_deep = mistake.address.count("[") > 1  # a part of a part has no name of its own
    told = wrong.words.told(mistake.address)
    address = told.partition("[")[0] if is_deep else told
    is_last = isinstance(mistake.line.node, ast.Return)
    variable = address or next(iter(sorted(mistake.line.binds)), "" if is_last else NOTHING)
    telling = [
        each
        for each in without_detours(mistake.causes)
        if is_telling(each, complete=complete, sure=wrong.key.tells_much)
        and _is_own(each, mistake, wrong)
    ]
    particular = [each for each in telling if each.cause not in GENERAL]
    edits = in_one_voice(particular or (telling if complete else []))
    by_words = {render(each.cause, about_own_code(each), variable): each.cause for each in edits}
    if len(by_words) > 1 and not complete:
        return  # one of several mistakes has to be certain by itself
    line = line_of(mistake)
    yield from claim(by_words, outputs, wrong.place(line), wrong.code(line))
