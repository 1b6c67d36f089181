"""A cell's text as Python, and its magics: which of them bind names, act, or are unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from grader.execution.effects import NONE, Effects, command_effects, magic_effects, words
from grader.syntax import parsed_cell

# Source is a student's: how long it may take to parse is bounded by its length. Cells of people are
# far shorter; IPython's transformers take time with the square of it.
MAX_CELL, MAX_LINES, MAX_MAGICS = 200_000, 5_000, 50

CELL_MAGIC = re.compile(r"((?:[ \t]*\n)*)%%([\w!]+)([^\n]*)")
# Cell magics whose body is Python, run in the notebook's own namespace; `%%timeit` runs it in one
# that it throws away.
PYTHON_CELL_MAGICS = frozenset(("time", "capture", "prun", "debug"))
# The other cell magics of IPython.
OTHER_CELL_MAGICS = words(
    "! HTML SVG bash code_wrap cython file html javascript js latex markdown perl pypy python "
    "python2 python3 ruby script sh svg sx system timeit writefile"
)
SHELLS = words("! bash perl python python2 python3 pypy ruby script sh sx system")
# Lines that are no Python but are run: magics, shell commands, and magics without their sign (which
# are no assignments: `cat = 0.5`).
LINE_MAGIC = re.compile(
    r"^(?:[%!].*|(?:cat|cd|conda|cp|ls|mkdir|mv|pip|pwd|rm)"
    r"(?![ \t]*[-+*/%@&|^<>]*=)(?:[ \t].*)?)$",
    re.MULTILINE,
)
# Lines that IPython's transformers have to look at one by one.
ANY_MAGIC = re.compile(r"^[ \t]*[%!?].*$|^.*\?[ \t]*$", re.MULTILINE)
# Line magics that run a statement in the notebook's namespace.
RUNNING_MAGIC = re.compile(
    r"^([ \t]*)%(?:time|prun)[ \t]+(?:-[qr]+[ \t]+|-[lsTD][ \t]*\S+[ \t]+)*(?=[^-\s])",
    re.MULTILINE,
)
# Line magics of IPython and of usual extensions that bind nothing.
KNOWN_LINE_MAGICS = words(
    "alias autoawait autoreload automagic autosave bookmark cat cd clear colors conda config "
    "connect_info cp debug dhist dirs doctest_mode edit env gui hist history killbgscripts ldir "
    "less lf lk ll load_ext logoff logon logstart logstate logstop lprun ls lsmagic lx man "
    "matplotlib memit mkdir more mprun mv notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 "
    "pip popd pprint precision prun psearch psource pushd pwd pycat qtconsole quickref recall "
    "rehashx reload_ext rep rm rmdir save set_env sx system tb tensorboard time timeit "
    "unalias unload_ext uv watermark who who_ls whos xmode"
)
_BINDING_OPTIONS = re.compile(r"--(?:out|err|proc)[ =]+([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Magic:
    """A magic or a shell command of a cell: where it stands, the text that runs it, what it does.

    It may bind names in ways that only running the cell shows (`%%capture said`): then it has no
    text. `unknown` ones may do anything.
    """

    line: int
    text: str
    effects: Effects = NONE
    binds: frozenset[str] = frozenset()
    unknown: bool = False


def python_source(source: str) -> tuple[str, list[Magic]]:
    """Turn a cell's text into Python, line for line; return its magics, too.

    Magics become comments or calls. IPython's own transformers know all that a cell may hold, but
    take time with the square of its length, so they come last and are kept to a bound.
    """
    if len(source) > MAX_CELL or source.count("\n") > MAX_LINES:
        raise ValueError(f"it has more than {MAX_CELL:,} characters or {MAX_LINES:,} lines")
    body, magics = _without_cell_magics(source)
    if body is None:
        return "", magics
    body = RUNNING_MAGIC.sub(r"\1", body)
    if _is_python(body):
        return body, magics
    commented = LINE_MAGIC.sub(r"#\g<0>", body)
    if _is_python(commented):
        return commented, [*magics, *_line_magics(body)]
    return _transformed(body), magics


def cell_magic(source: str) -> str:
    """Return the name of the cell magic under which a cell's text is not run as the notebook's."""
    done = 0
    while found := CELL_MAGIC.match(source, done):
        if found[2] not in PYTHON_CELL_MAGICS:
            return found[2]
        done = found.end()
    return ""


def _without_cell_magics(source: str) -> tuple[str | None, list[Magic]]:
    """Turn cell magics into comments; without a body where it is not the notebook's Python."""
    magics: list[Magic] = []
    done = 0
    text = ""
    while found := CELL_MAGIC.match(source, done):
        name, rest = found[2], found[3]
        line = source.count("\n", 0, found.start(2)) + 1
        binds = set(_BINDING_OPTIONS.findall(rest))
        if name == "capture":
            binds |= set(re.findall(r"(?<![-\w])[A-Za-z_]\w*", rest))
        if binds:
            magics.append(Magic(line, "", binds=frozenset(binds)))
        if name not in PYTHON_CELL_MAGICS:
            unknown = name not in OTHER_CELL_MAGICS
            if name in SHELLS or unknown:
                effects = Effects(acts=True, needs=True)
                magics.append(Magic(1, source.lstrip(" \t\n"), effects, unknown=unknown))
            return None, magics
        text += f"{found[1]}#%%{name}{rest}"
        done = found.end()
    return text + source[done:], magics


def _line_magics(source: str) -> Iterator[Magic]:
    for found in LINE_MAGIC.finditer(source):
        text = found[0]
        line = source.count("\n", 0, found.start()) + 1
        if text.startswith("!"):
            yield Magic(line, text, command_effects(text.lstrip("!")))
            continue
        name, _, rest = text.lstrip("%").strip().partition(" ")
        unknown = text.startswith("%") and name not in KNOWN_LINE_MAGICS
        yield Magic(line, text, magic_effects(name, rest), unknown=unknown)


def _is_python(source: str) -> bool:
    try:
        parsed_cell(source)
    except SyntaxError:
        return False
    return True


def _transformed(source: str) -> str:
    if len(ANY_MAGIC.findall(source)) > MAX_MAGICS:
        return source
    transform: Any = TransformerManager  # IPython's own types are partial
    python: str = transform().transform_cell(numbered(source))
    return python


def numbered(source: str) -> str:
    """Keep the line numbers of a cell that begins with blank lines, which IPython strips."""
    head = re.match(r"(?:[ \t]*\n)*", source)
    text = source[head.end() :] if head else source
    blank = source.count("\n", 0, len(source) - len(text))
    return source if text.startswith("%%") else "#\n" * blank + text
