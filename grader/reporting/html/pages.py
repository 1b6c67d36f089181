"""The pages, rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.reporting.guard import Lost, guarded, nobody
from grader.reporting.html.class_view import ClassTally, PageNames
from grader.reporting.html.student_view import student_page
from grader.reporting.words import visible, write_text
from grader.results import ClassResult, SubmissionResult

_HERE = Path(__file__).parent
GENERATOR = '<meta name="generator" content="numpy-notebook-grader">'


def write(results: ClassResult, folder: Path, lost: Lost = nobody) -> list[Path]:
    """Write `index.html` and a page for each student below `students/`, and remove old pages."""
    environment = _environment()
    template = environment.get_template("student.html")
    names, tally = PageNames(s.student for s in results.submissions), ClassTally()
    pages = []

    def page(submission: SubmissionResult) -> Path:
        text = template.render(page=student_page(results, submission))
        text.encode()
        tally.add(submission, name.as_posix())
        return write_text(folder / name, text)

    for submission in results.submissions:
        name = names.next(submission.student)
        pages.append(guarded(submission, page, lost))
    index = environment.get_template("class.html").render(
        page=tally.page(results.title, results.missing)
    )
    if not results.missing:
        _remove_others(pages)
    return [write_text(folder / "index.html", index), *pages]


def _remove_others(pages: list[Path]) -> None:
    """Remove the pages of an earlier run, of students who are not in this one."""
    for path in {path.parent for path in pages}:
        for page in set(path.glob("*.html")) - set(pages):
            if GENERATOR in page.read_text(encoding="utf-8", errors="replace")[:500]:
                page.unlink()


def _visible(value: Any) -> Any:
    """Remove control characters from whatever is written."""
    if isinstance(value, Markup):
        return Markup(visible(str(value)))  # noqa: S704 - it was escaped before
    return visible(value) if isinstance(value, str) else value


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.reporting.html"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup((_HERE / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - ours
    return environment
