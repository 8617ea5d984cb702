"""Keeping open windows level with the workspace: what has changed in a window is sent to it, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from threading import Thread
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.workspace.page.drawing.look import Look, Regions
from bot.demo.workspace.state import State

PAUSE = 0.04
LOOK_AGAIN = 20.0


class Bell:
    """Wakes the windows on the server's loop whenever anything in the workspace has changed."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def hear(self) -> asyncio.Event:
        """An event that is set at each change from now on; to be called on the server's loop."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            Thread(target=self._watch, args=(self._loop,), name="bell", daemon=True).start()
        heard = asyncio.Event()
        self._waiting.add(heard)
        return heard

    def leave(self, heard: asyncio.Event) -> None:
        """Wake this one no more."""
        self._waiting.discard(heard)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        # Held but for the waiting itself, so that no change falls between two waits.
        with self._state.changed:
            while not loop.is_closed():
                if self._state.changed.wait(1):
                    with contextlib.suppress(RuntimeError):
                        loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for each in self._waiting:
            each.set()


async def follow(websocket: WebSocket, look: Look, bell: Bell, extra: Any) -> None:
    """Send a window its changes until it is closed. `extra` gives further regions as `regions` does."""
    await websocket.accept()
    heard = bell.hear()
    closing = asyncio.create_task(_until_closed(websocket))
    sent: dict[str, dict[str, str]] = {}
    try:
        while not closing.done():
            heard.clear()
            now = await asyncio.to_thread(lambda: {**look.regions(), **extra()})
            if news := _news(sent, now):
                await websocket.send_json(news)
            await asyncio.wait({closing, (ringing := asyncio.create_task(heard.wait()))}, timeout=LOOK_AGAIN,
                               return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
            ringing.cancel()
            await asyncio.sleep(PAUSE)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        bell.leave(heard)
        closing.cancel()


async def _until_closed(websocket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await websocket.receive_text()


def _news(sent: dict[str, dict[str, str]], now: Regions) -> dict[str, Any]:
    """Region -> the order of its keys and the HTML of those that are new or other than was sent."""
    news = {}
    for region, pieces in now.items():
        before = sent.get(region)
        after = {key: str(html) for key, html in pieces}
        if before is None or list(before) != list(after) or before != after:
            changed = {key: html for key, html in after.items() if before is None or before.get(key) != html}
            news[region] = {"order": list(after), "html": changed}
            sent[region] = after
    return news
