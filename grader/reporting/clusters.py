"""Who is wrong in the same way: the class's misunderstandings, counted one submission at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.results import QuestionResult, SubmissionResult

Kind = Literal["unexplained", "explained", "single", "following"]
MOST_CAUSES = 3  # of one cluster: those that were named most often


@dataclass(frozen=True)
class Who:
    """A student, and where their page is."""

    student: str
    page: str = ""


@dataclass(frozen=True)
class Cluster:
    """Students whose item is wrong in the same way, in all cases.

    `causes` are the messages of their diagnoses. Where there is none, and all of them use items
    that are not right either, those are the `suspects`. `example` is one of them, with what was
    seen there and how it is written.
    """

    question: str
    students: tuple[Who, ...]
    causes: tuple[str, ...]
    suspects: tuple[str, ...]
    example: Who
    seen: str
    snippet: str

    @property
    def kind(self) -> Kind:
        """Whether its cause is known, lies perhaps elsewhere, or is to be found, here."""
        if self.causes:
            return "explained"
        if self.suspects:
            return "following"
        return "unexplained" if len(self.students) > 1 else "single"


@dataclass
class _Group:
    """A cluster that grows. Of its members' code it keeps one: the shortest says it best."""

    question: str
    students: list[Who] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    suspects: set[str] = field(default_factory=set)
    begins_here: bool = False
    rank: tuple[bool, bool, int] | None = None
    example: Who = Who("")
    seen: str = ""
    snippet: str = ""

    def add(self, who: Who, question: QuestionResult, causes: Sequence[str]) -> None:
        """Take in a student; of those without suspects one has all else right, and is clearer."""
        self.students.append(who)
        self.causes.update(causes)
        self.suspects.update(question.suspects)
        self.begins_here |= not question.suspects
        rank = (bool(question.suspects), not question.snippet, len(question.snippet))
        if self.rank is None or rank < self.rank:
            self.rank, self.example = rank, who
            self.seen, self.snippet = _seen(question), question.snippet

    def join(self, other: _Group) -> None:
        """Take in another group with the same cause."""
        self.students += other.students
        self.causes.update(other.causes)
        self.suspects |= other.suspects
        self.begins_here |= other.begins_here
        if other.rank and (self.rank is None or other.rank < self.rank):
            self.rank, self.example = other.rank, other.example
            self.seen, self.snippet = other.seen, other.snippet

    def done(self) -> Cluster:
        """Return the cluster as it stands."""
        causes = tuple(cause for cause, _ in self.causes.most_common(MOST_CAUSES))
        suspects = () if causes or self.begins_here else tuple(sorted(self.suspects))
        students = tuple(self.students)
        return Cluster(
            self.question, students, causes, suspects, self.example, self.seen, self.snippet
        )


def _seen(question: QuestionResult) -> str:
    """Return what is said of an item, and of its first wrong output, if that says more."""
    wrong = (output.message for output in question.outputs if output.status != "passed")
    first = next(wrong, "")
    return question.message if first in question.message else f"{question.message} {first}"


class ClusterTally:
    """Counts submissions one by one; of every cluster it holds one example, whatever its size."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._order: dict[str, int] = {}

    def add(self, submission: SubmissionResult, page: str = "") -> None:
        """Count a submission, whose page is at `page`."""
        who = Who(submission.student, page)
        for question in submission.questions:
            self._order.setdefault(question.name, len(self._order))
            causes = [diagnosis.message for diagnosis in question.diagnoses]
            if question.behaviour:
                # Who inherits an error has not made the mistake of those who do the same without.
                kind = "inherited" if question.inherits else "behaviour"
                self._add(f"{kind} {question.behaviour}", who, question, causes)
                continue
            # Right ones with something to look at, and results from before there were behaviours.
            for cause in causes:
                self._add(f"cause {cause}", who, question, [cause])

    def _add(self, key: str, who: Who, question: QuestionResult, causes: Sequence[str]) -> None:
        group = self._groups.setdefault((question.name, key), _Group(question.name))
        group.add(who, question, causes)

    def clusters(self) -> list[Cluster]:
        """Return the clusters, those of most students first, then in the order of the questions.

        Different behaviours with the same cause are one: it may show in more than one way.
        """
        joined: dict[tuple[str, object], _Group] = {}
        for (question, key), group in self._groups.items():
            what = frozenset(group.causes) or key
            joined.setdefault((question, what), _Group(question)).join(group)
        found = [group.done() for group in joined.values()]
        return sorted(found, key=lambda each: (-len(each.students), self._order[each.question]))
