"""Whatever Python a reference is written in is graded: made from the statements of the grammar."""

import re
import sys
import textwrap
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.authoring import Case, question
from grader.course import AuthoredAssignment
from grader.execution.kernel import KernelRunner
from grader.judging import mutants, trials
from grader.judging.making import make_evidence
from grader.judging.reference_process import build_key
from grader.judging.scoring import judge
from grader.results import Observation, Source
from grader.spec import Assignment
from grader.verify import verify

pytestmark = pytest.mark.slow

# Statements that bind `y` anew from `y`, `x` and `m`, or leave it; {} is a block of others.
STATEMENTS = [
    "y = y + x[0] / m",
    "y += x[1] * x[1]",
    "y: float = y * 2",
    "a = b = y\ny = a - 0.5 * b",
    "a, b = y, x[0]\na, b = b, a\ny = a + b",
    "(a, *rest), [b, c] = (y, x[0], x[1]), (1.0, 2.0)\ny = a + sum(rest) * b - c",
    "first, *_ = x\ny -= first",
    "z = np.zeros_like(x)\nz[1:] = x[:-1]\nz[::2] *= 2\nz[z > 9] = 0\nz[...] = z + 1\ny += z.sum()",
    "W = np.zeros((2, 2, 3))\nfor c in range(3):\n    W[:, :, c] += x[c] * y\ny += np.mean(W)",
    "d = {}\nd[len(d)] = y\nd[len(d)] = x[0]\nd[f'k{m}'] = x[1]\ny = d[0] + d[1] + d[f'k{m}']",
    "l = [0.0, 0.0]\ni = 0\ni, l[i] = 1, y\nl[i], i = x[0], 0\nl[1:] = [l[1], 2.0]\ny = sum(l)",
    "box = Box(y)\nbox.v += 1\nbox.w.v = x[0]\nbox.l[0] = 2.0\nbox.l[-1] += 1\ny = box.total()",
    "if (s := float(np.sum(x))) > 0 and (t := m) > 0:\n    y += s / t",
    "y += sum([v for v in x if v > 0]) + sum({k: v for k, v in enumerate(x)}.values())",
    "y += sum(v * 2 for v in x) + max(map(lambda v: v + y, x)) + len({1, m})",
    ("match m:\n    case 3 if y > 1e9:\n        {}\n"
    "    case 3 | 4 as n:\n        y += n\n    case _:\n        {}"),
    ("match (y, m):\n    case (float() as p, int(q)):\n        y = p + q\n"
    "    case [*_]:\n        y = 0.0"),
    "match {{'a': y}}:\n    case {{'a': v, **rest}}:\n        y = v + 1\n        {}",
    "with np.errstate(all='ignore'):\n    {}",
    "with Box(y) as held, Box(x[0]) as other:\n    y = held.v + other.v",
    ("try:\n    y += x[100]\nexcept IndexError as e:\n    y += bool(str(e))\n"
    "else:\n    y = 0.0\nfinally:\n    {}"),
    "try:\n    raise ValueError('no')\nexcept (KeyError, ValueError):\n    {}",
    "i = 0\nwhile i < 3:\n    i += 1\n    if i == 2:\n        continue\n    {}\nelse:\n    y += 1",
    "for v in x:\n    if v > 1e9:\n        break\n    y += v\nelse:\n    {}",
    "for i, (u, v) in enumerate(zip(x, x[::-1])):\n    y += i * u * v\n    {}",
    ("def inner(v, k=2, *more, s=1.0, **named):\n    nonlocal y\n    y += v * k * s\n"
    "    return y\ninner(x[0], s=2.0)"),
    "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\ny += fact(m)",
    "def gen():\n    got = yield 1.0\n    yield from x\ny += sum(gen())",
    ("class Local:\n    k = 2\n    def get(self):\n        r = self.k * 3\n"
    "        return r\ny += Local().get()"),
    "global STATE\nSTATE = y\ny += state()",
    "y = y if 0 < m < 100 else -y",
    "y += helper(x) + decorated(x) + cached(m) + bare(x) + chosen(x)",
    "assert m > 0, f'{{m=}} {{y:.2f}}'\npass",
    "tmp = y\ndel tmp\ny *= TABLE[0] + TABLE.sum()",
    "y += float(np.array(['a', 'b'])[0] == 'a')\nwords = sorted({{'b', 'a'}})\ny += len(words[0])",
    "if not m:\n    return None\nelif m > 2:\n    {}\nelse:\n    y = 0.0",
]  # fmt: skip
AROUND = [
    "def f(x):\n    {}",
    "def f(x, /, *, by=1.0):\n    {}",
    "def f(x: np.ndarray, *rest, by: float = 1.0, **named) -> float:\n    '''Docs.'''\n    {}",
    "@decorator\ndef f(x):\n    {}",
    "@without_wraps\ndef f(x):\n    {}",
    "@by_position\ndef f(x):\n    {}",
    "def make(k):\n    def f(x):\n        y = k\n        {}\n    return f\nf = make(2.0)",
    "def general(p, x):\n    {}\nf = functools.partial(general, 3)",
]
MODULE = """
import functools
import numpy as np

TABLE = np.arange(3.0)
STATE = 0.0

class Box:
    def __init__(self, v):
        self.v, self.w, self.l = v, self, [1.0, 2.0]
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return None
    def total(self):
        return self.v + sum(self.l)

def decorator(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs) + 1
    return wrapper

def without_wraps(fn):
    def wrapper(x):
        return fn(x) * 2
    return wrapper

def by_position(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return fn(*args) / 4
    return wrapper

def state():
    return STATE + 1

def helper(x):
    s = np.sum(x)
    return s / x.shape[0]

@decorator
def decorated(x):
    m = x.shape[0]
    return np.sum(x**2) / m

@functools.lru_cache
def cached(n):
    return n if n < 2 else cached(n - 1) + cached(n - 2)

@without_wraps
def bare(x):
    return np.sum(x) - 1

chosen = lambda x: np.max(x) - np.min(x)
"""


