"""A digest stands in Slack once whatever the database, the clock or the channel's name says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.config.trust import Trust
from bot.demo.workspace import Workspace
from bot.demo.workspace.state import BOT_USER, Message
from bot.digest.jobs import DigestJobs
from bot.digest.model import Setup
from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.runtime import db
from tests.backups import back_up, restore
from tests.digest.test_once import at, workspace_at
from tests.digest.year import TRUST, jobs, put_return
from tests.scenarios.conftest import said

SUNDAY = at(date(2026, 9, 6), 12, 0)
MONDAY = at(date(2026, 9, 7), 7, 46)
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
# The administrator is told what is wrong.
PEOPLE = {person.id: person for person in TRUST.people}
KEEPER = PEOPLE["eve"].model_copy(update={"roles": ("chief-executive", "administrator")})
KEPT = TRUST.model_copy(update={"people": (KEEPER, PEOPLE["ann"], PEOPLE["rex"])})


@dataclass
class Home:
    """A database that can be copied and put back, the workspace, Slack's clock, and how far ours is ahead."""

    workspace: Workspace
    folder: Path
    clock: list[datetime]
    ahead: timedelta = timedelta()
    trust: Trust = KEPT
    engines: list[Engine] = field(default_factory=list)

    def open(self) -> DigestJobs:
        """The digest's clock side as a process has it that has just started."""
        engine = db.make_engine(f"sqlite:///{self.folder / 'records.sqlite'}")
        db.upgrade(engine)
        self.engines.append(engine)
        return jobs(
            engine, self.workspace.bot_token, self.workspace.api_url, lambda: self.clock[0] + self.ahead,
            trust=self.trust,
        )  # fmt: skip

    def setup(self) -> Setup:
        """How the digest of the executives' channel is set."""
        meetings = MeetingService(self.engines[-1], self.trust, lambda: self.clock[0])
        return DigestService(self.engines[-1], meetings, lambda: self.clock[0]).setup("execs")

    def close(self) -> None:
        """End every process."""
        while self.engines:
            self.engines.pop().dispose()

    def restore(self) -> None:
        """Put the backup back."""
        self.close()
        restore(self.folder)

    def tick(self, moment: datetime) -> None:
        """A tick at this moment, in a process of its own."""
        self.clock[0] = moment
        self.open().tick()

    def tops(self, channel: str = "execs") -> list[Message]:
        """The digests in a channel."""
        return [each for each in self.workspace.messages(channel) if not each.thread_ts and each.user == BOT_USER]

    def told(self, person: str = "eve") -> list[str]:
        """What somebody was told alone."""
        return [said(each) for each in self.workspace.direct(person) if each.user == BOT_USER]


@contextmanager
def home_at(folder: Path, moment: datetime = SUNDAY) -> Iterator[Home]:
    clock = [moment]
    with workspace_at(clock) as workspace:
        home = Home(workspace, folder, clock)
        home.tick(moment)
        put_return(home.engines[-1], "elm", date(2026, 9, 4), at(date(2026, 9, 6), 20, 0))
        try:
            yield home
        finally:
            home.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with home_at(tmp_path) as home:
        yield home


def keys(home: Home, channel: str = "execs") -> list[str]:
    """The key of every message in a channel, and the name of every file."""
    found = []
    for message in home.workspace.messages(channel):
        payload = (message.metadata or {}).get("event_payload", {})
        found += [home.workspace.state.files[file].name for file in message.files] or [str(payload.get("key"))]
    return found


@pytest.mark.parametrize("later", [MINUTE, timedelta(days=2)])
def test_a_backup_from_before_the_post_is_restored(home: Home, later: timedelta) -> None:
    back_up(home.folder)
    home.tick(MONDAY)
    before = keys(home)
    assert len(before) > 1
    home.restore()
    for moment in (MONDAY + later, MONDAY + later + MINUTE):
        home.tick(moment)
    assert keys(home) == before
    home.tick(MONDAY + WEEK)
    assert len(home.tops()) == 2


def test_a_new_home_beside_a_channel_that_was_served(home: Home) -> None:
    home.tick(MONDAY)
    before = keys(home)
    home.close()
    (home.folder / "records.sqlite").unlink()
    # As `/trust digest post` does; by itself a new home catches nothing up.
    home.clock[0] = MONDAY + timedelta(hours=1)
    posting = home.open()
    put_return(home.engines[-1], "elm", date(2026, 9, 4), at(date(2026, 9, 6), 20, 0))
    posting.post_now(home.setup())
    assert keys(home) == before


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_clock_that_is_eleven_minutes_fast_beside_a_dropped_reply(home: Home, drop: str) -> None:
    home.ahead = 11 * MINUTE
    home.workspace.fail("chat.postMessage", drop=drop)  # type: ignore[arg-type]
    home.tick(MONDAY)
    home.ahead = timedelta()
    home.tick(MONDAY + 2 * MINUTE)
    assert len(home.tops()) == 1
    assert len(set(keys(home))) == len(keys(home))


