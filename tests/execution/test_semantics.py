"""A notebook gives the same on a forked, confined kernel as on a stock one."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from typing import Any

import nbformat
import pytest
import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session
from nbclient import NotebookClient

from grader.execution import jupyter
from grader.execution.forked import Kernels
from grader.execution.parent import Zygote
from grader.execution.sandbox.confine import Step
from grader.spec import Limits
from tests.conftest import need_step

pytestmark = pytest.mark.slow

_nbformat: Any = nbformat.v4

WAIT = "import time\ntime.sleep(1)"

CELLS = {
    "value": "1 + 1",
    "several values": "1\n2\n'three'",
    "print": "import sys\nprint('out')\nprint('err', file=sys.stderr)\n'value'",
    "last value": "_ + '!'",
    "history": "Out[2], In[1]",
    "line magic": "%who_ls str",
    "time magic": "%%timeit -n1 -r1\npass",
    "capture magic": "%%capture said\nprint('hidden')",
    "captured": "said.stdout",
    "matplotlib magic": "%matplotlib inline",
    "unknown magic": "%no_such_magic",
    "cell magic": "%%bash\necho from bash",
    "script magic": "%%python3\nprint(6 * 7)",
    "command": "!echo from the shell",
    "command, then print": "!echo first; echo second >&2\nprint('third')",
    "command in a function": (
        "def count(word):\n    !echo $word {word.upper()}\n    return _exit_code\ncount('two')"
    ),
    "command that fails": "!exit 3\n_exit_code",
    "command that is killed": "!kill -9 $$\n_exit_code",
    "command in the background": "!sleep 0.1 &",
    "command's output": "lines = !printf 'a\\nb\\n'\nlines",
    # What is written past Python comes when it comes, in Jupyter too: these cells wait for it.
    "subprocess": f"import subprocess\nd = subprocess.run(['echo', 'from a child'])\n{WAIT}\nd",
    "os.system": f"import os\ns = os.system('echo from the system')\n{WAIT}\ns",
    "raw descriptor": f"import os\nn = os.write(1, b'raw\\n')\n{WAIT}\nn",
    "top-level await": "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "asyncio.run in a thread": (
        "import threading\nresult = []\n"
        "t = threading.Thread(target=lambda: result.append(asyncio.run(asyncio.sleep(0, 5))))\n"
        "t.start(); t.join(); result"
    ),
    "thread's output": "t = threading.Thread(target=print, args=('thread',))\nt.start(); t.join()",
    "display": "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), 3)",
    "display update": "h = display('first', display_id='d')\nh.update('second')",
    "clear output": (
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint(1)"
    ),
    "representation": "class R:\n    def _repr_html_(self):\n        return '<i>r</i>'\nR()",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.show()",
    "figure as value": "fig, ax = plt.subplots()\nax.imshow([[1, 2], [3, 4]]);",
    "input": "input('Name? ')",
    "error": "def f(x):\n    return 1 / x\n\nf(0)",
    "syntax error": "def f(:\n    pass",
    "indentation error": "if 1:\nx = 2",
    "system exit": "import sys\nsys.exit('bye')",
    "after the exit": "'still here'",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "warning": "import warnings\nwarnings.warn('careful')",
    "numpy warning": "import numpy as np\nnp.log(np.zeros(1))",
    "numpy error": "np.zeros((2, 3)) @ np.zeros((2, 3))",
    "array": "np.arange(6).reshape(2, 3) / 3",
    "help": "len?",
    "source": "f??",
    "module written and imported": (
        "open('written_here.py', 'w').write('answer = 42')\nimport written_here\n"
        "written_here.answer"
    ),
    "writefile": "%%writefile other_here.py\nx = 1",
    "working folder": (
        "import os\nsorted(name for name in os.listdir('.') if name.endswith('here.py'))"
    ),
    "change of folder": "os.makedirs('sub'); %cd -q sub\nos.path.basename(os.getcwd())",
    "logging": "import logging\nlogging.warning('logged')",
    "unicode": "print('Größe: σ = 1 ☺')",
    "carriage return": "print('10%\\r20%')",
    "generator of output": "for i in range(3): print(i, end=' ', flush=True)",
    "random": "np.random.seed(1); np.random.rand(2)",
    "run_line_magic": "get_ipython().run_line_magic('pinfo', 'f')",
    "autocall": "%autocall 0",
    "main": "__name__",
    "multiprocessing": (
        "import multiprocessing as mp\nq = mp.get_context('fork').SimpleQueue()\n"
        "p = mp.get_context('fork').Process(target=q.put, args=(7,))\np.start(); p.join(); q.get()"
    ),
    "child's exit": (
        "pid = os.fork()\nif pid == 0: os._exit(3)\n"
        "os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
    ),
    "signal": (
        "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: print('signalled'))\n"
        "os.kill(os.getpid(), signal.SIGUSR1)"
    ),
    "own child killed": "p = subprocess.Popen(['sleep', '9']); p.kill(); p.wait()",
    "temporary file": "import tempfile\nwith tempfile.TemporaryFile() as t: print(t.write(b'abc'))",
    "garbage": "import gc\ngc.isenabled(), gc.collect() >= 0",
}

# Times, addresses, process ids, paths, and the colours of the terminal.
_VARYING = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x..."),
    (re.compile(r"[\d.]+ (?:ns|μs|µs|us|ms|s) ± .*"), "<time>"),
    (re.compile(r"(/[\w.~+-]+)*/ipykernel_\d+/"), "<cells>/"),
    (re.compile(r"(/[\w.~+-]+)+/(lib|home|tmp)[\w./~+-]*"), "<path>"),
    (re.compile(r"iVBORw0K[\w+/=\n]*"), "<picture>"),
    (re.compile(r"ipykernel_\d+"), "ipykernel"),
    (re.compile(r"\r\n"), "\n"),  # of a command in a terminal: there is none at step B
]
# What writes to the file descriptors comes over another pipe than what Python writes.
SILENT = {"capture magic", "matplotlib magic", "autocall", "help", "source", "run_line_magic"}
UNORDERED = {"subprocess", "os.system", "raw descriptor"}
# At step B there is no shared memory, since the machine's own would be shared with everyone's.
DIFFERENT = {("multiprocessing", "B"): "PermissionError"}


def plain(value: Any) -> Any:
    """Return an output without what differs from run to run."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, str):
        for pattern, replacement in _VARYING:
            value = pattern.sub(replacement, value)
    return value


