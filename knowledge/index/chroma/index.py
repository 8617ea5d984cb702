"""Search through Chroma, which a thread keeps level with the library; exact search for all that Chroma cannot do."""

from __future__ import annotations

import heapq
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from knowledge.embedding.encoder import Encoder
from knowledge.index.chroma.database import ChromaFailure
from knowledge.index.chroma.folder import ChromaFolder
from knowledge.index.chroma.reconcile import Live
from knowledge.index.chroma.server import ChromaServer
from knowledge.library.descriptions import Catalogue, Follower
from knowledge.library.exact import ExactIndex
from knowledge.library.narrowed import DocumentVectors

POLL_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
QUIET_SECONDS = 2.0
# Now and then a write to Chroma's files takes seconds, and every search waits for it.
PATIENCE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where the Chroma database lives and who may write to it: a folder of this home, or a server."""

    kind: str
    elsewhere: bool

    def bring(self, catalogue: Catalogue) -> Iterator[Live | None]: ...
    def lag(self, catalogue: Catalogue) -> int: ...
    def failed(self) -> None: ...
    def close(self) -> None: ...


class ChromaIndex:
    """The index of a long-running process. `start` it, and `close` it at the end.

    Documents that Chroma does not hold yet are searched exactly, so a question never misses any; when Chroma fails
    or belongs to another process, all are.
    """

    def __init__(self, engine: Engine, encoder: str, keeper: Keeper) -> None:
        self._follower = Follower(engine, encoder)
        self._exact = ExactIndex(engine)
        self._narrowed = DocumentVectors(engine, encoder)
        self._keeper = keeper
        self._pool = ThreadPoolExecutor(8, "chroma-question")
        self._late: set[Future[list[tuple[str, float]]]] = set()
        self._live: Live | None = None
        self._stop = Event()
        self._round = Condition()
        self._reconciled_with = -1
        self._problem: str | None = None
        self._asked_at = float("-inf")
        self._thread = Thread(target=self._follow, name="chroma", daemon=True)

    @property
    def kind(self) -> str:
        """How questions are searched at the moment."""
        return self._keeper.kind if self._live else "exact"

    @property
    def problem(self) -> str | None:
        """What keeps Chroma from being used, in a sentence; None when nothing does."""
        return self._problem

    @property
    def elsewhere(self) -> bool:
        """Whether the index belongs to another process, which follows the library in its place."""
        return self._keeper.elsewhere

    def start(self) -> None:
        """Begin to follow the library; returns at once, and until the index is ready the search is exact."""
        self._thread.start()

    def close(self) -> None:
        """Stop following and let go of Chroma."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._live = None
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._keeper.close()

    def wait(self, seconds: float) -> bool:
        """Wait until Chroma holds the library as it is at the time of the call; False when it does not by then."""
        generation = self._follower.current().generation
        with self._round:
            return self._round.wait_for(lambda: self._reconciled_with >= generation, seconds)

    def lag(self, catalogue: Catalogue) -> int:
        """How many documents of the catalogue are not in Chroma."""
        return self._keeper.lag(catalogue)

    def nearest(
        self, vector: NDArray[np.float32], audiences: Collection[str], count: int, catalogue: Catalogue
    ) -> list[tuple[str, float]]:
        """The passages nearest to `vector` in these audiences: id and cosine, best first."""
        self._asked_at = time.monotonic()
        live = self._live
        found = self._searched(live, vector, audiences, count, catalogue) if live else None
        if live is None or found is None:
            return self._exact.nearest(vector, audiences, count, catalogue)
        if live.applied < catalogue.generation:
            found.extend(self._exact.nearest(vector, audiences, count, catalogue, above=live.applied))
        if live.apart:
            listings = [catalogue.embedded.get(name, {}) for name in audiences]
            apart = {listed[each] for listed in listings for each in live.apart & listed.keys() if each <= live.applied}
            found.extend(self._narrowed.nearest(vector, audiences, count, catalogue, apart))
        return heapq.nsmallest(count, found, key=lambda each: (-each[1], each[0]))

    def _searched(
        self, live: Live, vector: NDArray[np.float32], audiences: Collection[str], count: int, catalogue: Catalogue
    ) -> list[tuple[str, float]] | None:
        """What Chroma finds in these audiences, asked at the same time; None when it fails or keeps one waiting."""
        if not all(each.done() for each in self._late):
            return None
        asked = [self._pool.submit(in_audience, live, name, vector, count, catalogue) for name in audiences]
        self._late = wait(asked, PATIENCE_SECONDS).not_done
        if self._late:
            return None
        try:
            return [each for answer in asked for each in answer.result()]
        except ChromaFailure as error:
            self._give_up(live, error)
            return None

    def _give_up(self, live: Live, error: ChromaFailure) -> None:
        if self._live is live:
            self._live = None
            self._keeper.failed()
            self._note(str(error))

    def _note(self, problem: str | None) -> None:
        if problem and problem != self._problem:
            _log.warning("%s Answers go on by exact search.", problem)
        elif self._problem and not problem:
            _log.warning("The search index is in use again.")
        self._problem = problem

    def _follow(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._bring(self._follower.current())
            except ChromaFailure as error:
                self._live = None
                self._keeper.failed()
                self._note(str(error))
            except Exception as error:
                self._note(f"The search index cannot follow the library ({type(error).__name__}).")
            failures = failures + 1 if self._problem else 0
            self._stop.wait(min(POLL_SECONDS * 2**failures, LONGEST_PAUSE_SECONDS))

    def _bring(self, catalogue: Catalogue) -> None:
        begun = time.monotonic()
        for live in self._keeper.bring(catalogue):
            self._live = live
            # A writer that saturates Chroma makes questions wait a hundred times as long.
            now = time.monotonic()
            if self._stop.wait(now - begun if now - self._asked_at < QUIET_SECONDS else 0):
                return
            begun = time.monotonic()
        if self._live and self._live.applied >= catalogue.generation:
            self._note(None)
            self._exact.clear()
            with self._round:
                self._reconciled_with = catalogue.generation
                self._round.notify_all()


def embedded(engine: Engine, encoder: Encoder, home: Path) -> ChromaIndex:
    """The index over Chroma embedded in this process, in the home's folder."""
    return ChromaIndex(engine, encoder.name, ChromaFolder(engine, encoder.name, encoder.dimension, home))


def on_server(
    engine: Engine, encoder: Encoder, url: str, clock: Callable[[], float], headers: Mapping[str, str] | None = None
) -> ChromaIndex:
    """The index over a Chroma server; `clock` gives seconds since 1970."""
    server = ChromaServer(engine, encoder.name, encoder.dimension, url, clock, headers)
    return ChromaIndex(engine, encoder.name, server)


def in_audience(
    live: Live, audience: str, vector: NDArray[np.float32], count: int, catalogue: Catalogue
) -> list[tuple[str, float]]:
    """The best `count` passages that Chroma has of one audience's documents, as far as they are still listed."""
    listed = catalogue.embedded.get(audience, {})
    if not any(each <= live.applied for each in listed):
        return []
    wanted = count
    while True:
        found = live.collections.query(audience, vector, wanted)
        valid = [
            (passage_id, cosine)
            for passage_id, generation, cosine in found
            if generation in listed and generation <= live.applied and generation not in live.apart
        ]
        # Vectors of documents that have gone may still stand before those that are wanted.
        if len(valid) >= count or len(found) < wanted:
            return valid[:count]
        wanted *= 4
