"""The zygote: a warm parent process that forks a kernel for every notebook.

    python -m grader.execution.zygote DESCRIPTOR

It has imported what kernels need, has one thread, and holds nothing that a student may not see:
what it has in memory, every kernel inherits. The socket is SOCK_SEQPACKET: it sends one greeting,
then takes requests (JSON) until the other end is closed: for a kernel, with the descriptors of the
leash, the channel and perhaps the folder of support modules; or to read a notebook, see
`grader.execution.reading`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import msgspec

from grader.execution import probe, reading, warm  # noqa: F401 - kernels run the probe
from grader.execution.sandbox import cgroup, ladder
from grader.execution.sandbox.confine import seal
from grader.execution.supervisor import KernelRequest, supervise
from grader.leftovers import temporary_folder

MAX_REQUEST = 2**20


def main(descriptor: int) -> None:
    """Greet, then serve requests until the grader closes the socket."""
    control = socket.socket(fileno=descriptor)
    cgroup.sweep()
    with temporary_folder("warm") as folder:
        app = warm.prepare(folder)
        machine = ladder.examine()
        _forget_where_the_grader_is()
        warm.freeze()
        control.send(json.dumps(_greeting(machine)).encode())
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
        while _serve_one(control, app):
            pass


def _greeting(machine: ladder.Machine) -> dict[str, Any]:
    threads = os.listdir("/proc/self/task")  # noqa: PTH208
    if len(threads) != 1:
        raise RuntimeError(
            f"the zygote has {len(threads)} threads; forking it would lose all but one"
        )
    return asdict(machine)


def _forget_where_the_grader_is() -> None:
    """Let no path lead to the course: an editable install puts its folder among the modules'."""
    inside = tuple({sys.prefix, sys.base_prefix, "/usr"})
    sys.path[:] = [path for path in sys.path if path.startswith(inside)]
    sys.argv[:], sys.orig_argv[:] = [""], [sys.executable]
    for name, module in sys.modules.items():
        if name.partition(".")[0] == "grader" or name == "__main__":
            for attribute in ("__file__", "__cached__", "__spec__", "__path__"):
                vars(module).pop(attribute, None)


def _serve_one(control: socket.socket, app: warm.KernelApp) -> bool:
    message, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 3)
    if not message:
        return False
    if os.fork() == 0:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with socket.socket(fileno=descriptors[0]) as answer:
            _serve(message, answer, descriptors[1:], app)
        os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    return True


def _serve(message: bytes, answer: socket.socket, others: list[int], app: warm.KernelApp) -> None:
    """Be what is asked for: the supervisor of a kernel, or the reader of a notebook."""
    try:
        request = msgspec.json.decode(message, type=KernelRequest | reading.ReadRequest)
        if isinstance(request, reading.ReadRequest):
            reading.serve(request, answer, *others)
        else:
            supervise(request, answer, others[0], others[1:], _kernel(app))
    except BaseException as error:  # noqa: BLE001 - reported over the leash
        with suppress(OSError):
            answer.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())


def _kernel(app: warm.KernelApp) -> Callable[[KernelRequest, Callable[[], None]], None]:
    def run(request: KernelRequest, say_ready: Callable[[], None]) -> None:
        def ready() -> None:
            seal(request.confinement)
            say_ready()

        warm.start(app, request.connection, request.output, ready)

    return run


if __name__ == "__main__":
    main(int(sys.argv[1]))
