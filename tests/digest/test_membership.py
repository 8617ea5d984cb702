"""Who is in a channel when its digest is posted decides what is in it; what comes late is checked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.demo.workspace import Workspace
from bot.digest.blocks import overview
from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.slack.messages.outbox import Outbox, posting_client, reading_client
from knowledge.passages import OPERATOR
from tests.digest.test_once import at, workspace_at
from tests.digest.year import TRUST, jobs, put_return, token
from tests.scenarios.conftest import said

SUNDAY, WEDNESDAY = at(date(2026, 9, 6), 12, 0), at(date(2026, 9, 9), 17, 20)
OAK = token("oak", date(2026, 9, 7))


class Setting:
    """A workspace in which one return came in, and its clock."""

    def __init__(self, workspace: Workspace, engine: Engine, clock: list[datetime]) -> None:
        self.workspace, self.engine, self.clock = workspace, engine, clock
        self.posting = jobs(engine, workspace.bot_token, workspace.api_url, lambda: clock[0])
        self.posting.tick()
        put_return(engine, "oak", date(2026, 9, 7), at(date(2026, 9, 7), 18, 0))
        clock[0] = WEDNESDAY

    def join(self, person: str, channel: str) -> None:
        """Somebody comes into a channel, unheard by the bot."""
        state = self.workspace.state
        with state.changed:
            state.channel(channel).members.add(state.user(person).id)

    def posted(self, channel: str) -> str:
        """All that stands in a channel."""
        return "\n".join(said(each) for each in self.workspace.messages(channel))


@pytest.fixture
def setting(sqlite_engine: Engine) -> Iterator[Setting]:
    clock = [SUNDAY]
    with workspace_at(clock) as workspace:
        yield Setting(workspace, sqlite_engine, clock)


def test_the_team_reads_its_return(setting: Setting) -> None:
    setting.posting.tick()
    assert OAK in setting.posted("oak-slt")
    assert "Return from Oak." in setting.posted("oak-slt")


def test_a_stranger_among_them_sees_nothing_of_it_and_no_hint(setting: Setting) -> None:
    stranger = setting.workspace.add_user("stranger", "Sam Stranger", email="sam@alder.example")
    setting.join(stranger.name, "oak-slt")
    setting.posting.tick()
    shown = setting.posted("oak-slt")
    assert OAK not in shown
    assert "Nothing to show here this week." in shown
    assert "overdue" not in shown
    assert "No return to show from Oak." in shown


def test_who_comes_while_it_is_being_posted_sees_no_more_of_it(setting: Setting) -> None:
    workspace, now = setting.workspace, lambda: setting.clock[0]
    service = DigestService(setting.engine, MeetingService(setting.engine, TRUST, now), now)
    setup = service.setup("oak-slt")
    slot = service.due(setup)
    assert slot
    digest = service.make(setup, slot, OPERATOR)
    assert service.begin(digest)
    token_, url = workspace.bot_token, workspace.api_url
    outbox = Outbox(setting.engine, reading_client(token_, url), posting_client(token_, url), now)
    channel = workspace.state.channel("oak-slt").id
    outbox.post(digest.key, channel, "the overview, as it was before", overview(digest)[1][:1])
    stranger = workspace.add_user("stranger", "Sam Stranger", email="sam@alder.example")
    setting.join(stranger.name, "oak-slt")
    # It may still be in flight: for a moment it is left alone.
    setting.posting.tick()
    assert service.unfinished()
    setting.clock[0] += timedelta(minutes=1)
    setting.posting.tick()
    assert OAK not in setting.posted("oak-slt")
    assert service.unfinished() == []


def test_a_channel_without_the_bot_waits_and_the_others_do_not(setting: Setting) -> None:
    state = setting.workspace.state
    with state.changed:
        state.channel("execs").members.discard(state.user("Trustbot").id)
    setting.posting.tick()
    assert OAK in setting.posted("oak-slt")
    assert not setting.workspace.messages("execs")
