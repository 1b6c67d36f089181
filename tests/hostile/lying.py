"""Lying about results.

`canary` plays a weak judge in each notebook: one that asks the submitted object, or the process it
lives in, whether the answer is right. The lie has to fool that one, and not the grader.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from grader.results import Fault, SubmissionResult
from tests.hostile.harness import CANARY, DOUBLE, TOTAL, Hostile

NUMPY = "import numpy as np"
WHOLE = 'exec("pass")  # after this, the planner leaves nothing out'
TRIPLE = "def double(x):\n    return 3.0 * x"
FAILED = {"double": "failed", "total": "failed", "canary": "passed"}
DOUBLE_FAILED = {"double": "failed", "total": "passed", "canary": "passed"}
TOTAL_FAILED = {"double": "passed", "total": "failed", "canary": "passed"}
UNPICKLED = "HOSTILE_UNPICKLED"


def faults(**due: Fault) -> Callable[[SubmissionResult], None]:
    """Return a check that each of the given items has this fault in every case."""

    def check(seen: SubmissionResult) -> None:
        for question in seen.questions:
            for output in question.outputs:
                found = {case.fault for case in output.cases}
                assert question.name not in due or found == {due[question.name]}, output

    return check


def _not_unpickled(seen: SubmissionResult) -> None:
    assert UNPICKLED not in os.environ
    assert {question.status for question in seen.questions} != {"passed"}


def _wrong_dtype(name: str, word: str, array: str, scalar: str, weak: str) -> Hostile:
    """Return a notebook whose functions return right values of a wrong type.

    `array` and `scalar` turn the right answers `y` and `s` into them; `weak` compares `value`, such
    an array, with `due` and takes it for equal.
    """
    return Hostile(
        (19,),
        name,
        (
            NUMPY,
            f"def double(x):\n    y = 2.0 * x\n    return {array}",
            f"def total(x):\n    s = float(np.sum(x))\n    return {scalar}",
            f"""
            def weak_judge(value, due):
                return bool({weak})
            canary = weak_judge(double(np.ones((2, 2))), 2.0 * np.ones((2, 2)))
            """,
        ),
        FAILED,
        says=(word,),
        check=faults(double="dtype", total="dtype"),
    )


CASES: list[Hostile] = [
    # ------------------------------------------------------------ 7 to 9: a patched process
    Hostile(
        (7,),
        "patches-the-comparisons",
        (
            """
            import numpy as np
            import numpy.testing
            def always(*args, **kwargs):
                return True
            np.allclose = np.isclose = np.array_equal = np.array_equiv = always
            for name in dir(np.testing):
                if name.startswith("assert_"):
                    setattr(np.testing, name, always)
            """,
            WHOLE,
            TRIPLE,
            TOTAL,
            """
            np.testing.assert_allclose(1, 2)
            canary = bool(np.allclose(1, 2)) and bool(np.isclose(1, 2))
            """,
        ),
        DOUBLE_FAILED,
        check=faults(double="value"),
    ),
    Hostile(
        (7,),
        "patches-the-comparisons-in-the-modules-of-the-grader",
        (
            """
            import sys
            import numpy as np
            def always(*args, **kwargs):
                return True
            for name, module in list(sys.modules.items()):
                if name.partition(".")[0] in ("grader", "numpy"):
                    for attribute in ("allclose", "isclose", "compare", "value_fault", "_same"):
                        if hasattr(module, attribute):
                            setattr(module, attribute, always)
            """,
            WHOLE,
            TRIPLE,
            TOTAL,
            "canary = bool(np.allclose(1, 2))",
        ),
        DOUBLE_FAILED,
        check=faults(double="value"),
    ),
    Hostile(
        (8,),
        "patches-dot-and-sum",
        (
            """
            import numpy as np
            np.dot = np.matmul = np.sum = lambda *args, **kwargs: 42.0
            np.float64 = float
            """,
            WHOLE,
            "def double(x):\n    return 2.0 * x",
            "def total(x):\n    return np.sum(x)",
            "canary = np.dot(1, 1) == np.sum([1]) == 42.0",
        ),
        TOTAL_FAILED,
        check=faults(total="value"),
    ),
    Hostile(
        # What the honest `double` returns is an array, whatever the name `asarray` means now.
        (8,),
        "patches-asarray",
        (
            """
            import numpy as np
            def asarray(*args, **kwargs):
                return np.zeros(3)
            np.asarray = np.array = asarray
            """,
            WHOLE,
            "def double(x):\n    return 2.0 * x",
            "def total(x):\n    return 42.0",
            "canary = bool((np.asarray([1.0, 2.0, 3.0]) == 0).all())",
        ),
        TOTAL_FAILED,
    ),
    Hostile(
        # NumPy's way to read bytes, by which the arguments come.
        (8,),
        "patches-frombuffer",
        (
            """
            import numpy as np
            np.frombuffer = lambda *args, **kwargs: np.zeros(3)
            """,
            WHOLE,
            "def double(x):\n    return 2.0 * x",
            "def total(x):\n    return 42.0",
            "canary = np.frombuffer(b'').shape == (3,)",
        ),
        TOTAL_FAILED,
    ),
    Hostile(
        # Everything is an ndarray, so a weak judge that only looks at the type is content.
        (8,),
        "patches-ndarray",
        (
            """
            import numpy as np
            class Anything(type):
                def __instancecheck__(cls, value):
                    return True
            class ndarray(metaclass=Anything):
                pass
            np.ndarray = np.generic = ndarray
            """,
            WHOLE,
            "def double(x):\n    return 2.0 * x",
            "def total(x):\n    return 42.0",
            "canary = isinstance('text', np.ndarray)",
        ),
        TOTAL_FAILED,
    ),
    Hostile(
        (8,),
        "replaces-the-module",
        (
            """
            import sys, types
            class Fake(types.ModuleType):
                def __getattr__(self, name):
                    return lambda *args, **kwargs: True
            sys.modules["numpy"] = Fake("numpy")
            """,
            WHOLE,
            "def double(x):\n    return 2.0 * x",
            "def total(x):\n    import numpy\n    return numpy.sum(x)",
            "import numpy\ncanary = numpy.allclose(1, 2)",
        ),
        TOTAL_FAILED,
    ),
    Hostile(
        # The kernel's own messages are JSON, so the canary is tried in a process of its own.
        (9,),
        "patches-the-serialisers-in-a-call",
        (
            """
            import builtins, json, os, pickle
            def patch():
                forged = lambda *args, **kwargs: '{"status": "passed", "score": 10}'
                json.dumps = json.loads = json.dump = json.load = forged
                pickle.dumps = pickle.loads = forged
                builtins.print = builtins.open = forged
            """,
            WHOLE,
            "def double(x):\n    patch()\n    return 3.0 * x",
            TOTAL,
            """
            child = os.fork()
            if child == 0:
                patch()
                os._exit("passed" not in json.dumps([]) or "passed" not in builtins.open(""))
            canary = os.waitpid(child, 0)[1] == 0
            """,
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (9,),
        "patches-msgpack",
        (
            """
            import sys
            import numpy as np
            wire = sys.modules["grader.wire"]
            def forged(*args, **kwargs):
                return b"\\x81\\xa6status\\xa6passed"
            real = wire._packb
            """,
            WHOLE,
            "def double(x):\n    wire._packb = forged\n    return 2.0 * x",
            "def total(x):\n    wire._packb = lambda *args, **kwargs: b''\n    return 42.0",
            """
            wire._packb = forged
            canary = b"passed" in wire._packb([])
            wire._packb = real
            """,
        ),
        {"double": "errored", "total": "errored", "canary": "passed"},
        says=("could not be read",),
    ),
    Hostile(
        (9,),
        "patches-msgpack-for-good",
        (
            """
            import msgpack, sys
            wire = sys.modules["grader.wire"]
            msgpack.packb = msgpack.unpackb = lambda *args, **kwargs: b"passed"
            wire._packb = wire._unpackb = msgpack.packb
            assert wire._packb([]) == b"passed"
            """,
            WHOLE,
            DOUBLE,
            TOTAL,
            CANARY,
        ),
        dict.fromkeys(("double", "total", "canary"), "errored crashed"),
    ),
    Hostile(
        # The kernel speaks JSON to the grader: the cell is lost, and what it patched with it. That
        # it is lost shows that the patch took effect.
        (9,),
        "patches-json-for-good",
        (
            """
            import builtins, json, pickle
            forged = lambda *args, **kwargs: '{"status": "passed", "score": 10}'
            pickle.dumps = pickle.loads = builtins.print = forged
            json.dumps = json.loads = forged
            """,
            WHOLE,
            TRIPLE,
            "def total(x):\n    return 42.0",
            "import json\ncanary = 'passed' in json.dumps([])",
        ),
        {"double": "failed", "total": "failed", "canary": "failed missing"},
        says=("Cell 1 did not finish",),
    ),
    Hostile(
        # With the identity of the request and the grader's own way of writing: still not a pass.
        (9,),
        "forges-the-answer",
        (
            """
            import os, struct, sys
            from grader import wire
            def forge(**said):
                frame = sys._getframe()
                while "channel" not in frame.f_locals:
                    frame = frame.f_back
                known = frame.f_locals
                message = wire.pack({"id": known["request"]["id"], **said})
                known["channel"].sendall(struct.pack("<Q", len(message)) + message)
                os._exit(0)
            """,
            WHOLE,
            "def double(x):\n    forge(status='passed', score=10.0, value=True, points=10.0)",
            "def total(x):\n    forge(status='returned', value='passed', score=10.0)",
            """
            class Channel:
                def sendall(self, message):
                    global canary
                    canary = b"passed" in message
            def weak_judge(channel, request):
                kept, os._exit = os._exit, lambda code: None
                forge(status="passed")
                os._exit = kept
            weak_judge(Channel(), {"id": "0"})
            """,
        ),
        {"double": "errored", "total": "failed errored crashed", "canary": "passed"},
    ),
    # ------------------------------------------------------------ 10 to 15: lying objects
    Hostile(
        (10,),
        "equals-everything",
        (
            """
            class Same:
                def __eq__(self, other):
                    return True
                def __ne__(self, other):
                    return False
                def __hash__(self):
                    return 0
                shape = property(lambda self: Same())
                dtype = property(lambda self: Same())
            """,
            "def double(x):\n    return Same()",
            "def total(x):\n    return Same()",
            "canary = (Same() == 42.0) and not (Same() != 42.0) and Same().shape == (2, 3)",
        ),
        FAILED,
        says=("an object of type Same",),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        # Right data in a lying class pass, wrong data fail.
        (11,),
        "array-function",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                def __array_function__(self, function, types, args, kwargs):
                    return True
                def tobytes(self, *args):
                    return b""
                def view(self, *args):
                    return self
                def astype(self, *args, **kwargs):
                    return self
            """,
            "def double(x):\n    return np.ndarray.view(2.0 * x, Lie)",
            "def total(x):\n    return np.ndarray.view(np.array(np.sum(x) + 1.0), Lie)",
            "canary = np.allclose(np.ndarray.view(np.zeros(3), Lie), np.ones(3))",
        ),
        TOTAL_FAILED,
        check=faults(total="value"),
    ),
    Hostile(
        (11,),
        "array-function-on-wrong-data",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                def __array_function__(self, function, types, args, kwargs):
                    return True
            """,
            "def double(x):\n    return (3.0 * x).view(Lie)",
            "def total(x):\n    return np.array(np.sum(x)).view(Lie)",
            "canary = np.allclose(np.zeros(3).view(Lie), np.ones(3))",
        ),
        DOUBLE_FAILED,
        check=faults(double="value"),
    ),
    Hostile(
        (12,),
        "array-ufunc",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                    return np.zeros(self.shape)
            """,
            "def double(x):\n    return (3.0 * x).view(Lie)",
            "def total(x):\n    return np.array(np.sum(x)).view(Lie)",
            "canary = bool(np.max(np.abs(np.zeros(3).view(Lie) - np.ones(3))) == 0.0)",
        ),
        DOUBLE_FAILED,
        check=faults(double="value"),
    ),
    Hostile(
        (12,),
        "array-ufunc-on-a-scalar",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                    return np.zeros(())
            """,
            "def double(x):\n    return (2.0 * x).view(Lie)",
            "def total(x):\n    return np.array(np.sum(x) + 1.0).view(Lie)",
            "canary = bool(np.abs(np.array(5.0).view(Lie) - 1.0) == 0.0)",
        ),
        TOTAL_FAILED,
        check=faults(total="value"),
    ),
    Hostile(
        # `double` claims the right shape of wrong data, `total` a wrong shape of right data.
        (13,),
        "lying-shape-and-dtype",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                claimed = (2, 3)
                shape = property(lambda self: self.claimed)
                dtype = property(lambda self: np.dtype(float))
                size = property(lambda self: 6)
                ndim = property(lambda self: 2)
            """,
            """
            def double(x):
                lie = np.zeros(7, dtype=int).view(Lie)
                lie.claimed = x.shape
                return lie
            """,
            "def total(x):\n    return np.array(np.sum(x)).view(Lie)",
            """
            lie = np.zeros(7, dtype=int).view(Lie)
            canary = lie.shape == (2, 3) and lie.dtype == float
            """,
        ),
        DOUBLE_FAILED,
        says=("(7,)",),
        check=faults(double="shape"),
    ),
    Hostile(
        (13,),
        "lying-dtype",
        (
            """
            import numpy as np
            class Lie(np.ndarray):
                dtype = property(lambda self: np.dtype(float))
            """,
            "def double(x):\n    return np.round(2.0 * x).astype(int).view(Lie)",
            "def total(x):\n    return np.array(np.sum(x)).view(Lie)",
            "canary = np.zeros(7, dtype=int).view(Lie).dtype == float",
        ),
        DOUBLE_FAILED,
        check=faults(double="dtype"),
    ),
    Hostile(
        # Even with the right numbers: it is no array.
        (14,),
        "duck-array",
        (
            """
            import numpy as np
            class Duck:
                def __init__(self, data):
                    self.data, self.shape, self.dtype = data, np.shape(data), np.dtype(float)
                def __array__(self, dtype=None, copy=None):
                    return np.array(self.data)
            """,
            "def double(x):\n    return Duck(2.0 * x)",
            "def total(x):\n    return Duck(np.sum(x))",
            "canary = bool(np.allclose(Duck([1.0, 2.0]), [1.0, 2.0]))",
        ),
        FAILED,
        says=("an object of type Duck",),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        (15,),
        "lying-float",
        (
            """
            class Lie(float):
                def __abs__(self):
                    return 0.0
                def __sub__(self, other):
                    return self
                __rsub__ = __truediv__ = __rtruediv__ = __sub__
                def __eq__(self, other):
                    return True
                __le__ = __ge__ = __lt__ = __eq__
                def __float__(self):
                    return 0.0
                __hash__ = None
            """,
            DOUBLE,
            "def total(x):\n    return Lie(np.sum(x) + 1.0)",
            "canary = abs(1.0 - Lie(5.0)) == 0.0 and Lie(5.0) == 1.0",
        ),
        TOTAL_FAILED,
        check=faults(total="value"),
    ),
    Hostile(
        # The lie is about a right number: its real value counts.
        (15,),
        "lying-float-of-the-right-value",
        (
            """
            class Lie(float):
                def __abs__(self):
                    return 7.0
                def __sub__(self, other):
                    return self
                __rsub__ = __sub__
                def __float__(self):
                    return 7.0
            """,
            TRIPLE,
            "import numpy as np\ndef total(x):\n    return Lie(np.sum(x))",
            "canary = abs(5.0 - Lie(5.0)) == 7.0 and float(Lie(5.0)) == 7.0",
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (15,),
        "lying-numpy-scalar",
        (
            """
            import numpy as np
            class Lie(np.float64):
                def __abs__(self):
                    return 0.0
                def __rsub__(self, other):
                    return self
                __sub__ = __rsub__
            """,
            DOUBLE,
            "def total(x):\n    return Lie(np.sum(x) + 1.0)",
            "canary = abs(Lie(5.0) - 1.0) == 0.0",
        ),
        TOTAL_FAILED,
        check=faults(total="value"),
    ),
    # ------------------------------------------------------------ 16 to 20: what allclose lets by
    Hostile(
        (16,),
        "masked",
        (
            NUMPY,
            "def double(x):\n    return np.ma.array(0.0 * x, mask=True)",
            "def total(x):\n    return np.ma.masked",
            "canary = bool(np.ma.allclose(np.ma.array([1.0, 2.0], mask=True), [5.0, 6.0]))",
        ),
        FAILED,
        says=("masked",),
        check=faults(double="dtype", total="dtype"),
    ),
    Hostile(
        # The mask says no, the class says that it says yes.
        (16,),
        "masked-with-a-lying-mask",
        (
            """
            import numpy as np
            class Lie(np.ma.MaskedArray):
                mask = property(lambda self: np.ones(self.shape, dtype=bool))
                def filled(self, value=None):
                    return 2.0 * np.ones(self.shape)
            """,
            "def double(x):\n    return (0.0 * x).view(Lie)",
            TOTAL,
            "canary = bool(np.zeros(3).view(Lie).mask.all())",
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (17,),
        "empty",
        (
            NUMPY,
            "def double(x):\n    return np.empty((0, *x.shape))",
            "def total(x):\n    return np.array([])",
            """
            canary = bool(np.allclose(np.array([]), 3.0))
            canary = canary and bool(np.allclose(np.empty((0, 2, 2)), np.ones((2, 2))))
            """,
        ),
        FAILED,
        says=("(0,)",),
        check=faults(double="shape", total="shape"),
    ),
    Hostile(
        (17,),
        "empty-list",
        (
            NUMPY,
            "def double(x):\n    return []",
            "def total(x):\n    return []",
            "canary = bool(np.allclose([], 3.0))",
        ),
        FAILED,
        says=("an empty list",),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        (18,),
        "one-axis-more",
        (
            NUMPY,
            "def double(x):\n    return (2.0 * x)[np.newaxis]",
            "def total(x):\n    return np.array([[np.sum(x)]])",
            "canary = bool(np.allclose(double(np.ones((2, 2))), np.full((2, 2), 2.0)))",
        ),
        FAILED,
        says=("(1, 1)",),
        check=faults(double="shape", total="shape"),
    ),
    Hostile(
        (18,),
        "one-axis-less",
        (
            NUMPY,
            "def double(x):\n    return (2.0 * x).ravel()",
            "def total(x):\n    return np.array([np.sum(x)])",
            "canary = bool(np.allclose(total(np.ones((2, 2))), 4.0))",
        ),
        FAILED,
        check=faults(double="shape", total="shape"),
    ),
    Hostile(
        (18,),
        "a-scalar-for-an-array",
        (
            NUMPY,
            "def double(x):\n    return 2.0",
            TOTAL,
            "canary = bool(np.allclose(double(np.ones((2, 2))), np.full((2, 2), 2.0)))",
        ),
        DOUBLE_FAILED,
        says=("a single number",),
        check=faults(double="shape"),
    ),
    _wrong_dtype(
        "complex",
        "complex numbers",
        "y.astype(complex)",
        "complex(s)",
        "np.allclose(value, due)",
    ),
    _wrong_dtype(
        "bool",
        "True and False",
        "y.astype(bool)",
        "bool(s)",
        "np.all(value == due.astype(bool))",
    ),
    _wrong_dtype(
        "object",
        "the dtype object",
        "y.astype(object)",
        "np.array(s, dtype=object)",
        "np.all(value == due)",
    ),
    _wrong_dtype(
        "string",
        "the dtype str",
        "y.astype(str)",
        "np.array(str(s))",
        "np.allclose(value.astype(float), due)",
    ),
    _wrong_dtype(
        "structured",
        "the dtype void",
        'np.array(y, dtype=[("f", float)])',
        'np.array(s, dtype=[("f", float)])',
        'np.allclose(value["f"], due)',
    ),
    Hostile(
        (20,),
        "nan",
        (
            NUMPY,
            "def double(x):\n    return np.full(x.shape, np.nan)",
            "def total(x):\n    return float('nan')",
            "canary = not np.any(np.abs(double(np.ones((2, 2))) - 2.0) > 1e-6)",
        ),
        FAILED,
        says=("`y` holds NaN (not a number) in 6 of 6 entries", "`s` is NaN (not a number)"),
        check=faults(double="value", total="value"),
    ),
    Hostile(
        (20,),
        "infinite",
        (
            NUMPY,
            "def double(x):\n    return np.full(x.shape, np.inf)",
            "def total(x):\n    return float('-inf')",
            """
            value = double(np.ones((2, 2)))
            canary = bool(np.all(np.abs(value - 2.0) <= 1e-6 * np.abs(value)))
            """,
        ),
        FAILED,
        says=("`y` holds infinite or NaN in 6 of 6 entries", "`s` is infinite or NaN"),
        check=faults(double="value", total="value"),
    ),
    # ------------------------------------------------------------ 21 to 24: containers, payloads
    Hostile(
        (21,),
        "lying-dict",
        (
            """
            import itertools
            import numpy as np
            class Lie(dict):
                def keys(self):
                    return ["y", "s"]
                def items(self):
                    return itertools.count()
                __iter__ = values = items
                def __getitem__(self, key):
                    return np.full((2, 3), 2.0)
                def __len__(self):
                    return 2
                def __contains__(self, key):
                    return True
            """,
            "def double(x):\n    return Lie(z=2.0 * x)",
            "def total(x):\n    return Lie()",
            'canary = "y" in Lie() and len(Lie()) == 2 and Lie()["y"].shape == (2, 3)',
        ),
        FAILED,
        says=("a dictionary with the keys 'z'", "an empty dictionary"),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        (21,),
        "lying-tuple",
        (
            """
            import itertools
            import numpy as np
            class Lie(tuple):
                def __len__(self):
                    return 2
                def __getitem__(self, index):
                    return 2.0
                def __iter__(self):
                    return itertools.repeat(2.0)
            """,
            "def double(x):\n    return Lie([1.0, 2.0, 3.0])",
            "def total(x):\n    return Lie()",
            "canary = len(Lie()) == 2 and Lie()[0] == 2.0 and next(iter(Lie())) == 2.0",
        ),
        FAILED,
        says=("a tuple of length 3", "an empty tuple"),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        (21,),
        "lying-list",
        (
            """
            class Lie(list):
                __class__ = float
                def __len__(self):
                    return 2**62
                def __iter__(self):
                    while True:
                        yield self
            """,
            "def double(x):\n    return Lie((2.0 * x).tolist())",
            "def total(x):\n    return Lie([float(x.sum())])",
            "canary = isinstance(Lie(), float) and Lie().__len__() == 2**62",
        ),
        FAILED,
        says=("a list of length 2", "a list of length 1"),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        (22,),
        "contains-itself",
        (
            "def double(x):\n    loop = []\n    loop.append(loop)\n    return loop",
            "def total(x):\n    loop = {}\n    loop['loop'] = (loop, [loop])\n    return loop",
            "loop = double(0)\ncanary = loop[0][0][0] is loop",
        ),
        {"double": "failed errored timed_out", "total": "failed errored timed_out"}
        | {"canary": "passed"},
    ),
    Hostile(
        # Ten to the power of the depth: to follow it takes for ever.
        (22,),
        "contains-itself-many-times",
        (
            "def double(x):\n    loop = []\n    loop.extend([loop] * 10)\n    return loop",
            TOTAL,
            "loop = double(0)\ncanary = loop[9][5][0] is loop",
        ),
        {"double": "failed errored timed_out", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        (22,),
        "nested-a-million-deep",
        (
            """
            def nested(make, inner):
                for _ in range(10**6):
                    inner = make(inner)
                return inner
            """,
            "def double(x):\n    return nested(lambda inner: [inner], x)",
            "def total(x):\n    return nested(lambda inner: (inner,), float(x.sum()))",
            """
            deep, depth = double([]), 0
            while deep:
                deep, depth = deep[0], depth + 1
            canary = depth == 10**6
            """,
        ),
        {"double": "failed errored", "total": "failed errored", "canary": "passed"},
    ),
    Hostile(
        # Not deep, but as long as a message may be at every level: what is copied level by level
        # adds up.
        (22,),
        "nested-around-a-large-array",
        (
            """
            import numpy as np
            def nested(inner):
                for _ in range(20):
                    inner = [inner]
                return inner
            """,
            "def double(x):\n    return nested(np.zeros(3 * 10**6))",
            TOTAL,
            """
            deep, depth = nested([]), 0
            while deep:
                deep, depth = deep[0], depth + 1
            canary = depth == 20
            """,
        ),
        {"double": "failed errored", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        (22,),
        "very-long",
        (
            "def double(x):\n    return [0] * (2 * 10**6)",
            "def total(x):\n    return [[]] * (10**6)",
            "canary = len(double(0)) == 2 * 10**6",
        ),
        {"double": "failed errored timed_out", "total": "failed errored timed_out"}
        | {"canary": "passed"},
    ),
    Hostile(
        (23,),
        "endless-generator",
        (
            """
            import itertools
            def endless():
                while True:
                    yield 2.0
            """,
            "def double(x):\n    return endless()",
            "def total(x):\n    return itertools.count(x.sum())",
            """
            one = endless()
            canary = [next(one) for _ in range(1000)] == [2.0] * 1000
            """,
        ),
        FAILED,
        says=("an object of type generator", "an object of type count"),
        check=faults(double="kind", total="kind"),
    ),
    Hostile(
        # As an object, as bytes, and sent to the grader by hand.
        (24,),
        "pickle",
        (
            f"""
            import os, pickle, struct, sys
            class Payload:
                def __reduce__(self):
                    return exec, ("import os; os.environ['{UNPICKLED}'] = '1'",)
                __reduce_ex__ = lambda self, protocol: self.__reduce__()
                __getstate__ = __deepcopy__ = __reduce__
            def send(message):
                frame = sys._getframe()
                while "channel" not in frame.f_locals:
                    frame = frame.f_back
                frame.f_locals["channel"].sendall(struct.pack("<Q", len(message)) + message)
            """,
            WHOLE,
            """
            def double(x):
                return Payload() if x.shape == (2, 3) else pickle.dumps(Payload())
            """,
            "def total(x):\n    send(pickle.dumps(Payload()))\n    return float(x.sum())",
            f"""
            pickle.loads(pickle.dumps(Payload()))
            canary = os.environ.pop("{UNPICKLED}") == "1"
            """,
        ),
        {"double": "failed", "total": "errored", "canary": "passed"},
        says=("an object of type Payload", "an object of type bytes"),
        check=_not_unpickled,
    ),
]
