"""Reaching for the answers.

In most notebooks `double` returns what the trick has found, `total` is honest and passes only if
nothing was found, and `canary` shows that the same search finds what does lie in its reach.
"""

from __future__ import annotations

import functools
import getpass
import hashlib
import tempfile
from pathlib import Path

import numpy as np

from grader.judging.expected import answer_key
from grader.results import OutputResult, SubmissionResult
from tests.hostile.harness import DOUBLE, TOTAL, Hostile

COURSE = Path(__file__).parent / "course"
ROOT = COURSE.parents[2]
WHOLE = 'exec("pass")  # after this, the planner leaves nothing out'
DOUBLE_FAILED = {"double": "failed", "total": "passed", "canary": "passed"}
# What would give away the course, the students or the cases, in a place that a notebook can read.
TELLING = (
    *("57-detects", "honest.ipynb", "hostile/course", "assignment.py", "tiny", "results.json"),
    *("secret of", "hidden-", "visible-", "GITHUB", "_TOKEN", "PYTEST"),
)
SHAPES = {"double": [(2, 3), (4, 2)], "total": [(2, 3), (3, 5)]}

# Of anything found, the first array that could be an answer: of the shape of x, and not x.
ANSWERS = """
import numpy as np
def answers(found, x, depth=4):
    if isinstance(found, np.ndarray):
        if found.shape == x.shape and not np.array_equal(found, x):
            yield found
    elif isinstance(found, (dict, list, tuple, set)) and depth:
        parts = found.values() if isinstance(found, dict) else found
        for part in list(parts)[:1000]:
            yield from answers(part, x, depth - 1)
    elif str(type(found).__module__).startswith(("grader", "reference")) and depth:
        yield from answers(getattr(found, "__dict__", {}), x, depth - 1)
        slots = getattr(type(found), "__slots__", ())
        yield from answers([getattr(found, name, None) for name in slots], x, depth - 1)
"""


# Where signals do not reach the kernel, the watch over the disk does; it is given time to.
END = """
import os, time
KERNEL = os.getpid()
def end_the_kernel():
    try:
        os.kill(KERNEL, 9)
    except OSError:
        for number in range(3):
            with open(f"fill{number}", "wb") as file:
                file.write(bytes(15 * 2**20))
    time.sleep(1.5)
"""


def _visible(name: str) -> list[np.ndarray]:
    """Return the visible inputs of a question, as the student is told them."""
    material = hashlib.sha256(f"hostile/{name}/visible".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(material, "big"))
    return [rng.standard_normal(shape) for shape in SHAPES[name]]


@functools.cache
def _hidden_numbers() -> tuple[str, ...]:
    """Return every number of the hidden inputs, written with eight digits."""
    key = answer_key(COURSE, "hostile", b"secret of the hostile tests")
    cases = [case for question in key.questions for case in question.cases if not case.visible]
    return tuple(f"{n:.8f}" for case in cases for n in case.arguments[0].ravel())


def _no_hidden_input(seen: SubmissionResult) -> None:
    told = repr(seen)
    for number in _hidden_numbers():
        assert number.lstrip("-") not in told


def _outputs(seen: SubmissionResult) -> list[OutputResult]:
    return [output for question in seen.questions for output in question.outputs]


def _only_hidden_cases_fail(seen: SubmissionResult) -> None:
    for output in _outputs(seen):
        for case in output.cases:
            assert (case.status == "passed") == case.visible, output


# What the functions of a notebook for number 61 say of their inputs, in hidden cases only: in the
# others the student may see it, and knows it anyhow.
LEAK = f"""
import sys, warnings
import numpy as np
KNOWN = {[float(x.flat[0]) for name in SHAPES for x in _visible(name)]!r}
def leak(x):
    if float(x.flat[0]) in KNOWN:
        return ""
    return "leaked " + " ".join(format(number, ".8f") for number in x.ravel())
"""
LEAKS = "canary = leak(np.array([0.125])) == 'leaked 0.12500000' and leak(np.array(KNOWN)) == ''"


