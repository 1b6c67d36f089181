"""Runs a command as a machine that allows less would.

    python -m tests.confined [OPTION...] COMMAND

--no-namespaces  refuses to make namespaces and to mount, as Docker's default seccomp profile does
--user           runs as an ordinary user (nobody), which only root can ask for
"""

from __future__ import annotations

import errno
import os
import struct
import sys

from grader.execution.sandbox import bpf, linux

NOBODY = 65534
REFUSED = {"x86_64": (272, 308, 165, 442), "aarch64": (97, 268, 40, 442)}  # unshare, setns, mount


def forbid_namespaces() -> None:
    """Install a filter that refuses the calls which make namespaces and mounts."""
    load, equal, answer = 0x20, 0x15, 0x06
    program = struct.pack("HBBI", load, 0, 0, 0)
    for number in REFUSED[linux.MACHINE]:
        program += struct.pack("HBBI", equal, 0, 1, number)
        program += struct.pack("HBBI", answer, 0, 0, bpf.refuse(errno.EPERM))
    linux.install_filter(program + struct.pack("HBBI", answer, 0, 0, bpf.ALLOW))


def become_nobody() -> None:
    """Give up being root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.environ.update(HOME="/nonexistent", USER="nobody")


def main(arguments: list[str]) -> None:
    """Give up what the options say, then become the command."""
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        {"--no-namespaces": forbid_namespaces, "--user": become_nobody}[option]()
    os.execvp(arguments[0], arguments)  # noqa: S606 - what this is for


if __name__ == "__main__":
    main(sys.argv[1:])
