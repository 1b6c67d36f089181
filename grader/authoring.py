"""How an instructor writes an assignment: `@question`, `@misconception`, `Case` and the like.

The decorators only describe; nothing is registered. `grader.course` reads the names of the module.

A case function is a generator. It takes a `numpy.random.Generator` (or nothing, where no case is
drawn at random) and yields a `Case` for every call; it runs twice, once for the visible and once
for the hidden cases, which are the same where nothing is drawn. An `Example` is shown to the
student and carries no points.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import CourseError
from grader.settings import check_settings, check_text, is_name
from grader.spec import Misconception, Question, QuestionKind, Tolerance


class Case:
    """One call of a graded function: its arguments by name, in the reference's order or any."""

    scored = True

    def __init__(self, **arguments: Any) -> None:
        self.arguments: Mapping[str, Any] = arguments


class Example(Case):
    """A case that is always visible and carries no points, such as the one an exercise prints."""

    scored = False


@dataclass(frozen=True)
class AuthoredQuestion:
    """A question with its code: the reference and the function that yields the cases."""

    spec: Question
    reference: Callable[..., Any]
    cases: Callable[..., Iterator[Case]] | None
    file: str
    line: int


@dataclass(frozen=True)
class AuthoredMisconception:
    """A known mistake with its code: the question, and what a student who makes it returns."""

    spec: Misconception
    question: AuthoredQuestion
    answer: Callable[..., Any]
    file: str
    line: int


@dataclass(frozen=True)
class AuthoredAlternative:
    """Another answer that is as right as the reference's; `note` is told to who gives it."""

    note: str
    question: AuthoredQuestion
    answer: Callable[..., Any]
    file: str
    line: int


@dataclass(frozen=True)
class AuthoredVariant:
    """Another right solution of the question of that name, to be changed as the reference is."""

    question: str
    function: Callable[..., Any]
    file: str
    line: int


@dataclass(frozen=True)
class AuthoredGradient:
    """What the gradients that an item returns are gradients of."""

    question: AuthoredQuestion
    slopes: Callable[..., Mapping[str, tuple[Callable[[Any], Any], Any]]]
    file: str
    line: int


def question(
    reference: Callable[..., Any] | None = None,
    *,
    points: float,
    returns: str | Sequence[str] = (),
    rtol: float = 1e-6,
    tolerances: Mapping[str, Tolerance] | None = None,
    helpers: Sequence[str] = (),
    expects: Sequence[str] = (),
    printed: str | None = None,
    extra: bool = False,
    unused: Sequence[str] = (),
    reads: Sequence[str] = (),
    aliases: Sequence[str] = (),
    seed: int | None = None,
    shares: Mapping[str, float] | None = None,
) -> Callable[[Callable[..., Any]], AuthoredQuestion]:
    """Make a graded item of the function below; its name is the name that is graded.

    With a `reference` the item is a function, and what is decorated yields its cases. Without one
    the item is a variable, and what is decorated returns its expected value. The first line of the
    docstring is the item's heading in the report.

    `returns` names the elements of the returned tuple, or, with one name, the value itself (by
    default the item's name); `tolerances` are by address or by name of an element, `rtol` holds for
    the others. An item of 0 points is looked at and told. For the others see
    `grader.spec.Question`.
    """
    settings = {
        "points": points,
        "returns": returns,
        "rtol": rtol,
        "tolerances": tolerances,
        "helpers": helpers,
        "expects": expects,
        "printed": printed,
        "extra": extra,
        "unused": unused,
        "reads": reads,
        "aliases": aliases,
        "seed": seed,
        "shares": shares,
    }

    def decorate(function: Callable[..., Any]) -> AuthoredQuestion:
        name, kind = function.__name__, _kind(reference)
        place = (*_where(function), name)
        check_settings(settings | ({} if returns else {"returns": name}), *place)
        own = _parameters(reference, *place) if reference is not None else []
        passed = [parameter for parameter in own if parameter.name not in reads]
        spec = Question(
            name=name,
            kind=kind,
            title=_title(function),
            points=points,
            returns=(returns,) if isinstance(returns, str) else tuple(returns) or (name,),
            parameters=(*(parameter.name for parameter in passed), *unused, *reads),
            required=sum(parameter.default is parameter.empty for parameter in passed),
            helpers=tuple(helpers),
            expects=tuple(expects),
            printed=printed,
            tolerance=Tolerance(rtol=rtol),
            tolerances=dict(tolerances or {}),
            extra=extra,
            unused=tuple(unused),
            reads=tuple(reads),
            reference=_address(reference) if reference is not None else "",
            signature=_signature(reference) if reference is not None else "",
            docstring=inspect.getdoc(reference) or "" if reference is not None else "",
            aliases=tuple(aliases),
            seed=seed,
            shares=dict(shares or {}),
        )
        if reference is None:
            return AuthoredQuestion(spec, function, None, *_where(function))
        return AuthoredQuestion(spec, reference, function, *_where(function))

    return decorate


