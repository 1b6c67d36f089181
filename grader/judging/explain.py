"""Where wrong functions begin to be wrong, and why: searches for all of them, round by round.

What is found decides nothing about the score. Which calls are made is decided here; what comes of
them is put into words in `telling`.
"""

from __future__ import annotations

import traceback
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.judging.diagnose import diagnose
from grader.judging.expected import AnswerKey
from grader.judging.likely import fitting_mutants, hints
from grader.judging.repairs.budget import Budget
from grader.judging.repairs.search import SEARCH_SECONDS, Search
from grader.judging.repairs.trying import Trial
from grader.judging.slopes import OwnSlopes
from grader.judging.telling import told
from grader.judging.wrong import Wrong
from grader.results import Observation, QuestionResult, Source
from grader.spec import Feedback

MOST_SECONDS = 15.0  # for one notebook
KNOWN_SECONDS = 1.0  # for a function whose mistake is a known one
Rounds = Generator[Sequence[Trial], Sequence[Observation], None]


class Explainer:
    """Asks for calls, round after round, and ends with an explanation of every wrong function.

    `failure` says what went wrong with the looking itself, if anything did: results stand without.
    """

    def __init__(self, key: AnswerKey, sources: Mapping[str, Source]) -> None:
        self._keys = {each.question.name: each for each in key.questions if each.evidence}
        self._sources = sources
        self._searches: dict[str, Search] = {}
        self._slopes: dict[str, OwnSlopes] = {}
        self._rounds: dict[str, Rounds] = {}
        self._traced: dict[str, dict[str, Observation]] = {}
        self._budget = Budget(MOST_SECONDS)
        self.failure = ""

    def begin(self, wrong: Iterable[str], lost: Iterable[str] = ()) -> list[Trial]:
        """Return the first calls: of the wrong functions, as they are.

        What uses another one that is wrong, or `lost`, is left alone: the mistake may be there.
        """
        self._budget = Budget(MOST_SECONDS)
        names = set(wrong)
        bad = names.union(lost)
        own = [n for n in self._keys if n in names and not self._sources[n].uses & (bad - {n})]
        return [Trial(name, case.id) for name in own for case in self._keys[name].cases]

    def next(self, seen: Sequence[Observation]) -> list[Trial]:
        """Return the next calls, from what came of the latest; none at the end, or if it failed."""
        try:
            return self._next(seen)
        except Exception as error:  # noqa: BLE001 - a hint is not worth a result
            self._failed(error)
            return []

    def _failed(self, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}, line {frame.lineno}"
        self.failure = f"{type(error).__name__}: {error} ({where})"

    def _next(self, seen: Sequence[Observation]) -> list[Trial]:
        self._budget.spend(seen)
        by_question: dict[str, list[Observation]] = {}
        for observation in seen:
            by_question.setdefault(observation.question, []).append(observation)
        trials: list[Trial] = []
        for name, observations in by_question.items():
            trials += self._advance(name, sorted(observations, key=lambda each: each.version))
        return [] if self._budget.is_spent else trials

    def _advance(self, name: str, observations: list[Observation]) -> Sequence[Trial]:
        begun = name in self._searches
        if not begun:
            self._traced[name] = {each.case: each for each in observations}
            search, slopes = self._search(name), OwnSlopes(self._keys[name])
            self._searches[name], self._slopes[name] = search, slopes
            self._rounds[name] = _one_after_the_other(search, slopes)
        try:
            return self._rounds[name].send(observations) if begun else next(self._rounds[name])
        except StopIteration:
            return []

    def _search(self, name: str) -> Search:
        """Return the search of a function: of a known mistake only its line is looked for."""
        wrong = self._wrong(name)
        is_whole = len(wrong.traced) == len(wrong.key.cases)
        is_known = is_whole and bool(diagnose(wrong.key, wrong.traced, ()))
        return Search(
            wrong.key,
            wrong.source,
            wrong.traced,
            wrong.functions,
            hints=hints(fitting_mutants(wrong), wrong),
            seconds=KNOWN_SECONDS if is_known else SEARCH_SECONDS,
        )

    def _wrong(self, name: str) -> Wrong:
        return Wrong(self._keys[name], self._sources[name], self._traced[name], self._names)

    @property
    def _names(self) -> list[str]:
        return [self._sources[each].name for each in self._keys]

    def told(self, result: QuestionResult) -> QuestionResult:
        """Add to a result what was found of it; a known mistake that explains it all stands."""
        if result.name not in self._searches or result.status == "passed":
            return result
        try:
            return self._told(result)
        except Exception as error:  # noqa: BLE001 - a hint is not worth a result
            self._failed(error)
            return result

    def _told(self, result: QuestionResult) -> QuestionResult:
        name = result.name
        found, slopes = self._searches[name].explanation, self._slopes[name].found
        return told(result, self._wrong(name), found, slopes)


def _one_after_the_other(search: Search, slopes: OwnSlopes) -> Rounds:
    """Look for a change; where there is none that explains it all, compare the gradients."""
    yield from search.run()
    if not search.explanation.complete:
        yield from slopes.run()


def explained(
    results: Iterable[QuestionResult], explainer: Explainer, feedback: Feedback
) -> tuple[QuestionResult, ...]:
    """Return the results with what was found of them, as far as students are to be told."""
    every = (explainer.told(result) for result in results)
    if feedback == "what":
        every = (replace(result, diagnoses=(), location=None) for result in every)
    elif feedback == "where":
        every = (replace(result, diagnoses=()) for result in every)
    return tuple(every)
