"""Whether a version of a function is proved to be better than the function as it is.

One by which everything is right is; one of several mistakes counts if what its line binds becomes
right, or more of what is returned does, and nothing becomes wrong by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.judging.expected import CaseKey
from grader.judging.locate import Found
from grader.judging.repairs.edits import Edit
from grader.judging.repairs.scores import NOTHING, Score, Scores, State
from grader.results import Observation

LIKELY = 2  # the rank of changes that are believed more easily, and combined
# Where lines change places, only that all is right proves anything; of two that draw random
# numbers, also what is returned, as each array gets the numbers of the other.
MOVING = {
    "order_of_steps",
    "before_the_loop",
    "after_the_loop",
    "inside_the_loop",
    "wrong_block",
    "statement_extra",
}
DRAWS = "order_of_draws"
_PROOF = ({"full", "none"}, {"full", "more"})


def is_better(
    scores: Scores,
    state: State,
    suspect: Found,
    changes: Sequence[Edit],
    results: Mapping[str, tuple[Observation | None, Score]],
    *,
    sure: bool,
) -> bool:
    """Whether changes make a function worse in no case, and are proved to make it better.

    `results` are what it then does in each case, and how right that is.
    It is proved by cases that they make right, or whose line they make right, the others being
    as they were; or by more that is right in every case that is wrong. If it has to be `sure`, only
    by all of the wrong cases.
    """
    if any(edit.cause in MOVING or edit.cause == "other_value" for edit in changes):
        return False
    gains = set()
    draws = any(edit.cause == DRAWS for edit in changes)
    for case in scores.key.cases:
        if case.id in results:
            gain = _gain_of(scores, state, suspect, case, *results[case.id], draws=draws)
            if gain == "less":
                return False
            gains |= {gain} - {""}
    if sure or gains == {"full"}:
        return gains == {"full"}
    is_likely = all(edit.rank <= LIKELY for edit in changes)
    # One case of whole numbers may become right by luck.
    is_proved = gains in _PROOF and scores.key.tells_much
    return is_proved or (is_likely and gains == {"more"})


def _gain_of(
    scores: Scores,
    state: State,
    suspect: Found,
    case: CaseKey,
    seen: Observation | None,
    after: Score,
    *,
    draws: bool,
) -> str:
    """Say how much of one case a version makes right: "" if it was right, and is."""
    before = scores.of(state.function, state.seen.get(case.id), case, suspect)
    if draws:
        before, after = before._replace(bound=0.0), after._replace(bound=0.0)
    if after.outputs < before.outputs or after < before:
        return "less"
    if before.outputs == 1:
        return ""
    gain = _gain(before, after)
    is_luck = gain == "more" and (
        seen is None or not scores.tells_more(state.seen[case.id], seen, case)
    )
    return "none" if is_luck else gain


def _gain(before: Score, after: Score) -> str:
    """Say how much of a case that was wrong a version makes right."""
    if after.outputs == 1 or after.bound == 1.0 > before.bound:
        return "full"
    # That a value came back where there was none is nothing yet.
    return "more" if after.outputs > before.outputs != NOTHING else "none"
