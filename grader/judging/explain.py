"""Where wrong functions begin to be wrong, and why: searches for all of them, round by round.

What is found decides nothing about the score. Which calls are made is decided here; what comes of
them is put into words in `telling`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from grader.errors import DisturbedError, kind_of, reason
from grader.judging.diagnose import diagnose
from grader.judging.expected import AnswerKey
from grader.judging.likely import fitting_mutants, hints
from grader.judging.repairs.budget import Budget
from grader.judging.repairs.scores import keys_of
from grader.judging.repairs.search import SEARCH_SECONDS, Search
from grader.judging.repairs.trying import Trial
from grader.judging.slopes import OwnSlopes
from grader.judging.telling import told
from grader.judging.wrong import Wrong
from grader.results import Observation, QuestionResult, Source
from grader.vocabulary import Vocabulary

MOST_SECONDS = 15.0  # for one notebook
KNOWN_SECONDS = 1.0  # for a function whose mistake is a known one
Rounds = Generator[Sequence[Trial], Sequence[Observation], None]


class Explainer:
    """Asks for calls, round after round, and ends with an explanation of every wrong function.

    `failure` says what went wrong with the looking itself, if anything did: results stand without,
    and so do the explanations of the other functions.
    """

    def __init__(
        self, key: AnswerKey, sources: Mapping[str, Source], notebook: Iterable[str] = ()
    ) -> None:
        self._notebook = tuple(notebook)  # the source of all its functions
        self._shown: dict[str, dict[str, Observation]] = {}
        self._words: dict[str, Vocabulary] = {}
        self._keys = {each.question.name: each for each in key.questions if each.evidence}
        self.sources = sources
        self._looking: dict[str, _Looking] = {}
        self._budget = Budget(MOST_SECONDS)
        self.failure = ""

    @property
    def readable(self) -> set[str]:
        """The items whose own code is known: of one from a module nothing can be said."""
        return {name for name in self._keys if self.sources[name].code}

    def begin(
        self,
        wrong: Iterable[str],
        lost: Iterable[str] = (),
        seen: Iterable[Observation] = (),
    ) -> list[Trial]:
        """Return the first calls: of the wrong functions, as they are.

        What uses another one that is wrong, or `lost`, is left alone: the mistake may be there.
        What was `seen` in visible cases was before any hidden one had run, and may be shown.
        """
        self._budget = Budget(MOST_SECONDS)
        names = set(wrong)
        bad = names.union(lost)
        shown = {(n, case.id) for n in self._keys for case in self._keys[n].cases if case.visible}
        for each in seen:
            if (each.question, each.case) in shown:
                self._shown.setdefault(each.question, {})[each.case] = self._said(each)
        own = [n for n in self._keys if n in names and not self.sources[n].uses & (bad - {n})]
        return [Trial(name, case.id) for name in own for case in self._keys[name].cases]

    def next(self, seen: Sequence[Observation]) -> list[Trial]:
        """Return the next calls, from what came of the latest; none at the end."""
        self._budget.spend(seen)
        by_question: dict[str, list[Observation]] = {}
        for observation in seen:
            by_question.setdefault(observation.question, []).append(self._said(observation))
        trials: list[Trial] = []
        for name, observations in by_question.items():
            with self._noted():
                trials += self._advance(name, sorted(observations, key=lambda each: each.version))
        return [] if self._budget.is_spent else trials

    def _advance(self, name: str, observations: list[Observation]) -> Sequence[Trial]:
        if name in self._looking:
            return self._looking[name].go_on(observations)
        traced = {each.case: each for each in observations}
        functions = [self.sources[each].name for each in self._keys]
        shown = self._shown.get(name, {})
        words = self._words_of(name)
        wrong = Wrong(self._keys[name], self.sources[name], traced, functions, shown, words)
        self._looking[name] = _Looking(wrong)
        return self._looking[name].go_on(None)

    def _said(self, observation: Observation) -> Observation:
        """Return what was seen, in words that a page may use."""
        return self._words_of(observation.question).seen(observation)

    def _words_of(self, name: str) -> Vocabulary:
        if name not in self._words:
            key, evidence = self._keys[name], self._keys[name].evidence
            every = evidence.intermediates if evidence else ()
            self._words[name] = Vocabulary.of(
                self.sources[name].code,
                keys=[*keys_of(key.cases), *(evidence.texts if evidence else ())],
                addresses={each.address for case in every for each in case if each.address},
                notebook=self._notebook,
            )
        return self._words[name]

    def told(self, result: QuestionResult) -> QuestionResult:
        """Add to a result what was found of it; a known mistake that explains it all stands."""
        looking = self._looking.get(result.name)
        if looking is not None and result.status != "passed":
            with self._noted():
                search, slopes = looking.search, looking.slopes
                return told(result, looking.wrong, search.explanation, slopes.found)
        return result

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Go on without what fails: a hint is not worth a result. What the machine fails is."""
        try:
            yield
        except (MemoryError, OSError) as error:
            raise DisturbedError(reason(error)) from error
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            self.failure = kind_of(error)


class _Looking:
    """What is being looked for in one wrong function: a change, then how its gradients fit."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        self.search, self.slopes = _search(wrong), OwnSlopes(wrong.key)
        self._rounds = self._one_after_the_other()

    def go_on(self, observations: list[Observation] | None) -> Sequence[Trial]:
        """Return the next calls; none at the end. There are no observations before the first."""
        try:
            return next(self._rounds) if observations is None else self._rounds.send(observations)
        except StopIteration:
            return []

    def _one_after_the_other(self) -> Rounds:
        """Look for a change; where there is none that explains it all, compare the gradients."""
        yield from self.search.run()
        if not self.search.explanation.complete:
            yield from self.slopes.run()


def _search(wrong: Wrong) -> Search:
    """Return the search of a function: of a known mistake only its line is looked for."""
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


def explained(
    results: Iterable[QuestionResult], explainer: Explainer
) -> tuple[QuestionResult, ...]:
    """Return the results with what was found of them."""
    return tuple(explainer.told(result) for result in results)
