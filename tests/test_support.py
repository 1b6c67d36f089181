"""Support modules: they need NumPy only, and hold no answer to what is graded beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course import assignment_names, support_folder
from grader.judging.compare import compare
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey, answer_key
from grader.wire import pack, unpack
from reference import gradient_checking
from tests.conftest import COURSE

ASSIGNMENTS = (
    "deep_network",
    "gradient_checking",
    "initialization",
    "logistic_regression",
    "mse_network",
    "numpy_basics",
    "regularization",
    "shallow_network",
)

# Run before everything else in a new process, in a folder of support modules.
ALONE = """
import sys
for absent in ("h5py", "matplotlib", "PIL", "scipy", "sklearn"):
    sys.modules[absent] = None
sys.path.insert(0, ".")
"""

# Imports every module, builds every example, and calls every function on the arguments of cases.
PROBE = """
import contextlib, copy, importlib, io, pathlib, random, sys, warnings
import numpy as np
from grader.wire import pack, unpack

builders, calls = unpack(sys.stdin.buffer.read())
printed = io.StringIO()
before = np.random.get_state()[1].tobytes()
with contextlib.redirect_stdout(printed):
    names = sorted(path.stem for path in pathlib.Path().glob("*.py"))
    modules = {name: importlib.import_module(name) for name in names}
    printed_by_imports = printed.getvalue()
    built = [(m, b, vars(modules[m])[b]()) for m in names for b in builders if b in vars(modules[m])]
    quiet = before == np.random.get_state()[1].tobytes()
    functions = {
        id(value): (f"{module}.{name}", value)
        for module, names in ((name, vars(modules[name])) for name in names)
        for name, value in names.items()
        if callable(value) and not name.startswith("_")
    }
    returned = []
    warnings.simplefilter("ignore")
    for number, (seed, arguments) in enumerate(calls):
        for name, function in functions.values():
            random.seed(seed)
            np.random.seed(seed)
            with contextlib.suppress(Exception):
                returned.append((number, name, function(*copy.deepcopy(arguments))))
found = (printed_by_imports, quiet, [name for name, _ in functions.values()], built, returned)
sys.stdout.buffer.write(pack(found))
"""


@dataclass(frozen=True)
class Call:
    """A call of every offered function: the first arguments, or all, of a case of a question."""

    question: QuestionKey
    case: CaseKey
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Offered:
    """What an assignment offers to notebooks, and what is found in it."""

    key: AnswerKey
    folder: Path
    calls: list[Call]
    printed_by_imports: str
    leaves_random_stream: bool
    functions: list[str]
    built: list[tuple[str, str, Any]]
    returned: list[tuple[int, str, Any]]


def look_at(key: AnswerKey, folder: Path) -> Offered:
    """Import and call, in a process of its own, all that a folder of modules holds."""
    calls = [call for question in key.questions for call in calls_of(question)]
    message = (list(BUILT), [(call.case.seed, call.arguments) for call in calls])
    return Offered(key, folder, calls, *unpack(run(PROBE, folder, pack(message))))


def calls_of(question: QuestionKey) -> Iterator[Call]:
    """Yield the calls for the visible cases, also with fewer arguments: they may have defaults."""
    for case in question.cases:
        if case.visible and not is_trivial(question, case):
            for count in range(1, len(case.arguments) + 1):
                yield Call(question, case, case.arguments[:count])


def is_trivial(question: QuestionKey, case: CaseKey) -> bool:
    """Tell whether one of the arguments is the answer: then every identity would be found."""
    return any(is_answer(question, case, argument) for argument in case.arguments)


def is_answer(question: QuestionKey, case: CaseKey, value: Any) -> bool:
    """Tell whether a value is what the reference returns."""
    return not any(found.fault for found in compare(question.question, value, case.expected.value))


def answers(offered: Offered) -> set[tuple[str, str]]:
    """Return the offered functions that give the answer to an item, alone or among others."""
    found = set()
    for number, name, value in offered.returned:
        call = offered.calls[number]
        parts = [value, *value] if isinstance(value, tuple | list) else [value]
        if any(is_answer(call.question, call.case, part) for part in parts):
            found.add((name, call.question.question.name))
    return found


def run(code: str, folder: Path, message: bytes = b"") -> bytes:
    """Run code in a new process beside the modules of a folder; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE + textwrap.dedent(code)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(COURSE), "PYTHONDONTWRITEBYTECODE": "1"},
        input=message,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def offers() -> dict[str, Offered]:
    """Return what was looked at so far, by assignment."""
    return {}