def test_a_tick_of_a_clock_that_is_twelve_weeks_ahead_silences_nothing(home: Home) -> None:
    home.ahead = 12 * WEEK
    home.tick(MONDAY)
    home.ahead = timedelta()
    for week in range(13):
        before = len(home.tops())
        home.tick(MONDAY + WEEK * week)
        home.tick(MONDAY + WEEK * week + MINUTE)
        assert len(home.tops()) == before + 1, week


def test_a_channel_that_is_watched_since_a_day_to_come_is_watched_since_now(home: Home) -> None:
    with home.engines[-1].begin() as connection:
        connection.execute(text("UPDATE digest_settings SET since = '2027-02-01 00:00:00.000000'"))
    home.tick(SUNDAY + MINUTE)
    home.tick(MONDAY)
    assert len(home.tops()) == 1


def test_a_renamed_channel_goes_on_and_the_administrator_is_told_once(home: Home) -> None:
    home.tick(MONDAY)
    home.workspace.state.channel("execs").name = "top-table"
    for week in (1, 2):
        home.tick(MONDAY + WEEK * week)
    assert len(home.tops("top-table")) == 3
    (told,) = home.told()
    assert "#execs, which is called #top-table in Slack now" in told
    home.workspace.state.channel("top-table").name = "table"
    home.tick(MONDAY + WEEK * 3)
    assert len(home.tops("table")) == 4
    assert len(home.told()) == 2


def test_another_channel_that_takes_the_old_name_gets_nothing(home: Home) -> None:
    home.tick(MONDAY)
    home.workspace.state.channel("execs").name = "top-table"
    home.workspace.add_channel("execs", ["rex"], private=True)
    home.tick(MONDAY + WEEK)
    assert len(home.tops("top-table")) == 2
    assert not home.workspace.messages("execs")


def test_the_new_name_in_the_trust_file_goes_on_with_what_was_set(home: Home) -> None:
    posting = home.open()
    home.clock[0] = MONDAY
    posting.tick()
    channel = home.workspace.state.channel("execs")
    with home.engines[-1].begin() as connection:
        connection.execute(text("UPDATE digest_settings SET day = 'tuesday' WHERE channel = 'execs'"))
    channel.name = "top-table"
    home.close()
    digests = tuple(
        each.model_copy(update={"channel": "top-table"}) if each.channel == "execs" else each for each in KEPT.digests
    )
    home.trust = KEPT.model_copy(update={"digests": digests})
    home.tick(MONDAY + timedelta(days=1))
    assert len(home.tops("top-table")) == 1, "this week's was posted under the other name"
    home.tick(MONDAY + WEEK + MINUTE)
    assert len(home.tops("top-table")) == 1, "it was moved to Tuesday"
    home.tick(MONDAY + WEEK + timedelta(days=1))
    assert len(home.tops("top-table")) == 2


@pytest.mark.parametrize("how", ["archived", "deleted", "removed"])
def test_a_channel_that_is_gone_is_told_once_and_tried_again(home: Home, how: str) -> None:
    home.tick(MONDAY)
    state = home.workspace.state
    channel = state.channel("execs")
    with state.changed:
        if how == "archived":
            channel.archived = True
        elif how == "deleted":
            state.channels.pop(channel.id)
        else:
            channel.members.discard(BOT_USER)
    for minutes in range(30):
        home.tick(MONDAY + WEEK + MINUTE * minutes)
    (told,) = home.told()
    assert ("is archived" in told) == (how == "archived")
    assert "#execs" in told
    with state.changed:
        channel.archived = False
        channel.members.add(BOT_USER)
        state.channels[channel.id] = channel
    home.tick(MONDAY + WEEK + timedelta(hours=1))
    assert len(home.tops()) == 2
    assert len(home.told()) == 1


def test_an_administrator_who_cannot_be_told_holds_up_no_digest(home: Home) -> None:
    home.tick(MONDAY)
    home.workspace.state.channel("execs").name = "top-table"
    home.workspace.fail("conversations.open", 20, error="user_disabled")
    home.tick(MONDAY + WEEK)
    assert len(home.tops("top-table")) == 2
