"""From all that was found of one wrong function to what its student is told.

A cause is claimed only if a change that takes it back makes right what it should, if a likely
mistake in the reference does in every case what the student's function does, or if it is a fact
that Python itself, or the source, shows. Where two fit that mean different things, both are named
as possible.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.judging.causes import render
from grader.judging.expected import Mutant, QuestionKey
from grader.judging.failures import unbound_name
from grader.judging.fingerprint import Fingerprint, Outcome, fingerprint, of_values
from grader.judging.lines import Function, Line
from grader.judging.locate import Found, plain
from grader.judging.looks import STRONG, Fact, Usual, is_not_filled_in, looks
from grader.judging.raised import WEAK, raised_fact
from grader.judging.relations import relations
from grader.judging.repairs.scores import keys_of
from grader.judging.repairs.search import Explanation, Mistake
from grader.judging.repairs.words import GENERAL, about_own_code, in_one_voice, is_telling
from grader.judging.slopes import Backward
from grader.results import Diagnosis, Location, Observation, Place, QuestionResult, Source
from grader.values import leaves, shape_text

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


@dataclass(frozen=True)
class Wrong:
    """A wrong function: its key, its source, what it did in every case as it is.

    `functions` are the notebook's own names of all graded ones.
    """

    key: QuestionKey
    source: Source
    traced: Mapping[str, Observation]
    functions: Sequence[str]

    def place(self, line: int) -> Place:
        """Return where a line stands in the notebook."""
        return Place(self.source.cell, line)

    def _bound_in(self, number: int) -> str:
        """Return what a line binds."""
        function = Function.of(self.source)
        line = function.line(number) if function else None
        return next(iter(sorted(line.binds)), "") if line else ""

    def code(self, line: int) -> str:
        """Return a line's text."""
        lines = self.source.code.split("\n")
        index = line - self.source.line
        return lines[index].strip()[:120] if 0 <= index < len(lines) else ""

    def diagnosis(self, fact: Fact, outputs: tuple[str, ...] = ()) -> Diagnosis:
        """Say a fact."""
        about = {"taken": f"`{fact.name}`" if fact.name else ""}
        words = render(fact.cause, about, self._bound_in(fact.line))
        if not fact.line:
            return Diagnosis(fact.cause, words, outputs)
        return Diagnosis(fact.cause, words, outputs, self.place(fact.line), self.code(fact.line))


def told(
    result: QuestionResult, wrong: Wrong, found: Explanation, backward: Backward | None = None
) -> QuestionResult:
    """Add to a result what was found of it; a known mistake that explains it all stands."""
    nothing = all(e.status == "returned" and e.value is None for e in wrong.traced.values())
    if nothing and not found.mistakes:
        return result  # not filled in yet
    location = _location(found, wrong)
    if result.diagnoses and location and not found.mistakes and found.begins:
        # The cause is known; where the values begin to differ is less than that.
        location = location if _is_certain(found.begins) else None
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
    if found.complete and claims:
        return tuple(claims)
    first = [raised] if raised and raised.cause not in WEAK else []
    of_each_kind = {each.cause: each for each in reversed([*first, *strong])}
    if of_each_kind:
        found_first = [*reversed(of_each_kind.values())][:MOST_FACTS]
        return tuple(wrong.diagnosis(each, outputs) for each in found_first)
    if mutants := _mutants(wrong):
        return _of_mutants(mutants, wrong, outputs)
    weak = [*([raised] if raised else []), *facts]
    return (
        tuple(claims)
        or _related(wrong)
        or tuple(wrong.diagnosis(each) for each in weak[:MOST_FACTS])
    )


# ---------------------------------------------------------------- facts


def _raised(wrong: Wrong) -> Fact | None:
    """Return what the first exception says, if all that were raised say the same."""
    function = Function.of(wrong.source)
    if function is None or is_not_filled_in(function):
        return None
    found = set[Fact | None]()
    for seen in wrong.traced.values():
        if seen.error is not None and seen.steps and seen.own_line:
            line = function.line(seen.steps[-1].line)
            found.add(raised_fact(seen.error, line, function) if line else None)
    return found.pop() if len(found) == 1 else None


def _facts(wrong: Wrong) -> list[Fact]:
    """Return what the source shows."""
    function, evidence = Function.of(wrong.source), wrong.key.evidence
    if function is None or evidence is None:
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
        named={each.address for each in every if each.shape},
        functions=wrong.functions,
        texts={*evidence.texts, *keys_of(key.cases)},
        numbers={*evidence.numbers, *_common_sizes(key)},
        draws=key.draws,
        seeds=key.question.seed is None,
    )


def _common_sizes(key: QuestionKey) -> set[int]:
    """Return the sizes that arrays have in every case: the exercise itself may set them."""
    per_case = []
    for case in key.cases:
        every = leaves((case.arguments, case.expected.value), ("given", "due")).values()
        per_case.append({size for each in every for size in np.shape(each)})
    return set.intersection(*per_case)


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


# ---------------------------------------------------------------- likely mistakes


def _mutants(wrong: Wrong) -> list[Mutant]:
    """Return the likely mistakes that do in every case what was seen."""
    key, traced = wrong.key, wrong.traced
    if key.evidence is None or len(traced) < len(key.cases) or not _tells_much(key):
        return []
    outcomes = [_outcome(traced[case.id]) for case in key.cases]
    own = fingerprint(key.question, outcomes, [case.expected.value for case in key.cases])
    series = [found for found, _ in _series(traced.values())]
    returns = any(each.status == "returned" for each in traced.values())
    fitting = [
        each
        for each in key.evidence.mutants
        if each.outputs.agrees(own) and _is_seen(each, series, sure=returns)
    ]
    fewest = min((each.slips for each in fitting), default=0)
    return [each for each in fitting if each.slips == fewest]


