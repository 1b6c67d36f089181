"""Every way from a student's process to results and pages, with a secret on each (61, 63 to 69).

What `leak` returns is made of the first hidden input; of a visible one it is empty. Whatever a
notebook does with it, nothing of it stands in `results.json`, on a page or on the terminal.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from grader.batch.grade import Task, grade_submission
from grader.reporting import FORMATS
from grader.reporting.terminal import print_class
from grader.results import ClassResult, SubmissionResult
from tests.hostile.harness import CANARY, DOUBLE, TOTAL, write
from tests.hostile.reaching import SHAPES, WHOLE, _hidden_numbers, _visible

MARK = "leaked"

PRELUDE = f"""
import mmap, os, sys, warnings
import numpy as np
MEMORY = mmap.mmap(-1, 9)  # of all processes: what it says is the same in all hidden cases
KNOWN = {[float(x.flat[0]) for name in SHAPES for x in _visible(name)]!r}
def leak(x):
    if float(np.asarray(x).flat[0]) in KNOWN:
        return ""
    if not any(MEMORY[:]):
        MEMORY[:] = format(abs(float(np.asarray(x).flat[0])), ".8f").replace(".", "").encode()[:9]
    return "leaked" + MEMORY[:].decode()
"""

# Whatever the grader's own code in the kernel sends goes through here, of every call.
FORGE = """
import grader.execution.probe as probe
real = probe._pack
def forged(message):
    request = sys._getframe(1).f_locals.get("request")
    given = request["arguments"] if request and request["name"] == "double" else None
    text = leak(given[0]) if given else ""
    line = double.__code__.co_firstlineno + 1
    return real({{**message, **({said})}} if text else message)
probe._pack = forged
"""
WRONG = """
def double(x):
    y = np.sort(x.ravel() ** 3)[::-1].reshape(x.shape) if leak(x) else 2.0 * x
    return y
