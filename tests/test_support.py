"""Support modules: they need NumPy only, and hold no answer to what is graded beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from grader.course import assignment_names, support_folder
from grader.judging.compare import compare
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey, answer_key
from grader.wire import pack, unpack
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

PERHAPS_ABSENT = ("h5py", "matplotlib", "PIL", "scipy", "sklearn")

# Run before everything else in a new process, in a folder of support modules.
START = """
import sys
sys.path.insert(0, ".")
sys.modules.update(dict.fromkeys({absent}))
"""

# Imports every module, builds every example, and calls every function on the arguments of cases.
PROBE = """
import contextlib, copy, importlib, io, pathlib, random, sys, warnings
import numpy as np
from grader.wire import pack, unpack

examples, calls = unpack(sys.stdin.buffer.read())
printed = io.StringIO()
before = np.random.get_state()[1].tobytes()
with contextlib.redirect_stdout(printed):
    names = sorted(path.stem for path in pathlib.Path().glob("*.py"))
    modules = {name: importlib.import_module(name) for name in names}
    printed_by_imports = printed.getvalue()
    built = [(m, name, vars(modules[m])[name]()) for m, name in examples]
    quiet = before == np.random.get_state()[1].tobytes()
    functions = [
        (module, name, value)
        for module in names
        for name, value in vars(modules[module]).items()
        if callable(value) and not name.startswith("_")
    ]
    once = {id(function): (f"{module}.{name}", function) for module, name, function in functions}
    returned = []
    warnings.simplefilter("ignore")
    for number, (seed, arguments) in enumerate(calls):
        for name, function in once.values():
            random.seed(seed)
            np.random.seed(seed)
            with contextlib.suppress(Exception):
                returned.append((number, name, function(*copy.deepcopy(arguments))))
offered = [(module, name) for module, name, _ in functions]
sys.stdout.buffer.write(pack((printed_by_imports, quiet, offered, built, returned)))
"""


@dataclass(frozen=True)
class Call:
    """A call of every offered function, with the arguments of a case of a question."""

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
    functions: list[tuple[str, str]]
    built: list[tuple[str, str, Any]]
    returned: list[tuple[int, str, Any]]


def look_at(key: AnswerKey, folder: Path) -> Offered:
    """Import and call, in a process of its own, all that a folder of modules holds."""
    examples = list(in_modules(EXAMPLES.get(key.assignment.name, {})))
    calls = [call for question in key.questions for call in calls_of(question)]
    message = (examples, [(call.case.seed, call.arguments) for call in calls])
    return Offered(key, folder, calls, *unpack(run(PROBE, folder, pack(message))))


def calls_of(question: QuestionKey) -> Iterator[Call]:
    """Yield the calls for the visible cases, with all arguments and without the unused ones."""
    for case in question.cases:
        if case.visible and not is_trivial(question, case):
            yield Call(question, case, case.arguments)
            if question.question.unused:
                first = question.question.parameters.index(question.question.unused[0])
                yield Call(question, case, case.arguments[:first])


def is_trivial(question: QuestionKey, case: CaseKey) -> bool:
    """Tell whether an argument, or 0, is the answer: it would be found everywhere."""
    return any(is_answer(question, case, value) for value in (0.0, *case.arguments))


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


def run(
    code: str, folder: Path, message: bytes = b"", absent: tuple[str, ...] = PERHAPS_ABSENT
) -> bytes:
    """Run code in a new process beside the modules of a folder; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", START.format(absent=absent) + textwrap.dedent(code)],
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


# ---------------------------------------------------------------- what is offered, and its shapes

Shape = tuple[int, ...]


def layers(*sizes: int, prefix: str = "") -> dict[str, Shape]:
    """Return the shapes of W_l and b_l of layers of these sizes."""
    shapes: dict[str, Shape] = {}
    for number, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        shapes |= {f"{prefix}W{number}": (n, n_prev), f"{prefix}b{number}": (n, 1)}
    return shapes


IMAGES = ((60, 64, 64, 3), (1, 60), (26, 64, 64, 3), (1, 26), (2,))
PLANAR = {
    "load_planar_dataset": ((2, 400), (1, 400)),
    "load_extra_datasets": (((200, 2), (200,)),) * 5,
}
SHALLOW, DEEP, REGULARIZED = layers(2, 4, 1), layers(4, 3, 1), layers(3, 2, 3, 1)
DROPOUT_CACHE = (
    *((2, 5), (2, 5), (2, 5), (2, 3), (2, 1)),
    *((3, 5), (3, 5), (3, 5), (3, 2), (3, 1)),
    *((1, 5), (1, 5), (1, 3), (1, 1)),
)
CACHE = tuple(shape for index, shape in enumerate(DROPOUT_CACHE) if index not in (1, 6))

