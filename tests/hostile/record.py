"""Fooling the record, and honest trouble."""

from __future__ import annotations

import io
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import msgspec
from rich.console import Console

from grader.reporting import FORMATS, terminal
from grader.reporting.progress import shown
from grader.reporting.tally import Tally
from grader.results import RESULTS_VERSION, ClassResult, SubmissionResult
from grader.submission import read_notebook
from tests.conftest import notebook_json
from tests.hostile.harness import CANARY, DOUBLE, HONEST, TOTAL, Hostile

# Where the other numbers are tried.
ELSEWHERE: dict[int, str] = {
    47: "no results are kept between runs yet",
    60: "tests/test_submission.py and tests/execution/test_reading.py",
    62: "tests/test_submission.py and tests/execution/test_reading.py",
    **dict.fromkeys((63, 65, 66, 67, 69), "test_words.py"),
    64: "tests/batch/test_answered.py",
    75: "tests/test_doctor.py",
    84: "tests/layouts/test_names.py",
}

# As in `breaking`: what a forked child of the kernel writes here, another one sees.
SHARED = """
import mmap
import numpy as np
canary = np.frombuffer(mmap.mmap(-1, 4096), dtype=bool, count=1).reshape(())
"""
WHOLE = 'exec("pass")'  # makes the planner run the whole notebook

ALL_PASS = {"double": "passed", "total": "passed", "canary": "passed"}
DOUBLE_ERRORED = {**ALL_PASS, "double": "errored"}

SCRIPT = "<script>alert(1)</script>"
LINK = '=HYPERLINK("http://127.0.0.1/","x")'
NOTICE = "::notice title=Autograding report::{}"
# All that a terminal or a page could take for more than text, except ends of lines and tabs.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# ---------------------------------------------------------------- what the reports hold


def _reports(seen: SubmissionResult) -> tuple[str, str, str]:
    """Write every report; return all HTML, the JSON, and what stands on a terminal or in a log."""
    results = ClassResult(RESULTS_VERSION, "hostile", "hostile", "", (seen,))
    with tempfile.TemporaryDirectory() as folder:
        for write in FORMATS.values():
            write(results, Path(folder))
        pages = [path.read_text() for path in sorted(Path(folder).rglob("*.html"))]
        text = (Path(folder) / "results.json").read_text()
    assert json.loads(text)["submissions"][0]["student"] == seen.student
    return "\n".join(pages), text, _shown(results)


def _shown(results: ClassResult) -> str:
    console = Console(file=io.StringIO(), width=80)
    with shown(console, "", Tally(1)) as watcher:
        watcher.done(0, results.submissions[0], {})
    terminal.print_class(console, results)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _named(seen: SubmissionResult, name: str) -> list[SubmissionResult]:
    """Return the result, and what it would be with such a name and such a message."""
    ungraded = replace(seen, student=name, status="unreadable", message=name, questions=())
    return [seen, replace(seen, student=name, message=name), ungraded]


def _escaped(seen: SubmissionResult) -> None:
    assert SCRIPT in repr(seen)
    for result in _named(seen, f"{SCRIPT}\x1b[31m]]>\x07\u202e"):
        page, text, shown = _reports(result)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<img" not in page
        assert not CONTROL.search(page)
        assert not CONTROL.search(shown)
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


def _no_formula(seen: SubmissionResult) -> None:
    assert "=HYPERLINK" in repr(seen)
    for result in _named(seen, LINK):
        page, text, _ = _reports(result)
        assert LINK not in page
        assert "=HYPERLINK(&#34;http" in page
        assert LINK not in text
        for line in text.splitlines():
            assert not line.lstrip().startswith("=")


def _no_command(seen: SubmissionResult) -> None:
    """Look for a line that a runner of GitHub would obey: leading blanks do not count there.

    Lines are also those into which a long text is folded. `##[` is obeyed anywhere in a line.
    """
    assert NOTICE in repr(seen)
    names = [NOTICE, *(f"{'x' * length} {NOTICE}" for length in (1, 20, 60, 120))]
    odd = (f"x\r\n{NOTICE}\n{NOTICE}\x0b{NOTICE}\u2028{NOTICE}", f":{NOTICE}", "x ##[error]x")
    for name in (*odd, *names):
        for result in _named(seen, name):
            _, text, shown = _reports(result)
            assert "##[" not in shown
            for line in re.split(r"[\r\n]+", f"{text}\n{shown}"):
                assert not line.lstrip().startswith(("::", "##["))


