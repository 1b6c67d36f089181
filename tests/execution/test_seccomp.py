"""The seccomp filter, instruction by instruction for both architectures; for real on this one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios

import pytest

from grader.execution.sandbox import bpf, landlock, linux, outside, seccomp

MACHINES = list(seccomp.ARCHITECTURES)
ENOSYS, EPERM, EACCES = map(bpf.refuse, (errno.ENOSYS, errno.EPERM, errno.EACCES))


def verdict(
    program: bytes, machine: str, number: int, *arguments: int, architecture: int | None = None
) -> int:
    """Run a filter as the kernel would: classic BPF over struct seccomp_data (seccomp(2))."""
    given = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    known = seccomp.ARCHITECTURES[machine] if architecture is None else architecture
    data = struct.pack("<IIQ6Q", number, known, 0, *given)
    instructions = list(struct.iter_unpack("HBBI", program))
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, value = instructions[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            accumulator &= value
        elif code == 0x06:
            return int(value)
        else:
            tests = {0x15: accumulator == value, 0x35: accumulator >= value}
            holds = tests.get(code, bool(accumulator & value))
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_denied_is_denied(machine: str) -> None:
    """Every call of the list, on both architectures."""
    program = seccomp.program(machine)
    assert len(seccomp.denied(machine)) > 60
    for name, number in seccomp.denied(machine).items():
        assert verdict(program, machine, number) == EPERM, name


@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_else_is_denied(machine: str) -> None:
    """All other numbers are allowed with harmless arguments, up to the newest that is known."""
    program = seccomp.program(machine)
    column = MACHINES.index(machine)
    pretended = {**seccomp.PRETENDED, **seccomp.MISSING}
    answered = (*pretended.values(), seccomp.SOCKETPAIR, *seccomp.SETXATTR)
    some = {numbers[column] for numbers in answered}
    for number in (
        set(range(seccomp.NEWEST_CALL + 1)) - set(seccomp.denied(machine).values()) - some
    ):
        assert verdict(program, machine, number) == bpf.ALLOW, number
    assert verdict(program, machine, seccomp.NEWEST_CALL + 1) == ENOSYS
    assert verdict(program, machine, 0x4000_0000 + 1) == ENOSYS  # x86-64's x32


@pytest.mark.parametrize("machine", MACHINES)
def test_some_arguments_are_denied(machine: str) -> None:
    """New namespaces, network and datagram sockets, and typing into terminals."""
    program = seccomp.program(machine)
    column = MACHINES.index(machine)
    clone, pair, ioctl = (
        numbers[column] for numbers in (seccomp.CLONE, seccomp.SOCKETPAIR, seccomp.IOCTL)
    )
    assert verdict(program, machine, clone, signal.SIGCHLD) == bpf.ALLOW
    assert verdict(program, machine, clone, linux.CLONE_NEWUSER | signal.SIGCHLD) == EPERM
    a_child_of_the_parent = 0x8000
    assert verdict(program, machine, clone, a_child_of_the_parent | signal.SIGKILL) == EPERM
    unix, inet, stream, datagram, nonblocking = 1, 2, 1, 2, 0o4000
    assert verdict(program, machine, pair, unix, stream | nonblocking) == bpf.ALLOW
    raw, packets = 3, 5
    assert verdict(program, machine, pair, unix, packets) == bpf.ALLOW
    assert verdict(program, machine, pair, unix, datagram | nonblocking) == EACCES
    assert verdict(program, machine, pair, unix, raw) == EACCES  # made one of datagrams
    assert verdict(program, machine, pair, inet, stream) == EACCES
    assert verdict(program, machine, ioctl, 0, 0x5412) == EPERM
    assert verdict(program, machine, ioctl, 0, 0x5401) == bpf.ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architectures_calls_kill(machine: str) -> None:
    """A 32-bit call on a 64-bit kernel has other numbers."""
    program = seccomp.program(machine)
    i386 = 0x4000_0003
    assert verdict(program, machine, 20, architecture=i386) == bpf.KILL
    other = next(name for name in MACHINES if name != machine)
    assert verdict(program, machine, 20, architecture=seccomp.ARCHITECTURES[other]) == bpf.KILL


# ---------------------------------------------------------------- at step B

PROCESS = 4242  # the kernel's own
NEWEST = 7
STEP_B = [(machine, abi) for machine in MACHINES for abi in (*range(1, 6), NEWEST)]
ENOTTY, ENOTSUP, PRETENDED = map(bpf.refuse, (errno.ENOTTY, errno.EOPNOTSUPP, 0))


def at_step_b(machine: str, abi: int) -> bytes:
    """Return the filter of a kernel at step B."""
    return seccomp.program(machine, outside.rules(machine, PROCESS, abi))


def numbered(machine: str, calls: outside.Calls) -> dict[str, int]:
    """Return the calls that an architecture has."""
    column = MACHINES.index(machine)
    found = {name: numbers[column] for name, numbers in calls.items()}
    return {name: number for name, number in found.items() if number is not None}


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_changes_of_files_at_step_b(machine: str, abi: int) -> None:
    """Modes, owners and times stay; there are no attributes; nothing is watched."""
    program = at_step_b(machine, abi)
    for calls, answer in (
        (outside.PRETENDED, PRETENDED),
        (outside.ATTRIBUTES, ENOTSUP),
        (outside.DENIED, EPERM),
        (outside.OPENAT2, ENOSYS),
    ):
        for name, known in numbered(machine, calls).items():
            assert verdict(program, machine, known, 1, 2, 3) == answer, name
    address = 0x7F00_0000_1000
    for name, (numbers, path, times) in outside.TIMES.items():
        if (number := numbers[MACHINES.index(machine)]) is None:
            continue
        given = [address] * 3
        assert verdict(program, machine, number, *given) == PRETENDED, name
        given[times] = 0
        assert verdict(program, machine, number, *given) == EPERM, name
        if path:  # a descriptor's file
            given[path] = 0
            assert verdict(program, machine, number, *given) == PRETENDED, name


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_what_is_opened_at_step_b(machine: str, abi: int) -> None:
    """Not in the fourth mode; nor, where Landlock does not see it, to truncate what is read."""
    program = at_step_b(machine, abi)
    old = abi < landlock.TRUNCATE_SINCE
    for numbers, index in outside.OPENS.values():
        if (number := numbers[MACHINES.index(machine)]) is None:
            continue
        for access, more, answer in (
            (os.O_RDONLY, 0, bpf.ALLOW),
            (os.O_RDONLY, os.O_CLOEXEC | os.O_DIRECTORY, bpf.ALLOW),
            (os.O_WRONLY, os.O_TRUNC | os.O_CREAT, bpf.ALLOW),
            (os.O_RDWR, os.O_TRUNC, bpf.ALLOW),
            (os.O_ACCMODE, 0, EACCES),
            (os.O_ACCMODE, os.O_TRUNC, EACCES),
            (os.O_RDONLY, os.O_TRUNC, EACCES if old else bpf.ALLOW),
        ):
            given = [0, 0, 0]
            given[index] = access | more
            assert verdict(program, machine, number, *given) == answer, (access, more)
    (truncate,) = numbered(machine, outside.TRUNCATE).values()
    assert verdict(program, machine, truncate) == (EACCES if old else bpf.ALLOW)


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_what_is_asked_of_processes_at_step_b(machine: str, abi: int) -> None:
    """The kernel itself only, and the caller: no other process, no group, no user."""
    program = at_step_b(machine, abi)
    others = (1, PROCESS + 1, 2**32 - 1)
    for name, number in numbered(machine, outside.OF_PROCESSES).items():
        for process in (0, PROCESS):
            assert verdict(program, machine, number, process) == bpf.ALLOW, name
        for process in others:
            assert verdict(program, machine, number, process) == EPERM, name
    for name, number in numbered(machine, outside.SCHEDULING).items():
        assert verdict(program, machine, number, PROCESS) == bpf.ALLOW, name
        for process in others:  # a thread of its own, perhaps
            assert verdict(program, machine, number, process) == PRETENDED, name
    for name, (numbers, a_process) in outside.OF_PROCESSES_OR_MORE.items():
        (number,) = numbered(machine, {name: numbers}).values()
        for process in (0, PROCESS):
            assert verdict(program, machine, number, a_process, process) == bpf.ALLOW, name
            for more in (a_process + 1, a_process + 2):
                assert verdict(program, machine, number, more, process) == EPERM, name
        for process in others:
            assert verdict(program, machine, number, a_process, process) == PRETENDED, name


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_signals_at_step_b(machine: str, abi: int) -> None:
    """To the process itself only, by whichever call, where Landlock does not confine them."""
    program = at_step_b(machine, abi)
    old = abi < landlock.SIGNALS_SINCE
    for name, number in numbered(machine, outside.SIGNALS).items():
        assert verdict(program, machine, number, PROCESS, 9) == bpf.ALLOW, name
        for other in (1, 0, 2**32 - 1, PROCESS + 1):
            assert verdict(program, machine, number, other, 9) == (EPERM if old else bpf.ALLOW)
    (number,) = numbered(machine, outside.PIDFD_SEND_SIGNAL).values()
    assert verdict(program, machine, number, 3, 9) == (EPERM if old else bpf.ALLOW)


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_commands_at_step_b(machine: str, abi: int) -> None:
    """No owners of signals, leases or notices; of the requests to devices, those of files only."""
    program = at_step_b(machine, abi)
    (number,) = numbered(machine, outside.FCNTL).values()
    for allowed in (fcntl.F_DUPFD, fcntl.F_SETFL, fcntl.F_GETLK, fcntl.F_DUPFD_CLOEXEC, 36):
        assert verdict(program, machine, number, 3, allowed) == bpf.ALLOW
    set_signal, set_owner_ex, pipe_size, set_hint = 10, 15, 1031, 1036
    refused = (set_signal, set_owner_ex, pipe_size, set_hint)
    for command in (fcntl.F_SETOWN, fcntl.F_SETLEASE, fcntl.F_NOTIFY, *refused):
        assert verdict(program, machine, number, 3, command) == EPERM
    ioctl = seccomp.IOCTL[MACHINES.index(machine)]
    for request in (termios.TCGETS, termios.FIONREAD, termios.FIONBIO, termios.FIOCLEX):
        assert verdict(program, machine, ioctl, 3, request) == bpf.ALLOW
    owner, group, asynchronous, flags, verity = 0x8901, 0x8902, 0x5452, 0x4008_6602, 0x4080_6685
    for request in (owner, group, asynchronous, flags, verity, termios.TIOCSTI):
        assert verdict(program, machine, ioctl, 3, request) == ENOTTY


@pytest.mark.parametrize(("machine", "abi"), STEP_B)
def test_nothing_else_is_denied_at_step_b(machine: str, abi: int) -> None:
    """What is not named above is answered as at step A."""
    whole, base = at_step_b(machine, abi), seccomp.program(machine)
    named = {seccomp.IOCTL[MACHINES.index(machine)]}
    for calls in (outside.PRETENDED, outside.ATTRIBUTES, outside.DENIED, outside.OPENAT2):
        named |= set(numbered(machine, calls).values())
    for calls in (outside.OF_PROCESSES, outside.SCHEDULING, outside.SIGNALS):
        named |= set(numbered(machine, calls).values())
    for calls in (outside.PIDFD_SEND_SIGNAL,):
        named |= set(numbered(machine, calls).values())
    for calls in (outside.FCNTL, outside.TRUNCATE):
        named |= set(numbered(machine, calls).values())
    for more in (outside.TIMES, outside.OF_PROCESSES_OR_MORE):
        named |= set(numbered(machine, {name: row[0] for name, row in more.items()}).values())
    for number in set(range(seccomp.NEWEST_CALL + 10)) - named:
        assert verdict(whole, machine, number) == verdict(base, machine, number), number


NUMBERS = {  # on x86-64 and arm64
    "flock": (73, 32),
    "fcntl": (72, 25),
    "fadvise64": (221, 223),
    "readahead": (187, 213),
    "madvise": (28, 233),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "clone3": (435, 435),
    "preadv2": (327, 286),
    "pwritev2": (328, 287),
}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("step", ["A", "B"])
def test_files_that_all_may_read_carry_nothing(step: str, machine: str) -> None:
    """No locks and no leases; nothing is told of the system's cache, nor put there by hints."""
    program = at_step_b(machine, NEWEST) if step == "B" else seccomp.program(machine)
    number = {name: both[MACHINES.index(machine)] for name, both in NUMBERS.items()}
    for name in ("flock", "fadvise64", "readahead"):
        assert verdict(program, machine, number[name], 3, 2) == PRETENDED, name
    for name in ("mincore", "cachestat", "io_setup", "io_submit"):
        assert verdict(program, machine, number[name], 3, 4096) == EPERM, name
    for name in ("clone3", "preadv2", "pwritev2"):
        assert verdict(program, machine, number[name], 3) == ENOSYS, name
    for command in (fcntl.F_SETLK, fcntl.F_SETLKW, 37, 38):
        assert verdict(program, machine, number["fcntl"], 3, command) == PRETENDED, command
    for command in (fcntl.F_GETLK, 36, fcntl.F_GETFL, fcntl.F_DUPFD):
        assert verdict(program, machine, number["fcntl"], 3, command) == bpf.ALLOW, command
    write_hint, file_write_hint, delegation = 1036, 1038, 1040
    for command in (fcntl.F_SETLEASE, fcntl.F_NOTIFY, write_hint, file_write_hint, delegation):
        assert verdict(program, machine, number["fcntl"], 3, command) == EPERM, command
    cold, page_out, free, huge = 20, 21, 8, 14
    for advice in (cold, page_out):
        assert verdict(program, machine, number["madvise"], 0, 4096, advice) == PRETENDED
    for advice in (free, huge):
        assert verdict(program, machine, number["madvise"], 0, 4096, advice) == bpf.ALLOW


