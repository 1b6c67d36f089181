"""nbclient over forked kernels: a provisioner, a manager and a client that do what is needed."""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from nbclient import NotebookClient

from grader.execution.parent import ConfinementError, Leash, Zygote
from grader.execution.supervisor import KernelRequest

START_SECONDS = 30.0
READY_SECONDS = 10.0  # from when its sockets are bound to when something comes from them
ASK_SECONDS = 2.0  # until it is asked to say something
MAX_MESSAGE = 16 * 2**20  # bytes; a longer one ends the connection
MAX_WAITING = 4  # messages of a kind that wait in the grader; the kernel keeps or drops the rest
_PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}


def messaging() -> zmq.asyncio.Context:
    """Return a context whose sockets bound what a kernel can make them hold.

    They do not reconnect: a kernel could by then have put a link to another socket in the place of
    its own.
    """
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
    context.setsockopt(zmq.RCVHWM, MAX_WAITING)
    context.setsockopt(zmq.LINGER, 0)
    context.setsockopt(zmq.RECONNECT_IVL, -1)
    return context


def connection(folder: str) -> dict[str, Any]:
    """Return the content of a connection file: Unix sockets in a folder, and a fresh key."""
    scheme = {"transport": "ipc", "signature_scheme": "hmac-sha256", "kernel_name": ""}
    return {**scheme, "ip": f"{folder}/k", "key": secrets.token_hex(16), **_PORTS}


class ForkedProvisioner(KernelProvisionerBase):
    """Provides a kernel that the zygote forks."""

    zygote: Zygote
    request: KernelRequest
    channel: socket.socket
    support: Path | None
    leash: Leash | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was forked."""
        return self.leash is not None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Prepare nothing: there is no command."""
        return {"cmd": [], **options}

    async def launch_kernel(
        self,
        cmd: list[str],  # noqa: ARG002
        **_: Any,
    ) -> KernelConnectionInfo:
        """Have the kernel forked; return how to reach it once it can be reached."""
        with self.channel:  # the kernel's end is the kernel's alone: when it ends, we see it
            self.leash = self.zygote.fork(self.request, self.channel.fileno(), self.support)
        try:
            process = await self.leash.ready(START_SECONDS)
        except TimeoutError:
            raise NotReadyError(f"a kernel had no sockets after {START_SECONDS:g} s") from None
        info: Any = {**self.request.connection, "key": self.request.connection["key"].encode()}
        if self.request.confinement.step == "A":  # its sockets are in its own root
            info["ip"] = f"/proc/{process}/root{info['ip']}"
        self.connection_info = info
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code."""
        ended = self.leash is None or self.leash.ended.done()
        return 0 if ended else None

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        return (await asyncio.shield(self.leash.ended)).code if self.leash else 0

    async def send_signal(self, signum: int) -> None:
        """Send none: a kernel is only ever killed."""

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002
        """End the kernel with all that it has started."""
        if self.leash:
            await self.leash.kill()

    async def terminate(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the kernel."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002
        """Let go of the supervisor."""
        if self.leash:
            self.leash.close()


class ForkedManager(AsyncKernelManager):
    """A manager of one forked kernel."""

    def __init__(
        self,
        zygote: Zygote,
        request: KernelRequest,
        channel: socket.socket,
        support: Path | None,
        context: zmq.asyncio.Context,
    ) -> None:
        info = request.connection
        file = zygote.folder / f"{secrets.token_hex(8)}.json"  # jupyter_client writes it anyway
        super().__init__(context=context, transport="ipc", ip=info["ip"], connection_file=str(file))
        self.client_factory = QuickClient
        provisioner = ForkedProvisioner(
            kernel_id="kernel", kernel_spec=self.kernel_spec, parent=self
        )
        provisioner.zygote, provisioner.request = zygote, request
        provisioner.channel, provisioner.support = channel, support
        self.provisioner = provisioner

    @property
    def leash(self) -> Leash | None:
        """The hold on the kernel, once it was forked."""
        provisioner: Any = self.provisioner
        leash: Leash | None = provisioner.leash
        return leash

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernelspec: no argv, since nothing is executed."""
        return KernelSpec(argv=[], display_name="Python", language="python")

    def client(self, **options: Any) -> Any:
        """Return a client whose sockets are of this manager's context, with its bounds."""
        base: Any = super()
        return base.client(context=self.context, **options)

    def cleanup_ipc_files(self) -> None:
        """Leave the sockets to whoever removes the kernel's folder."""


class QuickClient(AsyncKernelClient):
    """A client with the two channels that nbclient reads, ready as soon as the kernel is."""

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Open shell and iopub: no heartbeat, since the leash tells of the end."""
        super().start_channels(  # noqa: S604 - a channel of that name
            shell=True, iopub=True, stdin=False, hb=False, control=False
        )

    def stop_channels(self) -> None:
        """Close what was opened; the stock version would create the others to close them."""
        for name in ("_shell_channel", "_iopub_channel"):
            channel = getattr(self, name, None)
            if channel is not None:
                channel.stop()

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's welcome on iopub: what it publishes from then on arrives.

        Once in thousands of times none comes. Then the kernel is asked for its info, of which it
        tells on iopub, too. The stock version always asks, and idles until nothing more comes.
        Raises NotReadyError.
        """
        left = timeout or READY_SECONDS
        while left > 0:
            with suppress(Empty):
                await self.iopub_channel.get_msg(timeout=min(left, ASK_SECONDS))
                return
            left -= ASK_SECONDS
            self.kernel_info()
        raise NotReadyError("a kernel had sockets, but nothing came from them")


class NotReadyError(ConfinementError):
    """A kernel did not get ready; nothing of a student's has run in it."""


class WatchedClient(NotebookClient):
    """nbclient that keeps of a cell's output its errors only, and no more than may be.

    When the kernel ends, or has written more than `most_output` bytes, the running cell fails at
    once; `stopped` then says why.
    """

    stopped = ""
    most_output = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._errors: list[Any] = []
        self._seen = 0  # bytes
        self.on_cell_error = self._note_error

    def _note_error(self, execute_reply: dict[str, Any], **_: Any) -> None:
        self._errors.append(nbformat.from_dict(execute_reply["content"]))  # type: ignore[no-untyped-call]

    def unseen_errors(self) -> list[Any]:
        """Return the error of the last cell, if only the reply has told of it."""
        errors, self._errors = self._errors[-1:], []
        return errors

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Count streams, displays and widgets, and drop them before they are stored."""
        self._seen += _length(msg["content"])
        if self._seen > self.most_output:
            self.stop("output")
            return None
        if msg["msg_type"] in ("status", "error", "execute_input"):
            return super().process_message(msg, cell, cell_index)
        return None

    def watch(self, leash: Leash) -> None:
        """End the running cell when the kernel ends."""
        leash.ended.add_done_callback(lambda ended: self.stop(ended.result().reason or "ended"))

    def stop(self, why: str) -> None:
        """End the running cell: nbclient itself would look after a second."""
        self.stopped = self.stopped or why
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


def _length(content: Any) -> int:
    """Return about how many bytes a message's content has."""
    if isinstance(content, dict):
        return 100 + sum(map(_length, content.values()))
    if isinstance(content, list):
        return sum(map(_length, content))
    return len(content) if isinstance(content, str) else 8
