"""The closed set of words: all that a page may take from what a student's process says.

A process that has seen hidden inputs, or a reference's answers, can put them into every text of its
own: a warning, a message, a name. So a text counts only as far as it is made of words that were
there before: those of the student's source, of the reference, and of NumPy.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from grader.results import Observation
from grader.syntax import parsed

MOST_CHARACTERS = 60  # of a name

_NAME = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"'(\w+)'")
_ADDRESS = re.compile(r"([^\W\d]\w*)((?:\[(?:-?[0-9]{1,9}|'[^'\\\[\]]+')\])*)")
_TOLD = re.compile(r"(\w+)(?:\['([^']+)'\])?")
_KEY = re.compile(r"\[(-?\d+|'[^']+')\]")
_NUMBERED = re.compile(r"(\D+)[0-9]{1,2}")  # "dW" + str(l)
_WARNING = re.compile(r"(?:overflow|divide by zero|invalid value|underflow) encountered in (.+)")
_SCALAR = ("add", "subtract", "multiply", "divide", "floor_divide", "remainder", "divmod", "power")
_OTHERS = ("cast", "reduce", "accumulate", "reduceat", "dot", "matmul", "vecdot", "det", "slogdet")


def numpy_warning(said: object) -> str | None:
    """Return what NumPy itself warns of, word for word; None for any other text."""
    match = _WARNING.fullmatch(said) if type(said) is str else None
    return match[0] if match and match[1] in _warners() else None


@cache
def _warners() -> frozenset[str]:
    """Return what NumPy's warnings about numbers name: its functions, and what else it does."""
    ufuncs = {each.__name__ for each in vars(np).values() if isinstance(each, np.ufunc)}
    scalar = {f"scalar {name}" for name in (*_SCALAR, "negative", "absolute")}
    return frozenset(ufuncs | scalar | set(_OTHERS))


@cache
def _numpy_names() -> frozenset[str]:
    """Return the names of NumPy's functions, of what its arrays have, and of its parameters."""
    modules = (np, np.linalg, np.random)
    found = {name for each in (*modules, np.ndarray, np.float64) for name in dir(each)}
    functions = [each for module in modules for each in vars(module).values()]
    for function in functions:
        if inspect.isfunction(inner := inspect.unwrap(function) if callable(function) else None):
            found |= set(inner.__code__.co_varnames[: inner.__code__.co_argcount])
    return frozenset(found)


def _is_numpys(name: str) -> bool:
    """Whether a name is NumPy's, or the one under which it looks at a function's arguments."""
    function = name.removeprefix("_").removesuffix("_dispatcher")
    return name in _numpy_names() or (name == f"_{function}_dispatcher" and _is_numpys(function))


@dataclass(frozen=True)
class Vocabulary:
    """The words of one function: `names` stand in its source, `keys` look up parts of containers.

    `addresses` are the reference's. `signatures` are the parameters without defaults of the
    notebook's functions, in order, for each definition of a name.
    """

    names: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    signatures: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        code: str,
        *,
        keys: Iterable[str] = (),
        addresses: Iterable[str] = (),
        notebook: Iterable[str] = (),
    ) -> Vocabulary:
        """Return the words of a function's source; `notebook` is the source of all functions."""
        names, due = frozenset(_NAME.findall(code)), frozenset(addresses)
        given = {key for each in due for key in re.findall(r"\['([^']+)'\]", each)}
        plain = {each for each in due if each.isidentifier()}
        every = names | plain | given | {*keys, *_texts(code)}
        return cls(names, every, due, _signatures((code, *notebook)))

    def holds(self, name: str) -> bool:
        """Whether a name stands in the function's source, or is one of NumPy's."""
        own = name in self.names or name == "__init__" or _is_numpys(name)
        return own and len(name) <= MOST_CHARACTERS

    def passes(self, function: str, said: str) -> bool:
        """Whether what is said to be missing in a call is the end of the function's parameters.

        So it is where arguments are passed by position; any other choice could be a message.
        """
        names = tuple(_QUOTED.findall(said))
        if not names or said != _listed([f"'{name}'" for name in names]):
            return False
        if function in self.signatures:
            return any(each[-len(names) :] == names for each in self.signatures[function])
        return _is_numpys(function) and len(names) == 1 and names[0] in _numpy_names()

    def seen(self, observation: Observation) -> Observation:
        """Return an observation without the steps whose address is none of the function's."""
        if not observation.steps:
            return observation
        kept = tuple(each for each in observation.steps if self._is_address(each.address))
        return replace(observation, steps=kept)

    def _is_address(self, address: str) -> bool:
        if not address or address in self.names or address in self.addresses:
            return True
        match = _ADDRESS.fullmatch(address)
        if match is None or match[1] not in self.names:
            return False
        return all(self._is_key(key.strip("'")) for key in _KEY.findall(match[2]) if "'" in key)

    def _is_key(self, key: str) -> bool:
        numbered = _NUMBERED.fullmatch(key)
        return key in self.keys or bool(numbered and numbered[1] in self.keys)

    def told(self, address: str) -> str:
        """Return an address as it is told: a name, or one part of it by a key that is known.

        Numbers may be any; but one of the reference's is told as it is.
        """
        match = None if address in self.addresses else _TOLD.match(address)
        if match is None:
            return address
        return match[0] if match[2] is None or match[2] in self.keys else match[1]


def _listed(names: list[str]) -> str:
    """Return names as Python lists them."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _texts(code: str) -> Iterator[str]:
    for node in ast.walk(_parsed(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _signatures(codes: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the parameters without defaults of all functions that are defined, by name."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for code in codes:
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                name = "lambda" if isinstance(node, ast.Lambda) else node.name
                given = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
                required = tuple(given[: len(given) - len(node.args.defaults)])
                found[name] = (*found.get(name, ()), required)
    return found


def _parsed(code: str) -> ast.AST:
    """Return the tree of a source, or an empty one where Python cannot read it."""
    try:
        return parsed(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
