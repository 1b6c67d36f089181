"""Likely mistakes in the reference that do what a student's function does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.judging.causes import render
from grader.judging.expected import Mutant
from grader.judging.fingerprint import Fingerprint, Outcome, fingerprint, of_values
from grader.judging.locate import Known, judged_steps
from grader.judging.wrong import Wrong, claim
from grader.results import Diagnosis, Observation


def fitting_mutants(wrong: Wrong) -> list[Mutant]:
    """Return the likely mistakes that do in every case what was seen."""
    key, traced = wrong.key, wrong.traced
    if key.evidence is None or len(traced) < len(key.cases) or not key.tells_much:
        return []
    outcomes = [_outcome(traced[case.id]) for case in key.cases]
    own = fingerprint(key.question, outcomes, [case.expected.value for case in key.cases])
    series = [found for found, *_ in _series(traced.values())]
    returns = any(each.status == "returned" for each in traced.values())
    fitting = [
        each
        for each in key.evidence.mutants
        if each.outputs.agrees(own) and _is_seen(each, series, sure=returns)
    ]
    fewest = min((each.slips for each in fitting), default=0)
    return [each for each in fitting if each.slips == fewest]


def _series(traced: Iterable[Observation]) -> Iterator[tuple[Fingerprint, int, str]]:
    """Yield what every name of the function is bound to, over all cases, in which line."""
    values: dict[str, list[object]] = {}
    lines: dict[str, int] = {}
    for observation in traced:
        for step in observation.steps:
            values.setdefault(step.address, []).append(step.value)
            lines[step.address] = step.line
    for address, each in values.items():
        found = of_values(each)
        if found:
            yield found, lines[address], address


def _is_seen(mutant: Mutant, series: Sequence[Fingerprint], *, sure: bool) -> bool:
    """Whether what the changed line binds is something that the student's function binds, too.

    Where that cannot be told, it is enough if it is `sure` otherwise: the same message of an
    exception in all cases says little.
    """
    target = mutant.target
    if target is None or target.address == "":
        return sure
    return any(target.fingerprint.agrees(each) for each in series)


def _outcome(seen: Observation) -> Outcome:
    error = seen.error
    return Outcome(
        seen.status, seen.value, error.type if error else "", error.message if error else ""
    )


def hints(fitting: Iterable[Mutant], wrong: Wrong) -> dict[int, frozenset[str]]:
    """Return, by line of the function, the kinds of likely mistakes that fit and may be there."""
    found: dict[int, set[str]] = {}
    for each in fitting:
        for line in _places(each, wrong):
            found.setdefault(line, set()).add(each.cause)
    return {line: frozenset(causes) for line, causes in found.items()}


def _places(mutant: Mutant, wrong: Wrong) -> dict[int, str]:
    """Return the lines that bind what the changed line of a mutant does, and under which name."""
    target = mutant.target
    if target is None or not target.address:
        return {}
    series = _series(wrong.traced.values())
    return {line: address for found, line, address in series if target.fingerprint.agrees(found)}


def of_mutants(
    fitting: Sequence[Mutant], wrong: Wrong, outputs: tuple[str, ...]
) -> tuple[Diagnosis, ...]:
    """Claim the likely mistakes that fit, in the line that binds what theirs does.

    Where that line binds what it should, the student has made the mistake elsewhere, nobody knows
    where.
    """
    places = {line: name for each in fitting for line, name in _places(each, wrong).items()}
    ((line, variable),) = places.items() if len(places) == 1 else ((0, ""),)
    if line and _is_right(line, wrong):
        return ()
    variable = "" if "[" in variable else variable  # a part of a whole has no name of its own
    by_words = {render(each.cause, each.about, variable): each.cause for each in fitting}
    place = wrong.place(line) if line else None
    return tuple(claim(by_words, outputs, place, wrong.code(line) if line else ""))


def _is_right(number: int, wrong: Wrong) -> bool:
    """Whether a line binds, in every case, what the reference gives the same names."""
    function, evidence = wrong.function, wrong.key.evidence
    if function is None or evidence is None:
        return False
    for case, inner in zip(wrong.key.cases, evidence.intermediates, strict=False):
        steps = [step for step in wrong.traced[case.id].steps if step.line == number]
        judged = judged_steps(function, steps, Known(inner))
        if not judged or not all(each.named and each.shaped for each in judged):
            return False
    return True
