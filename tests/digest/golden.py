"""Makes the golden digests of the sample trust's autumn term: `python -m tests.digest.golden`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.config.trust import Trust, load
from bot.demo.sample import TRUST_FILE
from bot.demo.sample.term import Term
from bot.digest.model import Digest
from bot.digest.rendering import as_text
from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.runtime import db
from knowledge.embedding import encoder as embed
from knowledge.passages import Reader

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

GOLDEN = Path(__file__).parent / "golden"
FIRST, DAYS = date(2026, 8, 31), 110
TIMES = (time(8, 0), time(8, 15))


def members(trust: Trust, channel: str) -> Reader:
    """What everybody in a private channel of the sample trust may read: its group's people."""
    series = next(each for each in trust.meetings if each.channel == channel)
    people = [each for each in trust.people if series.group in {p for m in trust.reader(each).members for p in m}]
    return Reader.joint(trust.reader(each) for each in people)


def digests(encoder: Encoder, folder: Path) -> Iterator[Digest]:
    """Every digest of the term in order of time, made as the clock makes it and kept as posted."""
    trust = load(TRUST_FILE)
    engine = db.make_engine(f"sqlite:///{folder / 'records.sqlite'}")
    db.upgrade(engine)
    now = [datetime(2026, 8, 31, 7, 0, tzinfo=trust.zone)]
    term = Term(engine, trust)
    service = DigestService(
        engine, MeetingService(engine, trust, lambda: now[0]), lambda: now[0], encode=encoder.encode
    )
    service.watch()
    for number in range(2 * DAYS):
        now[0] = datetime.combine(FIRST + timedelta(days=number // 2), TIMES[number % 2], trust.zone)
        term.play(now[0])
        for setup in service.setups():
            if slot := service.due(setup):
                digest = service.make(setup, slot, members(trust, setup.channel))
                assert service.begin(digest)
                service.finish(digest.key)
                yield digest
    engine.dispose()


def texts(encoder: Encoder, folder: Path) -> dict[str, str]:
    """The whole term of each channel as one text."""
    found: dict[str, list[str]] = {}
    for digest in digests(encoder, folder):
        found.setdefault(digest.channel, []).append(f"== #{digest.channel}, {digest.week} ==\n\n{as_text(digest)}")
    return {channel: "\n".join(each) for channel, each in found.items()}


@contextmanager
def _encoder() -> Iterator[Encoder]:
    from tests.conftest import ENCODER_CACHE

    yield embed.load(None, ENCODER_CACHE)


def main() -> None:
    """Write the golden files anew."""
    with TemporaryDirectory() as folder, _encoder() as encoder:
        for channel, text in texts(encoder, Path(folder)).items():
            (GOLDEN / f"{channel}.txt").write_text(text, encoding="utf-8")
            print(f"{channel}: {text.count('== #')} digests")


if __name__ == "__main__":
    main()