@pytest.fixture(params=ASSIGNMENTS)
def offered(
    request: pytest.FixtureRequest,
    offers: dict[str, Offered],
    tmp_path_factory: pytest.TempPathFactory,
) -> Offered:
    """Return what an assignment offers."""
    return offer(request.param, offers, tmp_path_factory)


def offer(name: str, offers: dict[str, Offered], tmp: pytest.TempPathFactory) -> Offered:
    """Return what the assignment `name` offers; look at it once."""
    if name not in offers:
        key = answer_key(COURSE, name, b"a secret for the tests")
        with support_folder(COURSE, key.assignment) as folder:
            kept = shutil.copytree(folder, tmp.mktemp(name) / "support")
        offers[name] = look_at(key, kept)
    return offers[name]


# ---------------------------------------------------------------- all assignments


def test_all_assignments_are_looked_at() -> None:
    """None is forgotten here."""
    assert sorted(ASSIGNMENTS) == assignment_names(COURSE)


def test_modules_need_numpy_only_and_are_silent(offered: Offered) -> None:
    """All are imported where matplotlib and the like are absent; none prints."""
    assert offered.functions
    assert offered.printed_by_imports == ""


def test_the_global_random_stream_is_the_notebook_s_own(offered: Offered) -> None:
    """Neither imports nor examples nor data sets draw from it, or seed it."""
    assert offered.leaves_random_stream


def test_no_module_gives_the_answer(offered: Offered) -> None:
    """No offered function returns, for the arguments of a visible case, what is expected."""
    assert answers(offered) == set()


def test_an_answer_would_be_found(offered: Offered, tmp_path: Path) -> None:
    """A module with the reference in it gives every answer that is not one of the arguments."""
    shutil.copytree(offered.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "leak.py").write_text(f"from reference.{offered.key.assignment.name} import *\n")
    items = {call.question.question.name for call in offered.calls}
    assert {item for _, item in answers(look_at(offered.key, tmp_path))} == items


def test_held_back_names_say_so(offered: Offered) -> None:
    """A module that holds names back says of each graded function that it is the student's."""
    code = """
    import importlib, pathlib
    for path in pathlib.Path().glob("*.py"):
        module = importlib.import_module(path.stem)
        assert not hasattr(module, "__path__")
        exec(f"from {path.stem} import *", {})
        if "__getattr__" in vars(module):
            print(path.stem)
            for name in NAMES:
                try:
                    exec(f"from {path.stem} import {name}")
                except ImportError as error:
                    assert str(error) == f"`{name}` is yours to write: define it in the notebook."
                else:
                    assert False, name
    """
    questions = [key.question for key in offered.key.questions]
    names = [question.name for question in questions if question.kind == "function"]
    holding = run(f"NAMES = {names}\n{textwrap.dedent(code)}", offered.folder).decode().split()
    deep = ["dnn_app_utils", "dnn_app_utils_v2", "dnn_app_utils_v3"]
    assert sorted(holding) == (deep if offered.key.assignment.name == "deep_network" else [])


def test_every_graded_function_has_its_check(offered: Offered) -> None:
    """`f_test(f)` says that the grader will check f, for all but `model` and the older exercise."""
    name = offered.key.assignment.name
    if name == "mse_network":
        pytest.skip("the exercise has no checks")
    items = [key.question.name for key in offered.key.questions if key.question.kind == "function"]
    left_out = {("initialization", "model"), ("gradient_checking", "backward_propagation_n")}
    for item in items:
        if (name, item) not in left_out:
            said = run(f"from public_tests import *; {item}_test(print)", offered.folder)
            assert said.decode() == f"{item}: the grader will check it.\n"


# ---------------------------------------------------------------- examples and data sets

Shape = tuple[int, ...]