class StockManager(AsyncKernelManager):
    """This Python's own ipykernel, whatever kernelspecs are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernelspec."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python", language="python")

    def client(self, **options: Any) -> Any:
        """Return a client of the same context, so that there is one to be closed."""
        base: Any = super()
        return base.client(context=self.context, **options)


def outputs(manager: Any, folder: str | None = None) -> dict[str, Any]:
    """Run all cells and return the outputs of each."""
    cells = [_nbformat.new_code_cell(source) for source in CELLS.values()]
    notebook = _nbformat.new_notebook(cells=cells)
    resources = {"metadata": {"path": folder}} if folder else {}
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=60,
        allow_errors=True,
        coalesce_streams=True,
        resources=resources,
    )
    client.owns_km = True

    async def run() -> None:
        await client.async_execute(reset_kc=True)

    asyncio.run(run())
    return dict(zip(CELLS, ([dict(o) for o in cell.outputs] for cell in cells), strict=True))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the outputs of a stock kernel."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("PYTEST_CURRENT_TEST")  # with it, kernels do not capture descriptors
        context = zmq.asyncio.Context()
        try:
            manager = StockManager(context=context)
            return outputs(manager, str(tmp_path_factory.mktemp("stock")))
        finally:
            context.destroy(linger=0)


def all_of_it(frames: list[bytes], session: Session) -> dict[str, Any]:
    """Return a whole message: the grader itself reads little of it."""
    _, rest = session.feed_identities(frames)
    return session.deserialize(rest)


@pytest.fixture(scope="module", params=["A", "B"])
def ours(request: pytest.FixtureRequest) -> tuple[Step, dict[str, Any]]:
    """Return the outputs of our kernel, at each step of the sandbox."""
    step: Step = request.param
    need_step(step)
    with contextlib.closing(Zygote()) as zygote, pytest.MonkeyPatch.context() as whole:
        whole.setattr(jupyter.KernelChannel, "decoded", staticmethod(all_of_it))
        with Kernels(zygote, step, Limits(), None).manager() as (manager, _):
            return step, outputs(manager)


@pytest.mark.parametrize("name", CELLS)
def test_the_same_output(
    name: str, stock: dict[str, Any], ours: tuple[Step, dict[str, Any]]
) -> None:
    """What a cell shows is what it shows in Jupyter."""
    step, seen = ours
    if (name, step) in DIFFERENT:
        assert [output["ename"] for output in seen[name]] == [DIFFERENT[name, step]]
        return
    due, found = plain(stock[name]), plain(seen[name])
    assert due or name in SILENT
    if name in UNORDERED:
        due, found = sorted(due, key=repr), sorted(found, key=repr)
    assert found == due
