"""The bot in a process of its own, so that it can be killed: reads its settings from the environment."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, date, datetime
from pathlib import Path

from bot import db, settings
from bot.failures import DiscreetFormatter
from bot.trustbot import Trustbot
from knowledge.answer import Answerer
from knowledge.embed import load
from knowledge.library import Library
from knowledge.search import Search
from tests.scenarios import corpus


def main(encoder_cache: Path) -> None:
    """Run until killed."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    chosen = settings.read()
    engine = db.make_engine(chosen.database)
    encoder = load(None, encoder_cache)
    library = Library(engine, encoder)
    search = Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22))
    Trustbot(chosen, engine, Answerer(search, library), library, corpus.TRUST, lambda: datetime.now(UTC)).start()
    threading.Event().wait()


if __name__ == "__main__":
    from tests.conftest import ENCODER_CACHE

    main(ENCODER_CACHE)