def _stored_counts_for_nothing(_: SubmissionResult) -> None:
    """Read the honest notebook as it is, and with all that can be forged beside the sources."""
    honest = json.loads(notebook_json(*HONEST))
    forged = json.loads(notebook_json(*HONEST))
    forged["metadata"] = {
        "grader": {"score": 10, "status": "graded"},
        "kernelspec": {"name": "../../bin/sh", "display_name": SCRIPT},
        "language_info": {"name": "bash"},
    }
    for cell in forged["cells"]:
        cell["metadata"] = {
            "tags": ["graded", "locked", "solution", "points:10"],
            "nbgrader": {"grade": True, "points": 100, "locked": True, "grade_id": "double"},
        }
        cell["execution_count"] = 10**9
        stored = {"text/plain": "10 of 10 points", "text/html": SCRIPT}
        cell["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": f"{NOTICE}\nAll tests passed"},
            {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": stored},
        ]
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "honest.ipynb", Path(folder) / "forged.ipynb"
        for path, notebook in zip(paths, (honest, forged), strict=True):
            path.write_text(json.dumps(notebook))
        assert read_notebook(paths[0]).cells == read_notebook(paths[1]).cells


# What a kernel's environment may hold: what the grader gives it, and what IPython and Python add.
VARIABLES = (
    "PATH HOME USER LOGNAME TMPDIR LANG LC_ALL LC_CTYPE TZ IPYTHONDIR MPLCONFIGDIR MPLBACKEND "
    "OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS PYTHONDONTWRITEBYTECODE TERM CLICOLOR "
    "CLICOLOR_FORCE FORCE_COLOR PAGER GIT_PAGER PYDEVD_USE_FRAME_EVAL "
    "PYDEVD_DISABLE_FILE_VALIDATION KMP_DUPLICATE_LIB_OK KMP_INIT_AT_FORK MALLOC_ARENA_MAX"
)


# ---------------------------------------------------------------- Jupyter's own channel

# Messages are packed so that halves of characters, and whatever else, get through.
PACKS = f"""
import json
{WHOLE}
session = get_ipython().kernel.session
session.pack = lambda content: json.dumps(content, default=str).encode()
"""
# What a message about an error may say in place of texts: Python, as the notebook writes it.
ODD_ERRORS = {
    "halves-of-characters": r'dict(ename="\udfff", evalue="\ud800\x00", traceback=["\udc80"])',
    "objects": 'dict(ename={"a": 1}, evalue=["b"], traceback=7)',
    "nothing": "dict()",
    "parts-of-any-kind": 'dict(ename=None, evalue=1e999, traceback=[1, None, {"a": []}, "x"])',
    "lines-without-end": 'dict(ename="E", evalue="", traceback=["Cell In[1], line " + "9" * 5000])',
    "numbers-without-end": 'dict(ename="E", evalue=RAW("9" * 5000), traceback=RAW("NaN"))',
    "a-list-for-an-object": "[]",
    "nested": 'RAW("[" * 1_000_000)',
    "an-open-object": 'RAW("{" + chr(34) + "ename")',
    "many-parts": 'dict(ename="E", evalue="", traceback=[[]] * 1_000_000)',
    "bytes-that-are-no-text": 'dict(ename="E", evalue=RAW(b"\\"\\xff\\xfe\\""), traceback=[])',
}


def _speaks(content: str) -> str:
    """Return a cell that tells of an error with such content, of itself, and lets none be seen."""
    return f"""
    import json, re, time
    {WHOLE}
    kernel = get_ipython().kernel
    kept = []
    def RAW(text):
        kept.append(text if isinstance(text, bytes) else text.encode())
        return f"<raw {{len(kept) - 1}}>"
    def packed(content):
        text = json.dumps(content, default=str).encode()
        return re.sub(rb'"<raw (\\d+)>"', lambda found: kept[int(found[1])], text)
    before, kernel.session.pack = kernel.session.pack, packed
    content = {content}
    kernel.session.send(kernel.iopub_socket, "error", content, kernel.get_parent())
    kernel.session.pack = before
    time.sleep(0.2)
    """


def _recordable(seen: SubmissionResult) -> None:
    """Keep it, and read it again; what it says are lines that exist, and texts that can be sent."""
    assert msgspec.json.decode(msgspec.json.encode(seen), type=SubmissionResult) == seen
    assert "\x00" not in "".join(note.message for note in seen.notes)
    assert {note.line for note in seen.notes} <= {None, *range(1, 40)}
    _reports(seen)