def layers(*sizes: int, prefix: str = "") -> dict[str, Shape]:
    """Return the shapes of W_l and b_l of layers of these sizes."""
    shapes = {}
    for number, (n_prev, n) in enumerate(zip(sizes, sizes[1:], strict=False), start=1):
        shapes |= {f"{prefix}W{number}": (n, n_prev), f"{prefix}b{number}": (n, 1)}
    return shapes


SHALLOW, DEEP, REGULAR = layers(2, 4, 1), layers(4, 3, 1), layers(3, 2, 3, 1)
IMAGES = [(60, 64, 64, 3), (1, 60), (26, 64, 64, 3), (1, 26), (2,)]

# What an example or a data set is made of, by its name; a list where it differs by assignment.
BUILT: dict[str, Any] = {
    "backward_propagation_test_case": [
        SHALLOW,
        {"Z1": (4, 3), "A1": (4, 3), "Z2": (1, 3), "A2": (1, 3)},
        (2, 3),
        (1, 3),
    ],
    "backward_propagation_with_dropout_test_case": [
        (3, 5),
        (1, 5),
        [
            *[(2, 5), (2, 5), (2, 5), (2, 3), (2, 1)],
            *[(3, 5), (3, 5), (3, 5), (3, 2), (3, 1)],
            *[(1, 5), (1, 5), (1, 3), (1, 1)],
        ],
    ],
    "backward_propagation_with_regularization_test_case": [
        (3, 5),
        (1, 5),
        [
            *[(2, 5), (2, 5), (2, 3), (2, 1)],
            *[(3, 5), (3, 5), (3, 2), (3, 1)],
            *[(1, 5), (1, 5), (1, 3), (1, 1)],
        ],
    ],
    "compute_cost_with_regularization_test_case": [(1, 5), (1, 5), REGULAR],
    "forward_propagation_test_case": [(2, 3), SHALLOW],
    "forward_propagation_with_dropout_test_case": [(3, 5), REGULAR],
    "gradient_check_n_test_case": [(4, 3), (1, 3), layers(4, 5, 3, 1)],
    "initialize_parameters_test_case": [(), (), ()],
    "L_model_backward_test_case": [
        (1, 6),
        (1, 6),
        [
            [[(5, 6), (4, 5), (4, 1)], (4, 6)],
            [[(4, 6), (3, 4), (3, 1)], (3, 6)],
            [[(3, 6), (1, 3), (1, 1)], (1, 6)],
        ],
    ],
    "L_model_forward_test_case": [(4, 6), DEEP],
    "L_model_forward_test_case_2hidden": [(5, 6), layers(5, 4, 3, 1)],
    "layer_sizes_test_case": [(5, 3), (2, 3)],
    "linear_activation_backward_test_case": [(2, 6), [[(3, 6), (2, 3), (2, 1)], (2, 6)]],
    "linear_activation_forward_test_case": [(3, 6), (2, 3), (2, 1)],
    "linear_backward_test_case": [(3, 6), [(5, 6), (3, 5), (3, 1)]],
    "linear_forward_test_case": [(3, 6), (2, 3), (2, 1)],
    "load_2D_dataset": [(2, 211), (1, 211), (2, 200), (1, 200)],
    "load_cat_dataset": [(12288, 60), (1, 60), (12288, 26), (1, 26), (2,)],
    "load_data": IMAGES,
    "load_extra_datasets": [[(200, 2), (200,)]] * 5,
    "load_planar_dataset": [(2, 400), (1, 400)],
    "nn_model_test_case": [(2, 3), (1, 3)],
    "predict_test_case": [SHALLOW, (2, 3)],
}
BUILT_IN: dict[tuple[str, str], Any] = {
    ("deep_network", "compute_cost_test_case"): [(1, 6), (1, 6)],
    ("shallow_network", "compute_cost_test_case"): [(1, 3), (1, 3)],
    ("deep_network", "update_parameters_test_case"): [DEEP, layers(4, 3, 1, prefix="d")],
    ("shallow_network", "update_parameters_test_case"): [SHALLOW, layers(2, 4, 1, prefix="d")],
    ("initialization", "load_dataset"): [(2, 300), (1, 300), (2, 100), (1, 100)],
}
