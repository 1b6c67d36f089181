"""Planning: what of a notebook is run, and what its source tells before it runs."""

import textwrap
import time

import pytest

from grader.execution.plan import Plan, plan, without
from grader.results import Place
from grader.spec import Assignment, Execute, Question
from grader.submission import Cell, Notebook


def planned(*cells: str, graded: str = "f", execute: Execute = "needed") -> Plan:
    """Plan a notebook of the given cells; `graded` names the graded functions, space-separated."""
    questions = tuple(Question(n, "function", "", 1.0, (n,)) for n in graded.split())
    sources = (textwrap.dedent(cell).strip("\n") for cell in cells)
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(sources, start=1)))
    return plan(notebook, Assignment("a", "A", questions, execute))


def kept(result: Plan) -> list[str]:
    """Return the first lines of what is run."""
    return [cell.source.lstrip("#\n").splitlines()[0] for cell in result.cells]


def run(result: Plan) -> dict[str, object]:
    """Run the planned cells as a kernel would, each guarded; return the names."""
    names: dict[str, object] = {}
    for cell in result.cells:
        try:
            exec(cell.source, names)  # noqa: S102 - the tests' own code
        except Exception:  # noqa: BLE001, S112 - a cell that fails fails alone
            continue
    return names


def test_only_what_is_needed_is_run() -> None:
    """Plots, prints, other people's modules and training are left out."""
    result = planned(
        """
        import numpy as np
        import matplotlib.pyplot as plt
        from public_tests import *
        """,
        "scale = 2\nunused = 3",
        "def f(x):\n    return np.dot(x, scale)",
        "print(f(1))\nplt.plot([f(i) for i in range(10)])",
        "history = [f(i) for i in range(10 ** 9)]",
    )
    assert kept(result) == ["import numpy as np", "scale = 2", "def f(x):"]


@pytest.mark.parametrize(
    "statements",
    [
        "x = 1\nx = x + 1",
        "x = 1\nx += 1",
        "x = [0]\nx[0] = 2\nx = x[0]",
        "x = [1]\nx.append(1)\nx = sum(x)",
        "class Box: pass\nbox = Box()\nbox.value = 2\nx = box.value",
        "import types\nbox = types.SimpleNamespace(a=[0])\nbox.a[0] = 2\nx = box.a[0]",
        "def change(x):\n    x[0] = 2\ny = [0]\nchange(y)\nx = y[0]",
        "x = 0\nfor i in range(2):\n    x = x + 1",
        "x = 1\nif x:\n    x = 2",
        "try:\n    import nothing_of_that_name\nexcept ImportError:\n    x = 2",
        "with open(__import__('os').devnull) as file:\n    x = 2",
        "(x, y), *z = (2, 3), 4",
        "x: int = 2",
        "x = (y := 1) + y",
        "a = 1; x = a + 1",
        "import copy\nx = copy.copy(2)",
        "from copy import deepcopy as again\nx = again(2)",
        "del_me = 1\nx = 2\ndel del_me",
        "import random\nvalues = [1, 3]\nrandom.shuffle(values)\nx = sum(values) // 2",
        "def load():\n    global x\n    x = 2\ndef start():\n    load()\nstart()",
        "a, b = [0], [1]\nfor each in (a, b):\n    each[0] = each[0] + 1\nx = b[0]",
        "a = [0]\ndef scale(v):\n    v[0] += 2\n    return v\n_ = scale(v=a)\nx = a[0]",
        "class settings: pass\nsettings.size = 2\nx = settings.size",
        "def h(): return h.calls\nh.calls = 2\nx = h()",
        "x = 0\ndef count():\n    global x\n    x += 1\ncount()\ncount()",
        "data = {}\ndef load():\n    data['x'] = 2\nload()\nx = data['x']",
        """
        table = {}
        def register(f):
            table['f'] = f
            return f
        @register
        def two(): return 2
        x = table['f']()
        """,
        "class Data:\n    def load(self):\n        self.x = 2\nd = Data()\nok = d.load()\nx = d.x",
        "it = iter([0, 1, 2])\na = next(it)\nb = next(it)\nx = next(it)",
        "import numpy as np\na = np.ones(1)\nnp.add(a, 1, out=a)\nx = a[0]",
        "import numpy as np\na = np.ones(1)\nnp.add(a, 1, a)\nx = a[0]",
        "if True:\n    x = 2",
        "from math import *\nx = 2 if type(pow(2, 1)) is float else 0",
    ],
)
def test_values_come_out_as_if_all_had_run(statements: str) -> None:
    """Rebinding, augmented assignment, item and attribute changes, loops, conditions, imports."""
    result = planned(statements, "def f():\n    return x", "def g():\n    return 0")
    f = run(result)["f"]
    assert callable(f)
    assert f() == 2


