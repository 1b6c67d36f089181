"""The seccomp filter, instruction by instruction for both architectures; for real on this one."""

from __future__ import annotations

import errno
import os
import signal
import struct
import subprocess
import sys

import pytest

from grader.execution.sandbox import linux, seccomp

MACHINES = list(seccomp.ARCHITECTURES)
ENOSYS, EPERM, EACCES = map(seccomp.refuse, (errno.ENOSYS, errno.EPERM, errno.EACCES))


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
    some = {numbers[column] for numbers in (seccomp.CLONE3, seccomp.SOCKETPAIR)}
    for number in (
        set(range(seccomp.NEWEST_CALL + 1)) - set(seccomp.denied(machine).values()) - some
    ):
        assert verdict(program, machine, number) == seccomp.ALLOW, number
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
    assert verdict(program, machine, clone, signal.SIGCHLD) == seccomp.ALLOW
    assert verdict(program, machine, clone, linux.CLONE_NEWUSER | signal.SIGCHLD) == EPERM
    assert verdict(program, machine, seccomp.CLONE3[column]) == ENOSYS
    unix, inet, stream, datagram, nonblocking = 1, 2, 1, 2, 0o4000
    assert verdict(program, machine, pair, unix, stream | nonblocking) == seccomp.ALLOW
    assert verdict(program, machine, pair, unix, datagram | nonblocking) == EACCES
    assert verdict(program, machine, pair, inet, stream) == EACCES
    assert verdict(program, machine, ioctl, 0, 0x5412) == EPERM
    assert verdict(program, machine, ioctl, 0, 0x5401) == seccomp.ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architectures_calls_kill(machine: str) -> None:
    """A 32-bit call on a 64-bit kernel has other numbers."""
    program = seccomp.program(machine)
    i386 = 0x4000_0003
    assert verdict(program, machine, 20, architecture=i386) == seccomp.KILL
    other = next(name for name in MACHINES if name != machine)
    assert verdict(program, machine, 20, architecture=seccomp.ARCHITECTURES[other]) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_where_landlock_does_not_confine_them(machine: str) -> None:
    """To the process itself only, by whichever call."""
    program = seccomp.program(machine, only_signal=4242)
    column = MACHINES.index(machine)
    for name, numbers in seccomp.SIGNALS.items():
        assert verdict(program, machine, numbers[column], 4242, 9) == seccomp.ALLOW, name
        for other in (1, 0, 2**32 - 1, 4243):
            assert verdict(program, machine, numbers[column], other, 9) == EPERM, name
    assert verdict(program, machine, seccomp.PIDFD_SEND_SIGNAL[column], 3, 9) == EPERM


def test_an_unknown_architecture_is_an_error() -> None:
    """There is no filter that might fit."""
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64")


IN_A_PROCESS = """
import errno, os, signal, socket
from grader.execution.sandbox import landlock, linux, seccomp

bystander = os.getppid()
landlock.restrict({abi}, ["/usr"], [], [])
linux.install_filter(seccomp.program(linux.MACHINE, os.getpid()))
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
for attempt in (
    lambda: os.kill(bystander, 0),
    lambda: os.kill(-1, 0),
    lambda: os.killpg(0, 0),
    lambda: socket.socket(),
    lambda: linux.unshare(linux.CLONE_NEWUSER),
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
    unsupported = seccomp.refuse(errno.EOPNOTSUPP)
    assert verdict(program, machine, fallocate, 3, 0, 0, 4096) == seccomp.ALLOW
    for mode in (1, 2, 3, 0x10, 0x11, 0x40):
        assert verdict(program, machine, fallocate, 3, mode, 0, 4096) == unsupported
    assert verdict(program, machine, fcntl, 3, 1031, 2**20) == EPERM
    assert verdict(program, machine, fcntl, 3, 1030) == seccomp.ALLOW  # F_DUPFD_CLOEXEC
    assert verdict(program, machine, prctl, 4, 0) == EPERM
    assert verdict(program, machine, prctl, 15) == seccomp.ALLOW  # PR_SET_NAME
    for option in (7, 32):
        assert verdict(program, machine, setsockopt, 3, 1, option) == EPERM
        assert verdict(program, machine, setsockopt, 3, 6, option) == seccomp.ALLOW  # of TCP
    assert verdict(program, machine, setsockopt, 3, 1, 2) == seccomp.ALLOW  # SO_REUSEADDR
