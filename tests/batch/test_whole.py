"""Before a point is lost to what the plan left out, the notebook is run whole."""

from __future__ import annotations

import pytest

from tests.batch.things import Grade

ABOVE = "def above(x):\n    return float(x > THR)"
FROM_FILE = "THR = float(open('t.txt').read())"
TWICE = "def twice(x):\n    return 2.0 * above(x)"
SIZE = "size = 3"
NOT_SEEN: dict[str, tuple[str, ...]] = {
    "getattr": ("import os\ngetattr(os, 'ch' + 'dir')('code')", FROM_FILE, ABOVE),
    "a list of functions": ("import os\nmoves = [os.chdir]\nmoves[0]('code')", FROM_FILE, ABOVE),
    "partial": (
        "import os, functools\ngo = functools.partial(os.chdir, 'code')\ngo()",
        FROM_FILE,
        ABOVE,
    ),
    "eval": ("eval(\"__import__('os').chdir('code')\")", FROM_FILE, ABOVE),
    "an own module that binds": ("import tool\ntool.put()", ABOVE),
    "a property": (
        "class Box:\n    @property\n    def fill(self):\n        self.t = 0.5",
        "box = Box()\nbox.fill",
        "def above(x):\n    return float(x > box.t)",
    ),
    "an operator": (
        "class Box:\n    def __lshift__(self, t):\n        self.t = t",
        "box = Box()",
        "box << 0.5",
        "def above(x):\n    return float(x > box.t)",
    ),
}


@pytest.mark.parametrize("name", NOT_SEEN)
def test_no_point_is_lost_to_what_the_plan_left_out(name: str, grade: Grade) -> None:
    """What the source does not show is found by running all of it, and that is said."""
    result, _, whole = grade(*NOT_SEEN[name], TWICE, SIZE)
    assert (result.score, whole) == (10, 1)
    (note,) = result.notes
    assert "`above` and `twice` were graded in a run of the whole notebook" in note.message


HIDDEN = "import os\nacts = [os.getcwd]\nacts[0]()"  # may do anything, as far as the source shows
NO_HELP: dict[str, tuple[str, ...]] = {
    "a name that nothing binds": ("def above(x):\n    return float(x > treshold)",),
    "a blank notebook": ("def above(x):\n    # YOUR CODE HERE\n    raise NotImplementedError",),
    "a local name": ("def above(x):\n    if x > 9:\n        y = 1\n    return y",),
    "a key of its own": ("def above(x):\n    return {'a': x}['b']",),
    "an attribute of a number": ("def above(x):\n    return x.shape[7]",),
    "a None of its own": ("def above(x):\n    y = None\n    return y + x",),
    "a module that is nowhere": (
        "import no_such_module",
        "def above(x):\n    return no_such_module.f(x)",
    ),
    "a file that nothing writes": ("THR = float(open('nowhere').read())", ABOVE),
    "nothing": ("x = 1",),
    "a wrong value": (HIDDEN, "def above(x):\n    return 7.0"),
    "another error": (HIDDEN, "def above(x):\n    return 1 / 0"),
    "an import instead": (HIDDEN, "from nowhere import above"),
    "a library's": (HIDDEN, "def above(x):\n    return y", "from math import ceil as above"),
    "a library's, by a star": (HIDDEN, "def above(x):\n    return y", "from math import *"),
    "run whole already": ("exec('y = 1')", "def above(x):\n    return float(x > q)"),
    "plots and prints": (
        "cfg = {}\nprint(cfg)\nmodels = {}\nfor i in range(3):\n    models[i] = i\n",
        "def above(x):\n    return cfg['t']",
        "import matplotlib.pyplot as plt\nplt.plot([above])\nassert True",
    ),
}


@pytest.mark.parametrize("name", NO_HELP)
def test_no_whole_run_where_it_cannot_help(name: str, grade: Grade) -> None:
    """Nothing that was left out can bind the name, write the file or reach the object."""
    result, _, whole = grade(*NO_HELP[name], SIZE)
    assert result.score == 2
    assert whole == ("exec" in NO_HELP[name][0])
    assert not [note for note in result.notes if "as planned" in note.message]


def test_what_is_right_as_planned_stays_right(grade: Grade) -> None:
    """Whatever the whole run makes of it: a cell that does not end, a name that is taken."""
    cells = (
        "import os\nacts = [os.chdir]\nacts[0]('code')",
        "size = 3",
        ABOVE,
        "def twice(x):\n    return 2.0 * (x > 0.5)",
        FROM_FILE,
        "while True:\n    pass",
        "def twice(x):\n    return missing",
        "del twice",
    )
    result, items, whole = grade(*cells)
    assert whole == 1
    assert {name: item.status for name, item in items.items()} == {
        "above": "passed",
        "twice": "missing",
        "size": "passed",
    }
    assert result.score == 6


def test_a_whole_run_that_ends_at_a_limit_costs_nothing(grade: Grade) -> None:
    """The planned result and its words stay."""
    cells = ("import os\ngo = os.chdir\nos._exit", "acts = [os._exit]\nacts[0](1)", ABOVE, TWICE)
    result, items, whole = grade(*cells, "import time\ntime.sleep(60)", SIZE)
    assert whole == 1
    assert (result.score, items["above"].status) == (6, "errored")
    assert "NameError" in items["above"].message
    assert not any("whole notebook" in note.message for note in result.notes)


def test_neither_is_right(grade: Grade) -> None:
    """What ends in no such error any more is better founded: its line and causes are that run's.

    But hidden cases have run by then, so none of the student's own numbers is told.
    """
    wrong = "def above(x):\n    y = float(x > THR)\n    return y - 1"
    hidden = "import os\nacts = [os.chdir]\nacts[0]('code')"
    _, seen, _ = grade("import os\nos.chdir('code')", FROM_FILE, wrong, TWICE, SIZE)
    result, items, _ = grade(hidden, FROM_FILE, wrong, TWICE, SIZE)
    assert "NameError" not in items["above"].message
    for name in ("location", "diagnoses"):
        assert getattr(items["above"], name) == getattr(seen["above"], name)
    assert "is -1 and should be 0" in seen["above"].message
    assert "has the wrong value" in items["above"].message
    assert seen["above"].location
    assert items["twice"].inherits == ("above",)
    assert items["twice"].score == 4
    assert any("as planned they ended in a NameError" in note.message for note in result.notes)


def test_a_failing_cell_is_not_spoken_of_where_it_did_not_fail(grade: Grade) -> None:
    """What failed as planned only is no news of the notebook."""
    result, _, _ = grade(*NOT_SEEN["getattr"], TWICE, SIZE)
    assert not any("FileNotFoundError" in note.message for note in result.notes)


@pytest.mark.parametrize("name", ["above", "raises"])
def test_a_wrong_function_of_an_own_module_has_no_line_of_the_notebook(
    name: str, grade: Grade
) -> None:
    """It is wrong, and what uses it inherits nothing that was not seen."""
    imported = f"from mine import {name} as above"
    result, items, _ = grade(imported, "def above_all(x):\n    return above(x)", TWICE, SIZE)
    item = items["above"]
    assert (item.status in ("failed", "errored"), item.location, item.diagnoses) == (True, None, ())
    assert "cell" not in item.message
    assert item.snippet == ""
    assert not [note for note in result.notes if note.level != "info"]


def test_a_right_function_of_an_own_module_counts(grade: Grade) -> None:
    """All of the points."""
    result, _, whole = grade("from mine import good as above", TWICE, SIZE)
    assert (result.score, whole) == (10, 0)