def test_names_inside_functions_are_followed() -> None:
    """Helpers of helpers, default values, decorators, closures, comprehensions."""
    result = planned(
        "import functools\nbase = 10\nstep = 1\noffset = 5\nnothing = 0",
        """
        def twice(g):
            @functools.wraps(g)
            def inner(x):
                return g(x) * 2
            return inner
        """,
        "def helper(x):\n    return [x + base for _ in range(1)][0]",
        "@twice\ndef f(x, by=step):\n    return (lambda y: helper(y) + by + offset)(x)",
    )
    assert "nothing = 0" not in kept(result)
    f = run(result)["f"]
    assert callable(f)
    assert f(1) == 34


def test_a_failing_import_costs_only_itself() -> None:
    """Each imported name is a cell of its own, also those of one statement."""
    result = planned(
        "from math import missing_thing, sqrt\nimport no_such_module, math\n"
        "def f(x):\n    return sqrt(x) + math.pi - math.pi"
    )
    f = run(result)["f"]
    assert callable(f)
    assert f(4) == 2


def test_a_later_star_import_does_not_replace_own_work() -> None:
    """`from os.path import *` after the definition would bring its own `join`."""
    result = planned(
        "def join(a):\n    return ('mine', a, sep)", "from os.path import *", graded="join"
    )
    assert kept(result) == ["from os.path import *", "def join(a):"]


def test_a_star_import_is_left_out_where_every_name_is_known() -> None:
    """Nothing is taken from it."""
    assert kept(planned("from tests import *", "def f(x):\n    return abs(x)")) == ["def f(x):"]


def test_an_import_is_not_own_work() -> None:
    """A graded item that is imported is missing; one that is imported and defined is defined."""
    assert (
        "imports `f` but does not define" in planned("from solution import f").sources["f"].missing
    )
    both = planned("from solution import f", "def f(x):\n    return x", "from solution import f")
    assert kept(both) == ["def f(x):"]


def test_an_assigned_function_counts() -> None:
    """`f = lambda x: …` defines f."""
    result = planned("f = lambda x: x + 1")
    assert not result.sources["f"].missing
    assert kept(result) == ["f = lambda x: x + 1"]


def test_trial_calls_of_graded_functions_are_left_out() -> None:
    """A bare call is the student's own trial, even if it could change its argument."""
    result = planned("data = [1]", "def f(x):\n    return data", "f(data)\nf(data)\ndata.sort()")
    assert kept(result) == ["data = [1]", "def f(x):", "data.sort()"]


def test_a_call_of_a_graded_function_is_kept_where_it_is_read() -> None:
    """A graded variable may be what a graded function returns."""
    result = planned("def f(x):\n    return x", "y = f(2)", "z = f(3)", graded="f y")
    assert kept(result) == ["def f(x):", "y = f(2)"]


def test_what_only_uses_a_module_is_left_out() -> None:
    """A graded function that plots does not bring along every plot, and with them all training."""
    result = planned(
        "import numpy as np\nimport matplotlib.pyplot as plt",
        "def f(x):\n    plt.figure()\n    return np.sum(x)",
        "d = f(1)\nplt.plot(d)\nnp.save('d', d)\nnp.random.seed(1)\nnp.seterr(all='raise')",
    )
    assert kept(result) == [
        "import numpy as np",
        "import matplotlib.pyplot as plt",
        "def f(x):",
        "np.random.seed(1)",
        "np.seterr(all='raise')",
    ]


def test_what_a_function_sets_is_own_work() -> None:
    """`prepare()` that binds graded variables through `global`."""
    result = planned("def prepare():\n    global x\n    x = 3\nprepare()", graded="x")
    assert not result.sources["x"].missing
    assert run(result)["x"] == 3


def test_a_recursive_lambda_is_no_trial() -> None:
    """It calls itself in its body, not when it is defined."""
    result = planned("f = lambda x: f(x - 1) if x > 2 else x")
    assert kept(result) == ["f = lambda x: f(x - 1) if x > 2 else x"]
    assert not result.notes


