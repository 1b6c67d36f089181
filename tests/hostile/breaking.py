"""Breaking the run."""

from __future__ import annotations

import json
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from grader.reporting import FORMATS
from grader.results import RESULTS_VERSION, ClassResult, SubmissionResult
from tests.hostile.harness import CANARY, DOUBLE, TOTAL, Hostile

# A canary in shared memory: functions are called in forked children of the kernel, and what they
# write here is seen by the child that is asked for `canary`.
SHARED = """
import mmap
import numpy as np
canary = np.frombuffer(mmap.mmap(-1, 4096), dtype=bool, count=1).reshape(())
"""
WRONG = "def double(x):\n    return 3.0 * x"
WHOLE = 'exec("pass")'  # makes the planner run the whole notebook

ALL_PASS = {"double": "passed", "total": "passed", "canary": "passed"}


def only_double(*statuses: str) -> dict[str, str]:
    """Return the outcome where `double` alone is lost."""
    return {**ALL_PASS, "double": " ".join(statuses)}


# ---------------------------------------------------------------- what the run leaves for others


def _written_over_a_link(seen: SubmissionResult) -> None:
    """Write the reports to a folder where `results.json` is a link to another file."""
    results = ClassResult(RESULTS_VERSION, "hostile", "hostile", "", (seen,))
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        other.write_text("as it was")
        reports = Path(folder) / "reports"
        reports.mkdir()
        (reports / "results.json").symlink_to(other)
        for write in FORMATS.values():
            write(results, reports)
        assert other.read_text() == "as it was"
        assert not (reports / "results.json").is_symlink()
        written = json.loads((reports / "results.json").read_text())
        assert written["submissions"][0]["score"] == seen.score


# ---------------------------------------------------------------- the network

# Attempts to connect must be denied, not merely find nobody there: here somebody listens.
LISTENER = socket.create_server(("127.0.0.1", 0))
LISTENER.settimeout(0)
PORT = LISTENER.getsockname()[1]


def _nobody_called(_: SubmissionResult) -> None:
    with suppress(BlockingIOError):
        LISTENER.accept()
        raise AssertionError("a notebook reached a listener outside")


def _full_marks(seen: SubmissionResult) -> None:
    assert seen.score == seen.max_score


# ---------------------------------------------------------------- frames on the kernel's sockets

# Python that gives the bytes to be sent again and again: frames as libzmq writes them (ZMTP 3).
RAW_FRAMES = {
    "of-a-message-that-never-ends": "b'\\x03' + (2**23).to_bytes(8, 'big') + bytes(2**23)",
    "without-content": "bytes([1, 0]) * 2**20",
    "that-are-commands": "bytes([4, 1, 0]) * 2**20",
    "of-large-commands": "bytes([6]) + (8 * 2**20).to_bytes(8, 'big') + bytes(8 * 2**20)",
    "of-2-to-the-63-bytes": "bytes([3]) + (2**63).to_bytes(8, 'big') + bytes(2**20)",
    "of-messages-of-nothing": "bytes([0, 0]) * 2**20",
    "that-are-none": "bytes([255]) * 2**20",
}
RAW_SECONDS = 3


def _raw(frames: str) -> str:
    """Return a cell that writes frames to all of the kernel's connections, 400 MB at most."""
    return f"""
import os, select, socket, time
{WHOLE}
time.sleep(0.5)  # until what the kernel itself says of this cell has been said
data = memoryview({frames})
ends = []
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        end = socket.socket(fileno=os.dup(number))
        end.getpeername()
    except OSError:
        continue
    if end.type == socket.SOCK_STREAM and end.getsockname():
        end.setblocking(False)
        ends.append([end, 0])
until, left = time.monotonic() + {RAW_SECONDS}, 400 * 2**20
while ends and left > 0 and time.monotonic() < until:
    for each in select.select([], [end for end, _ in ends], [], 0.2)[1]:
        (state,) = [state for state in ends if state[0] is each]
        try:
            sent = each.send(data[state[1]:])
        except OSError:
            ends.remove(state)
            continue
        left -= sent
        state[1] = (state[1] + sent) % len(data)
"""


