"""Keep the library reconciled with its folders while the bot runs."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
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
    again: float = 30.0,
    rules: Callable[[], object] = lambda: None,
    known: Callable[[Exception], str | None] = lambda error: None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Call `sync` at once, then whenever something in the folders or in their `rules` changed, until `stop` is set.

    A change is answered when nothing more has happened for a moment, at most `quiet` seconds after it. `every` that
    many seconds it is called in any case: shared drives do not tell of changes, and a folder may come back. What
    goes wrong is logged by its kind and place, without its words, and tried again after `again` seconds; where its
    cause is `known`, by the sentence for that.
    """
    while not stop.is_set():
        try:
            present, by = _present(folders()), rules()
            for something in _changes(present, stop, quiet) if present else _nothing(stop, min(every, 4 * quiet)):
                if something:
                    until = clock() + (every if _done(sync, known) else min(every, again))
                if stop.is_set() or clock() >= until or rules() != by or _present(folders()) != present:
                    break
        except Exception as error:
            _report("The library's folders cannot be watched", error)
            stop.wait(min(every, 60.0))


def _present(folders: Sequence[Path]) -> list[Path]:
    return [folder for folder in folders if _is_there(folder)]


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return False


def _changes(folders: Sequence[Path], stop: Event, quiet: float) -> Iterator[bool]:
    """True at first and whenever something changed since the last time, False about once a second.

    What changes before the first True, or while its receiver is busy, is not missed.
    """
    from watchfiles import watch as changes

    first = True
    for found in changes(
        *folders,
        stop_event=stop,
        debounce=max(1, int(quiet * 1000)),
        step=max(1, min(200, int(quiet * 250))),
        rust_timeout=max(1, min(1000, int(quiet * 1000))),
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        yield first or bool(found)
        first = False


def _nothing(stop: Event, seconds: float) -> Iterator[bool]:
    """The same where there is no folder to watch."""
    yield True
    while not stop.wait(seconds):
        yield False


def _done(sync: Callable[[], object], known: Callable[[Exception], str | None]) -> bool:
    try:
        sync()
    except Exception as error:
        if sentence := known(error):
            _log.critical("%s The library is brought level with its folders then.", sentence)
        else:
            _report("The library could not be brought level with its folders", error)
        return False
    return True


def _report(what: str, error: Exception) -> None:
    # An exception's own words may quote a document.
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s (%s); trying again later.\n%s", what, type(error).__name__, place)
