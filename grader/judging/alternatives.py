"""Answers that are as right as the reference's."""

from __future__ import annotations

from dataclasses import replace

from grader.judging.expected import AlternativeKey, QuestionKey


def by_alternative(key: QuestionKey, other: AlternativeKey) -> QuestionKey:
    """Return the key of a question with an alternative's answers in place of the reference's."""
    answered = zip(key.cases, other.answers, strict=True)
    cases = tuple(replace(case, expected=answer) for case, answer in answered)
    return replace(key, outputs=other.outputs, cases=cases, passed=other.passed)
