"""`!command` where a kernel has no terminals: what the command writes comes through a pipe."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from typing import Any

PIECE = 2**16  # bytes read at a time


def system(command: str) -> int:
    """Run a command in the shell, print what it writes as it comes, and return how it ended.

    That is its exit status, or minus the number of the signal that ended it. Left to write to the
    kernel's own descriptors, its output would come past Python's: in another order, and lost where
    the cell ends first.
    """
    with subprocess.Popen(  # noqa: S603 - in the sandbox, what the notebook says
        [os.environ.get("SHELL") or "/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            _print_all(process.stdout)
        except KeyboardInterrupt:
            process.kill()
    status = process.returncode
    return 128 - status if status > 128 else status  # a shell's way to tell of a signal


def _print_all(output: Any) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while piece := os.read(output.fileno(), PIECE):
        sys.stdout.write(decoder.decode(piece))
        sys.stdout.flush()
    sys.stdout.write(decoder.decode(b"", final=True))