# By assignment and names of modules: examples and data sets, and the shapes they are made of.
EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "deep_network": {
        "testCases testCases_v2 testCases_v3 testCases_v4 testCases_v4a": {
            "initialize_parameters_test_case": ((), (), ()),
            "linear_forward_test_case": ((3, 6), (2, 3), (2, 1)),
            "linear_activation_forward_test_case": ((3, 6), (2, 3), (2, 1)),
            "L_model_forward_test_case": ((4, 6), DEEP),
            "L_model_forward_test_case_2hidden": ((5, 6), layers(5, 4, 3, 1)),
            "compute_cost_test_case": ((1, 6), (1, 6)),
            "linear_backward_test_case": ((3, 6), ((5, 6), (3, 5), (3, 1))),
            "linear_activation_backward_test_case": ((2, 6), (((3, 6), (2, 3), (2, 1)), (2, 6))),
            "L_model_backward_test_case": (
                (1, 6),
                (1, 6),
                (
                    (((5, 6), (4, 5), (4, 1)), (4, 6)),
                    (((4, 6), (3, 4), (3, 1)), (3, 6)),
                    (((3, 6), (1, 3), (1, 1)), (1, 6)),
                ),
            ),
            "update_parameters_test_case": (DEEP, layers(4, 3, 1, prefix="d")),
        },
        "dnn_app_utils dnn_app_utils_v2 dnn_app_utils_v3": {"load_data": IMAGES},
    },
    "gradient_checking": {
        "testCases testCases_v2 testCases_v3 testCases_v4": {
            "gradient_check_n_test_case": ((4, 3), (1, 3), layers(4, 5, 3, 1)),
        },
    },
    "initialization": {
        "init_utils": {
            "load_dataset": ((2, 300), (1, 300), (2, 100), (1, 100)),
            "load_cat_dataset": ((12288, 60), (1, 60), (12288, 26), (1, 26), (2,)),
        },
    },
    "logistic_regression": {"lr_utils": {"load_dataset": IMAGES}},
    "mse_network": {"planar_utils": PLANAR},
    "regularization": {
        "reg_utils": {"load_2D_dataset": ((2, 211), (1, 211), (2, 200), (1, 200))},
        "testCases testCases_v2 testCases_v3": {
            "compute_cost_with_regularization_test_case": ((1, 5), (1, 5), REGULARIZED),
            "backward_propagation_with_regularization_test_case": ((3, 5), (1, 5), CACHE),
            "forward_propagation_with_dropout_test_case": ((3, 5), REGULARIZED),
            "backward_propagation_with_dropout_test_case": ((3, 5), (1, 5), DROPOUT_CACHE),
        },
    },
    "shallow_network": {
        "planar_utils": PLANAR,
        "testCases testCases_v2": {
            "layer_sizes_test_case": ((5, 3), (2, 3)),
            "initialize_parameters_test_case": ((), (), ()),
            "forward_propagation_test_case": ((2, 3), SHALLOW),
            "compute_cost_test_case": ((1, 3), (1, 3)),
            "backward_propagation_test_case": (
                SHALLOW,
                {"Z1": (4, 3), "A1": (4, 3), "Z2": (1, 3), "A2": (1, 3)},
                (2, 3),
                (1, 3),
            ),
            "update_parameters_test_case": (SHALLOW, layers(2, 4, 1, prefix="d")),
            "nn_model_test_case": ((2, 3), (1, 3)),
            "predict_test_case": (SHALLOW, (2, 3)),
        },
    },
}

# What notebooks import besides, by assignment and names of modules.
FUNCTIONS = {
    "deep_network": {
        "dnn_utils dnn_utils_v2": "sigmoid relu sigmoid_backward relu_backward",
        "dnn_app_utils dnn_app_utils_v2 dnn_app_utils_v3": "sigmoid relu sigmoid_backward "
        "relu_backward initialize_parameters predict print_mislabeled_images",
        "testCases testCases_v2 testCases_v3 testCases_v4 testCases_v4a": "print_grads",
        "public_tests": "initialize_parameters_test initialize_parameters_test_1 "
        "initialize_parameters_test_2 initialize_parameters_deep_test_1 "
        "initialize_parameters_deep_test_2",
    },
    "gradient_checking": {
        "gc_utils": "sigmoid relu dictionary_to_vector vector_to_dictionary gradients_to_vector",
    },
    "initialization": {
        "init_utils": "sigmoid relu compute_loss forward_propagation backward_propagation "
        "update_parameters predict predict_dec plot_decision_boundary",
    },
    "logistic_regression": {
        "public_tests": "initialize_with_zeros_test_1 initialize_with_zeros_test_2",
    },
    "mse_network": {"planar_utils": "sigmoid plot_decision_boundary"},
    "numpy_basics": {"public_tests": "basic_sigmoid_test normalize_rows_test"},
    "regularization": {
        "reg_utils": "sigmoid relu plot_decision_boundary initialize_parameters compute_cost "
        "predict predict_dec forward_propagation backward_propagation update_parameters",
    },
    "shallow_network": {"planar_utils": "sigmoid plot_decision_boundary"},
}


