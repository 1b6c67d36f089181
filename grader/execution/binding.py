"""How a student's function is given the arguments of a call: by position, by name, as globals.

Runs inside the student's kernel. What the reference needs goes by position, in the reference's
order. What it need not be given, and what a function may read as a global instead, goes by name
where the names fit; what is left of it goes, in order, to the parameters that are left.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

_signature = inspect.signature  # as it was before a notebook could replace it
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
ANY_NUMBER = 1000  # `takes` where the source does not show how many parameters there are

Named = dict[str, Any]


def bind(
    function: Any, request: dict[str, Any], arguments: list[Any]
) -> tuple[list[Any], Named, Named]:
    """Return what to pass by position, what by name, and what the function reads as globals."""
    given = dict(zip(request["parameters"], arguments, strict=False))
    if len(given) < len(arguments):  # nothing is known of their names
        return arguments, {}, {}
    try:
        own = list(_signature(function).parameters.values())
    except (TypeError, ValueError):
        own = []
    if not own or any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in own):
        return _by_position(given, request, {each.name for each in own})
    return _by_parameters(given, request, own)


def _by_position(
    given: Named, request: dict[str, Any], own: set[str]
) -> tuple[list[Any], Named, Named]:
    """Pass as many as the source says: perhaps a decorator's wrapper around the function."""
    aside = {*request["unused"], *request["reads"]}
    by_name = {name: value for name, value in given.items() if name in own}
    known = request["takes"] < ANY_NUMBER
    names = [name for name in given if name not in by_name and (known or name not in aside)]
    passed = names[: request["takes"]]
    left = {name: given[name] for name in request["reads"] if name not in {*passed, *by_name}}
    return [given[name] for name in passed], by_name, left


def _by_parameters(
    given: Named, request: dict[str, Any], own: list[inspect.Parameter]
) -> tuple[list[Any], Named, Named]:
    first = list(given)[: request["required"]]
    by_name = {each.name for each in own if each.kind is inspect.Parameter.KEYWORD_ONLY}
    required = [name for name in first if name not in by_name]
    fitting = {each.name for each in own} & set(given) - set(required)
    free = [each for each in own if each.kind in _POSITIONAL and each.name not in fitting]
    bound = {name: given[name] for name in fitting}
    bound |= {each.name: given[name] for each, name in zip(free, required, strict=False)}
    too_many = [given[name] for name in required[len(free) :]]
    others = [name for name in given if name not in {*required, *fitting}]
    placed = dict(_left_over(free[len(required) :], others, request))
    bound |= {own_name: given[name] for own_name, name in placed.items()}
    read = {n: given[n] for n in request["reads"] if n in others and n not in placed.values()}
    by_position, by_keyword = _in_order(own, bound)
    return [*by_position, *too_many], by_keyword, read


def _left_over(
    free: list[inspect.Parameter], names: list[str], request: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Give what has no parameter of its name to those that are left.

    What only some versions take goes only to a parameter that must be given.
    """
    aside = {*request["unused"], *request["reads"]}
    waiting = list(names)
    for parameter in free:
        must = parameter.default is parameter.empty
        name = next((name for name in waiting if must or name not in aside), None)
        if name is not None:
            waiting.remove(name)
            yield parameter.name, name


def _in_order(own: list[inspect.Parameter], bound: Named) -> tuple[list[Any], Named]:
    """Pass by position up to the first parameter that is left out, by name from there on."""
    by_position = []
    for parameter in own:
        if parameter.kind not in _POSITIONAL or parameter.name not in bound:
            break
        by_position.append(bound.pop(parameter.name))
    return by_position, bound


def by_reference(
    function: Any, request: dict[str, Any]
) -> Callable[[tuple[Any, ...], Named], Named]:
    """Return what turns a call of the student's function into arguments by the reference's names.

    It is `bind` the other way round. Where nothing is known of the function's own parameters, they
    are taken to be the reference's.
    """
    by_position, by_name, _ = bind(function, request, list(request["parameters"]))
    try:
        signature = _signature(function)
    except (TypeError, ValueError):
        signature = None
    if signature is None or {each.kind for each in signature.parameters.values()} & _VARIABLE:
        return lambda given, named: (
            dict(zip(by_position, given, strict=False))
            | {by_name.get(name, name): value for name, value in named.items()}
        )
    known = signature
    due = dict(zip(known.parameters, by_position, strict=False)) | by_name

    def bound(given: tuple[Any, ...], named: Named) -> Named:
        call = known.bind(*given, **named)
        call.apply_defaults()
        return {due[own]: value for own, value in call.arguments.items() if own in due}

    return bound


_VARIABLE = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
