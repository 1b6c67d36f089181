"""What the cells of a notebook themselves take: a plain Python runs them, no tool, no kernel.

    python -m tests.benchmarks.others.cells NOTEBOOK

Imports of NumPy and matplotlib are not counted; a cell that fails ends there, and the next one
runs. Every tool that executes the whole notebook pays this.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat

from tests.benchmarks.others.exercise import COURSE
from tests.benchmarks.others.meter import Cost
from tests.benchmarks.others.tools import environment_variables


def cells_alone(notebook: Path, modules: Path) -> Cost:
    """Run the cells in a new process, with `modules` to import from."""
    environment = environment_variables(Path(sys.executable).parent)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.others.cells", notebook],
        cwd=COURSE,
        env=environment | {"PYTHONPATH": str(modules)},
        capture_output=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout))


def main(path: Path) -> None:
    """Run the cells, and print the seconds that they took."""
    mpl.use("agg")
    import matplotlib.pyplot  # noqa: PLC0415, F401 - slow, and not the notebook's own work

    read: Any = nbformat.read
    cells = [cell.source for cell in read(path, as_version=4).cells if cell.cell_type == "code"]
    names: dict[str, Any] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in cells:
            lines = [line for line in cell.splitlines() if not line.startswith("%")]
            with contextlib.suppress(Exception):
                exec("\n".join(lines), names)  # noqa: S102 - the sample class is our own
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(json.dumps(cost))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
