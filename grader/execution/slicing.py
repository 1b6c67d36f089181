"""The slice: which of a notebook's statements the graded items depend on.

Of what changes a name it does not follow the order: whatever binds or changes a needed name, or
another name for its object, anywhere at top level is kept. Of what acts on files, folders, paths
and the random stream it keeps what comes before. That keeps more than is needed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.execution.effects import Effects
from grader.execution.names import BUILTIN_NAMES, HARMLESS_FUNCTIONS
from grader.execution.statements import Statement

# What a shell keeps of earlier cells: `_`, `Out[3]`.
HISTORY = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|_exit_code|_[oid]h|In|Out")
BUILTINS = "builtins"


@dataclass(frozen=True)
class Slice:
    """What the graded items depend on, in order, and which of them what is left out may reach.

    `shell` is what of it only a shell that has run all cells has: `_`, or what a magic binds.
    """

    statements: list[Statement]
    open: frozenset[str] = frozenset()
    shell: str = ""


def needed(
    statements: Sequence[Statement], own: Mapping[str, list[Statement]], graded: Iterable[str] = ()
) -> Slice:
    """Return the slice of the graded items; `own` are their bindings, by name."""
    known = _Index(statements, set(own))
    kept = known.reached(set(own))
    in_order = [s for s in statements if s in kept.statements]
    left = [s for s in statements if s not in kept.statements]
    return Slice(
        _stars_before_own_work(in_order, own),
        frozenset(name for name in (*own, *graded) if known.may_reach(left, name)),
        _of_shell(kept),
    )


@dataclass
class _Reached:
    """Statements, and the names through which they were reached."""

    statements: set[Statement] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    unbound: set[str] = field(default_factory=set)


def _of_shell(kept: _Reached) -> str:
    for statement in sorted(kept.statements, key=lambda s: (s.cell, s.line)):
        if statement.kind == "magic" and statement.binds:
            return f"what a magic keeps in cell {statement.cell}"
        history = sorted(name for name in statement.reads & kept.unbound if HISTORY.fullmatch(name))
        if history:
            return f"`{history[0]}` in {statement.place}"
    return ""


class _Index:
    """A notebook's statements by what they bind or change."""

    def __init__(self, statements: Sequence[Statement], graded: set[str]) -> None:
        self.statements, self._graded = list(statements), graded
        self._at = {statement: index for index, statement in enumerate(self.statements)}
        self._imported = {n for s in statements if s.kind == "import" for n in s.binds}
        self._own_modules = {n for s in statements if s.own for n in s.binds}
        self._functions = definitions(statements)
        self._bindings: defaultdict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            for name in statement.binds:
                self._bindings[name].append(statement)
        self._held = self._aliases()
        self._instances = self._made()
        self._iterators = {n for s in statements if s.makes_iterator for n in s.binds}
        self._by_name: defaultdict[str, set[Statement]] = defaultdict(set)
        for statement in statements:
            for name in statement.binds | self._changes(statement):
                self._by_name[name].add(statement)
        self._effects = {statement: self._effects_of(statement) for statement in statements}

    # ------------------------------------------------------------ names

    def _aliases(self) -> dict[str, set[str]]:
        """Return for each name the others whose object, or a part of it, it may be."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        for statement in self.statements:
            for name, source, called in statement.aliases:
                if not called:
                    held[name].add(source)
                elif source in self._functions:
                    held[name] |= self._state(source)
                elif source not in self._imported and source not in BUILTIN_NAMES:
                    held[name].add(source)
        return held

    def _state(self, function: str) -> set[str]:
        """Return the variables that a function of the notebook reads."""
        reads = set(self._functions[function].reads)
        return reads - self._functions.keys() - self._imported - BUILTIN_NAMES

    def _made(self) -> set[str]:
        """Return the names of objects of the notebook's own classes, and of random generators."""
        classes = {name for s in self.statements if s.is_class for name in s.binds}
        return {
            name
            for s in self.statements
            if s.calls_now & classes or s.makes_stream
            for name in s.binds
        }

    def _with_held(self, names: Iterable[str], *, wide: bool = False) -> set[str]:
        """Return names with those whose objects they may be; `wide`, with all they come from."""
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= self._held.get(name, set()) - found
            if name in self._functions:
                waiting |= self._state(name) - found
            elif wide:
                waiting |= {r for s in self._bindings[name] for r in s.reads} - found
        return found

    def _changes(self, statement: Statement) -> set[str]:
        """Return the names whose objects a statement changes in place, or that its calls bind."""
        names = statement.changes | (statement.touches - self._imported)
        names |= statement.methods & self._instances
        names |= statement.calls_now & self._held.keys()  # put = cfg.update; put(t=1)
        if statement.kind != "definition":
            names |= statement.reads & self._iterators
        if not (statement.calls_now & self._graded and not statement.binds):
            names |= self._changed_arguments(statement)
        state = {n for f in names & self._functions.keys() for n in self._state(f)}
        return (
            self._with_held(names - self._functions.keys())
            | names
            | state
            | bound_by_calls(statement, self._functions, self._called(statement))
        )

    def _called(self, statement: Statement) -> set[str]:
        """Return the functions that a statement may call: by second names, or by handing on."""
        if statement.kind not in ("assignment", "other"):
            return set()
        names = self._with_held(statement.calls_now) | statement.reads
        return {name for name in names if name in self._functions}

    def _changed_arguments(self, statement: Statement) -> set[str]:
        """Return the names given to functions that change them, as far as that can be seen.

        A function of the notebook does if its source says so. Of others it is supposed if nothing
        is done with their result.
        """
        functions = self._functions
        bare = statement.kind == "other" and not statement.binds
        found = {
            name
            for function, name in statement.passes
            if (functions[function].changes_arguments if function in functions else bare)
            and function not in HARMLESS_FUNCTIONS
        }
        return found - functions.keys()

    # ------------------------------------------------------------ effects

    def _effects_of(self, statement: Statement) -> Effects:
        """Return a statement's effects with those of the functions that it calls."""
        found = statement.effects
        for each in self._callees(statement):
            found |= each.effects_inside
        calls_own = (statement.methods | statement.calls_now) & self._own_modules
        reads_own = statement.reads & self._own_modules
        return found | Effects(acts=bool(calls_own), needs=bool(reads_own))

    def _callees(self, statement: Statement) -> set[Statement]:
        """Return the notebook's functions and classes that run when a statement does."""
        calls = statement.calls_now | self._called(statement)
        if statement.methods & self._instances:
            calls |= {name for s in self.statements if s.is_class for name in s.binds}
        wanted = {name for name in calls if name in self._functions}
        found: set[str] = set()
        while wanted:
            name = wanted.pop()
            found.add(name)
            calls = self._functions[name].calls | self._functions[name].reads
            wanted |= {each for each in calls if each in self._functions} - found
        return {self._functions[name] for name in found}

    def _acted_before(self, statement: Statement) -> set[Statement]:
        """Return the statements on whose effects a statement depends."""
        effects = self._effects[statement]
        here = self._at[statement]
        found: set[Statement] = set()
        if effects.needs:
            found |= {s for s in self.statements[:here] if self._effects[s].acts}
        if statement.kind == "definition" and statement.effects_inside.needs:
            found |= {s for s in self.statements if self._effects[s].acts}
        if effects.draws and statement.kind != "definition":
            found |= self._drawn_before(here)
        return found

    def _drawn_before(self, here: int) -> set[Statement]:
        """Return what has drawn random numbers since the stream was seeded, if it was."""
        seeded = [i for i, s in enumerate(self.statements[:here]) if s.effects.seeds]
        if not seeded:
            return set()
        since = self.statements[seeded[-1] : here]
        return {s for s in since if self._effects[s].draws or s.effects.seeds}

    # ------------------------------------------------------------ the slice

    def reached(self, graded: set[str]) -> _Reached:
        """Return the statements that names depend on, through any number of others."""
        found = _Reached({s for s in self.statements if _always_kept(s)})
        waiting = [*found.statements]
        wanted = set(graded)
        while wanted or waiting:
            while waiting:
                statement = waiting.pop()
                wanted |= statement.reads - found.names
                if statement.kind == "magic":
                    continue
                new = self._acted_before(statement) - found.statements
                found.statements |= new
                waiting += new
            if wanted:
                waiting += self._of_name(wanted.pop(), found)
        return found

    def _of_name(self, name: str, found: _Reached) -> set[Statement]:
        found.names.add(name)
        new = set(self._by_name[name])
        if not new and name not in BUILTIN_NAMES:
            found.unbound.add(name)
            new = {s for s in self.statements if s.kind == "star"} | self._built_in()
        new -= found.statements
        found.statements |= new
        return new

    def _built_in(self) -> set[Statement]:
        """Return what may bind names for all modules: `builtins.scale = 2`."""
        names = {n for s in self.statements if s.module == BUILTINS for n in s.binds}
        return {s for name in names for s in self._by_name[name]}

    def may_reach(self, left: Sequence[Statement], name: str) -> bool:
        """Whether statements that are left out may decide what an item is, as far as is known."""
        codes = {code for statement in left for code in self._run_by(statement)}
        if any(code.reaches or code.methods & self._own_modules for code in codes):
            return True
        item = self.reached({name})
        if not item.statements - {s for s in item.statements if _always_kept(s)}:
            made = {n for function in self._functions.values() for n in function.sets_globals}
            return name in made
        if any(self._is_obscure(code) for code in codes):
            return True
        if any(self._effects[s].acts for s in left) and any(
            self._effects[s].needs or s.effects_inside.needs for s in item.statements
        ):
            return True
        return bool(self._touched(left) & (item.names - self._functions.keys() - BUILTIN_NAMES))

    def _touched(self, left: Sequence[Statement]) -> set[str]:
        """Return the names whose objects statements may change: with what these come from."""
        changed = {n for s in left for n in self._changes(s) | (s.touches - self._imported)}
        wide = self._with_held(changed, wide=True) - self._imported
        read = {n for s in left if s.kind != "definition" for n in s.reads}
        return wide | changed | (self._with_held(read & self._instances))

    def _run_by(self, statement: Statement) -> set[Statement]:
        """Return what is run when a statement is; a function's body is where it is called."""
        return set() if statement.kind == "definition" else {statement, *self._callees(statement)}

    def _is_obscure(self, code: Statement) -> bool:
        """Whether code calls what its source does not show: an argument, what a variable holds."""
        variables = {
            name
            for name in code.calls & code.reads
            if any(s.kind not in ("import", "definition") for s in self._bindings[name])
        }
        return code.obscure or bool(variables or code.calls - code.reads)


def _always_kept(statement: Statement) -> bool:
    """Whether an import changes what the rest means: `from numpy import *` brings its own `sum`."""
    if statement.module == "__future__":
        return True
    return statement.kind == "star" and statement.module.partition(".")[0] in (
        *("math", "numpy", "scipy"),
    )


def definitions(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Return the last `def` or `class` of each name."""
    return {name: s for s in statements if s.kind == "definition" for name in s.binds}


def bound_by_calls(
    statement: Statement, functions: Mapping[str, Statement], others: Iterable[str] = ()
) -> set[str]:
    """Return the global names that functions bind or change when the statement calls them.

    `others` are functions that it may call without naming them in a call.
    """
    found: set[str] = set()
    seen: set[str] = set()
    wanted = {*statement.calls_now, *others}
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
    """Move `from x import *` up before the first own definition, which it would else replace.

    One of the student's own modules is own work, and stays where it is.
    """
    ours = {statement for places in own.values() for statement in places}
    first = next((i for i, s in enumerate(statements) if s in ours), len(statements))
    late = [s for s in statements[first:] if s.kind == "star" and not s.own]
    rest = [s for s in statements[first:] if s.kind != "star" or s.own]
    return [*statements[:first], *late, *rest]