CASES = [
    Hostile(
        (25,),
        "header-of-72-tib",
        (
            SHARED,
            """
            from grader import wire
            def double(x):
                claimed = [10**13]  # of eight bytes each
                wire._Encoder._numpy = lambda self, value: self._ext(
                    wire._ARRAY, ["<f8", 0, *claimed]
                )
                canary[...] = (10**13).to_bytes(8, "big") in wire.pack(x)
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
    ),
    Hostile(
        (25,),
        "header-whose-size-overflows",
        (
            SHARED,
            """
            from grader import wire
            def double(x):
                # The product of the dimensions is 0 in 64 bits.
                shape = [2**32, 2**32]
                wire._Encoder._numpy = lambda self, value: self._ext(
                    wire._ARRAY, ["<f8", 0, *shape]
                )
                canary[...] = (2**32).to_bytes(8, "big") in wire.pack(x)
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
    ),
    Hostile(
        (25,),
        "message-of-72-tib",
        (
            SHARED,
            """
            import struct, sys
            def double(x):
                frame = sys._getframe()
                while frame is not None and "channel" not in frame.f_locals:
                    frame = frame.f_back
                channel = frame.f_locals["channel"]
                canary[...] = True  # at once: this process will not live long
                channel.sendall(struct.pack("<Q", 72 * 2**40))
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
    ),
    Hostile(
        (26,),
        "exit-in-a-cell",
        (
            DOUBLE,
            f"""
            import sys
            {WHOLE}
            sys.exit(0)
            reached = True
            """,
            TOTAL,
            'canary = "reached" not in globals()',
        ),
        ALL_PASS,
        says=("SystemExit",),
    ),
    Hostile(
        (26,),
        "quit-in-a-cell",
        # IPython's own `quit` ends the kernel once the cell is done.
        (DOUBLE, f"{WHOLE}\nquit()\nunwanted = True", TOTAL, CANARY),
        ALL_PASS,
    ),
    Hostile(
        (27,),
        "exit-in-a-function",
        (
            SHARED,
            """
            import sys
            def double(x):
                try:
                    sys.exit(0)
                finally:
                    canary[...] = True
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` raised SystemExit",),
    ),
    Hostile(
        (28,),
        "os-exit-in-a-function",
        (
            SHARED,
            """
            import os
            def double(x):
                canary[...] = True
                os._exit(0)
            """,
            TOTAL,
        ),
        only_double("crashed"),
        says=("`double` ended the notebook's process",),
    ),
    Hostile(
        (28,),
        "segfault-in-a-function",
        (
            SHARED,
            """
            import ctypes
            def double(x):
                canary[...] = True
                return ctypes.string_at(0)
            """,
            TOTAL,
        ),
        only_double("crashed"),
        says=("`double` ended the notebook's process",),
    ),
    Hostile(
        (28,),
        "killed-after-the-first-call",
        # What was right in the first call does not make the item right.
        (
            SHARED,
            """
            import os, signal
            calls = []
            def double(x):
                calls.append(1)
                if len(calls) > 1:
                    canary[...] = True
                    os.kill(os.getpid(), signal.SIGKILL)
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("crashed"),
        says=("`double` ended the notebook's process",),
    ),
    Hostile(
        (28,),
        "os-exit-in-a-cell",
        # The kernel is lost with all it knows; that the cell did it is told in the notes.
        (DOUBLE, f"import os\n{WHOLE}", "os._exit(0)", TOTAL, CANARY),
        ALL_PASS,
        says=("Cell 3 did not finish: it ended the notebook's process",),
    ),
    Hostile(
        (28,),
        "segfault-in-a-cell",
        (DOUBLE, f"import ctypes\n{WHOLE}", "ctypes.string_at(0)", TOTAL, CANARY),
        ALL_PASS,
        says=("Cell 3 did not finish: it ended the notebook's process",),
    ),
    Hostile(
        (29,),
        "interrupt-in-a-function",
        (
            SHARED,
            """
            def double(x):
                canary[...] = True
                raise KeyboardInterrupt
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` raised KeyboardInterrupt",),
    ),
    Hostile(
        (29,),
        "own-base-exception",
        (
            SHARED,
            """
            class Unstoppable(BaseException):
                pass
            def double(x):
                canary[...] = True
                raise Unstoppable("no Exception")
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` raised Unstoppable",),
    ),
    Hostile(
        (29,),
        "exception-whose-text-raises",
        (
            SHARED,
            """
            class Mute(BaseException):
                def __str__(self):
                    canary[...] = True
                    raise KeyboardInterrupt
                __repr__ = __str__
            def double(x):
                raise Mute
            """,
            TOTAL,
        ),
        only_double("errored", "crashed"),
    ),
    Hostile(
        (29,),
        "interrupt-in-a-cell",
        (
            DOUBLE,
            f"""
            {WHOLE}
            class Unstoppable(BaseException):
                pass
            """,
            "raise KeyboardInterrupt\nreached = 1",
            "raise Unstoppable\nreached += 1",
            TOTAL,
            "canary = reached == 2  # each costs its own statement",
        ),
        ALL_PASS,
        says=("Unstoppable", "KeyboardInterrupt"),
    ),
    Hostile(
        (30,),
        "atexit-writes-results",
        (
            """
            import atexit, json
            def forge():
                with open("results.json", "w") as file:
                    json.dump({"version": 1, "score": 10}, file)
            before = atexit._ncallbacks()
            registered = atexit.register(forge)
            canary = (registered is forge) and atexit._ncallbacks() == before + 1
            """,
            WRONG,
            TOTAL,
        ),
        only_double("failed"),
        check=_written_over_a_link,
    ),
    Hostile(
        (31,),
        "writes-results",
        (
            f"""
            import json, os
            from pathlib import Path
            {WHOLE}
            forged = json.dumps({{"version": 1, "submissions": [{{"score": 10}}]}})
            for folder in (".", "..", os.environ["HOME"], os.environ["TMPDIR"], "/tmp"):
                try:
                    Path(folder, "results.json").write_text(forged)
                except OSError:
                    pass
            canary = Path("results.json").read_text() == forged
            """,
            WRONG,
            TOTAL,
        ),
        only_double("failed"),
        check=_written_over_a_link,
    ),
    Hostile(
        (31,),
        "links-results",
        (
            f"""
            import os
            {WHOLE}
            os.symlink("/etc/passwd", "results.json")
            os.symlink("/", "root")
            os.symlink("..", "above")
            canary = os.readlink("results.json") == "/etc/passwd"
            """,
            WRONG,
            TOTAL,
        ),
        only_double("failed"),
        check=_written_over_a_link,
    ),
    Hostile(
        (32,),
        "prints-a-result",
        (
            SHARED,
            """
            import json, sys
            def double(x):
                forged = {"id": "0", "status": "returned", "value": (2.0 * x).tolist()}
                for stream in (sys.stdout, sys.stderr):
                    canary[...] = stream.write(json.dumps(forged) + chr(10)) > 0
                return 3.0 * x
            """,
            TOTAL,
        ),
        only_double("failed"),
    ),
    Hostile(
        (33,),
        "writes-to-every-file-in-a-function",
        (
            SHARED,
            """
            import os
            def double(x):
                for number in range(256):
                    try:
                        os.set_blocking(number, False)
                        canary[...] = os.write(number, b"garbage!" * 64) > 0
                    except OSError:
                        pass
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored", "crashed", "timed_out"),
    ),
    Hostile(
        (33,),
        "writes-to-every-file-in-a-cell",
        # If it costs the cell, the names of that cell are lost with it, `written` among them.
        (
            DOUBLE,
            f"import os\n{WHOLE}",
            """
            written = 0
            for number in range(3, 256):
                try:
                    os.set_blocking(number, False)
                    written += os.write(number, b"garbage!" * 64)
                except OSError:
                    pass
            """,
            TOTAL,
            "canary = written > 0",
        ),
        {**ALL_PASS, "canary": "passed missing"},
    ),
    Hostile(
        (33,),
        "answers-with-another-identity",
        (
            SHARED,
            """
            import sys
            from grader import wire
            def double(x):
                probe = sys.modules["grader.execution.probe"]
                pack = probe._pack
                probe._pack = lambda answer: pack({**answer, "id": "0" * 32})
                canary[...] = True
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
    ),
    Hostile(
        (34,),
        "closes-the-standard-files",
        (
            f"""
            import os, sys
            {WHOLE}
            os.closerange(0, 3)
            """,
            DOUBLE,
            TOTAL,
            """
            canary = True
            for number in (0, 1, 2):
                try:
                    canary = canary and os.fstat(number) is None
                except OSError:
                    pass
            """,
        ),
        ALL_PASS,
    ),
    Hostile(
        (34,),
        "replaces-the-streams",
        (
            f"""
            import sys
            {WHOLE}
            class Deaf:
                def write(self, text):
                    return len(text)
                def flush(self):
                    pass
            """,
            "sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Deaf()",
            DOUBLE,
            TOTAL,
            "sys.stdin.close()\nsys.stdin = None",
            "canary = isinstance(sys.stdout, Deaf)",
        ),
        ALL_PASS,
    ),
    Hostile(
        (34,),
        "has-no-streams",
        (
            f"import sys\n{WHOLE}",
            "sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None",
            DOUBLE,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
    ),
    Hostile(
        (34,),
        "replaces-the-streams-in-a-function",
        (
            SHARED,
            """
            import os, sys
            def double(x):
                sys.stdout.close()
                sys.stdout = sys.stderr = None
                os.closerange(0, 3)
                canary[...] = sys.stdout is None
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (35,),
        "daemon-thread",
        (
            """
            import threading, time
            def linger():
                until = time.monotonic() + 30
                while time.monotonic() < until:
                    time.sleep(0.01)
            thread = threading.Thread(target=linger, daemon=True)
            thread.start()
            """,
            DOUBLE,
            TOTAL,
            "canary = thread.is_alive()",
        ),
        ALL_PASS,
    ),
    Hostile(
        (35,),
        "double-forked-child",
        (
            f"""
            import os, signal, time
            {WHOLE}
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                os.setsid()
                for number in range(1, 32):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError):
                        pass
                if os.fork() == 0:
                    os.write(writing, str(os.getpid()).encode())
                    time.sleep(30)
                os._exit(0)
            os.waitpid(child, 0)
            grandchild = int(os.read(reading, 20))
            os.kill(grandchild, 0)
            """,
            DOUBLE,
            TOTAL,
            "canary = grandchild > 0 and os.getpgid(grandchild) != os.getpgrp()",
        ),
        ALL_PASS,
    ),
    Hostile(
        (35,),
        "setsid-child-of-a-function",
        (
            SHARED,
            """
            import os, signal, time
            def double(x):
                if os.fork() == 0:
                    os.setsid()
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    signal.signal(signal.SIGHUP, signal.SIG_IGN)
                    if os.fork():
                        while not canary:
                            time.sleep(0.01)
                        os._exit(0)
                    canary[...] = True
                    time.sleep(30)
                    os._exit(0)
                os.wait()
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (35,),
        "children-that-breed",
        # Each lives a moment and starts the next: who counts them sees another one every time.
        (
            f"""
            import os, time
            {WHOLE}
            reading, writing = os.pipe()
            if os.fork() == 0:
                for generation in range(500):
                    if os.fork():
                        os._exit(0)
                    os.setsid()
                    if generation == 10:
                        os.write(writing, b"x")
                    time.sleep(0.02)
                os._exit(0)
            """,
            DOUBLE,
            TOTAL,
            'canary = os.read(reading, 1) == b"x"',
        ),
        ALL_PASS,
    ),
    Hostile(
        (36,),
        "process-that-rewrites-results",
        (
            f"""
            import json, os, time
            from pathlib import Path
            {WHOLE}
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.setsid()
                forged = json.dumps({{"version": 1, "submissions": [{{"score": 10}}]}})
                until = time.monotonic() + 30
                while time.monotonic() < until:
                    Path("results.json").write_text(forged)
                    os.write(writing, b"x")
                    time.sleep(0.05)
                os._exit(0)
            """,
            WRONG,
            TOTAL,
            'canary = os.read(reading, 1) == b"x" and Path("results.json").exists()',
        ),
        only_double("failed"),
        check=_written_over_a_link,
    ),
    Hostile(
        (36,),
        "process-that-answers-instead",
        # It takes orders off the grader's own socket before the kernel can, and answers wrongly.
        (
            f"""
            import os, socket, time
            {WHOLE}
            from grader.execution import probe
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.write(writing, b"x")
                orders = socket.socket(fileno=3)
                orders.settimeout(20)
                message, descriptors, _, _ = socket.recv_fds(orders, 8, 1)
                for descriptor in descriptors:
                    os.write(descriptor, probe.HELLO + bytes(8))
                time.sleep(20)
                os._exit(0)
            """,
            WRONG,
            TOTAL,
            'canary = os.read(reading, 1) == b"x"',
        ),
        {"double": "failed errored crashed", "total": "passed errored", "canary": "passed errored"},
    ),
    Hostile(
        (37,),
        "endless-loop",
        (
            SHARED,
            """
            def double(x):
                while True:
                    canary[...] = True
            """,
            TOTAL,
        ),
        only_double("timed_out"),
        says=("`double` was stopped after 4 s",),
    ),
    Hostile(
        (37,),
        "long-call-in-c",
        (
            SHARED,
            """
            matrix = np.random.default_rng(1).standard_normal((400, 400))
            def double(x):
                canary[...] = True
                np.linalg.svd(np.broadcast_to(matrix, (2000, 400, 400)), compute_uv=False)
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("timed_out"),
        says=("`double` was stopped after 4 s",),
    ),
    Hostile(
        (37,),
        "endless-loop-in-a-cell",
        (DOUBLE, WHOLE, "while True:\n    pass", TOTAL, CANARY),
        ALL_PASS,
        says=("Cell 3 did not finish: it was stopped after 5 s",),
    ),
    Hostile(
        (37,),
        "long-call-in-c-in-a-cell",
        (
            DOUBLE,
            WHOLE,
            """
            matrix = np.random.default_rng(1).standard_normal((400, 400))
            np.linalg.svd(np.broadcast_to(matrix, (2000, 400, 400)), compute_uv=False)
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("Cell 3 did not finish: it was stopped after 5 s",),
    ),
    Hostile(
        (38,),
        "no-signal-stops-it",
        (
            SHARED,
            """
            import signal, time
            def double(x):
                signal.alarm(0)
                signal.setitimer(signal.ITIMER_REAL, 0)
                for number in range(1, 64):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError):
                        pass
                canary[...] = signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
                while True:
                    try:
                        time.sleep(0.1)
                    except BaseException:
                        pass
            """,
            TOTAL,
        ),
        only_double("timed_out"),
        says=("`double` was stopped after 4 s",),
    ),
    Hostile(
        (38,),
        "no-signal-stops-a-cell",
        (
            DOUBLE,
            f"import signal, time\n{WHOLE}",
            """
            signal.alarm(0)
            for number in range(1, 64):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                try:
                    time.sleep(0.1)
                except BaseException:
                    pass
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("Cell 3 did not finish: it was stopped after 5 s",),
    ),
    Hostile(
        (39,),
        "kills-its-parent",
        # At step A the parent is the first process of its own namespace, which such signals from
        # within do not reach; elsewhere the system denies them. Alive it is in both cases.
        (
            f"""
            import os, signal
            {WHOLE}
            parent = os.getppid()
            sent = []
            for number in (signal.SIGSTOP, signal.SIGKILL):
                try:
                    os.kill(parent, number)
                    sent.append(number)
                except PermissionError:
                    sent.append(None)
            """,
            DOUBLE,
            TOTAL,
            "canary = len(sent) == 2 and os.getppid() == parent",
        ),
        ALL_PASS,
    ),
    *(
        Hostile(
            (39,),
            f"sends-its-parent-{signal}",
            # Signals that a parent would obey at step A: what ends is the notebook's own process.
            (
                DOUBLE,
                f"import os, signal, time\n{WHOLE}",
                f"""
                try:
                    os.kill(os.getppid(), signal.{signal})
                    time.sleep(1)
                except PermissionError:
                    pass
                """,
                TOTAL,
                CANARY,
            ),
            ALL_PASS,
        )
        for signal in ("SIGTERM", "SIGINT", "SIGHUP")
    ),
    Hostile(
        (39,),
        "kills-everyone",
        (
            f"""
            import os, signal
            {WHOLE}
            try:
                os.kill(-1, signal.SIGKILL)
                tried = True
            except (PermissionError, ProcessLookupError):
                tried = True
            """,
            DOUBLE,
            TOTAL,
            "canary = tried",
        ),
        ALL_PASS,
    ),
    Hostile(
        (39,),
        "kills-everyone-in-a-function",
        # The kernel itself is among them, and with it the memory in which a canary could be left.
        (
            """
            import os, signal
            def double(x):
                os.kill(-1, signal.SIGKILL)
                os.kill(os.getppid(), signal.SIGKILL)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("passed", "failed", "errored", "crashed"),
    ),
    Hostile(
        (39,),
        "kills-its-group",
        (
            """
            import os, signal
            def double(x):
                os.killpg(os.getpgrp(), signal.SIGKILL)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("crashed"),
        says=("`double` ended the notebook's process",),
    ),
    Hostile(
        (39,),
        "stops-the-kernel",
        # Its parent is the kernel, which then answers nobody any more.
        (
            """
            import os, signal
            def double(x):
                os.kill(os.getppid(), signal.SIGSTOP)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("passed", "failed", "errored", "crashed"),
    ),
    Hostile(
        (39,),
        "kills-the-kernel-later",
        # So that others are asked when the kernel goes. They must not be blamed.
        (
            """
            import os, signal, threading, time
            def double(x):
                def later(kernel=os.getppid()):
                    time.sleep(0.3)
                    os.kill(kernel, signal.SIGKILL)
                threading.Thread(target=later).start()
                return 2.0 * x
            """,
            """
            import time
            import numpy as np
            def total(x):
                time.sleep(0.5)
                return float(np.sum(x))
            """,
            CANARY,
        ),
        {"double": "passed crashed", "total": "passed", "canary": "passed"},
    ),
    Hostile(
        (40,),
        "fork-bomb",
        # Its children use up what the kernel may start, too: the others are asked in another one.
        (
            """
            import os, time
            def double(x):
                for _ in range(200):
                    if os.fork() == 0:
                        time.sleep(20)
                        os._exit(0)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored"),
        says=("`double` started more than 16 processes and threads",),
    ),
    Hostile(
        (40,),
        "fork-bomb-in-a-cell",
        # Its children are there as long as the kernel is: in this kernel no function can be called.
        (
            DOUBLE,
            f"import os, time\n{WHOLE}",
            """
            for _ in range(200):
                if os.fork() == 0:
                    time.sleep(20)
                    os._exit(0)
            """,
            TOTAL,
            CANARY,
        ),
        {"double": "passed crashed", "total": "passed crashed", "canary": "passed crashed"},
        says=("Cell 3, line 2 started more than 16 processes and threads",),
    ),
    Hostile(
        (40,),
        "thread-bomb",
        (
            SHARED,
            """
            import threading, time
            def double(x):
                try:
                    for _ in range(200):
                        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
                except RuntimeError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` started more than 16 processes and threads",),
    ),
    Hostile(
        (41,),
        "private-memory",
        (
            SHARED,
            """
            def double(x):
                kept = []
                try:
                    for _ in range(1000):
                        kept.append(np.ones(12_500_000))  # 100 MB
                except MemoryError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (41,),
        "private-memory-in-a-cell",
        (
            DOUBLE,
            f"{WHOLE}\nkept = [np.ones(12_500_000) for _ in range(1000)]",
            TOTAL,
            'canary = "kept" not in globals()',
        ),
        ALL_PASS,
        says=("ell 2, line 2 needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (41,),
        "shared-memory",
        (
            SHARED,
            """
            def double(x):
                kept = []
                try:
                    for _ in range(100):
                        kept.append(mmap.mmap(-1, 2**25))
                        np.frombuffer(kept[-1], dtype=np.uint8)[:] = 1
                except OSError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (41,),
        "memory-in-files",
        (
            SHARED,
            """
            import os
            def double(x):
                try:
                    os.memfd_create("hidden")
                except PermissionError:
                    canary[...] = True
                for number in range(60):
                    with open(f"/dev/shm/{number}", "wb") as file:
                        file.write(bytes(2**20))
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
    ),
    Hostile(
        (41,),
        "memory-of-several-processes",
        # None of them takes more than it may alone.
        (
            """
            import os, time
            def double(x):
                workers = []
                for _ in range(12):
                    workers.append(os.fork())
                    if workers[-1] == 0:
                        try:
                            kept = bytearray(b"x") * (100 * 2**20)
                            time.sleep(15)
                        finally:
                            os._exit(0)
                for _ in workers:
                    if os.wait()[1]:
                        os._exit(1)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (41,),
        "memory-of-several-processes-in-a-cell",
        (
            DOUBLE,
            f"import os, time\n{WHOLE}",
            """
            workers = []
            for _ in range(12):
                workers.append(os.fork())
                if workers[-1] == 0:
                    try:
                        kept = bytearray(b"x") * (100 * 2**20)
                        time.sleep(15)
                    finally:
                        os._exit(0)
            for _ in workers:
                if os.wait()[1]:
                    os._exit(1)
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("ell 3 needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (41,),
        "gradient-that-broadcasts",
        # The honest one: (n, 1) minus (1, n) is (n, n).
        (
            SHARED,
            """
            def double(x):
                w = np.zeros((20_000, 1))
                dw = np.ones((1, 20_000))
                try:
                    w = w - 0.1 * dw
                except MemoryError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` needed more than 0.5 GB of memory", "w = w - 0.1 * dw"),
    ),
    Hostile(
        (41,),
        "gradient-that-broadcasts-in-a-cell",
        (
            DOUBLE,
            WHOLE,
            "w = np.zeros((20_000, 1))\ndw = np.ones((1, 20_000))\nw = w - 0.1 * dw",
            TOTAL,
            "canary = w.shape == (20_000, 1)",
        ),
        ALL_PASS,
        says=("Cell 3, line 3 needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (42,),
        "fills-the-disk",
        (
            """
            import time
            def double(x):
                for number in range(60):
                    with open(f"fill{number}", "wb") as file:
                        file.write(bytes(2**20))
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (42,),
        "fills-the-disk-in-a-cell",
        (
            DOUBLE,
            f"import time\n{WHOLE}",
            """
            for number in range(60):
                with open(f"fill{number}", "wb") as file:
                    file.write(bytes(2**20))
            time.sleep(1)
            """,
            TOTAL,
            CANARY,
        ),
        {"double": "passed", "total": "passed crashed", "canary": "passed"},
        says=("wrote more than 20 MB of files",),
    ),
    Hostile(
        (42,),
        "one-large-file",
        (
            SHARED,
            """
            def double(x):
                try:
                    np.save("large.npy", np.ones(5_000_000))
                except OSError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (42,),
        "many-files",
        (
            DOUBLE,
            f"import os, time\n{WHOLE}",
            # Names of one file count like files, and no file system is slow to make them: some take
            # seconds for thousands of new files, and then the time limit strikes first.
            """
            os.close(os.open("file", os.O_CREAT | os.O_WRONLY))
            for number in range(30_000):
                os.link("file", f"file{number}")
            time.sleep(1)
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("wrote more than 20 MB of files",),
    ),
    Hostile(
        (42,),
        "files-without-names",
        # Removed while they are open: they take their place, and nobody sees them in a folder.
        (
            """
            import os, time
            def double(x):
                kept = []
                for number in range(60):
                    kept.append(open(f"fill{number}", "wb", buffering=0))
                    os.remove(f"fill{number}")
                    kept[-1].write(bytes(2**20))
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (42,),
        "files-below-any-path",
        # Deeper than a path can be long (4096 bytes): whoever goes by paths does not get there.
        (
            """
            import os, time
            def double(x):
                for _ in range(20):
                    os.mkdir("d" * 250)
                    os.chdir("d" * 250)
                for number in range(60):
                    with open(f"fill{number}", "wb") as file:
                        file.write(bytes(2**20))
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (82,),
        "files-mapped-and-removed",
        # Neither open nor in a folder: what is mapped takes its place all the same.
        (
            """
            import ctypes, os, time
            def double(x):
                libc = ctypes.CDLL(None, use_errno=True)
                libc.mmap.restype = ctypes.c_void_p
                for number in range(60):
                    name = f"fill{number}"
                    file = os.open(name, os.O_CREAT | os.O_RDWR)
                    os.write(file, bytes(2**20))
                    libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0))
                    os.close(file)
                    os.remove(name)
                time.sleep(2)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (82,),
        "files-in-flight",
        # In a message that nobody has read yet: in no process's table, and in no folder.
        (
            """
            import os, socket, time
            def double(x):
                kept = []
                for number in range(60):
                    name = f"fill{number}"
                    file = os.open(name, os.O_CREAT | os.O_RDWR)
                    os.write(file, bytes(2**20))
                    kept.append(socket.socketpair())
                    socket.send_fds(kept[-1][0], [b"x"], [file])
                    os.close(file)
                    os.remove(name)
                time.sleep(2)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored"),
    ),
    *(
        Hostile(
            (82,),
            f"folder-of-mode-{mode:04o}",
            (
                f"""
                import os, time
                def double(x):
                    os.mkdir("closed")
                    for number in range(60):
                        with open(f"closed/fill{{number}}", "wb") as file:
                            file.truncate(0)
                    files = [open(f"closed/fill{{number}}", "wb") for number in range(60)]
                    os.chmod("closed", {mode})
                    for file in files:
                        file.write(bytes(2**20))
                        file.close()
                    time.sleep(2)
                    return 2.0 * x
                """,
                TOTAL,
                CANARY,
            ),
            only_double("errored", "crashed"),
            says=("`double` wrote more than 20 MB of files",),
        )
        for mode in (0, 0o100, 0o400)
    ),
    Hostile(
        (82,),
        "folder-that-closes-itself-again",
        (
            """
            import os, time
            def double(x):
                os.mkdir("closed")
                for number in range(60):
                    with open(f"closed/fill{number}", "wb") as file:
                        file.write(bytes(2**20))
                until = time.monotonic() + 2
                while time.monotonic() < until:
                    os.chmod("closed", 0)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (82,),
        "room-beyond-a-files-end",
        # Set aside for files that stay empty (fallocate with FALLOC_FL_KEEP_SIZE).
        (
            """
            import ctypes, os, time
            def double(x):
                libc = ctypes.CDLL(None, use_errno=True)
                for number in range(3):
                    file = os.open(f"fill{number}", os.O_CREAT | os.O_RDWR)
                    room = ctypes.c_long(30 * 2**20)
                    if libc.fallocate(file, 1, ctypes.c_long(0), room):
                        raise OSError(ctypes.get_errno(), "no room beyond the end")
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
    ),
    Hostile(
        (82,),
        "files-of-one-thread",
        # A thread may have a table of open files of its own (close_range(2)).
        (
            """
            import ctypes, os, threading, time
            failed = []
            def hold():
                try:
                    libc = ctypes.CDLL(None, use_errno=True)
                    assert libc.syscall(436, 200, 255, 2) == 0
                    for number in range(60):
                        file = os.open(f"fill{number}", os.O_CREAT | os.O_RDWR)
                        os.remove(f"fill{number}")
                        os.write(file, bytes(2**20))
                    time.sleep(2)
                except OSError as error:  # where the folder is a file system of its own
                    failed.append(error)
            def double(x):
                thread = threading.Thread(target=hold)
                thread.start()
                thread.join()
                if failed:
                    raise failed[0]
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (82,),
        "a-process-nobody-may-look-into",
        # prctl(PR_SET_DUMPABLE, 0): its files in /proc are root's from then on.
        (
            """
            import ctypes, os, time
            def double(x):
                libc = ctypes.CDLL(None, use_errno=True)
                libc.prctl(4, 0, 0, 0, 0)
                for number in range(60):
                    file = os.open(f"fill{number}", os.O_CREAT | os.O_RDWR)
                    os.remove(f"fill{number}")
                    os.write(file, bytes(2**20))
                time.sleep(2)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` wrote more than 20 MB of files",),
    ),
    Hostile(
        (82,),
        "honest-files-without-names",
        # The honest one: temporary files in a temporary folder, with names and without, mapped
        # ones, linked and copied ones, a folder that is closed, and one that comes and goes.
        (
            SHARED,
            """
            import os, shutil, tempfile, time
            def double(x):
                with tempfile.TemporaryFile() as file:
                    mapped = np.memmap(file, shape=(2**20,), dtype=np.int8, mode="w+")
                    mapped[:] = 1
                    file.close()
                    here = tempfile.mkdtemp()
                    with open(f"{here}/linked", "wb") as linked:
                        linked.write(bytes(7 * 2**20))
                    shutil.copy2(f"{here}/linked", f"{here}/copied")
                    os.link(f"{here}/linked", f"{here}/again")
                    os.link(f"{here}/linked", f"{here}/and-again")
                    os.mkdir(f"{here}/closed", 0)
                    until = time.monotonic() + 1
                    while time.monotonic() < until:
                        with tempfile.TemporaryDirectory() as folder:
                            open(f"{folder}/x", "w").close()
                    closed = os.stat(f"{here}/closed").st_mode & 0o777 == 0
                    canary[...] = mapped.sum() == 2**20 and closed
                    os.rmdir(f"{here}/closed")
                    shutil.rmtree(here)
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (83,),
        "socket-buffers",
        # What is sent and not read lies in no process's memory: 18 processes, 100 pairs of each.
        (
            """
            import os, socket, time
            def fill():
                pairs = [socket.socketpair() for _ in range(100)]
                for end in (end for pair in pairs for end in pair):
                    end.setblocking(False)
                    try:
                        while True:
                            end.send(bytes(2**16))
                    except BlockingIOError:
                        pass
                time.sleep(60)
            def double(x):
                for _ in range(18):
                    if os.fork() == 0:
                        fill()
                time.sleep(2)
                return 2.0 * x
            """,
            TOTAL,
            CANARY,
        ),
        only_double("errored", "crashed"),
        says=("`double` needed more than 0.5 GB of memory",),
    ),
    Hostile(
        (83,),
        "larger-socket-buffers",
        (
            SHARED,
            """
            import fcntl, os, socket
            def double(x):
                refused = []
                one, other = socket.socketpair()
                for option in (socket.SO_SNDBUF, 32):
                    try:
                        one.setsockopt(socket.SOL_SOCKET, option, 2**24)
                    except PermissionError:
                        refused.append(option)
                reading, writing = os.pipe()
                try:
                    fcntl.fcntl(writing, 1031, 2**20)
                except PermissionError:
                    refused.append("pipe")
                canary[...] = len(refused) == 3
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (42,),
        "folders-too-deep-to-remove",
        # Deeper than Python can recurse: whoever removes them recursively runs into its limit.
        (
            f"""
            import os
            {WHOLE}
            depth = 0
            for _ in range(3000):
                os.mkdir("d")
                os.chdir("d")
                depth += 1
            """,
            DOUBLE,
            TOTAL,
            "canary = depth == 3000",
        ),
        ALL_PASS,
    ),
    Hostile(
        (42,),
        "folders-that-cannot-be-opened",
        (
            f"""
            import os
            {WHOLE}
            os.mkdir("closed")
            open("closed/file", "w").close()
            os.mkdir("closed/inside", 0)
            mode = os.stat("closed/inside").st_mode & 0o777
            os.chmod("closed", 0)  # at step B without effect
            """,
            DOUBLE,
            TOTAL,
            "canary = mode == 0",
        ),
        ALL_PASS,
    ),
    Hostile(
        (43,),
        "prints-a-flood",
        (
            f"""
            {WHOLE}
            for line in range(40_000):
                print("x" * 1000)
            """,
            DOUBLE,
            'raise RuntimeError("told after the flood")',
            TOTAL,
            "canary = line == 39_999",
        ),
        ALL_PASS,
        says=("told after the flood",),
    ),
    Hostile(
        (43,),
        "prints-one-long-line",
        # More than the limit in one message, as an honest `print(list_of_all_losses)` would be.
        (
            f"""
            {WHOLE}
            print("x" * 5_000_000)
            printed = True
            """,
            DOUBLE,
            TOTAL,
            "canary = printed",
        ),
        ALL_PASS,
    ),
    Hostile(
        (43,),
        "prints-a-flood-in-a-function",
        (
            SHARED,
            """
            def double(x):
                for line in range(40_000):
                    print("x" * 1000)
                canary[...] = True
                return 2.0 * x
            """,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (43,),
        "writes-a-flood",
        # Below the kernel's own streams. It is cut, or costs the cell with its names.
        (
            f"""
            import os
            {WHOLE}
            written = 0
            for _ in range(40):
                for number in (1, 2):
                    written += os.write(number, b"x" * 2**20)
            """,
            DOUBLE,
            TOTAL,
            "canary = written > 0",
        ),
        {**ALL_PASS, "canary": "passed missing"},
    ),
    Hostile(
        (43,),
        "displays-a-flood",
        (
            f"""
            from IPython.display import HTML, display
            {WHOLE}
            for number in range(400):
                display(HTML("x" * 100_000))
            """,
            DOUBLE,
            TOTAL,
            "canary = number == 399",
        ),
        ALL_PASS,
    ),
    Hostile(
        (43,),
        "sends-a-flood",
        # Past the kernel's own limit, so it meets the grader's.
        (
            DOUBLE,
            WHOLE,
            """
            import time
            from jupyter_client.session import Session
            kernel = get_ipython().kernel
            parent = kernel.get_parent()
            content = {"name": "stdout", "text": "x" * 100_000}
            for _ in range(400):
                Session.send(kernel.session, kernel.iopub_socket, "stream", content, parent)
            time.sleep(2)
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("Cell 3 wrote more than 1 MB of output",),
    ),
    Hostile(
        (43,),
        "sends-a-flood-of-no-cell",
        # The messages say of no request that they answer it.
        (
            DOUBLE,
            f"""
            import time
            from jupyter_client.session import Session
            {WHOLE}
            kernel = get_ipython().kernel
            content = {{"name": "stdout", "text": "x" * 100_000}}
            for _ in range(400):
                sent = Session.send(kernel.session, kernel.iopub_socket, "stream", content)
            time.sleep(1)
            """,
            TOTAL,
            "canary = sent is not None",
        ),
        {**ALL_PASS, "canary": "passed missing"},
    ),
    Hostile(
        (43,),
        "sends-a-flood-of-large-messages",
        # Each just below the longest that is taken: how many wait to be read counts, too.
        (
            DOUBLE,
            WHOLE,
            """
            from jupyter_client.session import Session
            kernel = get_ipython().kernel
            parent = kernel.get_parent()
            content = {"name": "stdout", "text": "x" * (12 * 2**20)}
            for _ in range(60):
                Session.send(kernel.session, kernel.iopub_socket, "stream", content, parent)
            import time
            time.sleep(2)
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
        says=("Cell 3 wrote more than 1 MB of output",),
    ),
    Hostile(
        (43,),
        "sends-a-flood-during-the-calls",
        # When the cells are done, nobody reads what the kernel sends.
        (
            """
            import threading, time
            from jupyter_client.session import Session
            kernel = get_ipython().kernel
            content = {"name": "stdout", "text": "x" * (12 * 2**20)}
            sent = []
            """,
            f"""
            def flood():
                time.sleep(0.3)
                for _ in range(60):
                    Session.send(kernel.session, kernel.iopub_socket, "stream", content)
                    sent.append(1)
            {WHOLE}
            thread = threading.Thread(target=flood, daemon=True)
            thread.start()
            """,
            """
            def double(x):
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            "canary = thread.is_alive()",
        ),
        ALL_PASS,
    ),
    *(
        Hostile(
            (80,),
            f"raw-frames-{name}",
            (DOUBLE, TOTAL, CANARY, _raw(frames), 'x = "the cells go on"'),
            ALL_PASS,
            check=_full_marks,
        )
        for name, frames in RAW_FRAMES.items()
    ),
    Hostile(
        (80,),
        "raw-frames-during-the-calls",
        # When the cells are done, nobody reads what the kernel sends.
        (
            SHARED,
            f"""
            import threading, time
            {WHOLE}
            thread = threading.Timer(0.5, lambda: exec(ATTACK, globals()))
            ATTACK = {_raw(RAW_FRAMES["of-a-message-that-never-ends"])!r}
            """,
            """
            def double(x):
                canary[...] = True
                time.sleep(1)
                return 2.0 * x
            """,
            TOTAL,
            "thread.daemon = True\nthread.start()",
        ),
        # The kernel may be lost by it; whether it acted is then seen in another one.
        {**ALL_PASS, "double": "passed timed_out", "canary": "passed failed"},
    ),
    Hostile(
        (44,),
        "network",
        (
            f"""
            import socket
            def denied(act):
                try:
                    act()
                except OSError:
                    return True
                return False
            def datagram():
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                    sender.sendto(b"x", ("127.0.0.1", {PORT}))
            canary = all([
                denied(lambda: socket.create_connection(("127.0.0.1", {PORT}), timeout=1)),
                denied(lambda: socket.create_server(("127.0.0.1", 0))),
                denied(lambda: socket.socket(socket.AF_INET6)),
                denied(lambda: socket.socket(socket.AF_UNIX)),
                denied(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
                denied(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
                denied(datagram),
            ])
            """,
            DOUBLE,
            TOTAL,
        ),
        ALL_PASS,
        check=_nobody_called,
    ),
    Hostile(
        (44,),
        "network-in-a-function",
        (
            SHARED,
            f"""
            import urllib.request
            def double(x):
                try:
                    urllib.request.urlopen("http://127.0.0.1:{PORT}/", timeout=1)
                except OSError:
                    canary[...] = True
                    raise
                return 2.0 * x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("`double` raised URLError",),
        check=_nobody_called,
    ),
    Hostile(
        (44,),
        "names",
        (
            """
            import socket
            def unknown(name):
                try:
                    socket.getaddrinfo(name, 80)
                except OSError:
                    return True
                return False
            canary = unknown("example.invalid") and unknown("example.org")
            """,
            DOUBLE,
            TOTAL,
        ),
        ALL_PASS,
    ),
    Hostile(
        (46,),
        "modules-left-behind",
        # The kernel is lost after that; the next one starts in a clean folder.
        (
            f"""
            import os
            from pathlib import Path
            {WHOLE}
            clean = not os.listdir()
            """,
            """
            for name in ("sitecustomize", "usercustomize", "conftest", "numpy", "msgpack", "json"):
                Path(f"{name}.py").write_text("raise SystemExit('never imported')")
            Path("sitecustomize.pth").write_text("import os; os._exit(1)")
            """,
            DOUBLE,
            TOTAL,
            'canary = clean and Path("numpy.py").exists()',
            "os._exit(1)",
        ),
        ALL_PASS,
        never=("never imported",),
        check=_full_marks,
    ),
]
