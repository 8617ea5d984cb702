"""An office: a workspace, its people, and the bot at work in it."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot import app
from bot.config.settings import Settings
from bot.demo.workspace import Workspace
from bot.demo.workspace.movable_clock import MovableClock
from bot.demo.workspace.state import Channel, Message
from bot.runtime import db
from bot.runtime.failures import MaskingFormatter
from knowledge.library.library import Library
from tests.at_work import PATIENT, leave, make_way
from tests.conftest import ENCODER_CACHE, STORES, fresh_database
from tests.scenarios import corpus

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.composition.trustbot import Trustbot
    from knowledge.embedding.encoder import Encoder
    from tests.scenarios.meetings.office import Staffroom

MANIFEST = Path(__file__).parents[2] / "manifest.json"


def people(workspace: Workspace) -> None:
    """Two executives, two heads of schools, a guest; a channel of all of them, one of the executives, one of both."""
    for person in corpus.TRUST.people:
        workspace.add_user(person.id, person.name, email=person.email)
    workspace.add_user("nat", "Nat New", email="nat@alder.example")
    workspace.add_user("gus", "Gus Guest", email="gus@elsewhere.example", is_restricted=True)
    workspace.add_channel("staff", ["eve", "max", "fay", "bob", "nat"])
    workspace.add_channel("execs", ["eve", "max"], private=True)
    workspace.add_channel("mixed", ["eve", "bob"], private=True)
    workspace.add_channel("guests", ["eve", "gus"], private=True)
    workspace.add_channel("nobot", ["eve", "bob"], bot=False)


@dataclass
class Office:
    """A bot at work. `log` is what its process logs, as `trustbot run` writes it; bot and workspace go by `clock`."""

    workspace: Workspace
    settings: Settings
    engine: Engine
    log: io.StringIO
    clock: MovableClock = field(default_factory=MovableClock)
    asked: list[str] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    bot: Trustbot | None = None
    is_open: bool = False

    def open(self) -> None:
        """Start the bot as `trustbot run` does."""
        make_way(self)
        self.bot = self.stack.enter_context(app.bot(self.settings, clock=self.clock.now))
        self.is_open = True
        wait_until(lambda: self.workspace.sockets == 1, "the connection")

    def close(self) -> None:
        """Stop the bot."""
        leave(self)
        self.stack.close()
        self.bot, self.is_open = None, False
        wait_until(lambda: self.workspace.sockets == 0, "the connection to end")

    def later(self, seconds: float) -> None:
        """Let time pass, for the workspace and the bot."""
        self.clock.move_to(self.clock.now(UTC) + timedelta(seconds=seconds))
        if self.bot:
            # The bot may have been comparing the clocks just then.
            self.bot.time.confirm()

    def mention(self, person: str, channel: str | Channel, question: str, thread: str | None = None) -> Message:
        """A person asks in a channel."""
        self.asked.append(question)
        return self.workspace.as_user(person).mention(channel, question, thread)

    def answers(self, message: Message, count: int = 1) -> list[Message]:
        """The bot's replies in the thread of this message, once there are so many; what is sent late comes too."""
        self.workspace.wait_for(lambda: len(self.workspace.replies(message)) >= count, what="an answer in the thread")
        self.rest()
        return self.workspace.replies(message)

    def answer(self, message: Message) -> Message:
        """The bot's one reply in the thread of this message."""
        (reply,) = self.answers(message)
        return reply

    def ask(self, person: str, channel: str | Channel, question: str) -> Message:
        """Ask in a channel and wait for the answer in the thread."""
        return self.answer(self.mention(person, channel, question))

    def ask_alone(self, person: str, question: str) -> Message:
        """Ask in the Messages tab and wait for the answer."""
        self.asked.append(question)
        return self.answer(self.workspace.as_user(person).dm(question))

    def whispers(self, person: str, count: int = 1) -> list[Message]:
        """What only this person sees, once there is so much."""
        self.workspace.wait_for(lambda: len(self.workspace.ephemerals(person)) >= count, what="a private message")
        return self.workspace.ephemerals(person)

    def modal(self, person: str, title: str) -> dict[str, Any]:
        """The modal with this title, once it is on top of the person's screen."""

        def shown() -> dict[str, Any] | None:
            view = self.workspace.modal(person)
            return view if view and view["title"]["text"] == title else None

        found = self.workspace.wait_for(shown, what=f"the modal {title!r}")
        assert found is not None
        return found

    def rest(self) -> None:
        """Wait until every event is acknowledged and done."""
        from sqlalchemy import text

        def undone() -> int:
            with self.engine.connect() as connection:
                return int(connection.execute(text("SELECT count(*) FROM inbox WHERE done IS NULL")).scalar_one())

        wait_until(lambda: self.workspace.idle and undone() == 0, "every event to be done")


