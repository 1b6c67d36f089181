"""A name of Python's or of a module that a cell rebinds: the feedback names that cell."""

from __future__ import annotations

import pytest

from tests.batch.things import Grade

NUMPY = "import numpy as np"
ABOVE = "def above(x):\n    y = np.sum(x > 0.5)\n    return float(y)"
TWICE = "def twice(x):\n    return 2.0 * above(x)"
MOST = "def above(x):\n    y = max(0, x > 0.5)\n    return float(y)"
REBOUND: dict[str, tuple[str, str, str, str]] = {
    "a module": (ABOVE, "np = 5", "np", "cell 3, line 1"),
    "a module, by a loop": (
        ABOVE,
        "x = 1\nfor np in range(3):\n    pass",
        "np",
        "cell 3, line 2",
    ),
    "a builtin": (MOST, "max = 3", "max", "cell 3, line 1"),
    "a builtin, by several": (MOST, "x = 1\nmin, max = 0, 1", "max", "cell 3, line 2"),
    "a builtin, by a list": (MOST, "max = [1, 2]", "max", "cell 3, line 1"),
    "a function": (MOST, "with open('a', 'w') as max:\n    pass", "max", "cell 3, line 1"),
}


@pytest.mark.parametrize("name", REBOUND)
def test_a_right_function_counts_as_it_stood(name: str, grade: Grade) -> None:
    """One stray name further down costs nothing; a note names its place."""
    function, cell, rebound, place = REBOUND[name]
    result, items, whole = grade(NUMPY, function, cell)
    assert (items["above"].status, whole) == ("passed", 0)
    due = f"`above` was graded without {place}, which binds `{rebound}` to something else."
    assert [note.message for note in result.notes if note.message.startswith(due)]


@pytest.mark.parametrize("cell", ["np = 5", "size = 3\nnp = 5", "for np in [1, 2]:\n    pass"])
def test_so_it_does_where_all_is_run(cell: str, grade: Grade) -> None:
    """Only what binds the name is left out of its cell."""
    result, _, whole = grade(NUMPY, ABOVE, "exec('a = 1')", cell, "%time size = 3", TWICE)
    assert (result.score, whole) == (result.max_score, 2)


@pytest.mark.parametrize("wrong", ["float(y) + 1", "float(y)[2]"])
def test_a_wrong_function_stays_wrong_for_its_own_reason(wrong: str, grade: Grade) -> None:
    """What is wrong with it is said, and not the name."""
    result, items, _ = grade(NUMPY, ABOVE.replace("float(y)", wrong), "np = 5")
    assert (items["above"].status == "passed", items["above"].score) == (False, 0)
    assert "binds it" not in items["above"].message
    assert any("graded without cell 3, line 1" in note.message for note in result.notes)


@pytest.mark.parametrize("name", REBOUND)
def test_the_cell_that_rebinds_is_named(name: str, grade: Grade) -> None:
    """Above the function it stays in force; the right line that fails is not called wrong."""
    function, cell, rebound, place = REBOUND[name]
    _, items, _ = grade(NUMPY, cell, function)
    item, place = items["above"], place.replace("cell 3", "cell 2")
    assert (item.status, item.location, item.diagnoses) == ("errored", None, ())
    assert f"`{rebound}`" in item.message
    assert f"{place} binds it to something else" in item.message
    assert all(f"{place} binds it" in case.message for o in item.outputs for case in o.cases)


@pytest.mark.parametrize(
    ("function", "cell"),
    [
        ("def above(x):\n    return float(x > 0.5)(2)", "max = 3"),
        ("def above(x):\n    np = 5\n    return np.sum(x)", "np = 5"),
        ("def above(x):\n    return x.exp() + np.sum(x)", "np = 5\nimport numpy as np"),
        ("def above(x):\n    return max([1, 'a'])", "max = max"),
        ("def above(x):\n    return max(x)", "max = min"),
        ("def above(x):\n    return float(x.max(3))", "max = 3"),
    ],
)
def test_another_reason_is_not_mistaken_for_it(function: str, cell: str, grade: Grade) -> None:
    """Another name, a local one, one that is bound again, another error."""
    _, items, _ = grade(NUMPY, function, cell)
    assert items["above"].status == "errored"
    assert "binds it to something else" not in items["above"].message


def test_a_rebinding_that_does_no_harm_is_not_spoken_of(grade: Grade) -> None:
    """What does not read the name stays right."""
    result, _, _ = grade(NUMPY, ABOVE, TWICE, "size = 3", "sum = 0\nlist = [1]\nid = 3")
    assert result.score == result.max_score
    assert not result.notes
