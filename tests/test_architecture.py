"""The house of the design: imports point one way."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "grader"

FOUNDATION = {"askable", "errors", "results", "spec", "syntax", "texts", "values"}
FOUNDATION |= {"vocabulary", "wire"}
ALLOWED = {
    "wire": set(),
    "errors": set(),
    "digests": set(),
    "leftovers": set(),
    "spec": set(),
    "results": set(),
    "syntax": set(),
    "texts": set(),
    "values": {"wire"},
    "vocabulary": {"results", "syntax"},
    "askable": {"values"},
    "settings": {"errors", "spec"},
    "authoring": {"errors", "settings", "spec"},
    "course": {"authoring", "errors", "leftovers", "settings", "spec", "syntax"},
    "submission": {"errors", "results", "texts"},
    "layouts": {"errors", "results", "submission", "texts"},
    "execution": FOUNDATION | {"leftovers", "submission"},
    "judging": FOUNDATION | {"authoring", "course", "digests"},
    "batch": FOUNDATION | {"digests", "execution", "judging", "leftovers", "submission"},
    "reporting": {"results", "spec", "errors", "texts"},
    "doctor": {"errors", "execution"},
    "starter": {"errors", "spec", "syntax"},
    "rehearsal": FOUNDATION | {"judging"},
    "verify": FOUNDATION
    | {"batch", "course", "execution", "judging", "leftovers", "rehearsal", "starter"}
    | {"submission"},
    "commands": FOUNDATION
    | {"batch", "course", "doctor", "execution", "judging", "layouts", "reporting", "starter"}
    | {"submission", "verify"},
    "gradebook_cli": {"commands", "errors"},
    "cli": {"commands", "errors", "gradebook_cli", "layouts", "reporting", "spec", "texts"},
    "__init__": {"authoring", "spec"},
    "__main__": {"cli"},
}


def part_of(module: Path) -> str:
    """Return the part of the house that a module belongs to."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(module: Path) -> set[str]:
    """Return the parts of the house that a module imports."""
    parts = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader"):
            names = [node.module or ""]
            if node.module == "grader":
                names = [f"grader.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("grader.")]
        else:
            continue
        parts |= {name.split(".")[1] for name in names}
    return parts


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda m: m.name)
def test_imports_point_one_way(module: Path) -> None:
    """No module imports from a part of the house that lies behind it."""
    part = part_of(module)
    assert imported_parts(module) - {part} <= ALLOWED[part]


def test_the_table_is_acyclic() -> None:
    """The table above can be put in an order in which each part imports earlier ones only."""
    left = dict(ALLOWED)
    while left:
        free = {part for part, needs in left.items() if not needs & left.keys()}
        assert free, f"a cycle among {sorted(left)}"
        for part in free:
            del left[part]


def test_only_the_course_imports_the_reference() -> None:
    """The program knows nothing of the exercises, and the reference nothing of grading."""
    for module in PACKAGE.rglob("*.py"):
        assert not re.search(r"^\s*(import|from) reference\b", module.read_text(), re.MULTILINE)
    for module in (PACKAGE.parent / "reference").glob("*.py"):
        assert "grader" not in module.read_text()


@pytest.mark.parametrize("name", ["probe", "wire"])
def test_what_runs_in_the_kernel_imports_nothing_else_of_ours(name: str) -> None:
    """Whatever a kernel holds, a student's code can read: no more of ours than is needed."""
    (module,) = PACKAGE.rglob(f"{name}.py")
    assert imported_parts(module) - {part_of(module)} <= {"wire"}
