"""A value and its leaves: every number in a returned structure has an address.

`({"dw": dw, "db": db}, cost)` with the names `("grads", "cost")` has the leaves `grads['dw']`,
`grads['db']` and `cost`. A list of numbers is one leaf: it is compared as a whole. So is an empty
dictionary or tuple: nothing that is expected is without a leaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.wire import ForeignArray, Opaque

NUMBER_TYPES = (bool, int, float, complex, np.generic)


def is_number(value: object) -> bool:
    """Whether the value is a single number: a Python number, a NumPy scalar or a 0-d array."""
    if isinstance(value, np.ndarray | np.generic):
        return value.ndim == 0 and value.dtype.kind in "biufc"
    return isinstance(value, NUMBER_TYPES)


def is_number_list(value: object) -> bool:
    """Whether the value is a list of single numbers, such as the costs of a training run."""
    return isinstance(value, list) and all(is_number(item) for item in value)


def parts(value: Any, address: str) -> Iterator[tuple[Any, str, Any]]:
    """Yield (key, address, part) for the parts of a dict, tuple or list."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in items:
        yield key, f"{address}[{key!r}]", part


def is_leaf(value: object) -> bool:
    """Whether the value is compared as a whole: a container that is empty, too."""
    return not isinstance(value, dict | tuple | list) or not value or is_number_list(value)


def addresses(value: Any, returns: tuple[str, ...]) -> list[str]:
    """Return the addresses of the leaves of a returned value, in order."""
    return list(leaves(value, returns))


def leaves(value: Any, returns: tuple[str, ...]) -> dict[str, Any]:
    """Return the leaves of a returned value by address, in order."""
    roots = zip(returns, value, strict=True) if len(returns) > 1 else [(returns[0], value)]
    return {address: leaf for name, part in roots for address, leaf in _leaves_below(part, name)}


def _leaves_below(value: Any, address: str) -> Iterator[tuple[str, Any]]:
    if is_leaf(value):
        yield address, value
        return
    for _, below, part in parts(value, address):
        yield from _leaves_below(part, below)


def root(address: str) -> str:
    """Return the name at the root of an address: `grads` of `grads['dw']`."""
    return address.partition("[")[0]


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as NumPy prints it."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def describe(value: Any) -> str:
    """Say in a few words what a value is, without its numbers."""
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return f"an array of shape {shape_text(value.shape)}"
    if is_number(value):
        return "True or False" if isinstance(value, bool | np.bool_) else "a single number"
    if isinstance(value, ForeignArray):
        return f"an array of shape {shape_text(value.shape)} and dtype {value.dtype}"
    if isinstance(value, Opaque):
        return value.description
    return _describe_container(value)


def _describe_container(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        keys = ", ".join(f"{key!r:.40}" for key in list(value)[:12])
        return f"a dictionary with the keys {keys}" if value else "an empty dictionary"
    if not isinstance(value, tuple | list):
        return f"an object of type {type(value).__name__}"
    kind = "tuple" if isinstance(value, tuple) else "list"
    return f"a {kind} of length {len(value)}" if value else f"an empty {kind}"
