"""A course folder and its assignments.

A course is a folder that holds `assignments/` and `reference/`. Listing it reads names only;
`load_assignment` runs the course's code and belongs in the reference process.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import secrets
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from grader.authoring import (
    AuthoredAlternative,
    AuthoredGradient,
    AuthoredMisconception,
    AuthoredQuestion,
    AuthoredVariant,
)
from grader.errors import CourseError, UsageError, near_miss
from grader.leftovers import temporary_folder
from grader.settings import is_amount
from grader.spec import (
    Assignment,
    Execute,
    Feedback,
    FollowThrough,
    HiddenCases,
    Limits,
    Question,
    Tolerance,
)
from grader.syntax import parsed

ASSIGNMENT_FILE = "assignment.py"
VARIANTS_FILE = "variants.py"
SUPPORT = "support"
PRIVATE = ".grader"
GRADEBOOK_VARIABLE = "GRADER_GRADEBOOK"
SECRET_BYTES = 32
CHOICES = {
    "execute": get_args(Execute),
    "feedback": get_args(Feedback),
    "follow_through": get_args(FollowThrough),
    "hidden_cases": get_args(HiddenCases),
}


_Beside = AuthoredMisconception | AuthoredAlternative | AuthoredGradient
_Authored = AuthoredQuestion | AuthoredVariant | _Beside


@dataclass(frozen=True)
class AuthoredAssignment:
    """An assignment with its code."""

    spec: Assignment
    questions: tuple[AuthoredQuestion, ...]
    misconceptions: tuple[AuthoredMisconception, ...]
    alternatives: tuple[AuthoredAlternative, ...] = ()
    gradients: tuple[AuthoredGradient, ...] = ()
    variants: tuple[AuthoredVariant, ...] = ()


def find_course(start: Path) -> Path:
    """Return the folder, `start` or the nearest above it, that is a course."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "assignments").is_dir() and (folder / "reference").is_dir():
            return folder
    raise UsageError(
        f"{start}: no course here or above; a course is a folder with assignments/ and reference/ "
        "(name one with --course)"
    )


def assignment_folder(course: Path, name: str) -> Path:
    """Return the folder of the assignment `name`; raise UsageError with the near miss if none."""
    known = assignment_names(course)
    if Path(name).resolve().parent == course / "assignments":  # a path, as shells complete it
        name = Path(name).name
    name = name.rstrip("/")
    if name in known:
        return course / "assignments" / name
    close = near_miss(name, known)
    hint = f"did you mean '{close}'?" if close else f"there are: {', '.join(known) or 'none'}"
    raise UsageError(f"no assignment '{name}' in {course / 'assignments'}; {hint}")


def assignment_names(course: Path) -> list[str]:
    """Return the names of the course's assignments, in alphabetical order."""
    return sorted(path.parent.name for path in course.glob(f"assignments/*/{ASSIGNMENT_FILE}"))


