"""What a student is told of a question: sentences, from what was seen."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence

from grader.judging.failures import first_failure, full_stop, reason, rebound, unbound_name
from grader.judging.versions import version_note
from grader.results import (
    CaseResult,
    CellFailure,
    Observation,
    OutputResult,
    RaisedError,
    Source,
    Status,
    case_name,
)
from grader.spec import Question

# Exceptions that NumPy raises under names of its own. Others than these and Python's may be named
# by the student's code after what it was given, so they are not named in hidden cases.
NUMPY_ERRORS = {"LinAlgError", "AxisError", "DTypePromotionError", "UFuncTypeError"}
MAX_NAMES = 6  # of outputs, in one sentence

Failures = Sequence[CellFailure]


def missing(name: str, failures: Failures, source: Source) -> str:
    """Say why a graded item is not there."""
    if source.missing:
        return source.missing
    failure = first_failure(source.name or name, failures)
    if failure:
        return f"`{name}` could not be made, because {full_stop(reason(failure))}"
    return f"`{name}` is not there after the notebook has run."


def lost(name: str, observation: Observation, *, visible: bool) -> str:
    """Say what became of a call that neither returned nor raised."""
    why = observation.error.message if observation.error else ""
    if observation.error and observation.error.limit:
        return f"`{name}` {observation.error.limit} and was stopped."
    kind = f", but of type {why}" if visible else ""  # a type can be named after an input
    words = {
        "timed_out": f"`{name}` was stopped after {observation.seconds or 0:g} s without a result. "
        "Is there a loop that never ends?",
        "crashed": f"`{name}` ended the notebook's process instead of returning a result.",
        "not_reached": f"`{name}` was not called: {why}.",
        "not_a_function": f"`{name}` is no function when the notebook has run{kind}.",
    }
    return words.get(observation.status, f"What `{name}` returned could not be read.")


def raised(name: str, error: RaisedError, failures: Failures, sources: Mapping[str, Source]) -> str:
    """Say which exception, where, in its own words and, for an unbound name, why."""
    words = f": {error.message}" if error.message else ""
    if error.limit:
        return full_stop(f"`{name}` {error.limit}{_in(name, error)}{words}")
    message = full_stop(f"`{name}` raised {error.type}{_in(name, error)}{words}")
    if other := _bound_elsewhere(error, sources):
        return f"{message} {other}"
    unbound = unbound_name(error)
    if unbound is None:
        return f"{message} {version_note(error)}".rstrip()
    failure = first_failure(unbound, failures)
    if failure:
        return f"{message} That is because {full_stop(reason(failure))}"
    why = sources[unbound].missing if unbound in sources else ""
    return f"{message} {why}".rstrip()


def _bound_elsewhere(error: RaisedError, sources: Mapping[str, Source]) -> str:
    """Say which cell has taken a name that a line uses for what Python or a module calls so."""
    found = rebound(error, sources)
    if found is None:
        return ""
    name, place = found
    return (
        f"`{name}` is not what the line needs: {place} binds it to something else. Use another "
        "name there."
    )


def raised_in_hidden_case(name: str, error: RaisedError, sources: Mapping[str, Source]) -> str:
    """Say which exception and where; its words could tell the inputs."""
    what = error.limit or f"raised {_safe_type(error.type)}"
    return f"`{name}` {what}{_in(name, error)}. {_bound_elsewhere(error, sources)}".rstrip()


def _in(name: str, error: RaisedError) -> str:
    if not error.place:
        return ""
    function = f" of `{error.function}`" if error.function not in ("", name) else ""
    code = f", `{error.code}`" if error.code and "`" not in error.code else ""
    return f" in {error.place}{function}{code}"


def _safe_type(name: str) -> str:
    builtin = getattr(builtins, name, None)
    known = isinstance(builtin, type) and issubclass(builtin, BaseException)
    return name if known or name in NUMPY_ERRORS else "an exception"


def another_result(name: str) -> str:
    """Say that a second call with the same arguments is not right, where the first one was."""
    return (
        f"Called again with the same arguments, `{name}` gives another result. Does it keep "
        "something between calls, such as a list or a counter outside the function?"
    )


def changes_in_place(name: str, arguments: Sequence[str]) -> str:
    """Say which arguments a function changes."""
    listed = _and([f"`{argument}`" for argument in arguments])
    return (
        f"`{name}` changes {listed} in place: whoever calls it finds other values there "
        "afterwards. Work on a copy to leave them as they were."
    )


def warned(name: str, warnings: Sequence[str]) -> str:
    """Say what NumPy warned of while a function came to right values."""
    return (
        f"On its way `{name}` makes NumPy warn: {_and(list(warnings))}. Values there leave the "
        "range of numbers; here the result is right all the same."
    )


# ---------------------------------------------------------------- over all cases


def told(shown: CaseResult, scored: Sequence[CaseResult]) -> str:
    """Return a case's message; name the case unless the same was found in all of them."""
    wrong = [case for case in scored if case.status != "passed"]
    if len(wrong) == len(scored) and len({c.message for c in wrong if c.visible}) == 1:
        return shown.message
    right = [case_name(case.id) for case in scored if case.status == "passed" and case.visible]
    message = f"In {case_name(shown.id)}: {shown.message}"
    return f"{message} It is right in {', '.join(right)}." if right else message


