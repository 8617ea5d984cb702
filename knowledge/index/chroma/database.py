"""One library's collections in a Chroma database, embedded or on a server: the only place that imports chromadb."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from threading import Condition, Lock
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
PAGE = 5_000
SERVER_SECONDS = 5.0
SURVEY_SECONDS = 120.0
# Twice as wide as Chroma's own: among passages alike, as policies are, a narrow graph misses some of the nearest.
GRAPH = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 100}


class ChromaFailure(Exception):
    """Chroma did not do what it was asked, said with what it was and why."""


class Collections:
    """One collection an audience, cosine, holding vectors only; ids are `<passage id>@<generation>`.

    The generation tells which put of its document a vector belongs to, so writing twice changes nothing and a
    result that has been overtaken can be told from one that stands. Every method raises ChromaFailure.
    """

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        # Chroma's own client would wait for a silent server for ever, and leaves its connections open when closed.
        parts = (client, getattr(client, "_admin_client", None))
        sessions = (getattr(getattr(part, "_server", None), "_session", None) for part in parts)
        self._sessions = [each for each in sessions if each is not None]
        self._be_patient(SERVER_SECONDS)
        self._prefix = prefix
        self._open: dict[str, Any] = {}
        self._lock = Lock()
        self._idle = Condition()
        self._users = 0
        self._closed = False

    @classmethod
    def embedded(cls, folder: Path, prefix: str) -> Collections:
        """Open the collections in a folder, which is made when it is missing; no other process may have it open."""
        with _contained("The index folder does not open"):
            import chromadb

            return cls(chromadb.PersistentClient(str(folder), settings=_settings()), prefix)

    @classmethod
    def on_server(cls, url: str, prefix: str, headers: Mapping[str, str] | None = None) -> Collections:
        """Reach the collections on a Chroma server."""
        ping(url, headers)
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        with _contained("The Chroma server gave no connection"):
            import chromadb

            client = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if secure else 80),
                ssl=secure,
                headers=dict(headers or {}),
                settings=_settings(),
            )
            return cls(client, prefix)

    def survey(self, probe: Vectors) -> dict[str, dict[str, float | None]]:
        """By audience, every id held and the cosine to `probe` that a search gives it, None where none reaches it."""
        result: dict[str, dict[str, float | None]] = {}
        with self._used("The index cannot be surveyed"):
            self._be_patient(SURVEY_SECONDS)
            for audience, collection in self._all().items():
                total = collection.count()
                held: dict[str, float | None] = {}
                for offset in range(0, total, PAGE):
                    held |= dict.fromkeys(collection.get(include=[], limit=PAGE, offset=offset)["ids"])
                if total:
                    found = collection.query(query_embeddings=[probe], n_results=total, include=["distances"])
                    cosines = (1.0 - each for each in found["distances"][0])
                    held |= dict(zip(found["ids"][0], cosines, strict=True))
                result[audience] = held
            self._be_patient(SERVER_SECONDS)
        return result

    def add(self, audience: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Put vectors in; an id that is there already is written over."""
        with self._used("The index cannot be written to"):
            fresh = audience not in self._open
            collection = self._collection(audience, create=True)
            if fresh:
                # Else the first write after the first search goes through up to a thousand rows again, 30 s long.
                collection.query(query_embeddings=vectors[:1], n_results=1, include=[])
            collection.upsert(ids=list(ids), embeddings=vectors)

    def delete(self, audience: str, ids: Sequence[str]) -> None:
        """Take ids out."""
        with self._used("Nothing can be deleted from the index"):
            self._collection(audience).delete(ids=list(ids))

    def drop_all(self, family: str) -> None:
        """Remove every collection whose name begins with `family`."""
        with self._used("Nothing can be deleted from the index"):
            for name in self._names():
                if name.startswith(f"{family}-"):
                    self._client.delete_collection(name)
            self._open.clear()

    def query(self, audience: str, vector: Vectors, count: int) -> list[tuple[str, int, float]]:
        """The nearest `count`: passage id, generation, cosine; best first."""
        with self._used("The index cannot be searched"):
            collection = self._collection(audience)
            found = collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
            return [
                (*split_id(each), 1.0 - distance)
                for each, distance in zip(found["ids"][0], found["distances"][0], strict=True)
            ]

    def close(self) -> None:
        """Wait for what is under way, then let go of the files or connections; nothing works afterwards."""
        with self._idle:
            self._closed = True
            self._idle.wait_for(lambda: not self._users, SERVER_SECONDS)
        with _contained("The index does not close"):
            self._client.close()
            for session in self._sessions:
                session.close()

    @contextmanager
    def _used(self, problem: str) -> Iterator[None]:
        with self._idle:
            if self._closed:
                raise ChromaFailure(f"{problem} (it is closed).")
            self._users += 1
        try:
            with _contained(problem):
                yield
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def _collection(self, audience: str, create: bool = False) -> Any:
        with self._lock:
            if audience not in self._open:
                name = self._name(audience)
                if create:
                    self._open[audience] = self._client.get_or_create_collection(
                        name,
                        configuration={"hnsw": GRAPH},
                        embedding_function=None,
                        metadata={"audience": audience},
                    )
                else:
                    self._open[audience] = self._client.get_collection(name, embedding_function=None)
            return self._open[audience]

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self._names():
            if name.startswith(f"{self._prefix}-"):
                collection = self._client.get_collection(name, embedding_function=None)
                found[str(collection.metadata["audience"])] = collection
        return found

    def _names(self) -> list[str]:
        names: list[str] = []
        while page := self._client.list_collections(limit=200, offset=len(names)):
            names.extend(each.name for each in page)
        return names

    def _be_patient(self, seconds: float) -> None:
        for session in self._sessions:
            session.timeout = seconds

    def _name(self, audience: str) -> str:
        return f"{self._prefix}-{hashlib.sha256(audience.encode()).hexdigest()[:24]}"


def ping(url: str, headers: Mapping[str, str] | None = None) -> None:
    """Return if a Chroma server answers at this URL, else raise a ChromaFailure that says what to check."""
    request = urllib.request.Request(f"{url.rstrip('/')}/api/v2/heartbeat", headers=dict(headers or {}))  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SERVER_SECONDS) as answer:  # noqa: S310
            json.load(answer)["nanosecond heartbeat"]
    except (OSError, ValueError, LookupError, TypeError, HTTPException) as error:
        parts = urlsplit(url)
        raise ChromaFailure(
            f"The Chroma server at {parts.scheme}://{parts.netloc.rpartition('@')[2]} does not answer. "
            "Check that it runs and that TRUSTBOT_CHROMA_URL is right."
        ) from error


def vector_id(passage_id: str, generation: int) -> str:
    """A passage's id in Chroma, as of the generation that put it."""
    return f"{passage_id}@{generation}"


def split_id(stored: str) -> tuple[str, int]:
    """The passage id and generation of an id in Chroma."""
    passage_id, _, generation = stored.rpartition("@")
    return passage_id, int(generation)


def _settings() -> Any:
    from chromadb.config import Settings

    # A `.env` file that happens to lie where the program was started is not Chroma's.
    options: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}
    return Settings(**options)


@contextmanager
def _contained(problem: str) -> Iterator[None]:
    try:
        yield
    except ChromaFailure:
        raise
    except Exception as error:
        raise ChromaFailure(f"{problem} ({type(error).__name__}).") from error
    except BaseException as error:
        # What Chroma's compiled part raises when it breaks down is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise ChromaFailure(f"{problem} (Chroma broke down).") from error