def _tells(name: str, double: str, total: str, outcome: str, *cells: str) -> Hostile:
    """Return a notebook that tries to tell its student the hidden inputs."""
    return Hostile(
        (61,),
        name,
        (LEAK, *cells, WHOLE, double, total, LEAKS),
        {"double": outcome, "total": outcome, "canary": "passed"},
        never=("leaked",),
        check=_no_hidden_input,
    )


CASES = [
    # ------------------------------------------------------------ 1 to 3: in the process's memory
    Hostile(
        (1,),
        "walks-the-frames",
        (
            ANSWERS,
            """
            import sys
            def frames():
                frame = sys._getframe()
                while frame is not None:
                    yield frame
                    frame = frame.f_back
            def weak_judge(function):
                expected = np.array([4.0, 6.0])
                return np.array_equal(function(np.array([2.0, 3.0])), expected)
            """,
            """
            def double(x):
                for frame in frames():
                    if frame.f_code.co_name not in ("double", "frames"):
                        for found in answers(dict(frame.f_locals), x):
                            return found
                        for found in answers(dict(frame.f_globals), x):
                            return found
                return x
            """,
            TOTAL,
            "canary = bool(weak_judge(double))",
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (1,),
        "walks-the-frames-of-other-threads",
        (
            ANSWERS,
            """
            import sys, threading
            def weak_judge(function):
                expected, seen = np.array([4.0, 6.0]), []
                x = np.array([2.0, 3.0])
                student = threading.Thread(target=lambda: seen.append(function(x)))
                student.start()
                student.join()
                return np.array_equal(seen[0], expected)
            """,
            """
            def double(x):
                for frame in sys._current_frames().values():
                    while frame is not None:
                        for found in answers(dict(frame.f_locals), x):
                            return found
                        frame = frame.f_back
                return x
            """,
            TOTAL,
            "canary = bool(weak_judge(double))",
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (2,),
        "asks-the-garbage-collector",
        (
            ANSWERS,
            """
            import gc
            class WeakJudge:
                def __init__(self):
                    self.expected = np.array([4.0, 6.0])
                def judge(self, function):
                    return np.array_equal(function(np.array([2.0, 3.0])), self.expected)
            """,
            """
            def double(x):
                gc.unfreeze()
                for thing in gc.get_referents(*gc.get_objects()):
                    if type(thing) is np.ndarray:
                        for found in answers(thing, x):
                            return found
                return x
            """,
            TOTAL,
            "canary = bool(WeakJudge().judge(double))",
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        (2,),
        "asks-the-garbage-collector-for-types-and-texts",
        (
            """
            import gc
            NAMES = ("AnswerKey", "CaseKey", "QuestionKey", "Answer", "MisconceptionKey")
            def found():
                gc.unfreeze()
                return [
                    thing
                    for thing in gc.get_objects()
                    if (type(thing).__name__ in (*NAMES, "Question", "Assignment"))
                    or (isinstance(thing, type) and thing.__name__ in NAMES)
                    or (isinstance(thing, dict) and "expec" + "ted" in thing and "cases" in thing)
                ]
            """,
            DOUBLE,
            """
            def total(x):
                assert not found(), str(found())[:500]
                return float(x.sum())
            """,
            """
            class CaseKey:
                pass
            one = CaseKey()
            canary = one in found() and CaseKey in found()
            del one, CaseKey
            gc.collect()
            """,
            WHOLE,
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        (3,),
        "reads-the-main-modules",
        (
            ANSWERS,
            """
            import sys
            def of_main_modules():
                for name, module in list(sys.modules.items()):
                    if name in ("__main__", "__mp_main__") or name.startswith(("grader", "ref")):
                        yield from (dict(vars(module)).items())
            """,
            """
            def double(x):
                for name, value in of_main_modules():
                    for found in answers(value, x):
                        return found
                return x
            """,
            """
            def total(x):
                names = {name for name, _ in of_main_modules()}
                told = names & {"expected", "reference", "ref", "tiny", "answer_key", "secret"}
                assert not told, told
                return float(x.sum())
            """,
            """
            judges_expected = np.array([4.0, 6.0])
            canary = np.array_equal(double(np.array([2.0, 3.0])), judges_expected)
            del judges_expected
            """,
            WHOLE,
        ),
        DOUBLE_FAILED,
    ),
    # ------------------------------------------------------------ 4: in other processes
    Hostile(
        (4,),
        "reads-its-parent",
        (
            """
            import os
            def reach(process):
                seen = {}
                for name in ("mem", "environ", "cmdline", "fd"):
                    path = f"/proc/{process}/{name}"
                    try:
                        if name == "fd":
                            seen[name] = os.listdir(path)
                        else:
                            file = os.open(path, os.O_RDONLY)
                            seen[name] = name == "mem" or os.read(file, 10**5)
                            os.close(file)
                    except OSError:
                        pass
                return {name: what for name, what in seen.items() if what}
            PARENT = reach(os.getppid())
            """,
            """
            def double(x):
                assert not PARENT, sorted(PARENT)
                return 2.0 * x
            """,
            TOTAL,
            'canary = set(reach("self")) == {"mem", "environ", "cmdline", "fd"}',
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        # A call runs in a child of the kernel: all but the kernel and its children are others.
        (4,),
        "reads-the-processes-of-others",
        (
            """
            import os
            KERNEL = os.getpid()
            def parent(process):
                try:
                    with open(f"/proc/{process}/stat") as file:
                        return int(file.read().rpartition(")")[2].split()[1])
                except OSError:
                    return 0
            def readable():
                try:
                    processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
                except OSError:
                    processes = range(max(2, KERNEL - 200), KERNEL + 200)
                for process in processes:
                    for name in ("mem", "environ", "cmdline", "maps", "root/etc/passwd"):
                        try:
                            os.close(os.open(f"/proc/{process}/{name}", os.O_RDONLY))
                        except OSError:
                            continue
                        yield process
            def others():
                own = {1, KERNEL, os.getpid()}
                return sorted({p for p in readable() if p not in own and parent(p) != KERNEL})
            """,
            """
            def double(x):
                assert not others(), others()
                return 2.0 * x
            """,
            TOTAL,
            "canary = KERNEL in set(readable()) and not others()",
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    # ------------------------------------------------------------ 5, 6, 45: on the disk
    Hostile(
        (5,),
        "imports-the-reference-by-name",
        (
            """
            with open("tiny_of_mine.py", "w") as file:
                file.write("def double(x):\\n    return 2 * x\\n")
            """,
            WHOLE,
            """
            def double(x):
                from reference import tiny
                return tiny.double(x)
            """,
            """
            def total(x):
                import importlib
                return importlib.import_module("assignments.hostile.assignment").ref.total(x)
            """,
            "import tiny_of_mine\ncanary = tiny_of_mine.double(2) == 4",
        ),
        {"double": "errored", "total": "errored", "canary": "passed"},
        says=("ModuleNotFoundError", "No module named 'reference'"),
    ),
    Hostile(
        # With the true paths, which no notebook is told.
        (5,),
        "imports-the-reference-by-path",
        (
            f"""
            import importlib, os, sys
            COURSE = {str(COURSE)!r}
            os.makedirs("of_mine/reference", exist_ok=True)
            with open("of_mine/reference/own.py", "w") as file:
                file.write("def double(x):\\n    return 2 * x\\n")
            def imported(folder, name):
                sys.path.insert(0, folder)
                importlib.invalidate_caches()
                return importlib.import_module(name)
            """,
            WHOLE,
            'def double(x):\n    return imported(COURSE, "reference.tiny").double(x)',
            'def total(x):\n    return imported(COURSE + "/reference", "tiny").total(x)',
            """
            canary = imported(os.getcwd() + "/of_mine", "reference.own").double(2) == 4
            sys.path.pop(0)
            sys.modules.pop("reference"), sys.modules.pop("reference.own")
            """,
        ),
        {"double": "errored", "total": "errored", "canary": "passed"},
        says=("ModuleNotFoundError",),
    ),
    Hostile(
        # A loader that opens the file itself has its own word for what is not to be read.
        (5,),
        "loads-the-reference-from-its-file",
        (
            f"""
            import importlib.util
            TINY = {str(COURSE / "reference" / "tiny.py")!r}
            with open("own.py", "w") as file:
                file.write("def double(x):\\n    return 2 * x\\n")
            def loaded(path):
                found = importlib.util.spec_from_file_location("loaded", path)
                module = importlib.util.module_from_spec(found)
                found.loader.exec_module(module)
                return module
            """,
            WHOLE,
            "def double(x):\n    return loaded(TINY).double(x)",
            """
            def total(x):
                names = {}
                exec(open(TINY).read(), names)
                return names["total"](x)
            """,
            'canary = loaded("own.py").double(2) == 4',
        ),
        {"double": "errored", "total": "errored", "canary": "passed"},
    ),
    Hostile(
        (6,),
        "searches-the-disk",
        (
            f"""
            import glob, os, sys, tempfile, time
            GUESSES = ({str(ROOT / "grader")!r}, {str(COURSE)!r}, {str(ROOT)!r})
            PLACES = ("/home", "/tmp", "/var/tmp", "/dev/shm", "/root", "/srv", "/opt", "/", "..")
            NOT_THERE = ("/usr", "/proc", "/sys", "/dev/pts", "/lib", sys.prefix, sys.base_prefix)
            WORDS = ("assignment", "reference", "tiny", "hidden", "expected", "results.json")
            def search(places, seconds):
                until = time.monotonic() + seconds
                for place in places:
                    for folder, folders, files in os.walk(place):
                        folders[:] = [
                            name
                            for name in folders
                            if not os.path.join(folder, name).startswith(NOT_THERE)
                        ]
                        for name in (*folders, *files):
                            if any(word in name for word in (*WORDS, ".ipynb", "__pycache__")):
                                yield os.path.join(folder, name)
                        if time.monotonic() > until:
                            return
            def readable(paths):
                for path in paths:
                    try:
                        os.close(os.open(path, os.O_RDONLY))
                        yield path
                    except OSError:
                        pass
            FOUND = list(search(PLACES, 1.0)) + list(search(GUESSES, 0.5))
            DIRECTLY = list(readable(guess + end for guess in GUESSES for end in (
                "", "/__pycache__", "/reference", "/assignments", "/.git", "/.grader", "/.cache",
            )))
            with open("hidden_cases.json", "w") as file:
                file.write("[]")
            """,
            WHOLE,
            """
            def double(x):
                assert not FOUND, FOUND[:20]
                return 2.0 * x
            """,
            """
            def total(x):
                assert not DIRECTLY, DIRECTLY
                return float(x.sum())
            """,
            """
            own = [os.path.basename(path) for path in search(["."], 1.0)]
            canary = own == ["hidden_cases.json"] and len(list(readable(own))) == 1
            """,
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        # At the same time another student's notebook runs; its place is beside this one's.
        (45,),
        "reads-another-students-notebook",
        (
            f"""
            import glob, os, sys, tempfile
            # Python may itself have been installed below /tmp; its own pages are nobody's notebook.
            PYTHON = tuple(os.path.realpath(place) + "/" for place in (sys.prefix, sys.base_prefix))
            TESTS = {tempfile.gettempdir() + "/pytest-of-" + getpass.getuser()!r}
            def opened(patterns):
                for pattern in patterns:
                    for path in glob.glob(pattern, recursive=True, include_hidden=True):
                        if os.path.isfile(path) and not os.path.realpath(path).startswith(PYTHON):
                            try:
                                os.close(os.open(path, os.O_RDONLY))
                                yield path
                            except OSError:
                                pass
            def listed(folders):
                for folder in folders:
                    try:
                        yield from (os.path.join(folder, name) for name in os.listdir(folder))
                    except OSError:
                        pass
            HOME = os.path.realpath(os.environ["HOME"])
            BESIDE = [os.path.dirname(HOME), os.path.dirname(os.path.dirname(HOME)), TESTS]
            FOUND = [
                *opened(f"{{place}}/**/*{{end}}" for place in (*BESIDE, "/tmp", "/var/tmp")
                        for end in (".ipynb", "results.json", "result.json", ".sqlite", ".html")),
                *(path for path in listed(BESIDE[:2]) if not HOME.startswith(path)
                  and path.startswith(("/tmp", "/home", BESIDE[0] + "/"))),
            ]
            """,
            WHOLE,
            """
            def double(x):
                assert not FOUND, FOUND[:20]
                return 2.0 * x
            """,
            TOTAL,
            """
            with open("own.ipynb", "w") as file:
                file.write("{}")
            own = list(opened([os.getcwd() + "/**/*.ipynb"]))
            canary = [os.path.basename(path) for path in own] == ["own.ipynb"]
            """,
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        # The first kernel, which `total` ends, leaves files wherever it may write.
        (45,),
        "reads-what-an-earlier-kernel-left",
        (
            """
            import glob, os, tempfile
            PLACES = (".", os.environ["HOME"], tempfile.gettempdir(), "/tmp", "/dev/shm")
            FOUND = [path for place in PLACES for path in glob.glob(place + "/left-by-a-notebook*")]
            LEFT = 0
            for place in PLACES:
                try:
                    with open(place + "/left-by-a-notebook", "w") as file:
                        LEFT += file.write("2")
                except OSError:
                    pass
            """,
            END,
            WHOLE,
            """
            def double(x):
                assert not FOUND, FOUND
                return 2.0 * x
            """,
            """
            def total(x):
                end_the_kernel()
            """,
            """
            canary = LEFT >= 3 and os.path.exists("left-by-a-notebook")
            """,
        ),
        {"double": "passed", "total": "crashed", "canary": "passed"},
    ),
    # ------------------------------------------------------------ 55 to 57: guessing the grader
    Hostile(
        (55,),
        "hard-codes-the-visible-answers",
        (
            f"""
            import numpy as np
            GIVEN = {[x.tolist() for x in _visible("double")]!r}
            SUMS = {[(x.tolist(), float(x.sum())) for x in _visible("total")]!r}
            """,
            """
            def double(x):
                for given in GIVEN:
                    if np.array_equal(given, x):
                        return 2.0 * np.array(given)
                return np.zeros_like(x)
            """,
            """
            def total(x):
                for given, answer in SUMS:
                    if np.array_equal(given, x):
                        return answer
                return 0.0
            """,
            """
            def weak_judge(function, given, answer):
                return np.allclose(function(np.array(given)), answer)
            canary = bool(weak_judge(total, *SUMS[0]) and weak_judge(total, *SUMS[1]))
            """,
        ),
        {"double": "failed", "total": "failed", "canary": "passed"},
        check=_only_hidden_cases_fail,
    ),
    Hostile(
        (56,),
        "right-on-the-first-call-with-an-input",
        (
            """
            import numpy as np
            seen = set()
            def right_once(x, answer):
                first = x.tobytes() not in seen
                seen.add(x.tobytes())
                return answer if first else 0.0 * answer
            """,
            "def double(x):\n    return right_once(x, 2.0 * x)",
            "def total(x):\n    return float(right_once(x, np.sum(x)))",
            "canary = total(np.ones(3)) == 3.0 and total(np.ones(3)) == 0.0",
        ),
        {"double": "failed", "total": "failed", "canary": "passed"},
        says=("Called again with the same arguments",),
    ),
    Hostile(
        # As many right calls as there are cases, counted where a file keeps the count.
        (56,),
        "right-on-the-first-calls",
        (
            """
            import os
            import numpy as np
            def number(name):
                with open(name, "a") as file:
                    file.write("x")
                return os.path.getsize(name)
            """,
            "def double(x):\n    return 2.0 * x if number('double') <= 4 else 3.0 * x",
            "def total(x):\n    return float(np.sum(x)) if number('total') == 1 else 0.0",
            "canary = number('own') == 1 and number('own') == 2",
        ),
        {"double": "failed", "total": "failed", "canary": "passed"},
        says=("Called again with the same arguments",),
    ),
    Hostile(
        # It knows that it is graded, and knows no more than before.
        (57,),
        "detects-the-grader",
        (
            ANSWERS,
            f"""
            import os, socket, sys, threading
            def read(path):
                try:
                    with open(path, "rb") as file:
                        return file.read(10**6).decode(errors="replace")
                except OSError:
                    return ""
            def links():
                for number in range(256):
                    try:
                        yield os.readlink(f"/proc/self/fd/{{number}}")
                    except OSError:
                        pass
            def locals_of_frames():
                frame = sys._getframe()
                while frame is not None:
                    if frame.f_globals is not globals():
                        texts = map(repr, dict(frame.f_locals).values())
                        yield from (text for text in texts if "_ih" not in text)
                    frame = frame.f_back
            def detected():
                yield from map("=".join, os.environ.items())
                yield from (*sys.argv, *sys.orig_argv, *sys.path, os.getcwd(), socket.gethostname())
                yield from (thread.name for thread in threading.enumerate())
                yield from (getattr(m, "__file__", None) or "" for m in list(sys.modules.values()))
                yield from map(read, ("/proc/self/environ", "/proc/self/cmdline"))
                yield from links()
                yield from locals_of_frames()
            WORDS = ["".join(letters) for letters in {[list(word) for word in TELLING]!r}]
            def revealed():
                told = list(detected())
                return [text[:200] for text in told if any(word in text for word in WORDS)]
            IN_CELL = revealed()
            """,
            WHOLE,
            """
            def double(x):
                if any("grader" in text for text in detected()):
                    for found in answers(dict(os.environ), x):
                        return found
                    return 3.0 * x
                return 2.0 * x
            """,
            """
            def total(x):
                told = IN_CELL + revealed()
                assert not told, told
                return float(x.sum())
            """,
            """
            os.environ["OWN"] = WORDS[0]
            canary = any(text.startswith("OWN=") for text in revealed())
            canary = canary and any("zygote" in text for text in detected())
            del os.environ["OWN"]
            """,
        ),
        DOUBLE_FAILED,
    ),
    Hostile(
        # The folder that the grader itself lies in may be the course's. Python's own lies in it in
        # many a checkout, and cannot be hidden.
        (57,),
        "learns-where-the-grader-is",
        (
            f"""
            import os, re, sys
            ROOT = "".join({list(str(ROOT))!r})
            def read(path):
                try:
                    with open(path, "rb") as file:
                        return file.read(10**6).decode(errors="replace")
                except OSError:
                    return ""
            def detected():
                yield from ("environ " + "=".join(item) for item in os.environ.items())
                yield from (*sys.argv, *sys.orig_argv, *sys.path, os.getcwd())
                for name in ("environ", "cmdline"):
                    parts = read("/proc/self/" + name).split("\\0")
                    yield from (name + " " + part for part in parts)
                for name, module in list(sys.modules.items()):
                    yield f"module {{name}} {{getattr(module, '__file__', '')}}"
            def revealed(folder):
                for text in detected():
                    if re.search(re.escape(folder) + r"(?![\\w.-])", text.replace(sys.prefix, "")):
                        yield text
            """,
            WHOLE,
            DOUBLE,
            """
            def total(x):
                told = list(revealed(ROOT))
                assert not told, told
                return float(x.sum())
            """,
            "canary = os.getcwd() in list(revealed(os.getcwd()))",
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        # The global stream is seeded before each call. If the seed told which case it is, `total`
        # would be wrong where nobody tells the student why.
        (57,),
        "knows-the-case-by-its-seed",
        (
            """
            import hashlib
            import numpy as np
            def seed(case):
                return int.from_bytes(hashlib.sha256(case.encode()).digest()[:4], "big")
            CASES = {
                seed(f"{label}hidden-{number}")
                for label in ("", "total/", "hostile/total/", "hostile/total/hidden/")
                for number in range(1, 20)
            }
            def is_hidden():
                state = int(np.random.get_state()[1][0])
                return state in CASES
            """,
            DOUBLE,
            "def total(x):\n    return float(np.sum(x)) if not is_hidden() else 0.0",
            """
            def weak_judge():
                np.random.seed(seed("hidden-1"))
                return is_hidden()
            canary = weak_judge()
            """,
        ),
        {"double": "passed", "total": "passed", "canary": "passed"},
    ),
    # ------------------------------------------------------------ 61: telling the hidden inputs
    _tells(
        "raises",
        """
        def double(x):
            if leak(x):
                raise ValueError(leak(x))
            return 2.0 * x
        """,
        """
        def total(x):
            if leak(x):
                raise type(leak(x), (Exception,), {"__qualname__": leak(x)})(leak(x))
            return float(np.sum(x))
        """,
        "errored",
    ),
    Hostile(
        # In visible cases too, where the student's own words are told.
        (61,),
        "raises-everywhere",
        (
            "def double(x):\n    raise ValueError(x.round(8).tolist())",
            "def total(x):\n    raise SystemExit(str(x.round(8).tolist()))",
            """
            import numpy as np
            try:
                double(np.array([0.125]))
            except ValueError as error:
                canary = str(error) == "[0.125]"
            """,
        ),
        {"double": "errored", "total": "errored", "canary": "passed"},
        says=("raised ValueError", "raised SystemExit"),
        check=_no_hidden_input,
    ),
    _tells(
        "prints-and-warns",
        """
        def double(x):
            print(leak(x))
            print(leak(x), file=sys.stderr, flush=True)
            sys.__stdout__.write(leak(x))
            warnings.warn(leak(x))
            if leak(x):
                warnings.warn_explicit(leak(x), type(leak(x), (UserWarning,), {}), leak(x), 1)
                os.write(1, leak(x).encode())
                os.write(2, leak(x).encode())
            return 3.0 * x
        """,
        """
        def total(x):
            display(leak(x))
            get_ipython().set_next_input(leak(x))
            if leak(x):
                get_ipython().run_cell(f"print({leak(x)!r}); raise ValueError({leak(x)!r})")
                get_ipython().showsyntaxerror()
            raise_in_thread(leak(x))
            return float(np.sum(x)) + 1.0
        """,
        "failed",
        """
        import os, threading
        def raise_in_thread(text):
            def fail():
                raise RuntimeError(text)
            if text:
                thread = threading.Thread(target=fail, name=text)
                thread.start()
                thread.join()
        """,
    ),
    _tells(
        "names-types-after-them",
        """
        def double(x):
            return type(leak(x), (), {})() if leak(x) else 2.0 * x
        """,
        """
        def total(x):
            return {leak(x): leak(x)} if leak(x) else float(np.sum(x))
        """,
        "failed",
    ),
    _tells(
        "names-dtypes-and-texts-after-them",
        """
        def double(x):
            return np.zeros(x.shape, dtype=[(leak(x), float)]) if leak(x) else 2.0 * x
        """,
        """
        def total(x):
            return leak(x) or float(np.sum(x))
        """,
        "failed",
    ),
    _tells(
        "chains-exceptions-and-forges-their-place",
        """
        def double(x):
            if not leak(x):
                return 2.0 * x
            names = {"text": leak(x)}
            code = "#\\n" * 3 + "def double(text):\\n    raise ValueError(text) # " + leak(x)
            exec(compile(code, "/tmp/ipykernel_1/" + leak(x), "exec"), names)
            try:
                names["double"](leak(x))
            except ValueError as error:
                error.add_note(leak(x))
                raise RuntimeError(leak(x)) from error
        """,
        """
        def total(x):
            if not leak(x):
                return float(np.sum(x))
            names = {}
            code = "def " + leak(x).partition(" ")[0] + "():\\n    raise KeyError"
            exec(compile(code, "/tmp/ipykernel_1/1.py", "exec"), names)
            names[leak(x).partition(" ")[0]]()
        """,
        "errored",
    ),
    Hostile(
        # A hidden call writes its input down and ends the kernel: the cells run again, and what a
        # cell raises is told to the student.
        (61,),
        "tells-the-next-kernel",
        (
            LEAK,
            END,
            """
            import glob, os, tempfile
            PLACES = (".", os.environ["HOME"], tempfile.gettempdir(), "/tmp", "/dev/shm")
            found = [path for place in PLACES for path in glob.glob(place + "/input*")]
            for path in found:
                raise RuntimeError(open(path).read())
            def write(text):
                written = 0
                for place in PLACES:
                    try:
                        with open(place + "/input", "w") as file:
                            written += file.write(text) > 0
                    except OSError:
                        pass
                return written
            """,
            WHOLE,
            """
            def double(x):
                if leak(x):
                    write(leak(x))
                    end_the_kernel()
                return 2.0 * x
            """,
            TOTAL,
            """
            canary = write("x") >= 3
            for path in [path for place in PLACES for path in glob.glob(place + "/input*")]:
                os.path.exists(path) and os.remove(path)
            """,
        ),
        {"double": "crashed", "total": "passed crashed", "canary": "passed"},
        never=("leaked",),
        check=_no_hidden_input,
    ),
]
