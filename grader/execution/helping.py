"""Answers for helpers in the middle of a call, within bounds: the grader's end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from grader.askable import Askable
from grader.errors import NoAnswerError
from grader.execution.lent import Helper
from grader.execution.runner import Answerer
from grader.wire import WireError

# Of one call of an item.
MAX_BYTES = 256 * 2**20
ANSWER_SECONDS = 60.0  # of processor time

Held = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class HelperCall:
    """A helper that is called: its arguments by the reference's names, and the random stream."""

    helper: Helper
    arguments: dict[str, Any]
    stream: Any


class Helping:
    """What is asked for helpers during one call of an item. Whoever asks may forge every word."""

    def __init__(
        self, helpers: Sequence[Helper], answerer: Answerer | None, askable: Askable
    ) -> None:
        self._answerer, self._askable = answerer, askable
        self._helpers = {helper.name: helper for helper in helpers}
        self._bytes, self._seconds = 0, 0.0
        self.answered: Counter[str] = Counter()

    def call_in(self, said: Any, identity: str) -> HelperCall | None:
        """Return the call of a helper that a message holds, None if it is none.

        Raises WireError if it is one that cannot be.
        """
        if not isinstance(said, dict) or "call" not in said:
            return None
        name, arguments = said["call"], said.get("arguments")
        helper = self._helpers.get(name) if type(name) is str else None
        known = said.get("id")
        if helper is None or not isinstance(known, str) or known != identity:
            raise WireError("a call of nothing that is answered for")
        if type(arguments) is not dict or {type(key) for key in arguments} - {str}:
            raise WireError("a call without arguments")
        return HelperCall(helper, arguments, said.get("stream"))

    async def reply(self, call: HelperCall, size: int, held: Held) -> bytes:
        """Return the answer; meanwhile the time of the call that asks is `held`.

        Raises NoAnswerError where there is none: too much is asked, or what no honest item asks.
        Raises DisturbedError where whoever answers is gone.
        """
        self.answered[call.helper.question] += 1
        self._bytes += size
        if self.answered.total() > self._askable.calls or self._bytes > MAX_BYTES:
            raise NoAnswerError("more calls of helpers than are answered")
        if self._answerer is None or not self._admits(call):
            raise NoAnswerError("what the item could not have handed on")
        left = ANSWER_SECONDS - self._seconds
        if left <= 0:
            raise NoAnswerError("its helpers took too long")
        with held():
            reply = await asyncio.to_thread(
                self._answerer, call.helper, call.arguments, call.stream, left
            )
        self._seconds += reply.seconds
        self._bytes += len(reply.packed)
        return reply.packed

    def _admits(self, call: HelperCall) -> bool:
        known = {*call.helper.parameters, *call.helper.reads}
        question = call.helper.question
        return call.arguments.keys() <= known and self._askable.admits(question, call.arguments)
