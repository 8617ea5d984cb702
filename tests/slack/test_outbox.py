"""A message with a key appears once, whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine, text

from bot.demo.workspace import Workspace
from bot.demo.workspace.state import Channel
from bot.runtime.slot import of_event
from bot.slack.messages.outbox import Outbox, ResponseRefused, posting_client, reading_client

Make = Callable[[], Outbox]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace.start(rates=None) as workspace:
        workspace.add_user("bob")
        workspace.add_channel("staff", ["bob"])
        yield workspace


@pytest.fixture
def make(workspace: Workspace, sqlite_engine: Engine) -> Make:
    """Makes outboxes over one database, as processes one after the other would."""

    def outbox() -> Outbox:
        clients = (maker(workspace.bot_token, workspace.api_url) for maker in (reading_client, posting_client))
        return Outbox(sqlite_engine, *clients, lambda: datetime.now(UTC), pauses=(0.0, 0.0))

    return outbox


@pytest.fixture
def staff(workspace: Workspace) -> Channel:
    return workspace.state.channel("staff")


def test_the_same_key_posts_once(workspace: Workspace, make: Make, staff: Channel) -> None:
    first = make().post("k", staff.id, "Good morning")
    assert make().post("k", staff.id, "Good morning") == first
    assert [message.text for message in workspace.messages(staff)] == ["Good morning"]


def test_another_key_is_another_message(workspace: Workspace, make: Make, staff: Channel) -> None:
    assert make().post("k1", staff.id, "Good morning") != make().post("k2", staff.id, "Good morning")


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("threaded", [False, True])
def test_a_broken_line_doubles_and_loses_nothing(
    workspace: Workspace, make: Make, staff: Channel, drop: str, threaded: bool
) -> None:
    root = make().post("root", staff.id, "Root") if threaded else None
    workspace.fail("chat.postMessage", drop=drop)  # type: ignore[arg-type]
    ts = make().post("k", staff.id, "Good morning", thread=root)
    found = [message for message in workspace.messages(staff) if message.text == "Good morning"]
    assert [message.ts for message in found] == [ts]


def test_after_a_crash_the_message_is_looked_for_first(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine
) -> None:
    ts = make().post("k", staff.id, "Good morning")
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE posts SET ts = NULL"))
    assert make().post("k", staff.id, "Good morning") == ts
    assert len(workspace.messages(staff)) == 1


def test_the_message_is_found_behind_many_others(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine
) -> None:
    ts = make().post("k", staff.id, "Good morning")
    for number in range(250):
        workspace.as_user("bob").say("staff", f"Message {number}")
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE posts SET ts = NULL"))
    assert make().post("k", staff.id, "Good morning") == ts


def test_when_slack_cannot_be_asked_nothing_is_posted_on_suspicion(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine
) -> None:
    make().post("k", staff.id, "Good morning")
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE posts SET ts = NULL"))
    workspace.fail("conversations.history", times=20, error="fatal_error")
    with pytest.raises(SlackApiError):
        make().post("k", staff.id, "Good morning")
    assert len(workspace.messages(staff)) == 1


def test_a_refusal_is_not_tried_again(workspace: Workspace, make: Make) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        make().post("k", "C0NOWHERE", "Good morning")
    assert sum(1 for call in workspace.calls if call.method == "chat.postMessage") == 1


def test_a_private_message_survives_a_broken_slack(workspace: Workspace, make: Make, staff: Channel) -> None:
    workspace.fail("chat.postEphemeral", status=503)
    bob = workspace.state.user("bob").id
    make().post_privately("k", staff.id, bob, "For you")
    make().post_privately("k", staff.id, bob, "For you")
    assert [message.text for message in workspace.ephemerals("bob")] == ["For you"]


def test_an_address_that_refuses_is_told_from_one_that_is_broken(workspace: Workspace, make: Make) -> None:
    with pytest.raises(ResponseRefused):
        make().respond("k", f"{workspace.url}/response/unknown", "Hello")
    workspace.fail("response_url", times=2, status=500)
    with pytest.raises(ResponseRefused) as refused:
        make().respond("k2", f"{workspace.url}/response/unknown", "Hello")
    assert refused.value.status == 404


def test_a_status_that_fails_changes_nothing(workspace: Workspace, make: Make, staff: Channel) -> None:
    workspace.fail("assistant.threads.setStatus", status=500)
    make().working(staff.id, "1.000001", "is working")


@pytest.mark.parametrize("ahead", [timedelta(minutes=11), timedelta(hours=3), timedelta(weeks=12)])
@pytest.mark.parametrize("threaded", [False, True])
def test_a_clock_that_is_ahead_beside_a_dropped_reply_doubles_nothing(
    workspace: Workspace, sqlite_engine: Engine, staff: Channel, ahead: timedelta, threaded: bool
) -> None:
    clients = [maker(workspace.bot_token, workspace.api_url) for maker in (reading_client, posting_client)]
    outbox = Outbox(sqlite_engine, *clients, lambda: datetime.now(UTC) + ahead, pauses=(0.0, 0.0))
    root = outbox.post("root", staff.id, "Root") if threaded else None
    workspace.fail("chat.postMessage", drop="after")
    outbox.post("k", staff.id, "Good morning", thread=root)
    assert [message.text for message in workspace.messages(staff)].count("Good morning") == 1


@pytest.mark.parametrize("threaded", [False, True])
def test_after_a_backup_was_restored_what_stands_in_slack_is_found(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine, threaded: bool
) -> None:
    """The slot is what is asked about, however long ago it was."""
    slot = datetime.now(UTC) - timedelta(hours=2)
    root = make().post("root", staff.id, "Root") if threaded else None
    ts = make().post("k", staff.id, "Good morning", thread=root, since=slot)
    make().upload("f", staff.id, "week.png", b"picture", "Week", root, since=slot)
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM posts"))
    again = make()
    assert again.posted("k") is None
    assert again.post("k", staff.id, "Good morning, in other words", thread=root, since=slot) == ts
    again.upload("f", staff.id, "week.png", b"picture", "Week", root, since=slot)
    messages = workspace.messages(staff)
    assert [message.text for message in messages].count("Good morning") == 1
    assert not [message for message in messages if "other words" in message.text]
    assert sum(len(message.files) for message in messages) == 1


def test_what_an_event_is_answered_with_is_looked_for_only_where_it_may_stand(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine
) -> None:
    before = datetime.now(UTC)
    outbox = make()
    with of_event(before + timedelta(minutes=1)):
        outbox.post("fresh", staff.id, "Fresh")
    assert not [call for call in workspace.calls if call.method == "conversations.history"]
    with of_event(before):
        outbox.post("old", staff.id, "Old")
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM posts"))
    with of_event(before):
        make().post("old", staff.id, "Old")
    assert [message.text for message in workspace.messages(staff)] == ["Fresh", "Old"]


def test_what_stood_there_before_its_slot_is_not_believed(sqlite_engine: Engine) -> None:
    """A clock that was ahead posted what is for a day to come. On that day it is posted."""
    now = [datetime(2026, 11, 30, 8, 0, tzinfo=UTC)]
    with Workspace.start(rates=None, clock=lambda: now[0].timestamp()) as workspace:
        staff = workspace.add_channel("staff")
        clients = [maker(workspace.bot_token, workspace.api_url) for maker in (reading_client, posting_client)]
        outbox = Outbox(sqlite_engine, *clients, lambda: now[0], pauses=(0.0,))
        outbox.post("k", staff.id, "Too early")
        now[0] += timedelta(weeks=12)
        assert outbox.posted("k", since=now[0]) is None
        for _ in range(2):
            outbox.post("k", staff.id, "In time", since=now[0])
        assert [message.text for message in workspace.messages(staff)] == ["Too early", "In time"]


def test_what_is_found_is_renewed_where_its_buttons_have_to_work(
    workspace: Workspace, make: Make, staff: Channel, sqlite_engine: Engine
) -> None:
    slot = datetime.now(UTC) - timedelta(hours=2)
    ts = make().post("k", staff.id, "Old words", since=slot, renew=True)
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM posts"))
    assert make().post("k", staff.id, "New words", since=slot, renew=True) == ts
    assert [message.text for message in workspace.messages(staff)] == ["New words"]
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM posts"))
    assert make().post("k", staff.id, "Newest words", since=slot, renew=True) == ts
