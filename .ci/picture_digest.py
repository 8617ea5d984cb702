"""Draw a digest of the sample trust as its executive's channel shows it, and the chart that comes with it."""

from __future__ import annotations

import io
import re
import tempfile
from datetime import datetime
from pathlib import Path

from rich.console import Console, Group
from rich.padding import Padding

from bot import db
from bot.digest import chart
from bot.digest.blocks import overview
from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.sample import TRUST_FILE
from bot.sample.term import seed
from bot.trust import load
from bot.workspace.render import Rendering
from bot.workspace.state import BOT_USER, Message, State
from knowledge import embed
from tests.conftest import ENCODER_CACHE
from tests.digest.golden import members

WIDTH = 92
PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    trust = load(TRUST_FILE)
    now = datetime(2026, 11, 16, 8, 0, tzinfo=trust.zone)
    with tempfile.TemporaryDirectory() as folder:
        engine = db.make_engine(f"sqlite:///{folder}/records.sqlite")
        db.upgrade(engine)
        seed(engine, trust, now)
        encoder = embed.load(None, ENCODER_CACHE)
        service = DigestService(engine, MeetingService(engine, trust, lambda: now), lambda: now, encode=encoder.encode)
        setup = service.setup("executive")
        slot = service.due(setup)
        if slot is None:
            raise SystemExit("no digest is due on that day")
        digest = service.make(setup, slot, members(trust, "executive"))
        engine.dispose()
    text, blocks = overview(digest)
    message = Message("C0EXECUTIVE", f"{now.timestamp():.6f}", BOT_USER, text, blocks=blocks)
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    rendering = Rendering(State(now.timestamp))
    console.print(Padding(Group(*rendering.message(message)), (0, 1)))
    svg = console.export_svg(title="#executive, Monday 16 November 2026")
    # No font is fetched from anywhere: the reader's own monospaced one will do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace(
        "Fira Code", "ui-monospace, Menlo, Consolas"
    )
    (PICTURES / "digest.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")
    if digest.chart:
        (PICTURES / "digest-chart.png").write_bytes(chart.png(digest.chart))
    print(f"drawn: {len(blocks)} blocks, {len(text.split())} words in its text")


if __name__ == "__main__":
    main()
