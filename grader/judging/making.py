"""What causes of wrong answers are looked for with. For the reference process only."""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.authoring import AuthoredQuestion
from grader.course import AuthoredAssignment
from grader.judging.answering import Answered, answer_of, answered, at_question
from grader.judging.apart import apart
from grader.judging.expected import (
    Evidence,
    Mutant,
    OwnSlope,
    answers_digest,
)
from grader.judging.intermediates import intermediates
from grader.judging.mutants import mutants_of
from grader.judging.program import AnyCallable, UnlikeError, is_readable, reachable
from grader.judging.trials import Bench
from grader.values import leaves

MOST_BYTES = 2**20  # of an answer: whole data sets are not worth the time


def make_evidence(assignment: AuthoredAssignment, secret: bytes) -> dict[str, Evidence | str]:
    """Return what the causes of wrong answers are looked for with, for every function.

    Each is made in a process of its own: what one reference does to its modules, or to the process,
    costs no other. Where it cannot be made, there is the reason.
    """
    found: dict[str, Evidence | str] = {}
    references = [question.reference for question in assignment.questions]
    for question in assignment.questions:
        if question.cases is not None:
            print(at_question(question), file=sys.stderr, flush=True)  # noqa: T201
            found[question.spec.name] = apart(
                lambda question=question: _evidence(assignment, question, references, secret)  # type: ignore[misc]
            )
    return found


def _evidence(
    assignment: AuthoredAssignment,
    question: AuthoredQuestion,
    references: Sequence[AnyCallable],
    secret: bytes,
) -> Evidence:
    cases = answered(assignment, question, secret)
    written = [v.function for v in assignment.variants if v.question == question.spec.name]
    roots = [*written, question.reference]
    unread = [root for root in roots if not is_readable(root)]
    if unread:
        raise UnlikeError(
            "its reference, or a variant, is no function that is written in the course"
        )
    seen = intermediates(reversed(roots), question.spec, cases)
    mutants: tuple[Mutant, ...] = ()
    if all(len(case.expected.packed) <= MOST_BYTES for case, _ in cases):
        mutants = mutants_of(Bench(question.spec, cases, answer_of), roots, references)
    constants = [*_constants(roots)]
    return Evidence(
        intermediates=seen,
        mutants=mutants,
        reads=_read_parameters(roots),
        texts=tuple(dict.fromkeys(each for each in constants if isinstance(each, str))),
        numbers=tuple(dict.fromkeys(each for each in constants if isinstance(each, int))),
        slopes=tuple(_own_slopes(assignment, question, cases)),
        answers=answers_digest([case for case, _ in cases]),
    )


def _own_slopes(
    assignment: AuthoredAssignment, question: AuthoredQuestion, cases: Answered
) -> Iterator[OwnSlope]:
    """Yield the gradients of what the question returns beside them: known by their values."""
    case, arguments = cases[0]
    returned = leaves(case.expected.value, question.spec.returns)
    for authored in assignment.gradients:
        given = copy.deepcopy(dict(arguments))
        found = authored.slopes(**given) if authored.question is question else {}
        for output, (function, at) in found.items():
            argument = next((name for name, value in given.items() if value is at), None)
            cost = next(
                (a for a, leaf in returned.items() if _is_the_number(leaf, function, at)), None
            )
            if argument and cost:
                yield OwnSlope(output, argument, cost)


def _is_the_number(leaf: Any, function: Callable[[Any], Any], at: Any) -> bool:
    is_number = isinstance(leaf, np.ndarray | np.generic | float) and np.size(leaf) == 1
    return is_number and bool(np.allclose(leaf, function(at), rtol=1e-9))


def _constants(roots: Iterable[AnyCallable]) -> Iterator[str | int]:
    """Yield the texts and whole numbers that stand in right solutions, but for docstrings."""
    for program in roots:
        for each in reachable(program):
            has_docstring = ast.get_docstring(each.tree) is not None
            for statement in each.tree.body[has_docstring:]:
                for node in ast.walk(statement):
                    value = node.value if isinstance(node, ast.Constant) else None
                    if isinstance(value, str | int) and not isinstance(value, bool):
                        yield value


def _read_parameters(roots: Iterable[AnyCallable]) -> tuple[str, ...]:
    """Return the parameters of which every right solution makes use."""
    every = []
    for program in roots:
        tree = reachable(program)[0].tree
        taken = {each.arg for each in ast.walk(tree.args) if isinstance(each, ast.arg)}
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        every.append([name for name in dict.fromkeys(names) if name in taken])
    first = every[0] if every else []
    return tuple(name for name in first if all(name in other for other in every))
