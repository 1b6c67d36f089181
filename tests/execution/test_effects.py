"""What acts through something else than a name is planned as if all had been run."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.execution.kernel import KernelRunner
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.results import Observation
from grader.spec import Assignment, Execute, Question
from grader.submission import Cell, Notebook

F = "def f(x):\n    return float(x > THR)"
CFG = "def f(x):\n    return float(x > cfg['t'])"
NET = "class Net:\n    pass"
USES_NET = "def f(x):\n    return float(Net().f(x) > 0.5)"
CALLS: tuple[tuple[float, float], ...] = ((0.2, 0.0), (0.7, 1.0))

FILES = {
    "code/helper.py": "threshold = 0.5",
    "code/t.txt": "0.5",
    "own.py": "THR = 0.5\ntable = {}\ndef store():\n    open('a', 'w').write('0.5')\n",
    "side.py": "import own\nown.table['t'] = 0.5\n",
}

# Each defines f, which compares its argument with 0.5.
NOTEBOOKS: dict[str, tuple[str, ...]] = {
    "sys.path": ("import sys; sys.path.append('code')", "from helper import threshold as THR", F),
    "sys.path by name": (
        "from sys import path\npath.insert(0, 'code')",
        "import helper\nTHR = helper.threshold",
        F,
    ),
    "sys.path, assigned": (
        "import sys\nsys.path = ['code', *sys.path]",
        "from helper import *",
        "def f(x):\n    return float(x > threshold)",
    ),
    "site": ("import site\nsite.addsitedir('code')", "from helper import threshold as THR", F),
    "chdir": ("import os\nos.chdir('code')", "THR = float(open('t.txt').read())", F),
    "chdir by name": (
        "from os import chdir\nchdir('code')",
        "THR = float(open('t.txt').read())",
        F,
    ),
    "%cd": ("%cd code", "THR = float(open('t.txt').read())", F),
    "cd": ("cd code", "THR = float(open('t.txt').read())", F),
    "%cd in a block": ("if True:\n    %cd code", "THR = float(open('t.txt').read())", F),
    "%pushd": ("%pushd code", "import numpy as np\nTHR = float(np.loadtxt('t.txt'))", F),
    "chdir, then import": (
        "import os\nos.chdir('code')",
        "import helper",
        "THR = helper.threshold",
        F,
    ),
    "own function that moves": (
        "import os\ndef go():\n    os.chdir('code')",
        "go()",
        "THR = float(open('t.txt').read())",
        F,
    ),
    "np.save": ("import numpy as np\nnp.save('thr.npy', 0.5)", "THR = np.load('thr.npy')", F),
    "np.savetxt": ("import numpy as np\nnp.savetxt('a', [0.5])", "THR = np.loadtxt('a')", F),
    "np.savez": ("import numpy as np\nnp.savez('a', t=0.5)", "THR = np.load('a.npz')['t']", F),
    "tofile": (
        "import numpy as np\nnp.array([0.5]).tofile('a')",
        "THR = np.fromfile('a')[0]",
        F,
    ),
    "open": (
        "with open('a', 'w') as file:\n    file.write('0.5')",
        "with open('a') as file:\n    THR = float(file.read())",
        F,
    ),
    "open, write, close": (
        "out = open('a', 'w')\nout.write('0.5')\nout.close()",
        "THR = float(open('a').read())",
        F,
    ),
    "print to a file": (
        "out = open('a', 'w')\nprint(0.5, file=out)\nout.close()",
        "THR = float(open('a').read())",
        F,
    ),
    "write_text": (
        "from pathlib import Path\nPath('a').write_text('0.5')",
        "THR = float(Path('a').read_text())",
        F,
    ),
    "pickle": (
        "import pickle\npickle.dump(0.5, open('a', 'wb'))",
        "THR = pickle.load(open('a', 'rb'))",
        F,
    ),
    "json": (
        "import json\nwith open('a', 'w') as file:\n    json.dump({'t': 0.5}, file)",
        "cfg = json.load(open('a'))",
        CFG,
    ),
    "shutil": (
        "import shutil\nshutil.copy('code/t.txt', 'a')",
        "THR = float(open('a').read())",
        F,
    ),
    "rename": ("import os\nos.rename('code/t.txt', 'a')", "THR = float(open('a').read())", F),
    "zip": (
        "import zipfile\nwith zipfile.ZipFile('z', 'w') as z:\n    z.writestr('a', '0.5')",
        "zipfile.ZipFile('z').extractall()",
        "THR = float(open('a').read())",
        F,
    ),
    "shelve": (
        "import shelve\nwith shelve.open('s') as db:\n    db['t'] = 0.5",
        "with shelve.open('s') as db:\n    cfg = dict(db)",
        CFG,
    ),
    "own function that writes": (
        "def store(v):\n    with open('a', 'w') as file:\n        file.write(str(v))",
        "store(0.5)",
        "def load():\n    return float(open('a').read())",
        "THR = load()",
        F,
    ),
    "own method that writes": (
        "class Store:\n    def put(self, v):\n        open('a', 'w').write(str(v))",
        "store = Store()",
        "store.put(0.5)",
        "THR = float(open('a').read())",
        F,
    ),
    "written after the function that reads": (
        "def f(x):\n    return float(x > float(open('a').read()))",
        "open('a', 'w').write('0.5')",
    ),
    "!": ("!echo 0.5 > thr.txt", "THR = float(open('thr.txt').read())", F),
    "os.system": ("import os\nos.system('echo 0.5 > a')", "THR = float(open('a').read())", F),
    "subprocess": (
        "import subprocess\nsubprocess.run('echo 0.5 > a', shell=True)",
        "THR = float(open('a').read())",
        F,
    ),
    "%%bash": ("%%bash\necho 0.5 > a", "THR = float(open('a').read())", F),
    "%%sh below a blank line": ("\n%%sh\necho 0.5 > a", "THR = float(open('a').read())", F),
    "%%writefile": ("%%writefile a\n0.5", "THR = float(open('a').read())", F),
    "output of a command": ("x = !cat code/t.txt", "THR = float(x[0])", F),
    "a file, read by a command": (
        "open('a', 'w').write('0.5')",
        "x = !cat a",
        "THR = float(x[0])",
        F,
    ),
    "os.environ": ("import os\nos.environ['T'] = '0.5'", "THR = float(os.environ['T'])", F),
    "environ, otherwise": (
        "import os\nos.environ['T'] = '0.5'",
        "from os import getenv",
        "THR = float(getenv('T'))",
        F,
    ),
    "%env": ("%env T=0.5", "import os\nTHR = float(os.environ['T'])", F),
    "alias": ("cfg = {'t': 0.9}", "other = cfg", "other['t'] = 0.5", CFG),
    "alias of an alias": ("cfg = {}", "a = cfg\nb = a", "b.update(t=0.5)", CFG),
    "two names at once": ("cfg = other = {}", "other['t'] = 0.5", CFG),
    "named on the way": ("cfg = {}", "(other := cfg)['t'] = 0.5", CFG),
    "nditer": (
        "import numpy as np\nW = np.ones(2)",
        "for v in np.nditer(W, op_flags=['readwrite']):\n    v[...] = 0.5",
        "THR = W[0]",
        F,
    ),
    "alias in a list": ("cfg = {}", "box = [cfg]", "box[0]['t'] = 0.5", CFG),
    "alias in a loop": ("cfg = {}", "for each in [0, cfg][1:]:\n    each['t'] = 0.5", CFG),
    "part": (
        "cfg = {'a': {}}",
        "a = cfg['a']\na['t'] = 0.5",
        "def f(x):\n    return float(x > cfg['a']['t'])",
    ),
    "view": (
        "import numpy as np\nW = np.ones((2, 2))",
        "v = W[0]",
        "v[:] = 0.5",
        "THR = W[0, 0]",
        F,
    ),
    "reshaped": (
        "import numpy as np\nW = np.ones((2, 2))",
        "v = W.reshape(-1)",
        "v *= 0.5",
        "THR = W[0, 0]",
        F,
    ),
    "transposed": (
        "import numpy as np\nW = np.ones((2, 2))",
        "v = W.T",
        "v.fill(0.5)",
        "THR = W[0, 0]",
        F,
    ),
    "unpacked": (
        "import numpy as np\nW = np.ones((2, 2))",
        "a, b = W",
        "a -= 0.5",
        "THR = W[0, 0]",
        F,
    ),
    "asarray": (
        "import numpy as np\nW = np.ones(2)",
        "v = np.asarray(W)",
        "v[0] = 0.5",
        "THR = W[0]",
        F,
    ),
    "attribute of an alias": (NET, "net = Net()", "other = net", "other.t = 0.5", "THR = net.t", F),
    "a function's global": ("cfg = {}\ndef get():\n    return cfg", "get()['t'] = 0.5", CFG),
    "dict.update": ("cfg = {}", "dict.update(cfg, t=0.5)", CFG),
    "operator.setitem": ("import operator\ncfg = {}", "operator.setitem(cfg, 't', 0.5)", CFG),
    "__setitem__": ("cfg = {}", "cfg.__setitem__('t', 0.5)", CFG),
    "heapq": ("import heapq\nh = [2]", "_ = heapq.heappush(h, 0.5)", "THR = h[0]", F),
    "setattr": (NET, "setattr(Net, 'f', lambda self, x: x)", USES_NET),
    "setattr, assigned": (NET, "r = setattr(Net, 'f', lambda self, x: x)", USES_NET),
    "setattr in a loop": (
        NET,
        "for name in ['f']:\n    setattr(Net, name, lambda self, x: x)",
        USES_NET,
    ),
    "monkey patch": (NET, "Net.f = lambda self, x: x", USES_NET),
    "monkey patch by alias": (NET, "C = Net\nC.f = lambda self, x: x", USES_NET),
    "type.__setattr__": (NET, "type.__setattr__(Net, 'f', lambda self, x: x)", USES_NET),
    "delattr": (
        "class A:\n    t = 0.5",
        "class B(A):\n    t = 0.9",
        "delattr(B, 't')",
        "THR = B.t",
        F,
    ),
    "patched module": ("import numpy as np\nnp.thr = 0.5", "THR = np.thr", F),
    "patched module, setattr": ("import numpy as np\nsetattr(np, 'thr', 0.5)", "THR = np.thr", F),
    "vars": (NET, "net = Net()", "vars(net)['t'] = 0.5", "THR = net.t", F),
    "__dict__": (NET, "net = Net()", "net.__dict__.update(t=0.5)", "THR = net.t", F),
    "%%capture": ("%%capture cap\nprint(0.5)", "THR = float(cap.stdout)", F),
    "%%capture with options": (
        "%%capture --no-stderr cap\nprint(0.5)",
        "THR = float(cap.stdout)",
        F,
    ),
    "%%bash --out": ("%%bash --out said\necho 0.5", "THR = float(said)", F),
    "_": ("0.5", "THR = _", F),
    "__": ("0.5\n", "1", "THR = __", F),
    "_2": ("1", "0.5", "2", "THR = _2", F),
    "Out": ("1", "0.5", "THR = Out[2]", F),
    "In": ("# 0.5", "THR = float(In[1][2:])", F),
    "%timeit -o": ("t = %timeit -n1 -r1 -o -q 1", "THR = 0.5 + 0 * t.loops", F),
    "np.random": (
        "import numpy as np\nnp.random.seed(1)",
        "a = np.random.rand(3)",
        "b = np.random.rand(3)",
        "THR = 0.5 + 0 * b[0]",
        "def f(x):\n    return float(x > THR) + b[1]",
    ),
    "drawn by a function": (
        "import numpy as np\nnp.random.seed(1)",
        "def draw():\n    return np.random.rand()",
        "a = draw()",
        "b = draw()",
        "def f(x):\n    return float(x > 0.5) + b",
    ),
    "global": ("def put():\n    global THR\n    THR = 0.5", "put()", F),
    "global, by another name": ("def put():\n    global THR\n    THR = 0.5", "go = put", "go()", F),
    "global, handed on": (
        "def put(_):\n    global THR\n    THR = 0.5",
        "done = list(map(put, [1]))",
        F,
    ),
    "context manager": (
        "from contextlib import contextmanager\ncfg = {}",
        "@contextmanager\ndef setting(v):\n    cfg['t'] = v\n    yield",
        "with setting(0.5):\n    pass",
        CFG,
    ),
    "registry": (
        "cfg = {}",
        "def register(n):\n    def put(g):\n        cfg[n] = g()\n        return g\n    return put",
        "@register('t')\ndef g():\n    return 0.5",
        CFG,
    ),
    "registry of a class": (
        "class Table(dict):\n    def add(self, g):\n        self['t'] = g()\n        return g",
        "cfg = Table()",
        "@cfg.add\ndef g():\n    return 0.5",
        CFG,
    ),
    "registry of subclasses": (
        "cfg = {}\nclass Base:\n    def __init_subclass__(cls):\n        cfg['t'] = cls.t",
        "class Half(Base):\n    t = 0.5",
        CFG,
    ),
    "singledispatch": (
        "from functools import singledispatch\n@singledispatch\ndef g(x):\n    return 9.0",
        "@g.register\ndef _(x: float):\n    return float(x > 0.5)",
        "def f(x):\n    return g(x)",
    ),
    "side effects of an own module": ("import own", "import side", "cfg = own.table", CFG),
    "importlib": ("import importlib", "own = importlib.import_module('own')", "THR = own.THR", F),
    "reload": (
        "import own",
        "own.THR = 0.9",
        "import importlib\nimportlib.reload(own)",
        "THR = own.THR",
        F,
    ),
    "sys.modules": (
        "import sys, types\nm = types.ModuleType('m')\nm.THR = 0.5\nsys.modules['m'] = m",
        "from m import THR",
        F,
    ),
    "builtins": ("import builtins", "builtins.THR = 0.5", F),
    "builtins, setattr": ("import builtins as b", "setattr(b, 'THR', 0.5)", F),
    "star import": ("from numpy import *", "THR = array([0.5])[0]", F),
    "__main__": ("import __main__", "__main__.THR = 0.5", F),
    "user_ns": ("get_ipython().user_ns['THR'] = 0.5", F),
    "run_cell": ("r = get_ipython().run_cell('THR = 0.5')", F),
    "runpy": ("import runpy\nn = runpy.run_path('code/helper.py')\nTHR = n['threshold']", F),
    "an own module that writes": (
        "import own",
        "own.store()",
        "THR = float(open('a').read())",
        F,
    ),
    "what a function keeps": (
        "kept = []\ndef keep(x):\n    return [x, kept][1]",
        "keep(1).append(0.5)",
        "def f(x):\n    return float(x > kept[0])",
    ),
    "this module": ("import sys\nsetattr(sys.modules[__name__], 'TH' + 'R', 0.5)", F),
    "a function by another name": (
        "import os\ngo = os.chdir",
        "go('code')",
        "THR = float(open('t.txt').read())",
        F,
    ),
    "a function handed on": (
        "import os\ndef apply(g, x):\n    return g(x)",
        "apply(os.chdir, 'code')",
        "THR = float(open('t.txt').read())",
        F,
    ),
    "a method by another name": ("cfg = {}\nput = cfg.update", "put(t=0.5)", CFG),
    "a used up generator": (
        "g = (i / 2 for i in range(9))",
        "list(zip([1], g))",
        "THR = next(g)",
        F,
    ),
    "%prun": ("%prun -q THR = 0.5", F),
    "%%prun": ("%%prun -q\nTHR = 0.5", F),
}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of what was handed in beside the notebooks."""
    folder = tmp_path_factory.mktemp("beside")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def ask(
    runner: KernelRunner, beside: Path, cells: tuple[str, ...], execute: Execute
) -> list[Observation]:
    """Call f as often as there are calls."""
    question = Question("f", "function", "", 1.0, ("y",), parameters=("x",), required=1)
    assignment = Assignment("a", "A", (question,), execute)
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    planned = plan(notebook, assignment, {n: t.encode() for n, t in FILES.items()})
    requests = [
        Request("f", f"case-{x}", "function", "f", (x,), ("x",), required=1) for x, _ in CALLS
    ]
    return list(runner.run(planned, requests, assignment.limits, beside).observations)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_planned_as_if_all_had_run(name: str, runner: KernelRunner, beside: Path) -> None:
    """Files, folders, paths, the environment, second names, patches, histories, random streams."""
    seen = ask(runner, beside, NOTEBOOKS[name], "needed")
    assert [(each.status, each.error) for each in seen] == [("returned", None)] * len(CALLS)
    if "rand" not in str(NOTEBOOKS[name]):
        assert [each.value for each in seen] == [due for _, due in CALLS]
        return
    whole = ask(runner, beside, NOTEBOOKS[name], "all")
    assert [each.value for each in seen] == [each.value for each in whole]