def test_uses_are_those_of_what_counts() -> None:
    """Of the last `def`; and through names that are assigned."""
    result = planned(
        "def f():\n    return 1",
        "step = lambda: f()",
        "def g():\n    return f()",
        "def g():\n    return 2",
        "def h():\n    return step()",
        graded="f g h",
    )
    assert result.sources["g"].uses == set()
    assert result.sources["h"].uses == {"f"}


def test_deleting_or_looping_is_no_definition() -> None:
    """Only definitions and assignments count as such in the warning."""
    result = planned("def f():\n    return 1", "for f in []:\n    pass", "del f")
    assert not result.notes


def test_an_indented_timing_magic_is_code() -> None:
    """`%time x = 2` inside an `if`."""
    result = planned("if True:\n    %time x = 2", "def f():\n    return x")
    f = run(result)["f"]
    assert callable(f)
    assert f() == 2


def test_planning_takes_time_with_the_length_only() -> None:
    """Thousands of lines, needed or not; cells beyond all measure are left out and named."""
    lines = "\n".join(f"x{i} = {i}" for i in range(4000))
    started = time.process_time()
    result = planned(lines, "def f():\n    return x0")
    assert time.process_time() - started < 10
    assert kept(result) == ["x0 = 0", "def f():"]
    assert "5,000 lines" in planned("a=1\n" * 6000).broken[0].error.message


def test_a_result_that_overwrites_its_function() -> None:
    """`f = f(2)` is a trial: the function is graded, and the student is told."""
    result = planned("def f(x):\n    return x", "f = f(2)")
    assert kept(result) == ["def f(x):"]
    assert "overwritten by what it returns" in result.notes[0].message
    whole = planned("def f(x):\n    return x", "f = f(2)", execute="all")
    assert len(whole.cells) == 2
    assert not any("what is graded is the function" in note.message for note in whole.notes)


@pytest.mark.parametrize("broken", ["def g(a, a):\n    return 1", "return 3", "x = yield"])
def test_errors_that_only_the_compiler_finds_break_the_cell(broken: str) -> None:
    """As in Jupyter, nothing in that cell takes effect."""
    result = planned(f"def f():\n    return 1\n{broken}", "def h():\n    return 1", graded="f h")
    assert kept(result) == ["def h():"]
    assert "f" in result.broken[0].binds


def test_future_imports_are_kept() -> None:
    """They change what the rest means, and nothing reads their names."""
    result = planned("from __future__ import annotations", "def f(x: Unknown):\n    return x")
    assert kept(result) == ["from __future__ import annotations", "def f(x: Unknown):"]


def test_names_like_shell_commands_are_names() -> None:
    """In a cat classifier, `cat = 0.5` is likely, also beside a magic."""
    result = planned(
        "%matplotlib inline\ncat = 0.5\nls += [cat]\ncd ..\nls -l", "def f():\n    return cat"
    )
    assert kept(result) == ["cat = 0.5", "def f():"]


def test_lines_are_the_students_own() -> None:
    """Also below blank lines, magics and comments."""
    result = planned("\n\n# comment\n%matplotlib inline\n\ndef f(x):\n    return 1 / 0")
    (cell,) = result.cells
    assert cell.place == Place(1, 4)  # the test helper strips the first blank lines
    assert cell.source.split("\n")[3] == "def f(x):"


def test_leading_blank_lines_count() -> None:
    """IPython would strip them, and every line number would be off."""
    questions = (Question("f", "function", "", 1.0, ("f",)),)
    notebook = Notebook((Cell(1, "\n  \n\ndef f(x):\n    return x"),))
    result = plan(notebook, Assignment("a", "A", questions))
    assert result.definitions["f"].first_line == 4


def test_the_last_definition_counts_and_is_told() -> None:
    """Two definitions of one function: both run, in order, with a warning."""
    result = planned("def f():\n    return 1", "x = 1", "def f():\n    return 2")
    f = run(result)["f"]
    assert callable(f)
    assert f() == 2
    assert [note.message for note in result.notes] == [
        "`f` is defined 2 times (cells 1, 3); the last one counts."
    ]
    assert result.definitions["f"].cell == 3