def misconception(
    mistaken: AuthoredQuestion, *, hint: str
) -> Callable[[Callable[..., Any]], AuthoredMisconception]:
    """Make a known mistake of the function below: it returns what a student who makes it returns.

    The function's name is the cause; `hint` is what the student reads. It is claimed only if it
    reproduces every output of every case.
    """

    def decorate(function: Callable[..., Any]) -> AuthoredMisconception:
        check_text("hint", hint, *_where(function), function.__name__)
        spec = Misconception(cause=function.__name__, hint=hint)
        return AuthoredMisconception(spec, mistaken, function, *_where(function))

    return decorate


def alternative(
    answered: AuthoredQuestion, *, note: str = ""
) -> Callable[[Callable[..., Any]], AuthoredAlternative]:
    """Make an answer that is as right as the reference's of the function below.

    It takes the arguments of the reference, and may return another structure. A submission gets
    what it is worth by the reference or by an alternative, whichever is more; `note` is told to who
    answers as the alternative does.
    """

    def decorate(function: Callable[..., Any]) -> AuthoredAlternative:
        check_text("note", note, *_where(function), function.__name__)
        return AuthoredAlternative(note, answered, function, *_where(function))

    return decorate


def variant(
    answered: AuthoredQuestion | str,
) -> Callable[[Callable[..., Any]], AuthoredVariant]:
    """Make another right solution of the function below, written as the exercise suggests.

    It takes the arguments of the reference and returns the same. Likely mistakes are looked for by
    changing it: where the reference is written in another way than students write, as it may be
    for numerical safety, a variant is closer to what they hand in. Variants may stand in
    `variants.py` beside `assignment.py`, where the question is told by its name.
    """
    name = answered if isinstance(answered, str) else answered.spec.name

    def decorate(function: Callable[..., Any]) -> AuthoredVariant:
        return AuthoredVariant(name, function, *_where(function))

    return decorate


def gradient(
    answered: AuthoredQuestion,
) -> Callable[[Callable[..., Any]], AuthoredGradient]:
    """Tell what the gradients that an item returns are gradients of, for `grader verify`.

    What is decorated takes the arguments of a case and returns, by address of the gradient, a
    function of one array that returns a scalar, and the array at which the gradient is taken.
    """

    def decorate(function: Callable[..., Any]) -> AuthoredGradient:
        return AuthoredGradient(answered, function, *_where(function))

    return decorate


def _signature(function: Callable[..., Any]) -> str:
    """Return the signature of a function without its annotations."""
    signature = inspect.signature(function)
    plain = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=plain, return_annotation=signature.empty))


def _parameters(
    reference: Callable[..., Any], file: str, line: int, question: str
) -> list[inspect.Parameter]:
    """Return the parameters that a case can give by name. Raises CourseError."""
    try:
        every = inspect.signature(reference).parameters.values()
    except (TypeError, ValueError) as error:
        reason = f"{reference!r:.80} is no reference: it has no signature that can be read; give a "
        reason += "function that is made by `def`"
        raise CourseError(reason, file=file, line=line, question=question) from error
    return [each for each in every if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]


def _address(reference: Callable[..., Any]) -> str:
    """Return where a reference can be imported from, or "" where it cannot."""
    modules = [vars(each) for name, each in sorted(sys.modules.items())
               if name == "reference" or name.startswith("reference.")]  # fmt: skip
    own = getattr(reference, "__module__", None)
    for names in sorted(modules, key=lambda each: each.get("__name__") != own):
        found = (name for name, value in names.items() if value is reference and is_name(name))
        if name := next(found, ""):
            return f"{names['__name__']}.{name}"
    return ""


def _kind(reference: Callable[..., Any] | None) -> QuestionKind:
    return "variable" if reference is None else "function"


def _title(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or function.__name__).splitlines()[0]


def _where(function: Callable[..., Any]) -> tuple[str, int]:
    code = function.__code__
    return code.co_filename, code.co_firstlineno
