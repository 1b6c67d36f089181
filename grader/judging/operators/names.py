"""Slips with names: a neighbouring value, another layer, what is hard-coded or returned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from grader.judging.operators.sites import (
    LIKELY,
    RARE,
    USUAL,
    Change,
    Operator,
    Site,
    binary,
    name,
    number,
    text,
)
from grader.judging.trees import with_field

_SMALL_NAMES = {"m", "L", "l", "n", "n_x", "n_h", "n_y", "n_prev", "i", "costs", "caches", "grads"}


_LAYERS = ("l", "L", "layer")  # what counts layers
_KIN = {"A": "ZXD", "Z": "AD", "X": "AY", "Y": "AX", "D": "AZ"}  # what is taken for what


def family(identifier: str) -> str:
    """Return a name without its layer: "dZ" of "dZ2"."""
    return re.sub(r"(?<=\w)(\d+|L|_prev|_plus|_minus)$", "", identifier)


def _weight(old: str, new: str) -> int:
    """Say how often one name is taken for another: of the same kind, or of the same layer."""
    if family(old) == family(new):
        return USUAL
    same_layer = old[len(family(old)) :] == new[len(family(new)) :]
    similar = family(old).lstrip("d") == family(new).lstrip("d")
    kin = family(new).lstrip("d") in _KIN.get(family(old).lstrip("d"), "")
    if same_layer and (similar or kin):
        return USUAL
    return LIKELY if similar or kin else RARE


def _same(old: str, new: str) -> str:
    layers = [re.search(r"\d+$", each) for each in (old, new)]
    step = int(layers[1][0]) - int(layers[0][0]) if layers[0] and layers[1] else 0
    return f"{family(old)}:{family(new)}:{step}"


def neighbours(site: Site) -> Iterator[Change]:
    """Another value that is known there."""
    node = site.node
    if not isinstance(node, ast.Name) or node.id not in site.scope.names or site.is_index:
        return
    elements = getattr(site.parent, "elts", None) or getattr(site.parent, "keys", None) or ()
    collected = len(elements) > 4  # of what is returned in one go, other elements are swapped
    indices = site.scope.indices
    for other, line in site.scope.names.items():
        small = {node.id, other} & (_SMALL_NAMES | indices)
        if other == node.id or small or line >= node.lineno > 0:
            continue
        about = {"taken": other, "due": node.id}
        weight = _weight(node.id, other)
        if weight == USUAL or (not collected and (weight > RARE or _fits(site, node.id, other))):
            yield Change(name(other), "neighbour", about, _same(node.id, other), weight)


def _fits(site: Site, old: str, new: str) -> bool:
    """Whether two values are of one shape, as far as that is known."""
    shapes = site.scope.shapes
    return not shapes or (new in shapes and shapes.get(old) == shapes[new])


def keys(site: Site) -> Iterator[Change]:
    """Another key, such as another layer's."""
    node = site.node
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return
    if not isinstance(site.parent, ast.Subscript):
        return
    old = node.value
    known = [key for key in site.scope.keys if key != old]
    match = re.fullmatch(r"(\D+)(\d)", old)
    if match:
        known += [f"{kin}{match[2]}" for kin in _KIN.get(match[1], "")]
        steps = (int(match[2]) + step for step in (-1, 1))
        known += [f"{match[1]}{layer}" for layer in steps if layer > 0]
    if old.startswith("d"):
        known.append(old[1:])
    for key in dict.fromkeys(known):
        about = {"taken": key, "due": old}
        yield Change(ast.Constant(key), "neighbour", about, _same(old, key), _weight(old, key))


def key_parts(site: Site) -> Iterator[Change]:
    """Another kind of value of the same layer: the biases' key for the weights'."""
    node = site.node
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return
    if not isinstance(site.parent, ast.BinOp | ast.JoinedStr):
        return
    swapped = {"W": "b", "b": "W", "dW": "db", "db": "dW", "dA": "dW"}
    if node.value in swapped:
        other = swapped[node.value]
        about = {"taken": other, "due": node.value}
        yield Change(ast.Constant(other), "neighbour", about, f"{node.value}:{other}", USUAL)


def layers(site: Site) -> Iterator[Change]:
    """The layer before or after, the last one, or a certain one."""
    node = site.node
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    whole = "L" if "L" in site.scope.names else ""
    if node.id not in site.scope.indices | {whole} or not _is_layer_index(site):
        return
    about = {"taken": text(_subscript(site) or node)}
    for step in (-1, 1):
        operator = ast.Add() if step > 0 else ast.Sub()
        moved = binary(node, operator, number(1))
        if node.id in _LAYERS:
            yield Change(moved, "other_layer", about, f"{step}", USUAL)
        else:
            yield Change(moved, "other_element", same=f"{step}", weight=RARE)
    if node.id not in _LAYERS:
        return
    if whole and node.id != whole:
        for which, last in _last_layers():
            yield Change(last, "other_layer", about, which, LIKELY)
    for layer in (1, 2, 3):
        yield Change(number(layer), "fixed_layer", about, str(layer), LIKELY)


def _last_layers() -> Iterator[tuple[str, ast.expr]]:
    """Return the last layer, and the index that it has in a list."""
    yield "last", name("L")
    yield "last index", binary(name("L"), ast.Sub(), number(1))


def _is_layer_index(site: Site) -> bool:
    """Whether it stands in an index or a key, and not in a range."""
    holders = [
        each for each in site.parents if isinstance(each, ast.Subscript | ast.FormattedValue)
    ]
    return bool(holders)


def _subscript(site: Site) -> ast.Subscript | None:
    found = [each for each in site.parents if isinstance(each, ast.Subscript)]
    return found[-1] if found else None


