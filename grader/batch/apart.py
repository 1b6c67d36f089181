"""A Dask worker of this machine's own cluster leaves the grader's process group.

Dask imports this in the worker before it begins. Ctrl-C at the terminal then reaches the grader
alone, which lets the worker finish what it grades.
"""

from __future__ import annotations

import os


def dask_setup(worker: object) -> None:  # noqa: ARG001 - Dask's name and signature
    """Begin a process group of which the terminal knows nothing."""
    os.setpgid(0, 0)
