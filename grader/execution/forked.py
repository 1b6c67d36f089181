"""Where the kernels of one notebook come from, and where they live."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.errors import DisturbedError
from grader.execution import jupyter
from grader.execution.cells import Kernel
from grader.execution.clock import Budget
from grader.execution.jupyter import ForkedManager, NotReadyError, WatchedClient
from grader.execution.limits import GB, MB
from grader.execution.parent import SHORT_OF_MEMORY, ShortOfMemoryError, Zygote
from grader.execution.sandbox import memory, private_root
from grader.execution.sandbox.confine import Confinement, Step
from grader.execution.supervisor import KernelRequest
from grader.leftovers import temporary_folder
from grader.spec import Limits

_nbformat: Any = nbformat.v4  # its functions have no types
OWN_PROCESSES = 24  # of the kernel itself: its threads, and a child for every question
START_TRIES = 3
OUTPUT_SLACK = 2  # the kernel keeps to the limit itself; beyond this it has been tampered with


@dataclass(frozen=True)
class Kernels:
    """Where the kernels of one notebook come from."""

    zygote: Zygote
    step: Step
    limits: Limits
    support: Path | None
    killed_before: int = field(default_factory=memory.system_kills)

    @contextlib.asynccontextmanager
    async def fork(self, budget: Budget) -> AsyncIterator[Kernel]:
        """Fork a kernel; at the end, end it with all that it has started.

        One that does not get ready is replaced. Raises NotReadyError if the others do not, either.
        What its code takes of the `budget` is counted by the kernel's clock.
        """
        async with contextlib.AsyncExitStack() as stack:
            for left in reversed(range(START_TRIES)):
                try:
                    kernel = await stack.enter_async_context(self._forked(budget))
                    break
                except NotReadyError:
                    if not left:
                        raise
            yield kernel

    def check_disk(self, megabytes: float) -> None:
        """Raise DisturbedError if the machine has less room than that.

        At step A a notebook writes to memory of its own.
        """
        free = shutil.disk_usage(self.zygote.folder).free / MB
        if self.step != "A" and free < megabytes:
            raise DisturbedError(f"the disk of the grader's machine has only {free:.0f} MB left")

    def check_memory(self) -> None:
        """Raise ShortOfMemoryError if the system may have killed what a notebook has lost.

        Where kernels have cgroups, those tell whose processes were killed.
        """
        if self.zygote.machine.cgroup and memory.system_kills() > self.killed_before:
            raise ShortOfMemoryError(SHORT_OF_MEMORY)

    @contextlib.asynccontextmanager
    async def _forked(self, budget: Budget) -> AsyncIterator[Kernel]:
        with self.manager() as (manager, ours):
            client = WatchedClient(
                _nbformat.new_notebook(),
                km=manager,
                timeout=None,  # the kernel's clock counts what a cell takes
                allow_errors=True,
                store_widget_state=False,
            )
            client.most_output = int(OUTPUT_SLACK * self.limits.output_mb * MB)
            try:
                await client.async_start_new_kernel()
                channels = client.kc = manager.client()
                channels.start_channels()
                await channels.wait_for_ready()
                yield Kernel(client, manager, self.limits, budget, ours)
            finally:
                await _end(client, manager)

    @contextlib.contextmanager
    def manager(self) -> Iterator[tuple[ForkedManager, socket.socket]]:
        """Return a manager that can start a kernel, and the grader's end of its switchboard."""
        with self._home() as home, _socket_pair() as (ours, theirs):
            support = self.support if self.step == "A" else None  # elsewhere it is in the home
            yield (
                ForkedManager(self.zygote, self._request(home), theirs, support),
                ours,
            )

    @contextlib.contextmanager
    def _home(self) -> Iterator[str]:
        """Return the home as the kernel sees it: at step A in its own root, else a folder."""
        if self.step == "A":
            yield private_root.HOME
            return
        with temporary_folder("home", self.zygote.where) as outer:
            outer.chmod(0o711)  # for kernels that run as other users to pass
            folder = outer / "home"  # theirs, what lies above it is not
            folder.mkdir(0o700)
            work = folder / private_root.WORK
            if self.support and self.support.is_dir():
                shutil.copytree(self.support, work, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                work.mkdir()
            for name in (private_root.SOCKETS, "tmp"):
                (folder / name).mkdir()
            yield str(folder)

    def _request(self, home: str) -> KernelRequest:
        limits = self.limits
        confinement = Confinement(
            step=self.step,
            home=home,
            user=None,
            memory=int(limits.memory_gb * GB),
            processes=limits.processes + OWN_PROCESSES,
            disk=int(limits.disk_mb * MB),
            seconds=int(limits.notebook_seconds) + 60,
            landlock_abi=self.zygote.machine.landlock_abi,
        )
        return KernelRequest(
            confinement,
            jupyter.connection(f"{home}/{private_root.SOCKETS}"),
            _environment(home, self.step),
            output=int(limits.output_mb * MB),
            use_cgroup=not self.zygote.machine.cgroup,
        )


async def _end(client: WatchedClient, manager: ForkedManager) -> None:
    """End the kernel with all that it has started, and close its sockets."""
    if client.kc is not None:
        client.kc.stop_channels()
    try:
        if manager.leash is not None:
            await manager.leash.kill()
    except ShortOfMemoryError:  # what it has said until then may be for want of memory
        raise
    except DisturbedError:  # whoever waited for the kernel has seen it
        pass
    finally:
        await manager.cleanup_resources()


@contextlib.contextmanager
def _socket_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


def _environment(home: str, step: Step) -> dict[str, str]:
    """Return what a kernel may know: nothing of the grader's own environment but the language."""
    temporary = "/tmp" if step == "A" else f"{home}/tmp"  # noqa: S108 - in the private root
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": temporary,
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