def function_names(course: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the functions that each assignment grades, as its source shows them."""
    found = {}
    for name in assignment_names(course):
        with contextlib.suppress(OSError, SyntaxError, ValueError):  # told when it is graded
            source = (course / "assignments" / name / ASSIGNMENT_FILE).read_bytes()
            if graded := tuple(filter(None, map(_graded_function, parsed(source).body))):
                found[name] = graded
    return found


def _graded_function(statement: ast.stmt) -> str:
    """Return the name of a graded function whose cases this statement defines, or ""."""
    if not isinstance(statement, ast.FunctionDef):
        return ""
    # `@question(ref.propagate, ...)`; without a reference, it is a variable that is graded
    calls = [each for each in statement.decorator_list if isinstance(each, ast.Call) and each.args]
    return statement.name if any(getattr(c.func, "id", "") == "question" for c in calls) else ""


def course_secret(course: Path) -> bytes:
    """Return the secret from which hidden cases are drawn; create it if there is none.

    It lies in `.grader/`, which ignores itself in git: whoever has it can draw the hidden cases.
    """
    path = private_folder(course) / "secret"
    try:
        _create_once(path)
        secret = bytes.fromhex(path.read_text())
    except (OSError, ValueError) as error:
        raise CourseError(
            f"the course's secret cannot be read or made: {error}", file=path
        ) from error
    if len(secret) != SECRET_BYTES:
        raise CourseError("not a secret; delete the file and a new one is made", file=path)
    return secret


def private_folder(course: Path) -> Path:
    """Return the course's folder `.grader/`, which git ignores; make it if there is none."""
    folder = course / PRIVATE
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise CourseError(f"cannot be made: {error.strerror}", file=folder) from error
    return folder


def gradebook_place(start: Path, given: str | None) -> str:
    """Return where the gradebook is: what is given, or is set for all commands, or the course's."""
    chosen = given or os.environ.get(GRADEBOOK_VARIABLE)
    return chosen or str(find_course(start) / PRIVATE / "gradebook.sqlite")


def _create_once(path: Path) -> None:
    """Write a new secret unless there is one; whole or not at all, also when two start at once."""
    if path.exists():
        return
    draft = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(SECRET_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@contextlib.contextmanager
def support_folder(course: Path, assignment: Assignment) -> Iterator[Path]:
    """Make a folder of all that notebooks may import: the assignment's own, and what it shares."""
    with temporary_folder("support") as temporary:
        folder = temporary / SUPPORT
        own = course / "assignments" / assignment.name / SUPPORT
        folder.mkdir()
        if own.is_dir():
            shutil.copytree(own, folder, ignore=_COMPILED, dirs_exist_ok=True)
        for module in assignment.support:
            shutil.copy(course / "assignments" / SUPPORT / f"{module}.py", folder)
        yield folder


def reference_files(course: Path, name: str) -> tuple[tuple[str, bytes], ...]:
    """Return what `load_assignment` needs of a course: names, relative to it, and contents.

    That is the reference and the assignment with their data, and the modules that are shared; not
    the sample class.
    """
    folder = course / "assignments" / name
    paths = [
        *(course / "reference").rglob("*"),
        *(path for path in folder.rglob("*") if folder / "samples" not in path.parents),
        *(folder.parent / SUPPORT).rglob("*"),
    ]
    return tuple(
        (path.relative_to(course).as_posix(), path.read_bytes())
        for path in sorted(paths)
        if path.is_file() and "__pycache__" not in path.parts
    )


_COMPILED = shutil.ignore_patterns("__pycache__")


# ---------------------------------------------------------------- running the course's code


def load_assignment(course: Path, name: str) -> AuthoredAssignment:
    """Run `assignment.py` and read its names.

    Raises CourseError, with file, line and question, for anything wrong with it.
    """
    folder = course / "assignments" / name
    sys.path[:0] = [str(folder / SUPPORT), str(folder.parent / SUPPORT)]
    _import_reference(course / "reference")
    module = _run_module(folder / ASSIGNMENT_FILE, name)
    every = (*vars(module).values(), *_names_beside(folder / VARIANTS_FILE))
    names = list({id(value): value for value in every}.values())  # one may have two names
    questions = [value for value in names if isinstance(value, AuthoredQuestion)]
    _check_names(questions)
    assignment = AuthoredAssignment(
        spec=_spec(module, name, [question.spec for question in questions]),
        questions=tuple(questions),
        misconceptions=tuple(value for value in names if isinstance(value, AuthoredMisconception)),
        alternatives=tuple(value for value in names if isinstance(value, AuthoredAlternative)),
        gradients=tuple(value for value in names if isinstance(value, AuthoredGradient)),
        variants=tuple(value for value in names if isinstance(value, AuthoredVariant)),
    )
    _check(assignment, folder / ASSIGNMENT_FILE)
    return assignment


def _names_beside(path: Path) -> Iterable[Any]:
    """Return what a module beside the assignment defines, if there is one."""
    return vars(_run_module(path, path.stem)).values() if path.is_file() else ()


def _import_reference(folder: Path) -> None:
    """Make `reference` the course's own, also where another one comes first on the path."""
    start = folder / "__init__.py"
    package = _run_module(start, "reference") if start.exists() else ModuleType("reference")
    package.__path__ = [str(folder)]
    sys.modules["reference"] = package


def _run_module(path: Path, name: str) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = str(path)
    try:
        code = compile(path.read_bytes(), str(path), "exec")
        exec(code, vars(module), _Names(vars(module)))  # noqa: S102 - the course's own code
    except SyntaxError as error:
        raise CourseError(error.msg, file=error.filename, line=error.lineno) from error
    except CourseError:
        raise
    except (Exception, SystemExit) as error:
        raise course_error(error, path) from error
    return module


class _Names(dict[str, Any]):
    """The names of a module while it runs: none that an instructor has decorated may be lost."""

    def __init__(self, module: dict[str, Any]) -> None:
        super().__init__()
        self._module = module

    def __getitem__(self, name: str) -> Any:
        return self._module[name]

    def __setitem__(self, name: str, value: Any) -> None:
        lost = self._module.get(name)
        if isinstance(lost, _Authored) and lost is not value:
            raise _taken(name, lost, value)
        self._module[name] = value

    def __delitem__(self, name: str) -> None:
        del self._module[name]


def _taken(name: str, first: _Authored, second: Any) -> CourseError:
    """Return the error for a second definition of a name, with both lines."""
    kind = "question" if isinstance(first, AuthoredQuestion) else "function"
    again = f"line {second.line}" if isinstance(second, _Authored) else "again below"
    reason = f"two definitions are named '{name}': this {kind}, and another one on {again}"
    if not isinstance(second, _Authored):
        reason = f"the name '{name}' of this {kind} is given to something else further down"
    return CourseError(
        f"{reason}; only one of them would count", file=first.file, line=first.line, question=name
    )


def _check_names(questions: Iterable[AuthoredQuestion]) -> None:
    """Check that no two questions have one name, however they are bound."""
    known: dict[str, AuthoredQuestion] = {}
    for question in questions:
        first = known.setdefault(question.spec.name, question)
        if first is not question:
            raise _taken(question.spec.name, first, question)


def course_error(
    error: BaseException, file: Path | str, question: str | None = None
) -> CourseError:
    """Wrap an exception of the course's code, with the last line of `file` that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    line = lines[-1] if lines else None
    reason = f"{type(error).__name__}: {error}"
    return CourseError(reason, file=file, line=line, question=question)


def _spec(module: ModuleType, name: str, questions: Iterable[Question]) -> Assignment:
    names: dict[str, Any] = vars(module)
    return Assignment(
        name=name,
        title=(module.__doc__ or name).strip().splitlines()[0].rstrip("."),
        questions=tuple(questions),
        execute=names.get("execute", "needed"),
        feedback=names.get("feedback", "why"),
        hidden_cases=names.get("hidden_cases", "class"),
        limits=names.get("limits", Limits()),
        support=names.get("support", ()),
        needs=names.get("needs", ()),
        follow_through=names.get("follow_through", "full"),
    )


def _check(assignment: AuthoredAssignment, file: Path) -> None:
    spec = assignment.spec
    if not assignment.questions:
        raise CourseError("no questions; decorate at least one function with @question", file=file)
    for name, choices in CHOICES.items():
        if getattr(spec, name) not in choices:
            expected = f"{', '.join(map(repr, choices[:-1]))} or {choices[-1]!r}"
            raise CourseError(f"{name} = {getattr(spec, name)!r}; expected {expected}", file=file)
    if not isinstance(spec.limits, Limits):
        raise CourseError(f"limits = {spec.limits!r}; expected Limits(...)", file=file)
    for limit, amount in asdict(spec.limits).items():
        if not is_amount(amount) or not amount:
            reason = f"limits: {limit}={amount!r:.80}; expected a number above 0"
            raise CourseError(reason, file=file)
    _check_support(spec, file.parents[1] / SUPPORT, file)
    for question in assignment.questions:
        _check_question(question, [other.name for other in spec.questions])
    if spec.points <= 0:
        raise CourseError("no question carries points", file=file)
    _check_beside(assignment)


def _check_support(spec: Assignment, folder: Path, file: Path) -> None:
    settings: dict[str, Any] = {"support": spec.support, "needs": spec.needs}
    for setting, modules in settings.items():  # what the instructor wrote there
        if not isinstance(modules, tuple) or not all(isinstance(each, str) for each in modules):
            reason = f"{setting} = {modules!r}; expected a tuple of names of modules"
            raise CourseError(reason, file=file)
    for module in spec.support:
        if not (folder / f"{module}.py").is_file():
            raise CourseError(f"support: there is no {module}.py in {folder}", file=file)
        if (file.parent / SUPPORT / f"{module}.py").exists():
            reason = f"support: {module}.py is both in {folder} and in the assignment's own"
            raise CourseError(reason, file=file)


def _check_beside(assignment: AuthoredAssignment) -> None:
    beside: list[_Beside] = [*assignment.misconceptions, *assignment.alternatives]
    beside += assignment.gradients
    for each in beside:
        about: object = each.question  # what the instructor wrote there
        if not isinstance(about, AuthoredQuestion):
            reason = f"{about!r:.80} is no question; expected one of this assignment"
            raise CourseError(reason, file=each.file, line=each.line)
    for mistake in assignment.misconceptions:
        _check_takes(mistake, f"misconception '{mistake.spec.cause}'", mistake.answer)
    for other in assignment.alternatives:
        _check_takes(other, f"alternative '{other.answer.__name__}'", other.answer)
    for slope in assignment.gradients:
        _check_takes(slope, f"gradient '{slope.slopes.__name__}'", slope.slopes)
    for variant in assignment.variants:
        _check_variant(variant, assignment)


def _check_variant(variant: AuthoredVariant, assignment: AuthoredAssignment) -> None:
    """Check that a variant is one of a function of this assignment, and takes what that takes."""
    functions = {each.spec.name: each for each in assignment.questions if each.cases}
    if variant.question not in functions:
        reason = f"'{variant.question}' is no graded function of this assignment"
        raise wrong_variant(variant, f"{reason}{meant(variant.question, functions)}")
    due = inspect.signature(functions[variant.question].reference).parameters
    own = inspect.signature(variant.function).parameters
    if [*own] != [*due]:
        reason = f"takes {', '.join(own)}; the reference takes {', '.join(due)}"
        raise wrong_variant(variant, reason)


def _check_question(question: AuthoredQuestion, names: list[str]) -> None:
    spec = question.spec
    for helper in (*spec.helpers, *spec.expects):
        if helper not in names:
            reason = f"helper '{helper}' is not a question of this assignment{meant(helper, names)}"
            raise wrong_question(question, reason)
    tolerances: Mapping[str, Any] = spec.tolerances  # what the instructor wrote there
    for address, tolerance in tolerances.items():
        if not isinstance(tolerance, Tolerance):
            reason = f"tolerances[{address!r}] = {tolerance!r}; expected Tolerance(...)"
            raise wrong_question(question, reason)
    _check_parameters(question)
    _check_signature(question)
    taken = [name for name in spec.aliases if name in names]
    if taken:
        raise wrong_question(question, f"aliases: '{taken[0]}' is another question's name")
    if question.cases is None and inspect.signature(question.reference).parameters:
        reason = "takes parameters, but has no reference; expected @question(ref.function, ...)"
        raise wrong_question(question, reason)


def _check_signature(question: AuthoredQuestion) -> None:
    """Check that the starter can show the reference's signature."""
    signature = question.spec.signature or "()"
    try:
        parsed(f"def f{signature}: pass")
    except SyntaxError as error:
        reason = f"the reference's signature {signature} cannot be written as Python"
        raise wrong_question(question, f"{reason}; give its defaults as literals") from error


def _check_parameters(question: AuthoredQuestion) -> None:
    """Check that `reads` are parameters of the reference, and `unused` are none."""
    spec = question.spec
    own = [*inspect.signature(question.reference).parameters] if question.cases else []
    for name in spec.reads:
        if name not in own:
            reason = f"reads: the reference does not take '{name}'{meant(name, own)}"
            raise wrong_question(question, reason)
    for name in spec.unused:
        if name in own:
            raise wrong_question(question, f"unused: the reference takes '{name}'")


def _check_takes(authored: _Beside, about: str, function: Callable[..., Any]) -> None:
    """Check that what stands beside a question can be called as its reference is."""
    spec = authored.question.spec
    known = [name for name in spec.parameters if name not in spec.unused]
    own = inspect.signature(function).parameters
    for name in own:
        if name not in known and own[name].default is inspect.Parameter.empty:
            reason = f"takes '{name}', which the reference does not take{meant(name, known)}"
            raise wrong_beside(authored, about, reason)
    for name in (*spec.parameters[: spec.required], *spec.reads):
        if name not in own:
            raise wrong_beside(
                authored, about, f"does not take '{name}', which the reference takes"
            )


def wrong_question(question: AuthoredQuestion, reason: str) -> CourseError:
    """Return the error for a question, with its place."""
    return CourseError(reason, file=question.file, line=question.line, question=question.spec.name)


def wrong_beside(authored: _Beside, about: str, reason: str) -> CourseError:
    """Return the error for what stands beside a question, such as a misconception."""
    question = authored.question.spec.name
    return CourseError(
        f"{about} {reason}", file=authored.file, line=authored.line, question=question
    )


def wrong_variant(variant: AuthoredVariant, reason: str) -> CourseError:
    """Return the error for a variant, with its place."""
    about = f"variant '{variant.function.__name__}' {reason}"
    return CourseError(about, file=variant.file, line=variant.line, question=variant.question)


def meant(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean …?" for a name that is nearly one of the known ones, else nothing."""
    close = near_miss(name, known)
    return f"; did you mean '{close}'?" if close else ""