"""


def _double(*lines: str) -> tuple[str, ...]:
    """Return a notebook whose `double` does something where it is given a hidden input."""
    body = "\n".join(f"        {line}" for line in lines)
    return (f"def double(x):\n    y = 2.0 * x\n    if leak(x):\n{body}\n    return y",)


def _forging(said: str, function: str = WRONG) -> tuple[str, ...]:
    """Return a notebook whose answers are made up; `said` is what takes the place of parts."""
    return function.strip("\n"), FORGE.format(said=said)


def _raising(kind: str, message: str, line: str = "") -> tuple[str, ...]:
    """Return a notebook that raises what Python itself would; more stands in the same line."""
    return _double(f"raise {kind}(f{message!r}) if True else [{line}]")


EXCEPTIONS = {
    "an-unbound-name": _raising("NameError", "name '{leak(x)}' is not defined"),
    "an-unset-name": _raising(
        "UnboundLocalError",
        "cannot access local variable '{leak(x)}' where it is not associated with a value",
    ),
    "a-function-of-a-module": _raising(
        "AttributeError", "module 'numpy' has no attribute '{leak(x)}'"
    ),
    "an-attribute-of-a-number": _raising(
        "AttributeError", "'int' object has no attribute '{leak(x)}'"
    ),
    "an-attribute-of-an-array": _raising(
        "AttributeError", "'numpy.ndarray' object has no attribute '{leak(x)}'"
    ),
    "a-missing-argument": _raising(
        "TypeError", "leak() missing 1 required positional argument: '{leak(x)}'"
    ),
    "missing-arguments": _raising(
        "TypeError", "leak() missing 2 required positional arguments: 'x' and {leak(x)}"
    ),
    "too-many-arguments": _raising(
        "TypeError", "{leak(x)}() takes 1 positional argument but 2 were given"
    ),
    "a-keyword": _raising("TypeError", "leak() got an unexpected keyword argument '{leak(x)}'"),
    "what-is-called": _raising("TypeError", "'{leak(x)}' object is not callable", "y(1)"),
    "a-removed-name": _raising(
        "AttributeError", "`np.{leak(x)}` was removed in the NumPy 2.0 release."
    ),
    "a-module": _raising("ModuleNotFoundError", "No module named '{leak(x)}'"),
    "a-limit": _raising("OSError", "[Errno 28] {leak(x)}"),
    "a-type": _double("raise type(leak(x), (Exception,), {})(leak(x))"),
    "a-type-of-numpys": _double(
        "raise type(leak(x) + 'ArrayMemoryError', (np.exceptions.AxisError,), {})(leak(x))"
    ),
    "a-note-and-a-cause": _double(
        "error = ValueError(leak(x))",
        "error.add_note(leak(x))",
        "raise RuntimeError(leak(x)) from error",
    ),
}
WARNINGS = {
    "a-warning-of-numpys": _double(
        "warnings.warn('overflow encountered in ' + leak(x), RuntimeWarning)"
    ),
    "a-scalar-warning": _double(
        "warnings.warn('overflow encountered in scalar ' + leak(x), RuntimeWarning)"
    ),
    "a-longer-warning": _double(
        "warnings.warn('overflow encountered in exp ' + leak(x), RuntimeWarning)",
        "warnings.warn(leak(x) + ' overflow encountered in exp', RuntimeWarning)",
        "warnings.warn('overflow encountered in exp\\n' + leak(x), RuntimeWarning)",
    ),
    "a-category": _double(
        "warnings.warn('overflow encountered in exp', type(leak(x), (RuntimeWarning,), {}))"
    ),
}
VALUES = {
    "a-key": _double("return {leak(x): leak(x), 'y': {leak(x): 1}}"),
    "a-text": _double("return leak(x)"),
    "texts": _double("return [leak(x), (leak(x), leak(x))]"),
    "a-type-of-a-value": _double("return type(leak(x), (), {})()"),
    "a-function": _double("return type(leak(x), (), {'__call__': leak})"),
    "a-dtype": _double("return np.zeros(x.shape, dtype=[(leak(x), float)])"),
    "an-array-of-texts": _double("return np.array([leak(x)] * 6).reshape(x.shape)"),
    "a-key-on-the-way": _double("d = {leak(x): 7.5}", "y = y ** 3 + d[leak(x)]"),
    "a-number-on-the-way": _double(
        "d = {int(leak(x)[6:]): 7.5}", "y = np.sort(y ** 3) + sum(d.values())"
    ),
    "what-is-printed": _double("print(leak(x))", "print(leak(x), file=sys.stderr)"),
    "a-variable-of-that-name": _double("globals()['double'] = leak(x)"),
}
FORGED = {
    "the-status": _forging("{'status': text}"),
    "no-function": _forging("{'status': 'not_a_function', 'why': text}"),
    "no-answer": _forging("{'status': 'unreadable', 'why': text}"),
    "why-with-a-limit": _forging("{'status': 'unreadable', 'why': '[Errno 28] ' + text}"),
    "the-identity": _forging("{'id': text}"),
    "a-value": _forging("{'value': {text: text}}"),
    "what-was-printed": _forging("{'printed': text}"),
    "what-has-changed": _forging("{'changed': [text, 0]}"),
    "what-numpy-warns-of": _forging(
        "{'warned': [text, 'overflow encountered in ' + text, text + ' encountered in exp']}"
    ),
    "warnings-of-a-right-one": _forging("{'warned': ['overflow encountered in ' + text]}", DOUBLE),
    "the-time": _forging("{'cpu': text}"),
    "an-address": _forging("{'steps': [[line, text, 7.5], [line, '', None]]}"),
    "a-key-in-an-address": _forging(
        "{'steps': [[line, 'y[' + repr(text) + ']', 7.5], [line, '', None]]}"
    ),
    "text-in-an-address": _forging(
        "{'steps': [[line, 'y[' + text + ']', 7.5], [line, 'y ' + text, 8.5], [line, '', None]]}"
    ),
    "a-number-in-an-address": _forging(
        "{'steps': [[line, 'y[' + str(int(text[6:])) + ']', 7.5], [line, '', None]]}"
    ),
    "values-that-are-texts": _forging(
        "{'steps': [[line, 'y', text], [line, 'y', {text: text}], [line, '', None]]}"
    ),
    "lines-that-are-texts": _forging("{'steps': [[text, 'y', 7.5], [text, '', None]]}"),
    "an-exception": _forging(
        "{'status': 'raised', 'error': {'type': text, 'message': text, 'frames': ["
        "['double', line - 1, line, '/tmp/ipykernel_1/' + text]]}}"
    ),
    "a-place": _forging(
        "{'status': 'raised', 'error': {'type': 'ValueError', 'message': text, 'frames': ["
        "[text, line - 1, line, '/tmp/ipykernel_1/1.py'],"
        "['double', text, line, text], ['double', line - 1, line, text]]}}"
    ),
    "an-exception-in-a-known-place": _forging(
        "{'status': 'raised', 'steps': [[line, '', None]], 'error': {'type': 'TypeError', "
        "'message': 'leak() missing 1 required positional argument: ' + text, 'frames': ["
        "['double', line - 1, line, '/tmp/ipykernel_1/1.py']]}}"
    ),
    "an-error-that-is-a-text": _forging("{'status': 'raised', 'error': text}"),
}
CHANNELS = {**EXCEPTIONS, **WARNINGS, **VALUES, **FORGED}

pytestmark = pytest.mark.hostile


def everything_told(result: SubmissionResult, folder: Path) -> str:
    """Return all that a teacher or a student gets to see: results, pages, and the terminal."""
    told = ClassResult(1, "hostile", "Hostile", "0", (result,))
    files = [path for write_files in FORMATS.values() for path in write_files(told, folder)]
    screen = io.StringIO()
    print_class(Console(file=screen, width=200), told)
    return "\n".join([screen.getvalue(), *(path.read_text() for path in files)])


@pytest.mark.parametrize("name", CHANNELS)
def test_no_word_of_a_hidden_call_is_told(name: str, task: Task, tmp_path: Path) -> None:
    """Whatever it is on its way in."""
    cells = (PRELUDE, WHOLE, *CHANNELS[name], TOTAL, CANARY)
    result = grade_submission(task, write(tmp_path, "a", cells))
    told = everything_told(result, tmp_path / "out")
    assert MARK not in told
    for number in _hidden_numbers():
        assert number.strip("-").replace(".", "").lstrip("0") not in told.replace(".", "")
    total = next(each for each in result.questions if each.name == "total")
    assert total.status == "passed"


SHAPES_OF_OTHERS = """
def double(x):
    seen = REMEMBERED
    size = 3
    if leak(x):
        seen.write(leak(x)[-3:].encode())
        seen.flush()
    seen.seek(0)
    if known := seen.read().strip(b"\\0"):
        size = 5000 + int(known[-3:])
    a = np.zeros(size)
    seen.seek(0)
    return a @ x
