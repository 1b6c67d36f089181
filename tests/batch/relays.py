"""A small course whose items build on one another, and right cells for it."""

from __future__ import annotations

from pathlib import Path

ASSIGNMENT = '''
"""Items that build on one another."""
from grader import Case, Limits, question
from reference import relay as ref

limits = Limits(call_seconds=1)
ALL = ("base", "cost", "ready")


def _cases(rng):
    for _ in range(2):
        yield Case(x=rng.uniform(1, 2, 3))


@question(ref.base, points=1)
def base(rng):
    """A value."""
    yield from _cases(rng)


@question(ref.cost, points=1)
def cost(rng):
    """What is printed."""
    yield from _cases(rng)


@question(ref.ready, points=1)
def ready(rng):
    """A condition."""
    yield from _cases(rng)


@question(ref.step, points=1, helpers=ALL)
def step(rng):
    """Uses all of them."""
    yield from _cases(rng)


@question(ref.twice, points=1, helpers=("step",))
def twice(rng):
    """The end of the chain."""
    yield from _cases(rng)


@question(ref.init, points=1)
def init(rng):
    """Where it begins."""
    for n in (2, 4):
        yield Case(n=n + int(rng.integers(2)))


@question(points=1)
def flat():
    """A variable."""
    return ref.FLAT


@question(points=1, helpers=("flat",))
def unit():
    """Made from a variable."""
    return ref.FLAT / 5


@question(points=1, helpers=("init",))
def start():
    """Made by a function."""
    return ref.init(3) * 2


@question(ref.shift, points=1, helpers=("flat",))
def shift(rng):
    """Reads a variable."""
    yield from _cases(rng)


@question(ref.ping, points=1, helpers=("pong",))
def ping(rng):
    """Half of a circle."""
    yield from _cases(rng)


@question(ref.pong, points=1, helpers=("ping",))
def pong(rng):
    """The other half."""
    yield from _cases(rng)
'''
REFERENCE = '''
"""The right solution."""
import numpy as np

FLAT = np.arange(6.0).reshape(2, 3).T


def base(x):
    """Return x² + 1."""
    return x**2 + 1


def cost(x):
    """Return the sum."""
    return float(np.sum(x))


def ready(x):
    """Return whether the sum is positive."""
    return bool(np.sum(x) > 0)


def step(x):
    """Return three times the base, of the other sign unless it is ready."""
    y = base(x)
    return 3 * y if ready(y) else -3 * y


def twice(x):
    """Return two steps."""
    return 2 * step(x)


def init(n):
    """Return halves."""
    return np.full(n, 0.5)


def shift(x):
    """Return x, and the sum of the variable."""
    return x + FLAT.sum()


def ping(x):
    """Return x + 1."""
    return x + 1


def pong(x):
    """Return x + 2."""
    return x + 2
'''
CELLS = {
    "imports": "import functools\nimport numpy as np",
    "raw": "raw = np.arange(6.0).reshape(2, 3)",
    "base": "def base(x):\n    return x ** 2 + 1",
    "cost": "def cost(x):\n    return float(np.sum(x))",
    "ready": "def ready(x):\n    return bool(np.sum(x) > 0)",
    "step": """
        def step(x):
            y = base(x)
            print('cost: %.2f' % cost(y))
            if ready(y):
                return 3 * y
            return -3 * y
        """,
    "twice": "def twice(x):\n    return 2 * step(x)",
    "init": "def init(n):\n    return np.full(n, 0.5)",
    "flat": "flat = raw.T",
    "unit": "unit = flat / 5",
    "start": "half = init(3)\nstart = half * 2",
    "shift": "def shift(x):\n    return x + flat.sum()",
    "ping": "def ping(x):\n    return x + 1",
    "pong": "def pong(x):\n    return ping(x) + 1",
}


def write_course(folder: Path) -> Path:
    """Write the course below a folder; return its own folder."""
    course = folder / "course"
    for name, text in (
        ("assignments/relay/assignment.py", ASSIGNMENT),
        ("reference/__init__.py", ""),
        ("reference/relay.py", REFERENCE),
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    return course


def cells(**changes: str) -> list[str]:
    """Return the cells of a right notebook, with the named ones replaced; "" leaves one out."""
    return [cell for cell in (CELLS | changes).values() if cell]
