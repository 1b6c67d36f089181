"""What the benchmark's counts see: also of processes that nobody waits for.

Each count is made in a process of its own, which may become a subreaper.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.others.counts import CgroupCount

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

COURSE = Path(__file__).parents[3]

MEASURE = """
import json, os, sys
from pathlib import Path
from tests.benchmarks.others import meter
from tests.benchmarks.others.meter import Command, CommandFailedError, Meter

meter.LEFT_SECONDS = float(sys.argv[3])
found = []
for source in json.loads(sys.argv[1]):
    command = Command([sys.executable, "-c", source], Path.cwd(), os.environ)
    try:
        cost = Meter(cgroups=sys.argv[2] == "cgroups").run(command, memory=True)
        found.append({"cpu": cost.cpu, "memory": cost.memory})
    except CommandFailedError as error:
        found.append(str(error))
print(json.dumps(found))
"""

# A child of a parent that ignores SIGCHLD, and one that loses its parent: 0.3 s and 64 MB each.
UNWAITED = """
import os, signal, time
def work():
    held = b"1" * (64 * 2**20)
    while time.process_time() < 0.3: pass
    os._exit(0)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    work()
if os.fork() == 0:
    if os.fork() == 0:
        work()
    os._exit(0)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    pass
"""


def _measured(cgroups: str, *sources: str, left: float = 20.0) -> list[Any]:
    """Measure commands; wait some seconds for what they have `left` behind."""
    arguments = [sys.executable, "-c", MEASURE, json.dumps(sources), cgroups, str(left)]
    done = subprocess.run(arguments, cwd=COURSE, capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.fixture(params=["cgroups", "polling"])
def way(request: pytest.FixtureRequest) -> str:
    """Both ways to count; cgroups where this machine lets one be made."""
    way = str(request.param)
    if way == "cgroups":
        try:
            CgroupCount().close()
        except OSError as error:
            pytest.skip(f"no cgroup can be made here: {error}")
    return way


def test_counts_what_nobody_waits_for(way: str) -> None:
    """The work of both processes is seen, and not counted again for the next command."""
    both, nothing = _measured(way, UNWAITED, "pass")
    assert 0.5 < both["cpu"] < 1.5
    assert both["memory"] > 64 * 2**20
    assert nothing["cpu"] < 0.3


def test_a_failed_command_has_no_numbers(way: str) -> None:
    """What it said is told instead; what it left behind is ended."""
    leaves = "import os, time\nif os.fork() == 0: print(os.getpid(), flush=True), time.sleep(60)"
    failed, left = _measured(way, "raise SystemExit('no such thing')", leaves, left=0.3)
    assert "ended with code 1:\nno such thing" in failed
    assert "left processes behind (1):" in left
    assert _has_ended(int(left.splitlines()[-1]))


def _has_ended(process: int) -> bool:
    """Whether a process is gone, or nothing but its number is left for its parent to collect."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