def in_example(example: CaseResult) -> str:
    """Return what an example shows."""
    return f"In {case_name(example.id)}: {example.message}"


def not_in_hidden_cases(name: str) -> str:
    """Say that an item is right in the visible cases only."""
    return f"`{name}` is right in the visible cases, but not in all hidden ones."


def summary(outputs: Sequence[OutputResult], severity: Sequence[Status]) -> str:
    """Say in one sentence what is wrong with a question."""
    wrong = [output for output in outputs if output.status != "passed"]
    if not wrong:
        return ""
    without_result = [output for output in wrong if output.status != "failed"]
    if without_result:
        worst = max(without_result, key=lambda output: severity.index(output.status))
        scored = [case for case in worst.cases if case.scored]
        return told(next(case for case in scored if case.status == worst.status), scored)
    if len({output.message for output in outputs}) == 1:
        return wrong[0].message
    names = _listed([f"`{output.path}`" for output in wrong])
    if len(wrong) < len(outputs):
        verb = "is" if len(wrong) == 1 else "are"
        return f"{len(wrong)} of {len(outputs)} outputs {verb} wrong: {names}."
    return f"{'Both' if len(wrong) == 2 else f'All {len(wrong)}'} outputs are wrong: {names}."


def _and(names: Sequence[str]) -> str:
    """Return names as they are listed in a sentence: with commas, and "and" before the last."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _listed(names: Sequence[str]) -> str:
    """Return some names, and how many more there are."""
    if len(names) <= MAX_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: MAX_NAMES - 1])} and {len(names) - MAX_NAMES + 1} more"


def order_of_parameters(question: Question, source: Source) -> str:
    """Say that the parameters stand in another order than the reference's, if they do."""
    required = question.parameters[: question.required]
    own = [name for name in source.parameters or () if name in required]
    due = [name for name in required if name in own]
    if own == due:
        return ""
    return (
        f"Its parameters come in the order ({', '.join(own)}); arguments are passed by position, "
        f"in the order ({', '.join(due)})."
    )


def does_not_call(question: Question, source: Source) -> str:
    """Name what a right function is expected to call, and does not."""
    if source.parameters is None:  # no `def`: what it calls cannot be seen
        return ""
    left_out = [f"`{name}`" for name in question.expects if name not in source.uses]
    if not left_out:
        return ""
    return (
        f"Its results are right, but `{question.name}` does not call {_and(left_out)}, as "
        "the exercise asks."
    )


def suspects(name: str, wrong: set[str], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return the graded items that this one uses and that are not right, as far back as they go."""
    used = sources[name].uses & wrong
    return tuple(sorted(item for item in used if not sources[item].uses & (used - {item})))


def names_suspects(names: Sequence[str]) -> str:
    """Say which items that this one uses are not right."""
    if not names:
        return ""
    listed = _and([f"`{item}`" for item in names])
    if len(names) == 1:
        return f"It uses {listed}, which is not right yet; that may be the reason."
    return f"It uses {listed}, which are not right yet; they may be the reason."


# ---------------------------------------------------------------- helpers


def inherits(name: str, helpers: Sequence[str], *, half: bool) -> str:
    """Say that an item is right, and whose error it is that it shows."""
    errors = "error" if len(helpers) == 1 else "errors"
    message = f"`{name}` is right; it inherits the {errors} of {_and(_code(helpers))}."
    return f"{message} Half of the points that this costs are given back." if half else message


def inherits_in_part(name: str, helpers: Sequence[str], outputs: Sequence[str]) -> str:
    """Say which outputs only a helper's error makes wrong, of an item that is wrong itself."""
    verb = "is" if len(outputs) == 1 else "are"
    place = "its place" if len(helpers) == 1 else "their places"
    return (
        f"With a right {_and(_code(helpers))} in {place}, {_listed(_code(outputs))} {verb} right; "
        f"what else is wrong stays so: look at `{name}` itself, too."
    )


def wrong_by_itself(name: str, helpers: Sequence[str]) -> str:
    """Say that an item is wrong whatever its helpers are."""
    place = "its place" if len(helpers) == 1 else "their places"
    return (
        f"With a right {_and(_code(helpers))} in {place}, `{name}` is still wrong: look at "
        f"`{name}` itself, too."
    )


def _code(names: Sequence[str]) -> list[str]:
    return [f"`{name}`" for name in names]
