"""The watch over a notebook's folder where no file system of its own limits it (steps B and C)."""

from __future__ import annotations

import os
from contextlib import suppress

from grader.execution.sandbox.private_root import MAX_FILES


def exceeds(folder: str, size: int) -> bool:
    """Whether there is more below a folder than may be; looks no further than that."""
    total = files = 0
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                if total > size or files > MAX_FILES:
                    return True
    return False