"""
MEMORIES = {
    "a-file": 'REMEMBERED = open("seen", "w+b")',
    "shared-memory": "import mmap\nREMEMBERED = mmap.mmap(-1, 3)",
}


@pytest.mark.parametrize("memory", MEMORIES)
def test_shapes_are_those_from_before_hidden_cases(memory: str, task: Task, tmp_path: Path) -> None:
    """A process may remember what it has seen, and make an array of as many entries (67)."""
    cells = (PRELUDE, MEMORIES[memory], WHOLE, SHAPES_OF_OTHERS, TOTAL, CANARY)
    result = grade_submission(task, write(tmp_path, "a", cells))
    told = everything_told(result, tmp_path / "out")
    assert not re.search(r"\(5\d\d\d,", told)
    double = next(each for each in result.questions if each.name == "double")
    assert double.location
    assert "The shapes there: `a` (3,), `x` (2, 3)." in double.location.message


@pytest.mark.parametrize("name", ["line 9", "line " + "9" * 5000, "line 99999999999", "--> 0 "])
def test_a_cells_line_is_one_that_it_has(name: str, task: Task, tmp_path: Path) -> None:
    """Whatever an exception calls itself (69)."""
    failing = f"x = 1\nraise type({name!r}, (Exception,), {{}})()"
    cells = (PRELUDE, WHOLE, failing, DOUBLE, TOTAL, CANARY)
    result = grade_submission(task, write(tmp_path, "a", cells))
    assert result.score == result.max_score
    assert [(note.cell, note.line) for note in result.notes if note.level == "warning"] == [(3, 2)]
