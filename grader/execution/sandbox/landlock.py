"""Landlock: which files a process may reach, and that it may reach no other process.

See landlock(7). Written here and not taken from PyPI: the packages there are at their first two or
three releases; what is needed is one ruleset of three system calls, and a mistake in it is a hole.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from contextlib import suppress

from grader.execution.sandbox.linux import no_new_privileges, system_call

# The same numbers on all architectures.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV

# How many rights over files there are, by version of the ABI; the last one counts from there on.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_SINCE, _ALL_NETWORK = 4, 0b11  # bind and connect TCP
TRUNCATE_SINCE = 3
SIGNALS_SINCE, _ALL_SCOPES = 6, 0b11  # abstract sockets and signals stay inside

READ_ONLY = EXECUTE | READ_FILE | READ_DIR
DEVICE = READ_FILE | WRITE_FILE | _TRUNCATE | _IOCTL_DEV


def abi() -> int:
    """Return the version of Landlock's ABI, 0 where there is none."""
    with suppress(OSError):
        arguments = (0, 0, _CREATE_RULESET_VERSION)
        return system_call(_CREATE_RULESET, *arguments, name="landlock_create_ruleset")
    return 0


def restrict(
    version: int,
    read_only: Iterable[str],
    writable: Iterable[str] = (),
    devices: Iterable[str] = (),
    listed: Iterable[str] = (),
) -> None:
    """Confine this thread and all that it starts to the given paths; no network, no signals out.

    `version` is the ABI to use, at most `abi()`. Paths that do not exist are left out. In
    `writable` folders nothing can be executed; of `listed` ones only names can be read. Raises
    OSError if Landlock refuses, or is not there.
    """
    if version < 1:
        raise OSError("Landlock is not there: Linux 5.13 or later has it, where it is switched on")
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    ruleset = _create(version, rights)
    all_but = rights & ~(EXECUTE | _MAKE_CHAR | _MAKE_BLOCK)
    given = ((read_only, READ_ONLY), (writable, all_but), (devices, DEVICE), (listed, READ_DIR))
    for paths, allowed in given:
        for path in paths:
            _allow(ruleset, path, allowed & rights)
    no_new_privileges()
    system_call(_RESTRICT_SELF, ruleset, 0, name="landlock_restrict_self")
    os.close(ruleset)


def _create(version: int, rights: int) -> int:
    attributes = struct.pack("Q", rights)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("Q", _ALL_NETWORK)
    if version >= SIGNALS_SINCE:
        attributes += struct.pack("Q", _ALL_SCOPES)
    arguments = (attributes, len(attributes), 0)
    return system_call(_CREATE_RULESET, *arguments, name="landlock_create_ruleset")


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, or not ours to see
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - runs at every start: pathlib costs more
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        arguments = (ruleset, _RULE_PATH_BENEATH, rule, 0)
        system_call(_ADD_RULE, *arguments, name=f"landlock_add_rule {path}")
    finally:
        os.close(descriptor)
