"""A trust whose leaders meet: a workspace seeded from its trust file, the bot in it, and a clock moved by hand."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import Engine, text

from bot import app
from bot.config.settings import Settings
from bot.config.trust import load
from bot.demo.workspace import Workspace
from bot.demo.workspace.seeding import seed
from bot.demo.workspace.state import Message
from bot.runtime import db
from bot.slack.trustbot import Trustbot
from knowledge.library.library import Library
from tests.at_work import PATIENT, leave, make_way
from tests.conftest import ENCODER_CACHE
from tests.meetings.conftest import FIRST, TRUST
from tests.scenarios.conftest import MANIFEST, masked_log, said, wait_until

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 11, 2, 18, 0, tzinfo=LONDON)
TABLES = ("meeting_notes", "meeting_drafts", "meetings", "actions", "posts", "inbox")


@dataclass
class Clock:
    """The time of a scenario, which is Slack's too: it moves on a little whenever the bot looks. It begins in the
    evening of a meeting, when nobody is reminded of anything. The bot's own clock may be `ahead`."""

    now: datetime = EVENING
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now + self.ahead


@dataclass
class Staffroom:
    """The bot at work among people who meet."""

    workspace: Workspace
    settings: Settings
    engine: Engine
    clock: Clock
    log: io.StringIO
    bot: Trustbot | None = None
    library: Library | None = None
    begun: int = 0
    stack: ExitStack = field(default_factory=ExitStack)

    def open(self) -> Trustbot:
        """Start the bot, with the scenario's clock."""
        make_way(self)
        known = self.stack.enter_context(app.knowledge(self.settings))
        bot = app.slack_bot(
            self.settings, known.engine, known.answerer, known.library, known.trust, self.clock, ticking=False
        )
        bot.start()
        self.bot, self.library = bot, known.library
        self.stack.callback(bot.stop)
        wait_until(lambda: self.workspace.sockets == 1, "the bot to connect")
        return bot

    def forget(self, channel: str) -> None:
        """Let the bot ask again who is in a channel, as it does when somebody comes or goes."""
        found = self.workspace.state.channel(channel)
        self.workspace.site.changes.emit(
            "member_left_channel",
            {"type": "member_left_channel", "user": "USLACKBOT", "channel": found.id, "event_ts": "1.0"},
        )
        self.rest()

    def tick(self) -> None:
        """Let the clock strike."""
        assert self.bot
        self.bot.clock.strike()

    def close(self) -> None:
        """Stop the bot."""
        leave(self)
        self.stack.close()
        self.bot = None

    def begin_again(self) -> None:
        """An empty room: no notes, no records, no messages, no modals."""
        self.rest()
        with self.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"DELETE FROM {table}"))
        state = self.workspace.state
        with state.changed:
            state.messages.clear()
            state.ephemerals.clear()
            state.modals.clear()
            state.homes.clear()
        # Never the same moment again: ids are made of it, and the durable engine remembers what it did under an id.
        self.begun += 1
        self.clock.now = EVENING + timedelta(seconds=self.begun)

    def rest(self) -> None:
        """Wait until every event is acknowledged and done."""

        def undone() -> int:
            with self.engine.connect() as connection:
                return int(connection.execute(text("SELECT count(*) FROM inbox WHERE done IS NULL")).scalar_one())

        wait_until(lambda: self.workspace.idle and undone() == 0, "every event to be done")

    def direct(self, person: str) -> list[Message]:
        """What the bot wrote to somebody in the Messages tab."""
        bot = self.workspace.state.user("Trustbot").id
        return [each for each in self.workspace.direct(person) if each.user == bot]

    def told(self, person: str, words: str) -> Message:
        """The last message to somebody that says these words, once it is there."""

        def there() -> Message | None:
            return next((each for each in reversed(self.direct(person)) if words in said(each)), None)

        return self.workspace.wait_for(there, what=f"{words!r} for {person}")

    def modal(self, person: str, title: str, where: Callable[[dict[str, Any]], object] = bool) -> dict[str, Any]:
        """The modal with this title, once it is on top of somebody's screen."""

        def shown() -> dict[str, Any] | None:
            view = self.workspace.modal(person)
            return view if view and view["title"]["text"] == title and where(view) else None

        return self.workspace.wait_for(shown, what=f"the modal {title!r}")

    def paste(self, person: str, notes: str = FIRST, **fields: str) -> None:
        """Paste notes into the form."""
        somebody = self.workspace.as_user(person)
        assert somebody.command("/trust", "notes").ok
        form = self.modal(person, "Meeting notes")
        sent = somebody.submit(form, {"notes": notes, **fields})
        assert sent.ok, sent
        self.rest()

    def review(self, person: str, words: str = "Proposal from the notes") -> dict[str, Any]:
        """Open the review behind a proposal."""
        assert self.workspace.as_user(person).click(self.told(person, words), "meetings.review").ok
        return self.modal(person, "Review the notes")

    def confirm(self, person: str) -> None:
        """Open the review and confirm it."""
        assert self.workspace.as_user(person).submit(self.review(person)).ok
        self.rest()

    def confirmed(self, notes: str = FIRST, by: str = "ann") -> None:
        """Bring notes in and confirm them."""
        self.paste(by, notes)
        self.confirm(by)


@contextmanager
def staffroom_at(
    home: Path, trust: str = TRUST, database_url: str | None = None, **options: Any
) -> Iterator[Staffroom]:
    """A staffroom with the bot at work in it; `options` are the workspace's."""
    log, handler = masked_log()
    (home / "encoder").symlink_to(ENCODER_CACHE)
    trust_file = home / "trust.yaml"
    data = yaml.safe_load(trust)
    for person in data["people"]:
        person.setdefault("email", f"{person['id']}@alder.example")
    trust_file.write_text(yaml.safe_dump(data), encoding="utf-8")
    clock = Clock()
    with Workspace.start(MANIFEST, **{**PATIENT, "clock": lambda: clock.now.timestamp(), **options}) as workspace:
        seed(workspace, load(trust_file))
        settings = Settings(
            home=home,
            trust_file=trust_file,
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            slack_api_url=workspace.api_url,
            database_url=database_url,
        )
        engine = db.make_engine(settings.database)
        db.upgrade(engine)
        staffroom = Staffroom(workspace, settings, engine, clock, log)
        root = logging.getLogger()
        root.addHandler(handler)
        try:
            yield staffroom
        finally:
            staffroom.close()
            root.removeHandler(handler)
            engine.dispose()