def _nested(block: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    statement = st.sampled_from(STATEMENTS)
    return st.builds(_filled, statement, st.lists(block, min_size=2, max_size=2))


def _filled(statement: str, blocks: list[str]) -> str:
    """Put blocks in the places for them, indented as these are."""
    lines, waiting = [], list(blocks)
    for line in statement.split("\n"):
        block = waiting.pop(0) if line.strip() == "{}" and waiting else "pass"
        indented = textwrap.indent(block, line[: len(line) - len(line.lstrip())])
        lines.append(
            indented if line.strip() == "{}" else line.replace("{{", "{").replace("}}", "}")
        )
    return "\n".join(lines)


SIMPLE = st.sampled_from([each for each in STATEMENTS if "{}" not in each]).map(
    lambda statement: _filled(statement, [])
)
# `global` and `nonlocal` come before all else, and only once.
BODIES = st.lists(st.recursive(SIMPLE, _nested, max_leaves=4), min_size=1, max_size=4).map(
    lambda body: [each for each in body if "global " not in each or each is body[0]]
)
_NUMBERS = count()


def _text(around: str, body: list[str]) -> str:
    start = ["global STATE"] if any("global " in each for each in body) else []
    rest = [re.sub(r"[ \t]*global STATE\n", "", each) for each in body]
    whole = "\n".join([*start, "y, m = 1.0, x.shape[0]", *rest, "return y"])
    return MODULE + "\n" + _filled(around, [whole]) + "\n"


def graded(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make key and evidence of a reference; a right student is right, a wrong one is not."""
    path = folder / f"made{next(_NUMBERS)}.py"
    path.write_text(text)
    module = ModuleType(f"reference.{path.stem}")
    exec(compile(text, str(path), "exec"), vars(module))  # noqa: S102 - our own text
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(mutants, "MOST", 40)  # some are enough, and an endless one is soon stopped
    monkeypatch.setattr(trials, "SECONDS", 0.1)

    def f(rng: np.random.Generator) -> Any:
        for n in (3, 4):
            yield Case(x=rng.uniform(0.5, 2.0, n))

    made = question(vars(module)["f"], points=1)(f)
    assignment = AuthoredAssignment(Assignment("a", "A", (made.spec,)), (made,), (), ())
    key = build_key(assignment, b"s")
    evidence = make_evidence(assignment, b"s")["f"]
    assert not isinstance(evidence, str), evidence
    assert len(evidence.intermediates) == 4
    (asked,) = key.questions
    for change, score in ((0.0, 1), (1.0, 0)):
        seen = [
            Observation("f", case.id, "returned", case.expected.value + change)
            for case in asked.cases
        ]
        (result,) = judge(key, seen, (), {"f": Source()})
        assert result.score == score


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_is_graded(
    statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself, with nothing in its blocks."""
    graded(_text(AROUND[0], [_filled(statement, [])]), tmp_path, monkeypatch)


@pytest.mark.parametrize("around", AROUND)
def test_every_way_to_define_it_is_graded(
    around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decorated, enclosed, partly applied; with parameters of every kind."""
    graded(_text(around, ["y += np.sum(x) / m"]), tmp_path, monkeypatch)


def test_a_lambda_is_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone on its line."""
    graded(MODULE + "\nf = lambda x: np.sum(x**2) / x.shape[0]\n", tmp_path, monkeypatch)


@settings(max_examples=8)
@given(around=st.sampled_from(AROUND), body=BODIES)
def test_any_reference_is_graded(
    tmp_path_factory: pytest.TempPathFactory, around: str, body: list[str]
) -> None:
    """Statements in statements, in any order."""
    with pytest.MonkeyPatch.context() as patch:
        graded(_text(around, body), tmp_path_factory.mktemp("references"), patch)


def test_a_course_of_such_references_is_sound(tmp_path: Path, runner: KernelRunner) -> None:
    """In a real kernel, from the key to the causes: right students are right, blank ones not."""
    several = [STATEMENTS[i::12] for i in range(12)]
    bodies = [[_filled(each, []) for each in body] for body in several]
    functions = [_text(AROUND[0], body)[len(MODULE) :] for body in bodies]
    made = [each.replace("def f(", f"def f{n}(") for n, each in enumerate(functions)]
    asked = "".join(
        f"\n@question(ref.f{n}, points=1)\ndef f{n}(rng):\n"
        "    yield Case(x=rng.uniform(0.5, 2.0, 3))\n"
        for n in range(12)
    )
    head = '"""Any."""\nfrom grader import Case, question\nfrom reference import any as ref\n'
    prose = "".join(f"```graded\nf{n}\n```\n\n" for n in range(12))
    folder = tmp_path / "assignments" / "any"
    folder.mkdir(parents=True)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "any.py").write_text(MODULE + "".join(made))
    (folder / "assignment.py").write_text(head + asked)
    (folder / "starter.md").write_text("# Any\n\n```python\nimport numpy as np\n```\n\n" + prose)
    seen = verify(tmp_path, "any", b"s", runner)
    assert seen.problems == ()
    assert (seen.reference.score, seen.blank.score) == (12, 0)