def test_an_unknown_architecture_is_an_error() -> None:
    """There is no filter that might fit."""
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64")


IN_A_PROCESS = """
import errno, os, resource, signal, socket
from grader.execution.sandbox import landlock, linux, outside, seccomp

bystander = os.getppid()
landlock.restrict({abi}, ["/usr"])
further = outside.rules(linux.MACHINE, os.getpid(), {abi})
linux.install_filter(seccomp.program(linux.MACHINE, further))
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
for attempt in (
    lambda: os.kill(bystander, 0),
    lambda: os.kill(-1 if {abi} < 6 else bystander, 0),  # -1: Linux reports success in any case
    lambda: socket.socket(),
    lambda: linux.unshare(linux.CLONE_NEWUSER),
    lambda: resource.prlimit(bystander, resource.RLIMIT_CORE, (0, 0)),
    lambda: os.open("/usr", os.O_RDONLY | os.O_ACCMODE),
):
    try:
        attempt()
    except PermissionError:
        continue
    raise SystemExit("not stopped")
print("stopped")
"""


@pytest.mark.parametrize("abi", [1, 3, 5, 6])
def test_for_real(abi: int) -> None:
    """The filter and Landlock as older kernels would have them, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS.format(abi=abi)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
        timeout=30,
    )
    assert done.stdout == "stopped\n", done.stderr


@pytest.mark.parametrize("machine", MACHINES)
def test_what_limits_would_not_see_is_denied(machine: str) -> None:
    """Room beyond a file's end, larger buffers, processes that cannot be looked into."""
    program = seccomp.program(machine)
    column = MACHINES.index(machine)
    fallocate, fcntl, prctl, setsockopt = (
        numbers[column]
        for numbers in (seccomp.FALLOCATE, seccomp.FCNTL, seccomp.PRCTL, seccomp.SETSOCKOPT)
    )
    unsupported = bpf.refuse(errno.EOPNOTSUPP)
    assert verdict(program, machine, fallocate, 3, 0, 0, 4096) == bpf.ALLOW
    for mode in (1, 2, 3, 0x10, 0x11, 0x40):
        assert verdict(program, machine, fallocate, 3, mode, 0, 4096) == unsupported
    assert verdict(program, machine, fcntl, 3, 1031, 2**20) == EPERM
    assert {verdict(program, machine, fcntl, 3, command) for command in (1024, 1026)} == {EPERM}
    for numbers in seccomp.SETXATTR:
        assert verdict(program, machine, numbers[column]) == unsupported
    assert verdict(program, machine, fcntl, 3, 1030) == bpf.ALLOW  # F_DUPFD_CLOEXEC
    assert verdict(program, machine, prctl, 4, 0) == EPERM
    assert verdict(program, machine, prctl, 15) == bpf.ALLOW  # PR_SET_NAME
    for option in (7, 32):
        assert verdict(program, machine, setsockopt, 3, 1, option) == EPERM
        assert verdict(program, machine, setsockopt, 3, 6, option) == bpf.ALLOW  # of TCP
    assert verdict(program, machine, setsockopt, 3, 1, 2) == bpf.ALLOW  # SO_REUSEADDR
