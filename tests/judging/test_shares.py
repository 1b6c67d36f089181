"""Points for nothing: what is only handed on earns none of its own. Real reference process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judging.expected import QuestionKey, answer_key
from tests.conftest import judged, question_key

REFERENCE = '''
"""Layers."""
import numpy as np

def layer(x, w, settings):
    """Return Z = W X, its largest entry, and what the backward pass needs."""
    Z = w @ x
    return Z, np.max(Z), (x, w, settings)

def same(x, w):
    return x, w

def larger(a, b):
    return max(a, b), a + b

def told(x, name=None):
    return 2 * x, name

def first(x, n):
    return x[0], int(n)
'''

ASSIGNMENT = '''
"""Layers."""
import numpy as np
from grader import Case, Example, alternative, question
from reference import layers as ref

def cases(rng):
    yield Example(x=np.ones((2, 2)), w=np.ones((2, 2)), settings={"stride": 1})
    for n in (2, 3):
        yield Case(x=rng.random((n, 4)), w=rng.random((3, n)), settings={"stride": n})

@question(ref.layer, points=10, returns=("Z", "top", "cache"))
def layer(rng):
    yield from cases(rng)

@alternative(layer)
def transposed(x, w, settings):
    Z, top, cache = ref.layer(x, w, settings)
    return Z.T, top, {"x": x, "w": w, "size": Z.size}

@question(ref.layer, points=10, returns=("Z", "top", "cache"), shares={"cache": 0.5})
def weighed(rng):
    yield from cases(rng)

@question(ref.layer, points=10, returns=("Z", "top", "cache"), shares={"top": 0})
def given(rng):
    yield from cases(rng)

@question(ref.same, points=10, returns=("x", "w"))
def same(rng):
    for n in (2, 3):
        yield Case(x=rng.random(n), w=rng.random(n))

@question(ref.larger, points=10, returns=("most", "sum"))
def larger(rng):
    for a, b in [(1.0, 2.5), (3.5, 2.0)]:
        yield Case(a=a, b=b)

@question(ref.told, points=10, returns=("y", "name"))
def told(rng):
    for name in ("a", None):
        yield Case(x=rng.random(3), name=name)

@question(ref.first, points=10, returns=("row", "size"))
def first(rng):
    for n in (2.0, 3.0):
        yield Case(x=rng.random((3, 3)), n=n)
'''


@pytest.fixture(scope="module")
def key_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], QuestionKey]:
    """Return a function from the name of a question of the course above to its key."""
    course = tmp_path_factory.mktemp("course")
    (course / "reference").mkdir()
    (course / "reference" / "layers.py").write_text(REFERENCE)
    folder = course / "assignments" / "layers"
    folder.mkdir(parents=True)
    (folder / "assignment.py").write_text(ASSIGNMENT.lstrip())
    key = answer_key(Path(course), "layers", b"s")
    return lambda name: question_key(key, name)


def score_of(key: QuestionKey, function: Callable[..., Any]) -> float:
    """Return what a function is worth."""
    return judged(key, function).score


def answer(wrong: dict[str, Any]) -> Callable[..., Any]:
    """Return a function that does what `layer` does, with some outputs replaced."""

    def layer(x: Any, w: Any, settings: Any) -> Any:
        right = {"Z": w @ x, "top": np.max(w @ x), "x": x}
        found = right | wrong
        return found["Z"], found["top"], found.get("cache", (found["x"], w, settings))

    return layer


# What is wrong, and the points of ten; an even share of each of the five outputs is 2.
LAYERS: dict[str, tuple[dict[str, Any], float, float]] = {
    "nothing": ({}, 10, 10),
    "all but the cache": ({"Z": 0.0, "top": "garbage"}, 0, 5),
    "one of what is computed": ({"Z": 0.0}, 5, 7.5),
    "a part of the cache": ({"x": 0.0}, 8, 10 - 5 / 3),
    "the cache": ({"cache": None}, 4, 5),
    "one, and a part of the cache": ({"Z": 0.0, "x": 0.0}, 4, 7.5 - 5 / 3),
    "all": ({"Z": 0.0, "top": 0.0, "cache": 0}, 0, 0),
}


@pytest.mark.parametrize(("wrong", "points", "weighed"), LAYERS.values(), ids=LAYERS)
def test_what_is_handed_on_earns_as_much_as_what_is_computed(
    key_of: Callable[[str], QuestionKey], wrong: dict[str, Any], points: float, weighed: float
) -> None:
    """By default; a share of its own is what the course says it is worth."""
    assert score_of(key_of("layer"), answer(wrong)) == pytest.approx(points)
    assert score_of(key_of("weighed"), answer(wrong)) == pytest.approx(weighed)


GIVEN: dict[str, tuple[dict[str, Any], float]] = {
    "nothing": ({}, 10),
    "all but what is given": ({"Z": 0.0}, 0),
    "what is given": ({"top": 0.0}, 8),
    "what is given, and a part of the cache": ({"top": 0.0, "x": 0.0}, 6),
}


@pytest.mark.parametrize(("wrong", "points"), GIVEN.values(), ids=GIVEN)
def test_a_share_of_nothing_is_of_what_is_given(
    key_of: Callable[[str], QuestionKey], wrong: dict[str, Any], points: float
) -> None:
    """It earns none of its own, and costs an even share where it is wrong."""
    assert score_of(key_of("given"), answer(wrong)) == pytest.approx(points)


def test_an_alternative_hands_on_its_own_outputs(key_of: Callable[[str], QuestionKey]) -> None:
    """Under other addresses; what it computes counts."""

    def transposed(x: Any, w: Any, _: Any) -> Any:
        return (w @ x).T, np.max(w @ x), {"x": x, "w": w, "size": len(w) * x.shape[1]}

    def garbage(x: Any, w: Any, _: Any) -> Any:
        return 0, 0, {"x": x, "w": w, "size": 0}

    key = key_of("layer")
    assert key.alternatives[0].passed == ("cache['x']", "cache['w']")
    assert score_of(key, transposed) == 10
    assert score_of(key, garbage) == 0


PASSED = {
    "layer": ("cache[0]", "cache[1]", "cache[2]['stride']"),
    "same": ("x", "w"),
    "larger": (),  # now the one, now the other
    "told": ("name",),
    "first": (),  # a row of the argument, and a whole number beside the same float
}


@pytest.mark.parametrize("name", PASSED)
def test_what_counts_as_handed_on(key_of: Callable[[str], QuestionKey], name: str) -> None:
    """The same part of the arguments in every scored case, of the same kind, at any depth."""
    assert key_of(name).passed == PASSED[name]


def test_where_all_is_handed_on_it_is_split_evenly(key_of: Callable[[str], QuestionKey]) -> None:
    """There is nothing else to give points for."""
    assert score_of(key_of("same"), lambda x, _: (x, 0)) == 5
