"""The slice: which of a notebook's statements the graded items depend on.

It does not follow the order of statements: whatever binds or changes a needed name anywhere at top
level is kept, in order. That keeps more than is needed, and misses what changes an object under
another name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from grader.execution.names import BUILTIN_NAMES, HARMLESS_FUNCTIONS
from grader.execution.statements import Statement


def needed(statements: list[Statement], own: Mapping[str, list[Statement]]) -> list[Statement]:
    """Return what the graded items depend on, in order; `own` are their bindings, by name."""
    kept = _slice(statements, set(own))
    return _stars_before_own_work([s for s in statements if s in kept], own)


def _slice(statements: list[Statement], graded: set[str]) -> set[Statement]:
    """Return the statements that the graded names depend on, through any number of others."""
    by_name = _index(statements, graded)
    kept = {statement for statement in statements if _always_kept(statement)}
    seen: set[str] = set()
    wanted = set(graded)
    while wanted:
        name = wanted.pop()
        seen.add(name)
        new = by_name[name] - kept
        kept |= new
        wanted |= {read for statement in new for read in statement.reads} - seen
    if any(not by_name[name] for name in seen - BUILTIN_NAMES):
        kept |= {statement for statement in statements if statement.kind == "star"}
    return kept


def _always_kept(statement: Statement) -> bool:
    """Whether an import changes what the rest means: `from numpy import *` brings its own `sum`."""
    words = statement.source.split()
    return words[:2] == ["from", "__future__"] or (
        statement.kind == "star" and words[1].partition(".")[0] in ("math", "numpy", "scipy")
    )


def _index(statements: list[Statement], graded: set[str]) -> defaultdict[str, set[Statement]]:
    """Map each name to the statements that bind it, or change what it is bound to."""
    imported = {name for s in statements if s.kind == "import" for name in s.binds}
    functions = definitions(statements)
    instances = _instances(statements)
    by_name: defaultdict[str, set[Statement]] = defaultdict(set)
    for statement in statements:
        names = statement.binds | statement.changes | (statement.touches - imported)
        names |= (statement.methods & instances) | bound_by_calls(statement, functions)
        if not (statement.calls_now & graded and not statement.binds):
            names |= _changed_arguments(statement, functions) - functions.keys()
        for name in names:
            by_name[name].add(statement)
    return by_name


def _changed_arguments(statement: Statement, functions: dict[str, Statement]) -> set[str]:
    """Return the names given to functions that change them, as far as that can be seen.

    A function of the notebook does if its source says so. Of others it is supposed if nothing is
    done with their result.
    """
    bare = statement.kind == "other" and not statement.binds
    return {
        name
        for function, name in statement.passes
        if (functions[function].changes_arguments if function in functions else bare)
        and function not in HARMLESS_FUNCTIONS
    }


def _instances(statements: list[Statement]) -> set[str]:
    """Return the names that are bound to objects of the notebook's own classes."""
    classes = {name for statement in statements if statement.is_class for name in statement.binds}
    return {name for s in statements if s.calls_now & classes for name in s.binds}


def definitions(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Return the last `def` or `class` of each name."""
    return {name: s for s in statements if s.kind == "definition" for name in s.binds}


def bound_by_calls(statement: Statement, functions: Mapping[str, Statement]) -> set[str]:
    """Return the global names that functions bind or change when the statement calls them."""
    found: set[str] = set()
    seen: set[str] = set()
    wanted = set(statement.calls_now)
    while wanted:
        name = wanted.pop()
        seen.add(name)
        if name in functions:
            found |= functions[name].sets_globals
            wanted |= functions[name].calls - seen
    return found


def _stars_before_own_work(
    statements: list[Statement], own: Mapping[str, list[Statement]]
) -> list[Statement]:
    """Move `from x import *` up before the first own definition, which it would else replace."""
    ours = {statement for places in own.values() for statement in places}
    first = next((i for i, s in enumerate(statements) if s in ours), len(statements))
    late = [s for s in statements[first:] if s.kind == "star"]
    rest = [s for s in statements[first:] if s.kind != "star"]
    return [*statements[:first], *late, *rest]