def test_two_functions_in_one_cell() -> None:
    """Each is found, with its own lines."""
    result = planned("def f():\n    return 1\n\ndef g():\n    return 2", graded="f g")
    assert (result.definitions["f"].first_line, result.definitions["g"].first_line) == (1, 4)
    assert kept(result) == ["def f():", "def g():"]


def test_a_syntax_error_below_a_right_function() -> None:
    """Jupyter would lose the whole cell; the feedback says so, and where."""
    result = planned(
        "def f():\n    return 1\n\nprint 'done'", "def g():\n    return 2", graded="f g"
    )
    assert kept(result) == ["def g():"]
    (broken,) = result.broken
    assert broken.place == Place(1, 4)
    assert "f" in broken.binds


def test_a_near_miss_is_named() -> None:
    """`initializing_with_zeros` for `initialize_with_zeros`."""
    result = planned("def initializing_with_zeros(dim): ...", graded="initialize_with_zeros")
    assert (
        "`initializing_with_zeros`: is that the one?"
        in result.sources["initialize_with_zeros"].missing
    )
    variables = planned("Y_train = 1\nm_trains = 2", graded="m_train")
    assert variables.sources["m_train"].missing == "The notebook does not define `m_train`."


@pytest.mark.parametrize(
    "trick",
    [
        "exec('x = 2')",
        "globals()['x'] = 2",
        "def define():\n    globals()['x'] = 2\ndefine()",
        "%run helpers.py",
        "%%writefile helpers.py\nx = 2",
        "%pylab inline",
    ],
)
def test_what_cannot_be_sliced_is_run_whole(trick: str) -> None:
    """Where names come from code that cannot be read, everything is run, and that is said."""
    result = planned(trick, "def f():\n    return x", "print('last')")
    assert result.mode == "all"
    assert len(result.cells) == 3
    assert "whole notebook was run" in result.notes[0].message


def test_magics_are_read_for_what_they_are() -> None:
    """Timed code is code; shell commands and other magics bind nothing."""
    result = planned(
        "%%time\nx = 1",
        "%time y = 2",
        "!pip install something\n%load_ext autoreload\nf?\nz = 3",
        "from_drive = 1\ncd '/content/drive/My Drive'\npwd",
        "%%html\n<b>x = 5</b>",
        "names = !ls",
        "def f():\n    return x + y + z",
    )
    assert result.mode == "needed"
    f = run(result)["f"]
    assert callable(f)
    assert f() == 6


def test_variables_of_a_broken_cell_are_known() -> None:
    """As far as they can be seen in a cell that Python cannot read."""
    (broken,) = planned("x = z = 1\na, b=x, x\nif x == 1: z = 2\ndef f(a, b):\n  print 'a'").broken
    assert {"x", "z", "a", "b", "f"} <= broken.binds


def test_harmless_calls_of_vars_are_trusted() -> None:
    """`vars(x)` reads an object; `vars()` is the notebook's namespace."""
    assert planned("v = vars(int)", "def f():\n    return v").mode == "needed"
    assert planned("v = vars()", "def f():\n    return v").mode == "all"


def test_the_source_shows_parameters_and_what_is_used() -> None:
    """Through helpers of the student's own, and for variables too."""
    result = planned(
        "def g(x):\n    return x",
        "def helper(x):\n    return g(x)",
        "def f(b, a=1, **rest):\n    return helper(a)",
        "y = f(1)",
        "h = lambda a: a",
        graded="f g h y",
    )
    assert result.sources["f"].parameters == ("b", "a")
    assert result.sources["f"].uses == {"g"}
    assert result.sources["y"].uses == {"f", "g"}
    assert result.sources["h"].parameters is None


def test_execute_all_keeps_every_cell() -> None:
    """The instructor's choice; a cell that cannot be parsed is named and left out."""
    result = planned("import os\nos.sep", "def f(:", "print(1)", execute="all")
    assert [cell.place.cell for cell in result.cells] == [1, 3]
    assert [broken.place.cell for broken in result.broken] == [2]


def test_top_level_await() -> None:
    """Jupyter runs it; it does not break the plan."""
    result = planned("import asyncio\nx = await asyncio.sleep(0, 2)", "def f():\n    return x")
    assert kept(result) == ["import asyncio", "x = await asyncio.sleep(0, 2)", "def f():"]


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "+".join(["1"] * 100_000),
        "x = " + "(" * 5000 + ")" * 5000,
        "x = '\0'",
        "é = \ud800",
    ],
    ids=["long chain", "deep nesting", "null character", "lone surrogate"],
)
def test_source_that_exhausts_the_parser_costs_its_cell(source: str) -> None:
    """The cell is named; the others are planned."""
    result = planned(source, "def f():\n    return 2")
    assert "def f():" in kept(result)