def steps(site: Site) -> Iterator[Change]:
    """An index of the layer before, or of the next one, loses its step, or has one more."""
    node = site.node
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)):
        return
    if not _is_layer_index(site) or not isinstance(node.right, ast.Constant):
        return
    about = {"taken": text(_subscript(site) or node)}
    yield Change(node.left, "other_layer", about, "none", USUAL)
    yield Change(with_field(node, right=number(2)), "other_layer", about, "two", LIKELY)
    if "L" in site.scope.names and ast.unparse(node.left) != "L":
        for which, last in _last_layers():
            yield Change(last, "other_layer", about, which, LIKELY)
    back = ast.Add() if isinstance(node.op, ast.Sub) else ast.Sub()
    yield Change(with_field(node, op=back), "other_layer", about, "back", LIKELY)


def elements(site: Site) -> Iterator[Change]:
    """Another element by its place, such as the cache of another layer."""
    node = site.node
    if not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)):
        return
    index = node.slice
    shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    if not isinstance(index, ast.Constant) or not isinstance(index.value, int) or shape:
        return
    for step in (-1, 1):
        other = number(index.value + step)
        yield Change(with_field(node, slice=other), "other_element", same=str(step))


def hard_coded(site: Site) -> Iterator[Change]:
    """A size as a number, as it is in the first case."""
    node = site.node
    value = site.scope.first.get(site.path)
    is_size = not isinstance(node, ast.Name) or node.id.startswith(("n_", "m", "L"))
    if value is not None and is_size and isinstance(node, ast.expr):
        yield Change(number(value), "fixed_size", weight=LIKELY)


def written_down(site: Site) -> Iterator[Change]:
    """A parameter's default in place of the parameter: what the caller asks for is ignored."""
    node, arguments = site.node, site.scope.tree.args
    if not isinstance(node, ast.Name) or (site.is_operand and isinstance(site.parent, ast.UnaryOp)):
        return
    plain = [each.arg for each in arguments.args][len(arguments.args) - len(arguments.defaults) :]
    values = {each: [default] for each, default in zip(plain, arguments.defaults, strict=True)}
    usual: dict[str, tuple[float, ...]] = {"learning_rate": (0.01, 0.5), "keep_prob": (0.5, 0.8)}
    usual |= {"lambd": (0.1, 0.7), "epsilon": (1e-7,), "alpha": (0.01,), "n_h": (4,)}
    fixed = [*values.get(node.id, ()), *map(number, usual.get(node.id, ()))]
    for value in fixed:
        about = {"taken": node.id}
        yield Change(value, "argument_ignored", about, ast.unparse(value), LIKELY)


def returns(site: Site) -> Iterator[Change]:
    """Returned values swapped, one of them missing, or another one."""
    node = site.node
    if not isinstance(node, ast.Return):
        return
    if isinstance(node.value, ast.Tuple):
        yield from _tuples(node, node.value)
        for index, inner in enumerate(node.value.elts):
            if isinstance(inner, ast.Tuple):
                yield from _inner_tuples(node, node.value, index, inner)
    if isinstance(node.value, ast.Dict):
        yield from _entries(node, node.value)


def _inner_tuples(
    node: ast.Return, returned: ast.Tuple, index: int, inner: ast.Tuple
) -> Iterator[Change]:
    """Swap, or leave out, what is in a tuple of what is returned, such as a cache."""
    for change in _tuples(ast.Return(inner), inner):
        parts = [*returned.elts]
        changed = change.node
        parts[index] = getattr(changed, "value", inner)
        whole = with_field(node, value=with_field(returned, elts=parts))
        yield replace(change, node=whole, same=f"{index}.{change.same}")


def _tuples(node: ast.Return, returned: ast.Tuple) -> Iterator[Change]:
    parts = returned.elts
    for i in range(len(parts) if len(parts) > 1 else 0):
        fewer = [*parts[:i], *parts[i + 1 :]]
        left = with_field(returned, elts=fewer) if len(fewer) > 1 else fewer[0]
        about = {"term": text(parts[i])}
        yield Change(with_field(node, value=left), "return_missing", about, str(i), LIKELY)
        for j in range(i + 1, len(parts)):
            swapped = [*parts]
            swapped[i], swapped[j] = parts[j], parts[i]
            other = with_field(node, value=with_field(returned, elts=swapped))
            about = {"taken": text(parts[i]), "other": text(parts[j])}
            yield Change(other, "returns_swapped", about, f"{i}{j}", LIKELY)
    listed = with_field(node, value=ast.List(parts[::-1], ast.Load()))
    yield Change(listed, "returns_swapped", {"taken": "", "other": ""}, "all", RARE)


def _entries(node: ast.Return, returned: ast.Dict) -> Iterator[Change]:
    for i, key in enumerate(returned.keys):
        if not isinstance(key, ast.Constant):
            continue
        about = {"term": str(key.value)}
        rest = ast.Dict(
            [*returned.keys[:i], *returned.keys[i + 1 :]],
            [*returned.values[:i], *returned.values[i + 1 :]],
        )
        yield Change(with_field(node, value=rest), "return_missing", about, str(i), LIKELY)
        for j in range(i + 1, len(returned.keys)):
            values = [*returned.values]
            values[i], values[j] = values[j], values[i]
            about = {"taken": str(key.value), "other": _key(returned.keys[j])}
            other = with_field(node, value=with_field(returned, values=values))
            yield Change(other, "returns_swapped", about, f"{i}{j}", LIKELY)


def _key(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


NAMES: tuple[Operator, ...] = (
    neighbours,
    keys,
    key_parts,
    layers,
    steps,
    elements,
    hard_coded,
    written_down,
    returns,
)