CASES: list[Hostile] = [
    Hostile(
        (68,),
        "halves-of-characters-on-jupyter-s-channel",
        (
            PACKS,
            r'raise ValueError("\ud800 and \udfff, \x00 and \x1b[31m")',
            r'raise type("\ud83d", (Exception,), {})("\ud83d")',
            DOUBLE,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("ValueError",),
        check=_recordable,
    ),
    *(
        Hostile(
            (68,),
            f"an-error-of-{name}",
            (DOUBLE, TOTAL, CANARY, _speaks(content)),
            ALL_PASS,
            check=_recordable,
        )
        for name, content in ODD_ERRORS.items()
    ),
    Hostile(
        (68,),
        "headers-of-any-kind",
        (
            f"""
            import json, time
            {WHOLE}
            kernel = get_ipython().kernel
            canary = True
            """,
            DOUBLE,
            TOTAL,
            """
            odd = iter([[], 3, "x", {"msg_type": 3}, {"msg_type": "x" * 10**6}, {"msg_id": {}}])
            before = kernel.session.pack
            def packed(content):
                changed = next(odd, content)
                return json.dumps(changed, default=str).encode()
            for number in range(2):
                kernel.session.pack = packed
                kernel.session.send(kernel.iopub_socket, "error", {}, kernel.get_parent())
                kernel.session.pack = before
                time.sleep(0.1)
            """,
        ),
        ALL_PASS,
        check=_recordable,
    ),
    Hostile(
        (68,),
        "messages-with-another-signature",
        (
            DOUBLE,
            TOTAL,
            CANARY,
            f"""
            {WHOLE}
            kernel = get_ipython().kernel
            kernel.session.sign = lambda parts: b"0" * 64
            print("x")
            """,
        ),
        ALL_PASS,
        check=_recordable,
    ),
    Hostile(
        (68,),
        "source-of-halves-of-characters",
        # In the notebook's file they are escapes; planned, they are names and literals.
        (
            DOUBLE,
            TOTAL,
            CANARY,
            r"""
            globals()['\ud800'] = 1
            setattr(np, '\udfff', 2)
            x = {'\ud800': '\x00'}
            """,
            "y = '\ud800\x00'",
            "def \ud800(x):\n    return x",
        ),
        ALL_PASS,
        check=_recordable,
    ),
    Hostile(
        (69,),
        "a-line-without-end",
        (
            WHOLE,
            'raise type("line " + "9" * 5000, (Exception,), {})()',
            'raise type("Cell In[1], line " + "9" * 3, (Exception,), {})("Cell In[1], line 77")',
            DOUBLE,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        never=("line=77", "line=999"),
        check=_recordable,
    ),
    Hostile(
        (69,),
        "a-line-of-another-cell",
        # What is run has more lines than the cell that runs it.
        (
            f"""
            {WHOLE}
            text = "\\n" * 500 + "raise ValueError(1)"
            get_ipython().run_cell(text).raise_error()
            """,
            DOUBLE,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        never=("line=501",),
        check=_recordable,
    ),
    Hostile(
        (48,),
        "markup-in-exceptions",
        (
            SHARED,
            f"""
            def double(x):
                canary[...] = True
                raise ValueError("{SCRIPT} \\x1b[31mred\\x1b[0m ]]> \\x00\\x07\\x9b \\u202etxt")
            """,
            """
            Strange = type("<img src=x onerror=alert(1)>", (Exception,), {})
            def total(x):
                raise Strange("`<b>bold</b>`")
            """,
        ),
        {**DOUBLE_ERRORED, "total": "errored"},
        check=_escaped,
    ),
    Hostile(
        (48,),
        "markup-in-output-and-names",
        (
            f"""
            from IPython.display import HTML, display
            {WHOLE}
            print("{SCRIPT} \\x1b]0;title\\x07 ]]>")
            shown = display(HTML("{SCRIPT}"))
            """,
            f'raise RuntimeError("{SCRIPT} \\x1b[2J ]]> \\x00")',
            """
            odd = type("<img src=x onerror=alert(1)>\\x1b[31m", (), {})
            def double(x):
                return odd()
            """,
            TOTAL,
            "canary = shown is None",
        ),
        {**ALL_PASS, "double": "failed"},
        says=("RuntimeError",),
        check=_escaped,
    ),
    Hostile(
        (49,),
        "formula-in-exceptions",
        (
            SHARED,
            f"""
            def double(x):
                canary[...] = True
                raise ValueError('{LINK}')
            """,
            TOTAL,
        ),
        DOUBLE_ERRORED,
        check=_no_formula,
    ),
    Hostile(
        (50,),
        "workflow-command",
        (
            SHARED,
            f"""
            import os, sys
            def double(x):
                for stream in (sys.stdout, sys.stderr, sys.__stdout__):
                    print("\\n{NOTICE}", file=stream, flush=True)
                for number in (1, 2):
                    os.write(number, b"\\n{NOTICE}\\n")
                canary[...] = True
                raise ValueError("x\\n{NOTICE}\\r\\n{NOTICE}\\r{NOTICE}\\x0b{NOTICE}")
            """,
            TOTAL,
        ),
        DOUBLE_ERRORED,
        check=_no_command,
    ),
    Hostile(
        (50,),
        "workflow-command-in-a-cell",
        (
            f"""
            import os, sys
            {WHOLE}
            for stream in (sys.stdout, sys.stderr, sys.__stdout__):
                print("\\n{NOTICE}", file=stream, flush=True)
            for number in (1, 2):
                written = os.write(number, b"\\n{NOTICE}\\n")
            """,
            f'raise ValueError("x\\n{NOTICE}\\r{NOTICE}")',
            DOUBLE,
            TOTAL,
            "canary = written > 0",
        ),
        ALL_PASS,
        check=_no_command,
    ),
    Hostile(
        (51,),
        "workflow-files",
        (
            f"""
            import os
            inherited = open("/proc/self/environ", "rb").read().decode().split(chr(0))
            first = [variable.partition("=")[0] for variable in inherited]
            canary = (
                not [name for name in (*os.environ, *first) if "GITHUB" in name or "TOKEN" in name]
                and set(os.environ) - set("{VARIABLES}".split()) == set()
            )
            """,
            DOUBLE,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (51,),
        "workflow-files-by-guess",
        # Where the runners of GitHub keep them.
        (
            """
            import glob, os
            def denied(path):
                try:
                    with open(path, "a") as file:
                        file.write("score=10")
                except OSError:
                    return True
                return False
            folders = ["/home/runner/work/_temp/_runner_file_commands", "/github/file_commands"]
            names = ["set_output_0", "set_env_0", "add_path_0", "step_summary_0"]
            canary = all(denied(f"{folder}/{name}") for folder in folders for name in names)
            """,
            DOUBLE,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (52,),
        "hides-its-errors",
        # The definition fails without a word, so its name is not there.
        (
            f"""
            {WHOLE}
            shell = get_ipython()
            shell.showtraceback = lambda *given, **named: None
            shell._showtraceback = lambda *given, **named: None
            shell.showsyntaxerror = lambda *given, **named: None
            shell.history_manager.enabled = False
            shell.history_manager.input_hist_raw = []
            shell.autocall = 2
            """,
            """
            missing_from_the_start
            def double(x):
                return 2.0 * x
            """,
            TOTAL,
            "canary = not shell.history_manager.enabled and shell.autocall == 2",
        ),
        {**ALL_PASS, "double": "missing"},
    ),
    Hostile(
        # Jupyter itself runs no cell any more after this one: nothing is passed.
        (52,),
        "has-no-history",
        (
            f"{WHOLE}\nshell = get_ipython()\nshell.history_manager = None",
            DOUBLE,
            TOTAL,
            "canary = shell.history_manager is None",
        ),
        dict.fromkeys(("double", "total", "canary"), "missing"),
    ),
    Hostile(
        (52,),
        "magics-that-change-how-code-is-run",
        (
            """
            %autocall 2
            %xmode Minimal
            %config InteractiveShell.ast_node_interactivity = "none"
            %config InteractiveShell.history_length = 0
            changed = get_ipython().autocall
            """,
            DOUBLE,
            TOTAL,
            "canary = changed == 2",
        ),
        ALL_PASS,
    ),
    Hostile(
        (52,),
        "rewrites-later-cells",
        # Also the grader's own: what answers it then is the notebook's, which it is in any case.
        (
            f"""
            {WHOLE}
            def rewrite(lines):
                rewritten.append(1)
                return [line.replace("3.0", "2.0") for line in lines]
            rewritten = []
            get_ipython().input_transformers_cleanup.append(rewrite)
            """,
            "def double(x):\n    return 3.0 * x",
            TOTAL,
            "canary = len(rewritten) > 0",
        ),
        ALL_PASS,
    ),
    Hostile(
        (52,),
        "answers-no-more",
        # The shell runs nothing from there on; nothing passes for it.
        (
            DOUBLE,
            TOTAL,
            f"""
            {WHOLE}
            import os
            def run_cell(*given, **named):
                os._exit(0)
            get_ipython().run_cell = run_cell
            """,
            CANARY,
        ),
        {"double": "passed crashed", "total": "passed crashed", "canary": "passed missing crashed"},
    ),
    Hostile(
        (53,),
        "edits-the-given-cells",
        # Tests that were given and now always agree, and a claim to points.
        (
            "# points: 10, locked, do not edit\ndef double_test(target):\n    return True",
            "def total_test(target):\n    print('All tests passed!')",
            """
            # GRADED FUNCTION: double (10/10)
            def double(x):
                '''Status: passed.'''
                return 3.0 * x
            assert double_test(double)
            """,
            TOTAL,
            "total_test(total)",
            "canary = double_test(double)",
        ),
        {**ALL_PASS, "double": "failed"},
        check=_stored_counts_for_nothing,
    ),
    Hostile(
        (54,),
        "defined-again",
        (
            "def double(x):\n    return 3.0 * x",
            f"first = double\n{TOTAL}",
            "def total(x):\n    return -1.0",
            DOUBLE,
            "canary = double is not first",
        ),
        {**ALL_PASS, "total": "failed"},
        says=(
            "`double` is defined 2 times (cells 1, 4); the last one counts.",
            "`total` is defined 2 times (cells 2, 3); the last one counts.",
        ),
    ),
    Hostile(
        (54,),
        "defined-again-in-one-cell",
        (
            f"def double(x):\n    return 3.0 * x\nfirst = double\n{DOUBLE}",
            TOTAL,
            "canary = double is not first",
        ),
        ALL_PASS,
        says=("`double` is defined 2 times (cells 1); the last one counts.",),
    ),
    Hostile(
        (58,),
        "changes-its-inputs",
        (
            SHARED,
            """
            def double(x):
                before = x.copy()
                x *= 2.0
                canary[...] = not np.array_equal(before, x)
                return x
            """,
            """
            def total(x):
                result = float(np.sum(x))
                x[:] = 0.0
                return result
            """,
        ),
        ALL_PASS,
        says=("`double` changes `x` in place", "`total` changes `x` in place"),
    ),
    Hostile(
        (58,),
        "changes-its-inputs-and-is-wrong",
        # Against the changed input the result would be right.
        (
            SHARED,
            """
            def double(x):
                x[:] = 0.0
                canary[...] = not x.any()
                return 2.0 * x
            """,
            TOTAL,
        ),
        {**ALL_PASS, "double": "failed"},
        says=("`double` changes `x` in place",),
    ),
    Hostile(
        (58,),
        "changes-the-shape-of-its-inputs",
        (
            SHARED,
            """
            def double(x):
                result = 2.0 * x
                x.resize((x.size + 1,), refcheck=False)
                canary[...] = x.ndim == 1
                return result
            """,
            TOTAL,
        ),
        ALL_PASS,
        says=("`double` changes `x` in place",),
    ),
    Hostile(
        (59,),
        "seeds-patched-and-streams-consumed",
        # Freshly seeded, a generator stands before its first number (position 624 of 624).
        (
            SHARED,
            """
            import random
            np.random.seed = lambda *given: None
            random.seed = lambda *given: None
            before = [np.random.rand(1000), random.random()]
            calls = []
            def double(x):
                fresh = np.random.get_state()[2] == 624 and random.getstate()[1][-1] == 624
                calls.append((fresh, before))
                canary[...] = len(calls) > 1 and all(fresh for fresh, _ in calls)
                np.random.rand(10), random.random()
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (59,),
        "draws-the-same-when-asked-again",
        # One case is asked twice: drawn from the global stream, noise must be the same then.
        (
            SHARED,
            """
            import random
            np.random.seed = random.seed = lambda *given: None
            seen = {}
            def total(x):
                np.random.shuffle(np.arange(100))
                draw = (np.random.rand(), random.random())
                canary[...] = seen.setdefault(x.tobytes(), draw) == draw
                return float(np.sum(x)) if canary else -1.0
            """,
            DOUBLE,
        ),
        ALL_PASS,
    ),
]
