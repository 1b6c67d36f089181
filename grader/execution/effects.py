"""What a statement does to what lies outside the notebook's names, and what it takes from there.

Files, the working folder, the environment, where modules are found, and the random stream. Which
file a statement writes is not worked out: whoever reads one depends on all that was done before.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set: long tables are easier to read so."""
    return frozenset(text.split())


# Functions and methods, by the last part of their names.
ACTING = words(
    "addsitedir chdir chmod close copyfile copyfileobj copytree dump dump_svmlight_file "
    "extract extractall fchdir flush hardlink_to imsave imwrite invalidate_caches link "
    "makedirs memmap mkdir mkdtemp move putenv reload remove rename renames rmdir rmtree save "
    "savefig savemat savetxt savez savez_compressed symlink symlink_to sync tofile touch "
    "truncate unlink unpack_archive unsetenv urlretrieve write write_bytes write_text "
    "writelines writerow writerows writestr"
)
READING = words(
    "exists fromfile genfromtxt getcwd getenv getoutput getsize glob iglob imread "
    "import_module is_dir is_file isdir isfile iterdir listdir load load_npz load_workbook "
    "loadmat loadtxt "
    "read_bytes read_text run_module run_path scandir stat walk __import__"
)
BOTH = words(
    "ExcelWriter File HDFStore TarFile ZipFile check_call check_output connect open popen "
    "spawn system Popen"
)
# Commands that need a network, or that only look: nothing that is there depends on them.
IDLE_COMMANDS = words(
    "apt apt-get cat conda curl df du free gdown git head kaggle ls mamba nvidia-smi pip pip3 pwd "
    "tail wget which whoami"
)
ACTING_MAGICS = words(
    "! bash cd cp env logstart mkdir mv perl popd pushd rm rmdir ruby save sc script set_env sh sx "
    "system writefile"
)
# Names of the system's own tables of modules, paths and variables.
_TABLE = re.compile(r"(?:sys\.)?(?:path|modules|meta_path|path_hooks)|(?:os\.)?environb?")
_CHANGED_BY = words("append clear extend insert pop remove setdefault update")
_STREAM = re.compile(r"(?:^|\.)random\.\w+$|^(?:rand|randn|randint|shuffle|standard_normal)$")
_NO_DRAW = ("seed", "default_rng", "RandomState", "Generator", "get_state", "Random")


@dataclass(frozen=True)
class Effects:
    """Whether code acts on what lies outside, needs it, draws random numbers, seeds them."""

    acts: bool = False
    needs: bool = False
    draws: bool = False
    seeds: bool = False

    def __or__(self, other: Effects) -> Effects:
        """Return the effects of both."""
        return Effects(
            self.acts or other.acts,
            self.needs or other.needs,
            self.draws or other.draws,
            self.seeds or other.seeds,
        )


NONE = Effects()


def effects_of(nodes: Iterable[ast.AST]) -> Effects:
    """Return the effects of all these nodes."""
    found = NONE
    for node in nodes:
        for each in _of_node(node):
            found |= each
    return found


def _of_node(node: ast.AST) -> Iterator[Effects]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        if any(not is_installed(name or "") for name in names):
            yield Effects(needs=True)
    elif isinstance(node, ast.Call):
        yield _of_call(node)
    elif isinstance(node, ast.Subscript | ast.Attribute | ast.Name):
        stored = not isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Attribute) and node.attr in ACTING:
            yield Effects(acts=True)  # perhaps to be called by another name
        whole = isinstance(node, ast.Attribute) or (isinstance(node, ast.Subscript) and stored)
        if whole and _TABLE.fullmatch(_table_in(node)):
            yield Effects(acts=stored, needs=not stored)


def _table_in(node: ast.expr) -> str:
    inner = node.value if isinstance(node, ast.Subscript) else node
    text = _dotted(inner)
    return text if "." in text or isinstance(node, ast.Subscript) else ""


def _of_call(call: ast.Call) -> Effects:
    name = _dotted(call.func)
    owner, _, last = name.rpartition(".")
    if last in ("run_line_magic", "run_cell_magic", "magic"):
        return magic_effects(_text(call, 0), _text(call, 1))
    if last in ("system", "getoutput", "getoutputs") and owner == "get_ipython()":
        return command_effects(_text(call, 0))
    if owner and _TABLE.fullmatch(owner) and last in _CHANGED_BY:
        return Effects(acts=True)
    drawn = bool(_STREAM.search(name)) and last not in _NO_DRAW
    seeds = last == "seed" and "random" in name
    if last in BOTH or (last in ("run", "call") and owner in ("", "subprocess")):
        return Effects(acts=_may_write(call), needs=True)
    acts = last in ACTING or last.startswith("to_") or (owner == "shutil")
    needs = last in READING or last.startswith("read_")
    printed = name == "print" and any(keyword.arg == "file" for keyword in call.keywords)
    return Effects(acts or printed, needs, drawn, seeds)


def _may_write(call: ast.Call) -> bool:
    """Whether something that opens a file may change it; a mode that cannot be seen may be any."""
    name = _dotted(call.func).rpartition(".")[2]
    if name not in ("open", "File", "ZipFile", "TarFile", "HDFStore"):
        return True
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    is_method = isinstance(call.func, ast.Attribute) and name == "open"
    places = call.args[:2] if is_method else call.args[1:2]
    modes = given or places
    if not modes:
        return False
    texts = [node.value for node in modes if isinstance(node, ast.Constant)]
    return len(texts) < len(modes) or any(
        isinstance(text, str) and re.fullmatch(r"[rbtU]*[wax+][rwbtxa+U]*", text) for text in texts
    )


def magic_effects(name: str, rest: str = "") -> Effects:
    """Return the effects of a magic: of `%cd`, `%%bash` and the like."""
    if name in ("sx", "system", "!"):
        return command_effects(rest)
    acts = name in ACTING_MAGICS
    return Effects(acts=acts, needs=acts)


def command_effects(command: str) -> Effects:
    """Return the effects of a shell command."""
    words = command.split()
    first = words[0].rpartition("/")[2] if words else ""
    idle = not words or (
        first in IDLE_COMMANDS and (first not in ("cat", "ls") or ">" not in command)
    )
    return Effects(acts=not idle, needs=True)


@cache
def is_installed(module: str) -> bool:
    """Whether a module is Python's or installed: it can be imported from any folder."""
    first = module.partition(".")[0]
    try:
        return not first or find_spec(first) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _dotted(node: ast.AST) -> str:
    """Return `a.b.c` as text; what is called stands as `a()`, what is else as `?`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            parts.insert(0, f".{node.attr}")
            node = node.value
        else:
            parts.insert(0, "()")
            node = node.func
    return (node.id if isinstance(node, ast.Name) else "?") + "".join(parts)


def _text(call: ast.Call, index: int) -> str:
    node = call.args[index] if index < len(call.args) else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
