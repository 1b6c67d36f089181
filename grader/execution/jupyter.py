"""nbclient over forked kernels: a provisioner, a manager and a client that do what is needed."""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, Literal

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from jupyter_client.session import Session
from nbclient import NotebookClient

from grader.execution import messages
from grader.execution.parent import ConfinementError, Ending, Leash, Zygote
from grader.execution.supervisor import KernelRequest
from grader.execution.zmtp import Connection

START_SECONDS = 120.0  # as long as a busy machine may take
READY_SECONDS = 60.0  # from when its sockets are bound to when something comes from them
ASK_SECONDS = 2.0  # until it is asked to say something
_SILENT = "a kernel had sockets, but nothing came from them"
_PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}


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
    ) -> None:
        info = request.connection
        file = zygote.folder / f"{secrets.token_hex(8)}.json"  # jupyter_client writes it anyway
        super().__init__(transport="ipc", ip=info["ip"], connection_file=str(file))
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

    def _connect_control_socket(self) -> None:
        """Open none: it would be libzmq's, which keeps what a kernel sends without end."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernelspec: no argv, since nothing is executed."""
        return KernelSpec(argv=[], display_name="Python", language="python")

    def cleanup_ipc_files(self) -> None:
        """Leave the sockets to whoever removes the kernel's folder."""


class KernelChannel:
    """One of the two channels that nbclient reads, over a connection of the grader's own."""

    decoded = staticmethod(messages.received)

    def __init__(self, path: str, kind: Literal["DEALER", "SUB"], session: Session) -> None:
        self._path, self._kind, self._session = path, kind, session
        self._connection: Connection | None = None

    async def open(self) -> None:
        """Connect, if that was not done yet. Raises OSError."""
        if self._connection is None:
            self._connection = await Connection.open(self._path, self._kind)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        if self._connection is not None:
            self._connection.send(self._session.serialize(message))

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message. Raises Empty after some seconds, BrokenError if it is none."""
        if self._connection is None:
            raise Empty
        try:
            async with asyncio.timeout(timeout):
                frames = await self._connection.receive()
        except TimeoutError:
            raise Empty from None
        return self.decoded(frames, self._session)

    def is_alive(self) -> bool:
        """Whether it is connected."""
        return self._connection is not None

    def stop(self) -> None:
        """End the connection: nothing that the kernel says there is taken any more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class QuickClient(AsyncKernelClient):
    """A client with the two channels that nbclient reads, ready as soon as the kernel is.

    No heartbeat: the leash tells of the end.
    """

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Make shell and iopub; `wait_for_ready` connects them."""
        self.allow_stdin = False
        ip: Any = self.ip
        session: Any = self.session
        self._shell_channel = KernelChannel(f"{ip}-{self.shell_port}", "DEALER", session)
        self._iopub_channel = KernelChannel(f"{ip}-{self.iopub_port}", "SUB", session)

    def stop_channels(self) -> None:
        """Close what was opened; the stock version would create the others to close them."""
        for channel in (self._shell_channel, self._iopub_channel):
            if channel is not None:
                channel.stop()

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's welcome on iopub: what it publishes from then on arrives.

        Once in thousands of times none comes. Then the kernel is asked for its info, of which it
        tells on iopub, too. The stock version always asks, and idles until nothing more comes.
        Raises NotReadyError.
        """
        await self.connect()
        left = timeout or READY_SECONDS
        while left > 0:
            with suppress(Empty):
                await self.iopub_channel.get_msg(timeout=min(left, ASK_SECONDS))
                return
            left -= ASK_SECONDS
            self.kernel_info()
        raise NotReadyError(_SILENT)

    async def connect(self) -> None:
        """Connect to the kernel's sockets, if that was not done yet. Raises NotReadyError."""
        try:
            await self.iopub_channel.open()
            await self.shell_channel.open()
        except OSError as error:
            raise NotReadyError(_SILENT) from error


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
        self._seen += msg["size"]
        if self._seen > self.most_output:
            self.stop("output")
            return None
        if msg["msg_type"] in ("status", "error", "execute_input"):
            return super().process_message(msg, cell, cell_index)
        return None

    def watch(self, leash: Leash) -> None:
        """End the running cell when the kernel ends."""
        leash.ended.add_done_callback(lambda ended: self.stop(_why(ended)))

    def stop(self, why: str) -> None:
        """End the running cell: nbclient itself would look after a second."""
        self.stopped = self.stopped or why
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


def _why(ended: asyncio.Future[Ending]) -> str:
    reason = "" if ended.exception() else ended.result().reason
    return reason or "ended"
