"""Where wrong functions begin to be wrong, and why: searches for all of them, round by round.

What is found decides nothing about the score. A cause is claimed only if a change that takes it
back makes right what it should, or if a likely mistake in the reference does in every case what the
student's function does; where two fit that mean different things, both are named as possible.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.judging.causes import render
from grader.judging.expected import AnswerKey, Mutant, QuestionKey
from grader.judging.failures import unbound_name
from grader.judging.fingerprint import Fingerprint, Outcome, fingerprint, of_values
from grader.judging.lines import Function, Line
from grader.judging.locate import Found
from grader.judging.looks import looks
from grader.judging.relations import relations
from grader.judging.repairs.search import Explanation, Mistake, Search, Trial
from grader.judging.repairs.words import GENERAL, about_own_code, is_telling
from grader.results import Diagnosis, Location, Observation, Place, QuestionResult, Source
from grader.spec import Feedback
from grader.values import leaves, shape_text

MOST_SECONDS = 15.0  # for one notebook
Rounds = Generator[Sequence[Trial], Sequence[Observation], None]
MOST_FACTS = 3
ABOUT_SHAPES = ("ValueError", "IndexError", "AssertionError")
POSSIBLE = "One of two things may be the reason. {first} Or: {second}"

_WHERE = {
    "named": "`{address}` is the first value that is not what it should be.",
    "differs": "Up to here all values are right; `{address}` is the first that may not be.",
    "shape": "`{address}` has another shape than it should have.",
    "carried": "`{address}` is returned, and is not what it should be.",
    "raised": "Up to here no value is wrong.",
    "returned": "Up to here no value is wrong. Is this what is to be returned, and when?",
}
_CERTAIN = ("named", "shape", "raised", "carried")


class Explainer:
    """Asks for calls, round after round, and ends with an explanation of every wrong function."""

    def __init__(self, key: AnswerKey, sources: Mapping[str, Source]) -> None:
        self._keys = {each.question.name: each for each in key.questions if each.evidence}
        self._sources = sources
        self._searches: dict[str, Search] = {}
        self._rounds: dict[str, Rounds] = {}
        self._traced: dict[str, dict[str, Observation]] = {}
        self._until = 0.0

    def begin(self, wrong: Iterable[str], lost: Iterable[str] = ()) -> list[Trial]:
        """Return the first calls: of the wrong functions, as they are.

        What uses another one that is wrong, or `lost`, is left alone: the mistake may be there.
        """
        self._until = time.monotonic() + MOST_SECONDS
        names = set(wrong)
        bad = names.union(lost)
        own = [n for n in self._keys if n in names and not self._sources[n].uses & (bad - {n})]
        return [Trial(name, case.id) for name in own for case in self._keys[name].cases]

    def next(self, seen: Sequence[Observation]) -> list[Trial]:
        """Return the next calls, from what came of the latest; none at the end."""
        by_question: dict[str, list[Observation]] = {}
        for observation in seen:
            by_question.setdefault(observation.question, []).append(observation)
        trials: list[Trial] = []
        for name, observations in by_question.items():
            trials += self._advance(name, sorted(observations, key=lambda each: each.version))
        return trials if time.monotonic() < self._until else []

    def _advance(self, name: str, observations: list[Observation]) -> Sequence[Trial]:
        begun = name in self._searches
        if not begun:
            self._traced[name] = {each.case: each for each in observations}
            others = [self._sources[each].name for each in self._keys]
            search = Search(self._keys[name], self._sources[name], self._traced[name], others)
            self._searches[name], self._rounds[name] = search, search.run()
        try:
            return self._rounds[name].send(observations) if begun else next(self._rounds[name])
        except StopIteration:
            return []

    def told(self, result: QuestionResult) -> QuestionResult:
        """Add to a result what was found of it; a known mistake that explains it all stands."""
        if result.name not in self._searches or result.status == "passed":
            return result
        found = self._searches[result.name].explanation
        traced = self._traced[result.name].values()
        nothing = all(each.status == "returned" and each.value is None for each in traced)
        if nothing and not found.mistakes:
            return result  # not filled in yet
        source = self._sources[result.name]
        location = _location(found, source)
        if location and found.begins and found.begins.why == "raised" and not found.mistakes:
            shapes = self._shapes(result.name, found.begins.line)
            location = replace(location, message=shapes)
        if result.diagnoses and location and not found.mistakes and found.begins:
            # The cause is known; where the values begin to differ is less than that.
            location = location if _is_certain(found.begins) else None
        diagnoses = (
            result.diagnoses
            or self._diagnoses(result, found, source)
            or self._related(result.name)
            or self._seen_at_sight(result.name, source)
        )
        return replace(result, diagnoses=diagnoses, location=location)

    def _shapes(self, name: str, line: Line) -> str:
        """Say which shapes the arrays of a line had, where it raised in a visible case."""
        parameters = self._sources[name].parameters or ()
        for case in self._keys[name].cases:
            seen = self._traced[name].get(case.id)
            if case.visible and seen and seen.error and seen.error.type in ABOUT_SHAPES:
                values = dict(zip(parameters, case.arguments, strict=False))
                values |= {step.address: step.value for step in seen.steps if step.address}
                shapes = [
                    f"`{each}` {shape_text(values[each].shape)}"
                    for each in sorted(line.reads & values.keys())
                    if isinstance(values[each], np.ndarray)
                ]
                return f"The shapes there: {', '.join(shapes)}." if shapes else ""
        return ""

    def _diagnoses(
        self, result: QuestionResult, found: Explanation, source: Source
    ) -> tuple[Diagnosis, ...]:
        wrong = tuple(each.path for each in result.outputs if each.status != "passed")
        if not found.complete and (mutants := self._mutants(result.name)):
            return _of_mutants(mutants, wrong)
        unbound = self._unbound(result.name)
        claims = (
            _of_mistake(each, wrong, source, unbound, complete=found.complete)
            for each in found.mistakes
        )
        return tuple(claim for claim in claims if claim)

    def _unbound(self, name: str) -> str | None:
        """Return the name that a function looks up in vain, if that is why it raises."""
        errors = [seen.error for seen in self._traced[name].values() if seen.error]
        return next(filter(None, map(unbound_name, errors)), None)

    def _related(self, name: str) -> tuple[Diagnosis, ...]:
        """Tell how wrong outputs are related to the right ones, where no cause is known."""
        by_words: dict[str, tuple[str, list[str]]] = {}
        for found in relations(self._keys[name], self._traced[name]):
            words = render(found.cause, found.about, found.path)
            by_words.setdefault(words, (found.cause, []))[1].append(found.path)
        return tuple(
            Diagnosis(cause, words, tuple(paths)) for words, (cause, paths) in by_words.items()
        )[:MOST_FACTS]

    def _seen_at_sight(self, name: str, source: Source) -> tuple[Diagnosis, ...]:
        """Tell what the source shows, where no cause is known."""
        function, key = Function.of(source), self._keys[name]
        if function is None or key.evidence is None:
            return ()
        parameters = dict(zip(key.question.parameters, source.parameters or (), strict=False))
        needed = {parameters.get(each, each) for each in key.evidence.reads}
        every = (each for case in key.evidence.intermediates[:1] for each in case)
        named = {each.address for each in every if each.shape}
        functions = [each.name for each in self._sources.values()]
        unbound = self._unbound(name)
        return tuple(
            Diagnosis(
                fact.cause,
                render(fact.cause, {"taken": f"`{fact.name}`"}),
                (),
                _place(fact.line, source),
                _code(fact.line, source),
            )
            for fact in looks(function, needed, named, functions)[:MOST_FACTS]
            if fact.cause != "from_elsewhere" or not unbound
        )

    def _mutants(self, name: str) -> list[Mutant]:
        """Return the likely mistakes that do in every case what was seen."""
        key, traced = self._keys[name], self._traced[name]
        if key.evidence is None or len(traced) < len(key.cases) or not _tells_much(key):
            return []
        outcomes = [_outcome(traced[case.id]) for case in key.cases]
        own = fingerprint(key.question, outcomes, [case.expected.value for case in key.cases])
        series = _series(traced.values())
        fitting = [
            each
            for each in key.evidence.mutants
            if each.outputs.agrees(own) and _is_seen(each, series)
        ]
        fewest = min((each.slips for each in fitting), default=0)
        return [each for each in fitting if each.slips == fewest]


def _is_certain(begins: Found) -> bool:
    """Whether it is more than likely that the mistake is in this line."""
    if begins.why == "returned":  # then only if something is worked out there
        return any(isinstance(n, ast.BinOp | ast.Call) for n in ast.walk(begins.line.node))
    return begins.why in _CERTAIN


def _tells_much(key: QuestionKey) -> bool:
    """Whether right values are more than whole numbers, which many mistakes hit upon."""
    for case in key.cases:
        for leaf in leaves(case.expected.value, key.question.returns).values():
            if isinstance(leaf, np.ndarray | float | np.generic) and np.any(np.mod(leaf, 1) != 0):
                return True
    return False


def _series(traced: Iterable[Observation]) -> list[Fingerprint]:
    """Return what every name of the function is bound to, over all cases."""
    values: dict[str, list[object]] = {}
    for observation in traced:
        for step in observation.steps:
            values.setdefault(step.address, []).append(step.value)
    return [found for each in values.values() if (found := of_values(each))]


def _is_seen(mutant: Mutant, series: Sequence[Fingerprint]) -> bool:
    """Whether what the changed line binds is something that the student's function binds, too."""
    target = mutant.target
    if target is None or target.address == "":
        return True
    return any(target.fingerprint.agrees(each) for each in series)


