"""What the words about a mistake need, in the student's own names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.judging.causes import part
from grader.judging.repairs.edits import Edit

# What is missing does not stand in the student's line: it is named by its part in the computation.
MISSING = {
    "term_missing",
    "factor_missing",
    "argument_missing",
    "value_missing",
    "element_missing",
    "return_missing",
}

# What is said less well than by another cause that fits, too.
GENERAL = {
    "divisor_extra",
    "factor_missing",
    "factor_extra",
    "term_missing",
    "term_extra",
    "other_function",
    "call_extra",
    "index_extra",
    "another_value_returned",
    "complement_missing",
    "constant",
    "fixed_number",
    "other_update",
}

LIKELY_ENOUGH = 4  # the rank of a mistake that is told where right values prove little

# Whether one of several mistakes is this one, a change that fits cannot tell.
VAGUE = {
    "constant_factor",
    "divisor_missing",
    "exponent",
    "absolute_missing",
    "square_missing",
    "value_missing",
    "other_value",
}


# Zero times anything is zero: where only that is due, what is multiplied says nothing.
OF_OTHERS = {"factor_missing", "not_added_up"}

# Where it does not matter which part of an expression is changed: the same comes of it.
OF_SHAPES = {"transpose_missing", "transpose_extra", "product_shapes", "brackets", "other_shape"}


def is_telling(edit: Edit, *, complete: bool, sure: bool = True) -> bool:
    """Whether a mistake may be claimed, if it is the only one that fits.

    Of one of several, what is said to be missing has to be something of the field's. Where right
    values prove little (not `sure`), it has to be one of the likelier ones.
    """
    if not sure and edit.cause in OF_OTHERS:
        return False
    if edit.rank > LIKELY_ENOUGH and not sure and edit.cause not in OF_SHAPES:
        return False
    if complete:
        return edit.cause not in ("value_missing", "other_value")
    if edit.cause in ("term_missing", "factor_missing"):
        return bool(part(edit.about.get("term", edit.about.get("factor", ""))))
    return edit.cause not in VAGUE


# Causes that are told in the same words, where several fit: those of the first.
SYNONYMS = (("range_end", "range_start", "count_off_by_one"),)


# Where both fit, what stands there and should not is likelier than what takes it back.
TOO_MUCH = {"divisor_extra", "factor_extra", "term_extra", "averaged_extra"}
TAKING_BACK = {
    "divisor_missing",
    "factor_missing",
    "term_missing",
    "not_averaged",
    "constant_factor",
    "value_for_derivative",  # (A > 0) is 1 where A is positive
}


def without_detours(edits: Sequence[Edit]) -> list[Edit]:
    """Return mistakes without those that only take back another one.

    Where a name alone is right, nothing is known of what was worked out in its place.
    """
    if any(each.cause == "other_value" for each in edits):
        return []
    if any(each.cause in TOO_MUCH for each in edits):
        return [each for each in edits if each.cause not in TAKING_BACK]
    return list(edits)


def in_one_voice(edits: Sequence[Edit]) -> list[Edit]:
    """Return mistakes that mean the same as one: without what they differ in."""
    causes = {each.cause for each in edits}
    for same in SYNONYMS:
        if len(edits) > 1 and causes <= set(same):
            return [replace(edits[0], cause=same[0], about={})]
    told: list[Edit] = []
    for cause in sorted(causes):
        alike = [each for each in edits if each.cause == cause]
        nameless = any(not _named(each) for each in alike)
        is_one = cause in OF_SHAPES or (nameless and any(_named(each) for each in alike))
        told += [replace(alike[0], about=_shared(alike))] if is_one else alike
    return told


def _named(edit: Edit) -> bool:
    """Whether the words name something to look at."""
    return any(map(part, about_own_code(edit).values()))


def _shared(edits: Sequence[Edit]) -> dict[str, str]:
    """Return what is the same about all of them."""
    first, *others = (each.about for each in edits)
    return {k: v for k, v in first.items() if all(other.get(k) == v for other in others)}


def about_own_code(edit: Edit) -> Mapping[str, str]:
    """Return what the words need; what stands in the student's line is quoted."""
    missing = edit.cause in MISSING
    return {
        key: value if not value or (missing and key in ("term", "factor")) else f"`{value}`"
        for key, value in edit.about.items()
    }