def wait_until(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Wait for something that the workspace does not know of."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited for {what}")
        time.sleep(0.01)


def said(message: Message | dict[str, Any]) -> str:
    """All that a message or a view says, as one text, without what differs between two of the same."""
    blocks = message.blocks if isinstance(message, Message) else message["blocks"]
    text = message.text if isinstance(message, Message) else ""
    return text + "\n" + json.dumps([_words(each) for each in blocks], ensure_ascii=False)


def _words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _words(each) for key, each in value.items() if key not in ("block_id", "value")}
    return [_words(each) for each in value] if isinstance(value, list) else value


def masked_log() -> tuple[io.StringIO, logging.Handler]:
    """A log as `trustbot run` writes it, and what writes it."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(MaskingFormatter())
    return log, handler


@contextmanager
def office_at(
    home: Path, encoder: Encoder, database_url: str | None = None, chroma_url: str | None = None
) -> Iterator[Office]:
    """An office with its documents, without a bot yet; SQLite and embedded Chroma where no address is given."""
    log, handler = masked_log()
    (home / "encoder").symlink_to(ENCODER_CACHE)
    trust_file = home / "trust.yaml"
    trust_file.write_text(yaml.safe_dump(corpus.TRUST.model_dump(mode="json", exclude_defaults=True)))
    clock = MovableClock()
    with Workspace.start(MANIFEST, **PATIENT, clock=clock) as workspace:
        people(workspace)
        settings = Settings(
            home=home,
            trust_file=trust_file,
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            slack_api_url=workspace.api_url,
            database_url=database_url,
            chroma_url=chroma_url,
        )
        engine = db.make_engine(settings.database)
        db.upgrade(engine)
        corpus.fill(Library(engine, encoder))
        office = Office(workspace, settings, engine, log, clock)
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            yield office
        finally:
            office.close()
            root.removeHandler(handler)
            root.setLevel(level)
            engine.dispose()
        for question in filter(None, office.asked):
            assert question not in log.getvalue(), "a question was logged"


@pytest.fixture(scope="session", params=STORES)
def shared_office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[Office]:
    """One office for all scenarios: on SQLite with embedded Chroma, then on PostgreSQL with a Chroma server."""
    where: tuple[str | None, str | None] = (None, None)
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgresql_url"))
        where = (url, request.getfixturevalue("chroma_server"))
    with office_at(tmp_path_factory.mktemp("office"), encoder, *where) as office:
        yield office


@pytest.fixture
def office(shared_office: Office) -> Office:
    """The shared office with its bot at work over Socket Mode."""
    if not shared_office.is_open:
        shared_office.open()
    return shared_office


@pytest.fixture
def own_office(home: Path, encoder: Encoder) -> Iterator[Office]:
    """An office of a test's own, on SQLite, without a bot yet."""
    with office_at(home, encoder) as office:
        make_way(office)
        yield office


@pytest.fixture(scope="module")
def whole_staffroom(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Staffroom]:
    """The bot at work among people who meet, one for all scenarios of a module."""
    from tests.scenarios.meetings.office import staffroom_at

    with staffroom_at(tmp_path_factory.mktemp("staffroom")) as staffroom:
        yield staffroom


@pytest.fixture
def staffroom(whole_staffroom: Staffroom) -> Staffroom:
    """The same with nothing in it yet."""
    if whole_staffroom.bot is None:
        whole_staffroom.open()
    whole_staffroom.begin_again()
    return whole_staffroom
