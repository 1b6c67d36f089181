"""Reading Python source in several threads at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Objects with finalizers let threads change places in the middle of a tree.
RACE = """
import gc, sys, threading, time
from grader.syntax import parsed
source = "".join(f"def f{i}(x):\\n    return [x[{i}], (1, (2, {i}))]\\n" for i in range(200))
failed, until = [], time.monotonic() + 1
class Finalized:
    def __del__(self):
        time.sleep(0)
def work():
    while time.monotonic() < until and not failed:
        circle = Finalized()
        circle.itself = circle
        try:
            parsed(source)
        except SystemError as error:
            failed.append(error)
sys.setswitchinterval(1e-6)
gc.set_threshold(50)
threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads: each.start()
for each in threads: each.join()
print(failed)
"""


def test_threads_do_not_disturb_each_other() -> None:
    """CPython's own count of depths is one for all threads."""
    command = [sys.executable, "-c", RACE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
