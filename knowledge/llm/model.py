"""A language model behind langchain: one call that streams, within a time, tried again where that may help."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from knowledge.llm.breaker import Breaker
from knowledge.llm.draft import SCHEMA

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

PAUSES = (0.5, 1.5)
LONGEST_PAUSE = 10.0
BUSY = frozenset({408, 409, 429, 529})
UNKNOWN_FORMAT = frozenset({400, 404, 422})
TRIED_AGAIN = frozenset({*BUSY, 500, 502, 503, 504})

log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """Why a model gave nothing, or not all of it."""

    SLOW = "slow"
    BUSY = "busy"
    AWAY = "away"
    CLOSED = "closed"
    BROKEN = "broken"
    RESTING = "resting"


class ModelFailure(Exception):
    """The model gave no answer, or broke off."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass
class Use:
    """What one question to a model used: tokens in and out as the provider counts them, its own seconds, tries."""

    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    tries: int = 0


class Model:
    """One model of one provider; safe to use from several threads."""

    def __init__(
        self,
        chat: BaseChatModel,
        name: str,
        seconds: float,
        clock: Callable[[], float],
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self.name = name
        self._chat = chat
        self._seconds = seconds
        self._clock = clock
        self._pauses = pauses
        self._breaker = Breaker(clock)
        self._formatted = True

    def ask(self, system: str, user: str, use: Use) -> Iterator[str]:
        """The pieces of the model's text as they come; `use` is filled in meanwhile. A ModelFailure where none come
        in time, or where they break off: what came before is the caller's to keep."""
        if not self._breaker.allows():
            raise ModelFailure(Trouble.RESTING)
        try:
            yield from self._within_time(system, user, use)
        except ModelFailure:
            self._breaker.failed()
            raise
        except GeneratorExit:
            # The caller has enough.
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()

    def _within_time(self, system: str, user: str, use: Use) -> Iterator[str]:
        until = self._clock() + self._seconds
        pauses = list(self._pauses)
        while True:
            came = False
            use.tries += 1
            try:
                for piece in self._once(system, user, use, until):
                    came = True
                    yield piece
                return
            except ModelFailure:
                raise
            except Exception as error:
                status = _status(error)
                # An older model or a plain server may not know the format; the prompt asks for the same in words.
                if status in UNKNOWN_FORMAT and self._formatted and not came:
                    self._formatted = False
                    continue
                log.warning("the model %s failed: %s %s", self.name, type(error).__name__, status or "")
                pause = max(pauses.pop(0), _asked_to_wait(error)) if pauses else None
                again = status in TRIED_AGAIN if status else True
                if came or not again or pause is None or self._clock() + pause >= until:
                    raise ModelFailure(_trouble(error, status)) from error
            threading.Event().wait(pause)

    def _once(self, system: str, user: str, use: Use, until: float) -> Iterator[str]:
        """One call. It runs in a thread of its own: no provider's time-out bounds a whole answer."""
        arriving: queue.SimpleQueue[AIMessageChunk | Exception | None] = queue.SimpleQueue()
        given_up = threading.Event()
        began = self._clock()
        call = (system, user, arriving, given_up)
        threading.Thread(target=self._listen, args=call, name="model", daemon=True).start()
        seen = Use()
        try:
            while True:
                try:
                    chunk = arriving.get(timeout=max(until - self._clock(), 0.001))
                except queue.Empty:
                    raise ModelFailure(Trouble.SLOW) from None
                if chunk is None:
                    return
                if isinstance(chunk, Exception):
                    raise chunk
                _count(chunk, seen)
                if text := _text(chunk):
                    yield text
        finally:
            given_up.set()
            use.tokens_in += seen.tokens_in
            use.tokens_out += seen.tokens_out
            use.seconds += self._clock() - began

    def _listen(self, system: str, user: str, arriving: queue.SimpleQueue[Any], given_up: threading.Event) -> None:
        chat = self._chat.bind(response_format=SCHEMA) if self._formatted else self._chat
        try:
            for chunk in chat.stream([("system", system), ("human", user)]):
                if given_up.is_set():
                    return
                arriving.put(chunk)
            arriving.put(None)
        except Exception as error:
            arriving.put(error)


def _text(chunk: AIMessageChunk) -> str:
    if isinstance(chunk.content, str):
        return chunk.content
    parts = (each if isinstance(each, str) else each.get("text", "") for each in chunk.content)
    return "".join(part for part in parts if isinstance(part, str))


def _count(chunk: AIMessageChunk, use: Use) -> None:
    """Providers count up to here, or once at the end: never add."""
    if counted := chunk.usage_metadata:
        use.tokens_in = max(use.tokens_in, int(counted.get("input_tokens") or 0))
        use.tokens_out = max(use.tokens_out, int(counted.get("output_tokens") or 0))


def _status(error: BaseException) -> int | None:
    """The HTTP status that a provider's package carries in its error or in what that came from."""
    found: BaseException | None = error
    for _ in range(4):
        if found is None:
            return None
        status = getattr(found, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
        found = found.__cause__
    return None


def _asked_to_wait(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None)
    try:
        return min(max(float(headers["retry-after"]), 0.0), LONGEST_PAUSE) if headers else 0.0
    except (KeyError, ValueError, TypeError):
        return 0.0


def _trouble(error: BaseException, status: int | None) -> Trouble:
    if status is None:
        names = {each.__name__ for each in type(error).__mro__}
        if any("Timeout" in name for name in names):
            return Trouble.SLOW
        return Trouble.AWAY if any("Connect" in name or "Transport" in name for name in names) else Trouble.BROKEN
    if status in (401, 403, 404):
        return Trouble.CLOSED
    return Trouble.BUSY if status in BUSY else Trouble.BROKEN