def _tells_much(key: QuestionKey) -> bool:
    """Whether right values are more than whole numbers, which many mistakes hit upon."""
    for case in key.cases:
        for leaf in leaves(case.expected.value, key.question.returns).values():
            if isinstance(leaf, np.ndarray | float | np.generic) and np.any(np.mod(leaf, 1) != 0):
                return True
    return False


def _series(traced: Iterable[Observation]) -> Iterator[tuple[Fingerprint, int]]:
    """Yield what every name of the function is bound to, over all cases, and in which line."""
    values: dict[str, list[object]] = {}
    lines: dict[str, int] = {}
    for observation in traced:
        for step in observation.steps:
            values.setdefault(step.address, []).append(step.value)
            lines[step.address] = step.line
    for address, each in values.items():
        found = of_values(each)
        if found:
            yield found, lines[address]


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


def _of_mutants(
    fitting: Sequence[Mutant], wrong: Wrong, outputs: tuple[str, ...]
) -> tuple[Diagnosis, ...]:
    by_words = {render(each.cause, each.about): each.cause for each in fitting}
    lines = {
        line
        for each in fitting
        for found, line in _series(wrong.traced.values())
        if each.target and each.target.address and each.target.fingerprint.agrees(found)
    }
    line = lines.pop() if len(lines) == 1 else 0
    place = wrong.place(line) if line else None
    return tuple(_claim(by_words, outputs, place, wrong.code(line) if line else ""))


# ---------------------------------------------------------------- changes that take it back


def _claims(
    found: Explanation, wrong: Wrong, outputs: tuple[str, ...], raised: Fact | None
) -> Iterator[Diagnosis]:
    """Say the mistakes that a search has found; of a line that raises, better what Python says."""
    for each in found.mistakes:
        sharp = raised is not None and raised.cause not in WEAK
        if raised is not None and sharp and raised.line == each.line.first:
            yield wrong.diagnosis(raised, outputs)
        else:
            yield from _of_mistake(each, wrong, outputs, complete=found.complete)


def _of_mistake(
    mistake: Mistake, wrong: Wrong, outputs: tuple[str, ...], *, complete: bool
) -> Iterator[Diagnosis]:
    """Claim a mistake; what is general is claimed only if everything is right without it."""
    is_deep = mistake.address.count("[") > 1  # a part of a part has no name of its own
    address = mistake.address.partition("[")[0] if is_deep else mistake.address
    variable = address or next(iter(sorted(mistake.line.binds)), "")
    telling = [each for each in mistake.causes if is_telling(each, complete=complete)]
    particular = [each for each in telling if each.cause not in GENERAL]
    edits = in_one_voice(particular or (telling if complete else []))
    by_words = {render(each.cause, about_own_code(each), variable): each.cause for each in edits}
    line = _line(mistake)
    yield from _claim(by_words, outputs, wrong.place(line), wrong.code(line))


def _line(mistake: Mistake) -> int:
    """Return the line to look at."""
    return mistake.causes[0].at or mistake.line.first


def _claim(
    by_words: Mapping[str, str], outputs: tuple[str, ...], place: Place | None, code: str
) -> Iterator[Diagnosis]:
    """Claim a cause, or name two as possible; where more fit, none."""
    words = list(by_words)
    if words and len(words) <= 2:
        message = words[0] if len(words) == 1 else POSSIBLE.format(first=words[0], second=words[1])
        yield Diagnosis("+".join(dict.fromkeys(by_words.values())), message, outputs, place, code)


# ---------------------------------------------------------------- where


def _location(found: Explanation, wrong: Wrong) -> Location | None:
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
    if why == "raised" and found.begins and not found.mistakes:
        message = _shapes(wrong, found.begins.line)
    return Location(wrong.place(line), wrong.code(line), address, message)


def _is_certain(begins: Found) -> bool:
    """Whether it is more than likely that the mistake is in this line."""
    if begins.why == "returned":  # then only if something is worked out there
        return any(isinstance(n, ast.BinOp | ast.Call) for n in ast.walk(begins.line.node))
    return begins.why in _CERTAIN


def _shapes(wrong: Wrong, line: Line) -> str:
    """Say which shapes the arrays of a line had, where it raised in a visible case.

    And which one the reference has there, under the name that the line binds.
    """
    parameters = wrong.source.parameters or ()
    for number, case in enumerate(wrong.key.cases):
        seen = wrong.traced.get(case.id)
        if case.visible and seen and seen.error and seen.error.type in ABOUT_SHAPES:
            values = dict(zip(parameters, case.arguments, strict=False))
            values |= {step.address: step.value for step in seen.steps if step.address}
            shapes = [
                f"`{each}` {shape_text(values[each].shape)}"
                for each in sorted(line.reads & values.keys())
                if isinstance(values[each], np.ndarray)
            ]
            due = _due_shape(wrong, number, line)
            return f"The shapes there: {', '.join(shapes)}.{due}" if shapes else ""
    return ""


def _due_shape(wrong: Wrong, number: int, line: Line) -> str:
    """Say which shape the value has to get that a line binds, if it is always the same one."""
    evidence = wrong.key.evidence
    every = evidence.intermediates[number] if evidence else ()
    for name in sorted(line.binds):
        shapes = {each.shape for each in every if plain(each.address) == plain(name)}
        if len(shapes) == 1 and () not in shapes:
            return f" `{name}` should become {shape_text(shapes.pop())}."
    return ""