def _outcome(seen: Observation) -> Outcome:
    error = seen.error
    return Outcome(
        seen.status, seen.value, error.type if error else "", error.message if error else ""
    )


def _of_mutants(fitting: Sequence[Mutant], wrong: tuple[str, ...]) -> tuple[Diagnosis, ...]:
    by_words = {render(each.cause, each.about): each.cause for each in fitting}
    return _claim(by_words, wrong, None, "")


def _of_mistake(
    mistake: Mistake, wrong: tuple[str, ...], source: Source, unbound: str | None, *, complete: bool
) -> Diagnosis | None:
    """Claim a mistake; what is general is claimed only if everything is right without it."""
    variable = mistake.address or next(iter(sorted(mistake.line.binds)), "")
    if any(each.about.get("taken") == unbound is not None for each in mistake.causes):
        line = mistake.line.first
        words = render("unbound_name", {"taken": f"`{unbound}`"})
        return Diagnosis("unbound_name", words, wrong, _place(line, source), _code(line, source))
    telling = [each for each in mistake.causes if is_telling(each)]
    particular = [each for each in telling if each.cause not in GENERAL]
    by_words = {
        render(each.cause, about_own_code(each), variable): each.cause
        for each in particular or (telling if complete else ())
    }
    line = _line(mistake)
    found = _claim(by_words, wrong, _place(line, source), _code(line, source))
    return next(iter(found), None)