def test_a_cell_can_be_left_out() -> None:
    """What was lost once is not run again."""
    result = planned("x = 1", "def f():\n    return x")
    assert kept(without(result, result.cells[0])) == ["def f():"]


def test_a_function_that_seeds_does_not_keep_its_callers() -> None:
    """Training would be run, minutes of it, for the state in which it leaves the random stream."""
    result = planned(
        "import numpy as np\nnp.random.seed(1)",
        "def f(n):\n    np.random.seed(3)\n    return np.random.randn(n)",
        "def model(steps):\n    for _ in range(steps):\n        w = f(3)\n    return w",
        "parameters = model(30000)",
    )
    assert kept(result) == ["import numpy as np", "np.random.seed(1)", "def f(n):"]


def test_the_variable_of_a_loop_is_no_use() -> None:
    """`i` in one loop is not what another loop makes of it."""
    loops = "f = 0\nfor i in range(3):\n    f += i\ng = 0\nfor i in range(3):\n    g += f + i"
    result = planned(loops, graded="f g")
    assert result.sources["f"].uses == frozenset()
    assert result.sources["g"].uses == {"f"}


def test_an_indented_definition_in_a_broken_cell_is_known() -> None:
    """It is what Python cannot read, not what is not there."""
    result = planned("x = 1\n def f():\n    return x")
    assert result.broken[0].binds == {"x", "f"}
    assert result.sources["f"].missing == ""


def test_a_near_miss_among_variables() -> None:
    """Of a variable a variable is meant, of a function a function."""
    questions = (Question("train_flat", "variable", "", 1.0, ("train_flat",)),)
    cell = "train_set_flat = 1\ndef train_flatt():\n    pass"
    result = plan(Notebook((Cell(1, cell),)), Assignment("a", "A", questions))
    assert "It defines `train_set_flat`" in result.sources["train_flat"].missing


def test_a_cell_is_cut_where_it_failed() -> None:
    """What comes after the statement that failed can still be run."""
    (cell,) = planned("import a\nb = 1\nc = f(\n    b)\nd = 2", graded="d", execute="all").cells
    failed, rest = cell.cut(4)
    assert (failed.text, [part.text for part in rest]) == ("c = f(\n    b)", ["d = 2"])
    assert cell.cut(None) == (cell, ())
    assert failed.cut(3) == (failed, ())


@pytest.mark.parametrize(
    "harmless",
    [
        "print(__name__)",
        "import logging\nlog = logging.getLogger(__name__)",
        "if __name__ == '__main__':\n    print('main')",
        "for _ in range(3):\n    pass\ny = _",
        "0.5\ny = _",
        "%%capture said\nprint(1)",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "import re\npattern = re.compile('a')",
    ],
)
def test_what_only_looks_dangerous_is_planned(harmless: str) -> None:
    """The notebook is not run whole for what no graded item needs."""
    result = planned(harmless, "def f(x):\n    return x")
    assert result.mode == "needed"
    assert kept(result) == ["def f(x):"]
    assert not result.open


def test_what_a_graded_item_does_not_read_from_outside_costs_nothing() -> None:
    """Files that are written, folders, plots, draws: nothing of it is run."""
    result = planned(
        "import os, numpy as np\nos.makedirs('out', exist_ok=True)\n!pip install tqdm\n%cd out",
        "def f(x):\n    return np.sum(x)",
        "def model():\n    return np.random.randn(3)",
        "np.save('w.npy', model())\nw = np.load('w.npy')",
        "with open('log', 'w') as log:\n    log.write('done')",
        "o = np.random.rand(3)\nparameters = model()",
    )
    assert kept(result) == ["import numpy as np", "def f(x):"]


def test_no_command_that_needs_a_network_is_run_for_a_module() -> None:
    """`!pip install` cannot help where there is no network, and takes its time."""
    result = planned(
        "!pip install no_such_module\n!echo 'x = 1' > local_module.py",
        "from local_module import x",
        "def f():\n    return x",
    )
    assert kept(result) == [
        "!echo 'x = 1' > local_module.py",
        "from local_module import x",
        "def f():",
    ]
