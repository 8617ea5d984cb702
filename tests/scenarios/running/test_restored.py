"""A backup of the home is put back while Slack has gone on: what was answered since is not answered again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from sqlalchemy import text

from bot.demo.workspace.state import BOT_USER, Message
from tests.backups import back_up, restore
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until

QUESTION = "When are hirers of the sports hall invoiced?"
STATUS = "assistant.threads.setStatus"
Ask = Callable[[Office], None]


def of_bot(office: Office) -> list[Message]:
    """All that the bot wrote, wherever."""
    found = []
    for channel in list(office.workspace.state.channels.values()):
        found += [each for each in office.workspace.messages(channel) if each.user == BOT_USER]
    return found


def mention(office: Office) -> None:
    office.mention("bob", "staff", QUESTION)


def direct(office: Office) -> None:
    office.asked.append(QUESTION)
    office.workspace.as_user("bob").dm(QUESTION)


def shortcut(office: Office) -> None:
    office.asked.append(QUESTION)
    bob = office.workspace.as_user("bob")
    message = office.workspace.as_user("fay").say("staff", QUESTION)
    assert bob.message_shortcut("ask.about", message).ok
    form = office.modal("bob", "Ask Trustbot")
    assert bob.submit(form, {"question": QUESTION}).ok


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ask", "slow"),
    [(mention, STATUS), (direct, STATUS), (shortcut, "conversations.open")],
)
def test_a_question_that_was_under_way_in_the_backup_is_answered_once(own_office: Office, ask: Ask, slow: str) -> None:
    office, home = own_office, own_office.settings.home
    office.open()
    office.workspace.fail(slow, seconds=2)
    ask(office)
    wait_until(lambda: any(call.method == slow for call in office.workspace.calls), "the work to begin")
    back_up(home)
    office.workspace.wait_for(lambda: of_bot(office), what="the answer")
    office.rest()
    before = of_bot(office)
    assert corpus.LETTINGS in said(before[0])
    office.close()
    office.engine.dispose()
    restore(home)
    office.open()
    office.rest()
    assert [each.ts for each in of_bot(office)] == [each.ts for each in before]


@pytest.mark.slow
@pytest.mark.parametrize("ask", [mention, direct])
def test_an_event_that_the_backup_does_not_know_comes_again(own_office: Office, ask: Ask) -> None:
    office, home = own_office, own_office.settings.home
    office.open()
    back_up(home)
    ask(office)
    office.workspace.wait_for(lambda: of_bot(office), what="the answer")
    office.rest()
    before = of_bot(office)
    office.close()
    office.engine.dispose()
    restore(home)
    office.open()
    bob = office.workspace.state.user("bob").id
    for event in [each for each in office.workspace.delivery.told if each["event"].get("user") == bob]:
        office.workspace.deliver_again(event["event_id"])
    office.rest()
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox")).scalar_one() > 0
    assert [each.ts for each in of_bot(office)] == [each.ts for each in before]


def test_a_stream_of_which_the_backup_knows_nothing_is_ended_and_not_told_again(own_office: Office) -> None:
    """The bot had begun to answer when it died; in the backup the question is only kept."""
    office = own_office
    question = office.workspace.as_user("bob").dm(QUESTION)
    office.asked.append(QUESTION)
    event = {"user": question.user, "channel": question.channel, "ts": question.ts, "thread": question.ts}
    with office.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO inbox (id, kind, payload, received) VALUES ('Ev1', 'ask.direct', :payload, :now)"),
            {"payload": json.dumps({**event, "text": QUESTION}), "now": str(datetime.now(UTC).replace(tzinfo=None))},
        )
    former = WebClient(office.workspace.bot_token, base_url=office.workspace.api_url)
    former.chat_startStream(channel=question.channel, thread_ts=question.ts, markdown_text="Hirers are")
    office.open()

    def done() -> bool:
        with office.engine.connect() as connection:
            return connection.execute(text("SELECT count(*) FROM inbox WHERE done IS NULL")).scalar_one() == 0

    wait_until(done, "the answer")
    (answer,) = of_bot(office)
    assert corpus.LETTINGS in said(answer)
    assert not answer.streaming
