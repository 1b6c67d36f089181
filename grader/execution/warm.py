"""A Jupyter kernel in two halves: what takes long is done before the fork, the rest after it.

`prepare` runs in the zygote: imports, configuration and the interactive shell. `start` runs in the
forked kernel: sockets, threads, the kernel itself. Nothing in the first half starts a thread or
opens a socket, since neither survives a fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import random
import sys
import tempfile
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from ipykernel import ipkernel, kernelapp, zmqshell
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication
from jupyter_client.session import Session

from grader.execution import piped

_app_module: Any = kernelapp
_shell_module: Any = zmqshell

# Left out where they are not installed: of these, only NumPy is a requirement.
OFTEN_IMPORTED = [
    "numpy.linalg",
    "numpy.random",
    "numpy.fft",
    "numpy.testing",
    "numpy.ma",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "matplotlib.backends.backend_agg",
    "PIL.Image",
    "h5py",
    "scipy",
    "scipy.ndimage",
    "scipy.io",
    "sqlite3",
    "copy",
    "math",
    "re",
    "random",
    "collections",
    "IPython.core.pylabtools",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "jedi",
    "pdb",
    "faulthandler",
    "asyncio",
    "zmq.asyncio",
    "http.client",
    "urllib.request",
    "unittest.mock",
    "subprocess",
    "pexpect",
    "pygments.lexers.python",
    "pygments.formatters.terminal256",
]

_OPTIONS = [
    "--HistoryManager.enabled=False",
    "--Kernel._execute_sleep=0",  # the client waits for the output's end by itself
    "--log-level=50",
]


class _QuietThread(IOPubThread):
    """An output thread that takes nothing from forked children: for that it binds a TCP port."""

    def __init__(self, socket: Any, **options: Any) -> None:
        base: Any = super()
        base.__init__(socket, **{**options, "pipe": False})


class LimitedSession(Session):
    """Stops sending output when a notebook has written enough.

    For honest loops that print: a student who goes round it meets the grader's own limit.
    """

    left: int = sys.maxsize  # bytes
    OUTPUT = ("stream", "display_data", "update_display_data", "execute_result")

    def send(self, stream: Any, msg_or_type: Any, *arguments: Any, **options: Any) -> Any:
        """Send a message; output beyond the limit is cut, and then dropped."""
        is_type = isinstance(msg_or_type, str)
        kind = msg_or_type if is_type else msg_or_type.get("msg_type")
        if kind in self.OUTPUT:
            given = arguments[0] if arguments else options.get("content")
            if not self._fits((given if is_type else msg_or_type.get("content")) or {}):
                return None
        return super().send(stream, msg_or_type, *arguments, **options)

    def _fits(self, content: dict[str, Any]) -> bool:
        """Count output, cut text to what is left; whether there is anything to be sent."""
        left, self.left = self.left, self.left - _length(content)
        if self.left >= 0:
            return True
        if left > 0 and isinstance(content.get("text"), str):
            content["text"] = content["text"][:left]
            return True
        return False


@contextlib.contextmanager
def _no_modules() -> Iterator[None]:
    """Let the kernel see no modules while it lists their files for the debugger it does not have.

    The list would touch, and so copy, a page of memory for nearly every one of them.
    """
    module: Any = ipkernel
    module.sys = types.SimpleNamespace(modules={})
    try:
        yield
    finally:
        module.sys = sys


def _length(content: dict[str, Any]) -> int:
    data = content.get("data")
    values = data.values() if isinstance(data, dict) else [content.get("text", "")]
    return 200 + sum(len(value) if isinstance(value, str | bytes) else 1000 for value in values)


def _has_terminals() -> bool:
    try:
        descriptors = os.openpty()
    except OSError:
        return False
    for descriptor in descriptors:
        os.close(descriptor)
    return True


class KernelApp(IPKernelApp):
    """A kernel that lives as long as its supervisor wishes, and that no heartbeat watches."""

    def prepare(self) -> None:
        """Do what needs no socket, no thread and no folder of this kernel's."""
        app: Any = self
        stock: Any = BaseIPythonApplication
        stock.initialize(self, _OPTIONS)
        self.log.setLevel(logging.CRITICAL)  # or records are made for handlers that drop them
        app.init_pdb()
        kernel_class: Any = self.kernel_class
        self.user_ns = {}
        self.shell = kernel_class.shell_class.default_value.instance(
            parent=self,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            compiler_class=kernel_class.compiler_class.default_value,
        )

    def finish(self, connection: dict[str, Any], output: int) -> None:
        """Do the rest: `connection` is the content of a connection file."""
        app: Any = self
        shell: Any = self.shell
        shell.init_environment()
        app.load_connection_info(connection)
        self.session = LimitedSession(
            parent=self, key=connection["key"].encode(), username="username"
        )
        self.session.left = output
        app.init_sockets()
        app.init_io()
        app.init_signal()
        with _no_modules():
            app.init_kernel()
        kernel: Any = self.kernel
        shell.parent = shell.kernel = kernel
        app.init_path()
        app.init_shell()
        app.init_gui_pylab()
        app.init_extensions()
        app.init_code()
        self._keep_streams(shell)
        if not _has_terminals():
            _shell_module.system = piped.system  # what `!command` calls
        sys.stdout.flush()
        sys.stderr.flush()

    def _keep_streams(self, shell: Any) -> None:
        """Put the streams back where a cell leaves none: the kernel could not answer any more."""
        streams = {"stdout": sys.stdout, "stderr": sys.stderr}

        def put_back() -> None:
            for name, stream in streams.items():
                if getattr(sys, name, None) is None:
                    setattr(sys, name, stream)

        shell.events.register("post_execute", put_back)

    def init_heartbeat(self) -> None:
        """Have none: the grader sees the process itself."""

    def init_poller(self) -> None:
        """Have none: the supervisor ends the kernel."""

    def cleanup_connection_file(self) -> None:
        """There is none."""


def prepare(folder: Path) -> KernelApp:
    """Import everything and make the kernel's first half; `folder` is for IPython's profile."""
    _app_module.IOPubThread = _QuietThread
    with suppress(ImportError):
        debugger: Any = importlib.import_module("ipykernel.debugger")
        debugger._is_debugpy_available = False
    for name in OFTEN_IMPORTED:
        with suppress(ImportError):
            importlib.import_module(name)
    os.environ["IPYTHONDIR"] = str(folder)
    app: KernelApp = KernelApp.instance()
    app.prepare()
    _touch()
    return app


def _touch() -> None:
    """Do once what is only done at first use: the font cache, the linear algebra."""
    np.ones((8, 8)) @ np.ones((8, 8))
    with suppress(ImportError):
        pyplot: Any = importlib.import_module("matplotlib.pyplot")
        figure = pyplot.figure()
        figure.add_subplot().plot([1, 2])
        figure.canvas.draw()
        pyplot.close("all")


def freeze() -> None:
    """Keep the garbage collector from touching, and so copying, what all kernels share."""
    gc.collect()
    gc.disable()
    gc.freeze()


def start(
    app: KernelApp, connection: dict[str, Any], output: int, ready: Callable[[], None]
) -> None:
    """Run the kernel until it is ended; call `ready` when its sockets are bound."""
    gc.enable()
    tempfile.tempdir = None  # where it is, is looked up anew
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
    random.seed()
    app.finish(connection, output)
    ready()
    started: Any = app
    started.start()