def _line(mistake: Mistake) -> int:
    """Return the line to look at."""
    return mistake.causes[0].at or mistake.line.first


def _claim(
    by_words: Mapping[str, str], wrong: tuple[str, ...], place: Place | None, code: str
) -> tuple[Diagnosis, ...]:
    """Claim a cause, or name two as possible; where more fit, none."""
    words = list(by_words)
    if not words or len(words) > 2:
        return ()
    message = words[0] if len(words) == 1 else POSSIBLE.format(first=words[0], second=words[1])
    return (Diagnosis("+".join(dict.fromkeys(by_words.values())), message, wrong, place, code),)


def _place(line: int, source: Source) -> Place:
    return Place(source.cell, line)


def _code(line: int, source: Source) -> str:
    lines = source.code.split("\n")
    index = line - source.line
    return lines[index].strip()[:120] if 0 <= index < len(lines) else ""


def _location(found: Explanation, source: Source) -> Location | None:
    """Return where the first mistake is, or where the values begin to differ."""
    if found.mistakes:
        first = found.mistakes[0]
        line, address, why = _line(first), first.address, first.why
    elif found.begins:
        line, address, why = found.begins.line.first, found.begins.address, found.begins.why
    else:
        return None
    words = _WHERE.get(why, "")
    message = words.format(address=address) if address or "{" not in words else ""
    return Location(_place(line, source), _code(line, source), address, message)


def explained(
    results: Iterable[QuestionResult], explainer: Explainer, feedback: Feedback
) -> tuple[QuestionResult, ...]:
    """Return the results with what was found of them, as far as students are to be told."""
    told = (explainer.told(result) for result in results)
    if feedback == "what":
        told = (replace(result, diagnoses=(), location=None) for result in told)
    elif feedback == "where":
        told = (replace(result, diagnoses=()) for result in told)
    return tuple(told)
