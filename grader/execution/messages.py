"""What a kernel says on Jupyter's channels: the few things that are read of it, bounded and clean.

Whoever has replaced parts of the kernel can send any JSON, or none. Of that nothing is made into
objects but texts that are asked for; of what they are cut to, the limit of a message is the bound.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

import msgspec
from jupyter_client.session import DELIM, Session

from grader.execution.zmtp import BrokenError, Frames
from grader.texts import clean_text

MAX_HEADER = 2**16  # bytes, of either header
MAX_LENIENT = 2**20  # bytes of content that is not quite JSON
MAX_TRACEBACK = 2**20  # bytes: of a longer one no line is looked for
MAX_TEXT = 2_000  # characters of a name or message
MAX_LINE = 500  # characters of a part of a traceback
MESSAGE_COST = 100  # bytes that each message counts, whatever it says

_READ = {"status", "error", "execute_reply", "kernel_info_reply"}
_FAULTS = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, MemoryError)


class _Header(msgspec.Struct):
    msg_id: str = ""
    msg_type: str = ""


class _Content(msgspec.Struct):
    status: msgspec.Raw = msgspec.Raw()
    execution_state: msgspec.Raw = msgspec.Raw()
    ename: msgspec.Raw = msgspec.Raw()
    evalue: msgspec.Raw = msgspec.Raw()
    traceback: msgspec.Raw = msgspec.Raw()


def received(frames: Frames, session: Session) -> dict[str, Any]:
    """Return a message as nbclient expects one, and its `size`. Raises BrokenError if it is none.

    Of content it has what is read of it: the state, the status, and errors.
    """
    try:
        at = frames.index(DELIM)
        signature, header, parent, metadata, content = frames[at + 1 : at + 6]
    except ValueError:
        raise BrokenError("too few frames for a message") from None
    due = session.sign([header, parent, metadata, content])
    if not hmac.compare_digest(signature, due):
        raise BrokenError("a message with another signature")
    head, answered = _header(header), _header(parent)
    size = MESSAGE_COST + sum(map(len, frames[at + 5 :]))
    return {
        "header": {"msg_id": head.msg_id, "msg_type": head.msg_type},
        "msg_id": head.msg_id,
        "msg_type": head.msg_type,
        "parent_header": {"msg_id": answered.msg_id},
        "metadata": {},
        "content": _content(content) if head.msg_type in _READ else {},
        "buffers": [],
        "size": size,
    }


def _header(data: bytes) -> _Header:
    if len(data) > MAX_HEADER:
        raise BrokenError("a header that is too long")
    try:
        return msgspec.json.decode(data, type=_Header)
    except _FAULTS as error:
        raise BrokenError("a header that cannot be read") from error


def _content(data: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data, type=_Content)
    except _FAULTS:
        found = _leniently(data)
    return {
        "status": _text(found.status),
        "execution_state": _text(found.execution_state),
        "ename": _text(found.ename),
        "evalue": _text(found.evalue),
        "traceback": _parts(found.traceback),
    }


def _leniently(data: bytes) -> _Content:
    """Read what Python takes for JSON: NaN, halves of characters, bytes that are no UTF-8."""
    if len(data) > MAX_LENIENT:
        raise BrokenError("content that cannot be read")
    try:
        content = json.loads(data.decode("utf-8", "replace"))
        known = {name: content.get(name) for name in _Content.__struct_fields__}
        return _Content(**{name: _raw(value) for name, value in known.items()})
    except (*_FAULTS, AttributeError, TypeError) as error:
        raise BrokenError("content that cannot be read") from error


def _raw(value: Any) -> msgspec.Raw:
    parts = value if isinstance(value, list) else []
    clean = [clean_text(part, len(part)) for part in parts if isinstance(part, str)]
    return msgspec.Raw(msgspec.json.encode(clean or (clean_text(value, MAX_TEXT))))


def _text(raw: msgspec.Raw) -> str:
    """Return a text; of what is none, nothing."""
    data = bytes(raw)
    if not data.startswith(b'"'):
        return ""
    try:
        return clean_text(msgspec.json.decode(data.decode("utf-8", "replace"), type=str), MAX_TEXT)
    except _FAULTS:
        return ""


def _parts(raw: msgspec.Raw) -> list[str]:
    """Return the parts of a traceback that are text, each cut: a line's number stands in front."""
    data = bytes(raw)
    if not data.startswith(b"[") or len(data) > MAX_TRACEBACK:
        return []
    try:
        parts = msgspec.json.decode(data.decode("utf-8", "replace"), type=list[Any])
    except _FAULTS:
        return []
    return [clean_text(part, MAX_LINE) for part in parts if isinstance(part, str)]
