"""What the words about a mistake need, in the student's own names."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judging.causes import part
from grader.judging.repairs.edits import Edit

# What is missing does not stand in the student's line: it is named by its part in the computation.
MISSING = {"term_missing", "factor_missing", "argument_missing", "value_missing", "return_missing"}

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

# Whether one of several mistakes is this one, a change that fits cannot tell.
VAGUE = {"constant_factor", "divisor_missing", "exponent", "value_missing"}


def is_telling(edit: Edit, *, complete: bool) -> bool:
    """Whether a mistake may be claimed, if it is the only one that fits.

    Of one of several, what is said to be missing has to be something of the field's.
    """
    if complete:
        return edit.cause != "value_missing"
    if edit.cause in ("term_missing", "factor_missing"):
        return bool(part(edit.about.get("term", edit.about.get("factor", ""))))
    return edit.cause not in VAGUE


def about_own_code(edit: Edit) -> Mapping[str, str]:
    """Return what the words need; what stands in the student's line is quoted."""
    missing = edit.cause in MISSING
    return {
        key: value if not value or (missing and key in ("term", "factor")) else f"`{value}`"
        for key, value in edit.about.items()
    }
