"""A process that keeps a home's index while documents go in, so that tests can kill it: `home [writes]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.runtime import db
from knowledge.index.chroma import index as chroma_index
from knowledge.library.library import Library
from tests.knowledge.books import Lottery, document, pages

WIDE = 384
LENGTH = 60
LONG = 120.0


def main() -> None:
    """Say `level <kind>` when the index is level, `waiting <kind>` when it is another process's.

    Then, with `writes`, put documents without end, saying which.
    """
    home = Path(sys.argv[1])
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    encoder = Lottery(dimension=WIDE)
    index = chroma_index.embedded(engine, encoder, home)
    library = Library(engine, encoder, index)
    index.start()
    deadline = time.monotonic() + LONG
    while not (level := index.wait(0.2)) and not index.elsewhere and time.monotonic() < deadline:
        pass
    print("level" if level else "waiting", index.kind, flush=True)
    number = 0
    while "writes" in sys.argv:
        key = f"d{number % 40}"
        library.put(document(key), pages(key, LENGTH, library.generation()))
        print(key, flush=True)
        number += 1
    sys.stdin.read()


if __name__ == "__main__":
    main()
