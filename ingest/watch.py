"""Keep the library level with its folders while the bot runs."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

_log = logging.getLogger(__name__)


def watch(
    folders: Callable[[], Sequence[Path]],
    sync: Callable[[], object],
    stop: Event,
    *,
    quiet: float = 1.5,
    every: float = 600.0,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Call `sync` at once, then whenever something in the folders changed, until `stop` is set.

    A change is answered when nothing more has happened for a moment, at most `quiet` seconds after it. `every` that
    many seconds it is called in any case: shared drives do not tell of changes, and a folder may come back. What
    goes wrong is logged by its kind and place, without its words, and tried again.
    """
    from watchfiles import watch as changes

    while not stop.is_set():
        _once(sync)
        until = clock() + every
        present = [folder for folder in folders() if folder.exists()]
        if not present:
            stop.wait(min(every, quiet * 4))
            continue
        try:
            for found in changes(
                *present,
                stop_event=stop,
                debounce=max(1, int(quiet * 1000)),
                step=max(1, min(200, int(quiet * 250))),
                rust_timeout=max(1, min(1000, int(every * 1000))),
                yield_on_timeout=True,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                if found or clock() >= until or any(not folder.exists() for folder in present):
                    break
        except (OSError, RuntimeError) as error:
            _report("The library's folders cannot be watched", error)
            stop.wait(min(every, 60.0))


def _once(sync: Callable[[], object]) -> None:
    try:
        sync()
    except Exception as error:
        _report("The library could not be brought level with its folders", error)


def _report(what: str, error: Exception) -> None:
    # An exception's own words may quote a document.
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s (%s); trying again later.\n%s", what, type(error).__name__, place)
