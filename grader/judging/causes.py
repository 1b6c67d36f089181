"""From a cause and what it is about to the sentences of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.judging.catalogue import (
    ALL,
    AND,
    GRADIENT,
    LAYER,
    LAYERS,
    LOOK,
    PARTS,
    RESULT,
    SOMEWHERE,
    WHERE,
)

BOTH = "+"  # joins the causes of a mutant with two slips; what is about the second begins so
SEVERAL = "|"  # joins what is about several sites
NOTHING = "-"  # the variable of a statement that binds nothing, such as the head of a loop

_SYMBOL = re.compile(r"(dLd|d)?([A-Za-z]+?)(\d+|L|_prev)?")
_PART_FIELDS = ("taken", "term", "factor")


def render(cause: str, about: Mapping[str, str], variable: str = "") -> str:
    """Say what a cause means; `variable` is the student's own name of what goes wrong, if known."""
    said: dict[str, None] = {}
    for index, kind in enumerate(cause.split(BOTH)):
        own = {key.lstrip(BOTH): v for key, v in about.items() if key.count(BOTH) == index}
        said[_sentence(kind, own, variable if index == 0 or _is_shared(about) else "")] = None
    return " ".join(said)


def _is_shared(about: Mapping[str, str]) -> bool:
    """Whether two slips are in what binds the same."""
    return about.get("variable") == about.get(f"{BOTH}variable")


def _sentence(kind: str, about: Mapping[str, str], variable: str) -> str:
    tails = {f"{key}_": _tail(about, key) for key in _PART_FIELDS}
    text = ALL[kind].format(
        where=_where(about.get("variable", ""), variable),
        quantity=about.get("quantity", ""),
        name=about.get("taken", ""),
        **tails,
    )
    return text[0].upper() + text[1:]


def _where(bound: str, variable: str) -> str:
    """Say in which step: by the student's name, or by that which is usual in the field."""
    if not variable and not bound:
        return RESULT
    usual = [each for each in bound.split(SEVERAL) if each and part(each)]
    places = [variable] if variable and variable != NOTHING else usual
    if not places:
        return SOMEWHERE
    return WHERE.format(places=_joined([f"`{place}`" for place in places]))


def _tail(about: Mapping[str, str], key: str) -> str:
    """Say at which values to look, as far as they have a part."""
    symbols = [*about.get(key, "").split(SEVERAL)]
    symbols += about.get("other", "").split(SEVERAL) if key == "taken" else []
    parts = list(dict.fromkeys(filter(None, map(part, symbols))))
    return LOOK.format(parts=_joined(parts)) if parts else ""


def _joined(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return AND.format(first=", ".join(words[:-1]), last=words[-1])


def part(symbol: str) -> str:
    """Return what a symbol of the field stands for, or nothing if it is not a usual one."""
    if symbol.startswith("`"):  # the student's own
        return symbol
    if symbol in PARTS:
        return PARTS[symbol].format(layer="")
    match = _SYMBOL.fullmatch(symbol)
    if match is None or match[2] not in PARTS:
        return ""
    layer = match[3] or ""
    layer = LAYERS[layer] if layer in LAYERS else LAYER.format(number=layer)
    named = PARTS[match[2]].format(layer=layer)
    return GRADIENT.format(part=named) if match[1] else named