def in_modules(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (module, name) for all names of all modules of a table."""
    for modules, names in table.items():
        for module in modules.split():
            for name in names.split() if isinstance(names, str) else names:
                yield module, name


def shapes_of(value: Any) -> Any:
    """Return the shapes of what a value is made of; lists count as tuples."""
    if isinstance(value, dict):
        return {key: shapes_of(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return tuple(shapes_of(part) for part in value)
    return getattr(value, "shape", ())


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
    """A module with the reference in it gives the answer to every function that can be tried."""
    shutil.copytree(offered.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "leak.py").write_text(f"from reference.{offered.key.assignment.name} import *\n")
    items = {call.question.question.name for call in offered.calls if call.arguments}
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
    """`f_test(f)` says that the grader will check f; the exercise without checks has none."""
    items = [key.question.name for key in offered.key.questions if key.question.kind == "function"]
    if offered.key.assignment.name != "mse_network":
        calls = [f"{item}_test(print)" for item in items]
        said = run("\n".join(["from public_tests import *", *calls]), offered.folder)
        assert said.decode() == "".join(f"{item}: the grader will check it.\n" for item in items)


# ---------------------------------------------------------------- single modules


@pytest.fixture
def support(
    offers: dict[str, Offered], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Return a function that gives the folder of support modules of an assignment."""
    return lambda name: offer(name, offers, tmp_path_factory).folder


def test_the_older_cost_example_has_parameters(support: Callable[[str], Path]) -> None:
    """Notebooks from before public_tests take three values, later ones two."""
    count = "from testCases_v2 import *; print(len(compute_cost_test_case()))"
    assert int(run(count, support("shallow_network"))) == 3
    assert int(run(f"from public_tests import *; {count}", support("shallow_network"))) == 2


def test_the_example_of_gradient_checking_gives_the_documented_number(
    support: Callable[[str], Path],
) -> None:
    """With the two planted faults the relative difference is 0.28509315667."""
    code = """
    import numpy as np, gc_utils, testCases
    from reference import gradient_checking as ref
    x, y, parameters = testCases.gradient_check_n_test_case()
    np.random.seed(1)
    assert (x == np.random.randn(4, 3)).all()
    _, cache = ref.forward_propagation_n(x, y, parameters)
    gradients = ref.backward_propagation_n(x, y, cache)
    theta, keys = gc_utils.dictionary_to_vector(parameters)
    assert keys == ref.dictionary_to_vector(parameters)[1]
    assert (theta == ref.dictionary_to_vector(parameters)[0]).all()
    assert (gc_utils.gradients_to_vector(gradients) == ref.gradients_to_vector(gradients)).all()
    back = gc_utils.vector_to_dictionary(theta)
    assert all((back[name] == parameters[name]).all() for name in parameters)
    planted = gradients | {"dW2": 2 * gradients["dW2"], "db1": 4 * gradients["db1"]}
    print(ref.gradient_check_n(parameters, planted, x, y))
    """
    difference = float(run(code, support("gradient_checking")))
    assert difference == pytest.approx(0.28509315667, rel=1e-8)


@pytest.mark.parametrize(
    ("name", "module", "cost"),
    [
        ("initialization", "init_utils", "compute_loss"),
        ("regularization", "reg_utils", "compute_cost"),
    ],
)
def test_the_network_of_three_layers_is_the_reference_s(
    support: Callable[[str], Path], name: str, module: str, cost: str
) -> None:
    """Forward, cost, gradients, step and predictions agree with the reference."""
    code = f"""
    import numpy as np
    from {module} import *
    from {module} import {cost} as cost
    from reference import costs, descent, gradient_checking, three_layers as ref
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((4, 7)), np.eye(1, 7)
    parameters = gradient_checking.vector_to_dictionary(rng.standard_normal((47, 1)))
    a3, cache = forward_propagation(X, parameters)
    for mine, due in zip(cache, ref.forward(X, parameters)[1], strict=True):
        np.testing.assert_allclose(mine, due, rtol=1e-12)
    np.testing.assert_allclose(cost(a3, Y), costs.cross_entropy(a3, Y), rtol=1e-12)
    gradients, due = backward_propagation(X, Y, cache), ref.backward(X, Y, cache)
    assert gradients.keys() == due.keys()
    for key in due:
        np.testing.assert_allclose(gradients[key], due[key], rtol=1e-12)
    moved = update_parameters(parameters, gradients, 0.3)
    for key, value in descent.step(parameters, due, 0.3).items():
        np.testing.assert_allclose(moved[key], value, rtol=1e-12)
    assert (predict_dec(parameters, X) == (a3 > 0.5)).all()
    assert (predict(X, a3 > 0.5, parameters) == (a3 > 0.5)).all()
    """
    assert run(code, support(name)) == b"Accuracy: 1.0\n"


def test_activations_are_the_reference_s(support: Callable[[str], Path]) -> None:
    """Forward and back, also where e^(-z) overflows, and without a warning."""
    code = """
    import numpy as np, warnings
    from dnn_utils import *
    from reference import activations as ref
    warnings.simplefilter("error")
    Z = np.array([[-800.0, -30.0, -1.0], [0.0, 2.0, 800.0]])
    for mine, due in ((sigmoid, ref.sigmoid), (relu, ref.relu)):
        A, cache = mine(Z)
        np.testing.assert_allclose(A, due(Z), rtol=1e-12)
        assert cache is Z
    for mine, due in (
        (sigmoid_backward, ref.sigmoid_backward), (relu_backward, ref.relu_backward)
    ):
        np.testing.assert_allclose(mine(3 * Z, Z), due(3 * Z, Z), rtol=1e-12)
    """
    run(code, support("deep_network"))


def test_predict_calls_the_notebook_s_network(support: Callable[[str], Path]) -> None:
    """In `dnn_app_utils`, `predict` holds no network: it says what is missing."""
    code = """
    import numpy as np
    from dnn_app_utils_v3 import *
    X = np.array([[0.2, 0.7, 0.9]])
    try:
        predict(X, X > 0.8, {})
    except NameError as error:
        print(error)
    L_model_forward = lambda X, parameters: (X, [])
    assert predict(X, np.array([[1, 1, 1]]), {}).tolist() == [[0, 1, 1]]
    """
    missing, accuracy = run(code, support("deep_network")).decode().splitlines()
    assert missing == "`predict` calls your `L_model_forward`: define it in the notebook first."
    assert accuracy.startswith("Accuracy: 0.66")


def test_initial_weights_are_those_of_seed_3(support: Callable[[str], Path]) -> None:
    """`reg_utils` draws what the course's seed gives, and leaves the global stream alone."""
    code = """
    import numpy as np, reg_utils
    parameters = reg_utils.initialize_parameters([2, 3, 1])
    np.random.seed(3)
    np.testing.assert_array_equal(parameters["W1"], np.random.randn(3, 2) / np.sqrt(2))
    np.testing.assert_array_equal(parameters["W2"], np.random.randn(1, 3) / np.sqrt(3))
    assert not parameters["b1"].any() and not parameters["b2"].any()
    """
    run(code, support("regularization"))


def test_plots(support: Callable[[str], Path]) -> None:
    """Where matplotlib is there, everything can be drawn; labels may be (1, m) or (m,)."""
    pytest.importorskip("matplotlib")
    code = """
    import matplotlib
    matplotlib.use("Agg")
    import numpy as np
    from {module} import *
    {call}
    """
    boundary = "plot_decision_boundary(lambda points: points[:, 0] > 0, X, {Y})"
    planar = f"X, Y = load_planar_dataset(); {boundary}"
    images = "X, Y, _, _, classes = load_data(); X = X.reshape(60, -1).T / 255; p = 1 - Y;"
    for name, module, call in (
        ("shallow_network", "planar_utils", planar.format(Y="Y")),
        ("mse_network", "planar_utils", planar.format(Y="Y[0]")),
        ("initialization", "init_utils", "load_dataset()"),
        ("regularization", "reg_utils", "load_2D_dataset()"),
        ("deep_network", "dnn_app_utils", f"{images} print_mislabeled_images(classes, X, Y, p)"),
    ):
        run(code.format(module=module, call=call), support(name), absent=())
