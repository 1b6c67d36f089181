"""How a question's points are split over its outputs.

They are split evenly unless the question says otherwise, and what is only handed on carries none.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.judging.expected import QuestionKey
from grader.spec import Question
from grader.values import root


def share_of(key: QuestionKey, outputs: Sequence[str], right: set[str]) -> float:
    """Return the share of the points that the right outputs carry: exactly 1 if all are right.

    Arguments passed through, such as the parts of a cache, earn nothing of their own unless the
    question gives them a share, and neither does what it gives a share of 0, such as what the
    exercise hands out: their part is earned as far as the other outputs are right.
    """
    if len(right) == len(outputs):
        return 1.0
    weights = _weights(key.question, outputs)
    given = {path for path in outputs if _is_given(key.question, path)}
    computed = weights.keys() - given - set(key.passed)
    due = sum(weights[path] for path in computed)
    if not due:
        return sum(weights[path] for path in right)
    handed_on = {path for path in right - computed if not _share_name(key.question, path)}
    earned = sum(weights[path] for path in computed & right) / due
    own = sum(weights[path] for path in right - handed_on)
    return own + earned * sum(weights[path] for path in handed_on)


def _weights(question: Question, outputs: Sequence[str]) -> dict[str, float]:
    """Return the share of every output: its own, or an even part of its group's."""
    groups: dict[str, list[str]] = {}
    for output in outputs:
        groups.setdefault(_share_name(question, output), []).append(output)
    shares = {name: question.shares[name] for name in groups if name}
    if "" in groups:
        shares[""] = max(0.0, 1 - sum(shares.values()))
    total = sum(shares.values())
    return {
        path: shares[name] / len(group) / total for name, group in groups.items() for path in group
    }


def _share_name(question: Question, output: str) -> str:
    """Return under which name an output has a share of its own, or "" where it has none."""
    name = next((name for name in (output, root(output)) if name in question.shares), "")
    return name if question.shares.get(name) else ""


def _is_given(question: Question, output: str) -> bool:
    return question.shares.get(output, question.shares.get(root(output))) == 0
