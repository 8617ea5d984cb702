"""Slack's edges: group messages, edits, channels that go, shortcuts without words, marks in words, shared addresses."""

from __future__ import annotations

import json
from datetime import datetime

from bot.demo.workspace.state import Message
from bot.home.conflicts import ConflictNotices
from bot.slack.messages.outbox import Outbox, posting_client, reading_client
from bot.slack.people.people import People
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until

INVOICES = "When are hirers of the sports hall invoiced?"
CLOSES = "When does the register close?"


def shown(office: Office, message: Message, words: str) -> Message:
    """The one reply under a message, once it says this."""

    def found() -> Message | None:
        return next((reply for reply in office.workspace.replies(message) if words in said(reply)), None)

    office.workspace.wait_for(found, what="the changed answer")
    office.rest()
    (reply,) = office.workspace.replies(message)
    assert words in said(reply)
    return reply


def test_a_question_in_a_group_direct_message_is_answered_there(office: Office) -> None:
    group = office.workspace.add_group_dm(["eve", "max"])
    assert corpus.SECRET in said(office.ask("eve", group, "When does the swimming pool close?"))
    mixed = office.workspace.add_group_dm(["eve", "bob"])
    assert corpus.SECRET not in said(office.ask("bob", mixed, "When does the swimming pool close?"))
    root = office.mention("bob", mixed, INVOICES)
    office.answer(root)
    office.asked.append("And if they pay late?")
    office.workspace.as_user("eve").say(mixed, "And if they pay late?", thread=root.ts)
    assert corpus.LATE in said(office.answers(root, 2)[1])


def test_an_app_without_the_scope_for_group_messages_says_who_can_give_it(office: Office) -> None:
    group = office.workspace.add_group_dm(["eve", "fay"])
    office.workspace.fail("conversations.info", error="missing_scope")
    seen = len(office.workspace.ephemerals("eve"))
    office.mention("eve", group, INVOICES)
    whisper = office.whispers("eve", seen + 1)[-1]
    assert "may not look who is in this conversation" in said(whisper)
    assert "in a few minutes" not in said(whisper)


def test_an_edited_mention_has_its_answer_changed_in_place(office: Office) -> None:
    bob = office.workspace.as_user("bob")
    question = office.mention("bob", "staff", INVOICES)
    first = office.answer(question)
    office.asked.append(CLOSES)
    bob.edit(question, f"<@{first.user}> {CLOSES}")
    changed = shown(office, question, corpus.REGISTER)
    assert changed.ts == first.ts
    assert corpus.LETTINGS not in said(changed)
    # What is asked next is read against the question that stands there.
    office.asked.append("And in the afternoon?")
    bob.say("staff", "And in the afternoon?", thread=question.ts)
    assert corpus.AFTERNOON in said(office.answers(question, 2)[1])


def test_an_edited_question_in_the_messages_tab_has_its_answer_changed_in_place(office: Office) -> None:
    fay = office.workspace.as_user("fay")
    office.asked += [INVOICES, CLOSES]
    question = fay.dm(INVOICES)
    first = office.answer(question)
    fay.edit(question, CLOSES)
    assert shown(office, question, corpus.REGISTER).ts == first.ts


def test_an_edited_follow_up_has_its_answer_changed_in_place(office: Office) -> None:
    bob = office.workspace.as_user("bob")
    root = office.mention("bob", "staff", INVOICES)
    office.answer(root)
    office.asked += ["And if they pay late?", "What do charities pay?"]
    asked = bob.say("staff", "And if they pay late?", thread=root.ts)
    second = office.answers(root, 2)[1]
    bob.edit(asked, "What do charities pay?")
    office.workspace.wait_for(lambda: "Charities pay half" in said(office.workspace.replies(root)[1]))
    office.rest()
    replies = office.workspace.replies(root)
    assert [reply.ts for reply in replies][1:] == [second.ts]


def test_an_edit_that_is_told_twice_or_breaks_off_leaves_one_answer(office: Office) -> None:
    bob = office.workspace.as_user("bob")
    question = office.mention("bob", "staff", INVOICES)
    first = office.answer(question)
    office.asked.append(CLOSES)
    office.workspace.fail("chat.update", drop="after")
    office.workspace.deliver_twice()
    try:
        bob.edit(question, f"<@{first.user}> {CLOSES}")
        changed = shown(office, question, corpus.REGISTER)
    finally:
        office.workspace.deliver_twice(False)
    assert changed.ts == first.ts


def test_of_two_edits_the_last_one_stands_whatever_is_done_first(office: Office) -> None:
    bob = office.workspace.as_user("bob")
    question = office.mention("bob", "staff", "What do charities pay?")
    first = office.answer(question)
    office.asked += [INVOICES, CLOSES]
    once = bob.edit(question, f"<@{first.user}> {INVOICES}")
    bob.edit(once, f"<@{first.user}> {CLOSES}")
    shown(office, question, corpus.REGISTER)
    # Slack brings the first edit once more, late, under an id of its own.
    mentions = [told for told in office.workspace.delivery.told if told["event"]["type"] == "app_mention"]
    late = next(told for told in mentions if told["event"].get("edited", {}).get("ts") == once.edited)
    office.workspace.delivery.tell({**late, "event_id": f"{late['event_id']}9"})
    office.rest()
    assert corpus.REGISTER in said(office.workspace.replies(question)[0])
    assert len(office.workspace.replies(question)) == 1


def test_a_link_that_unfolds_under_a_question_asks_nothing_again(office: Office) -> None:
    fay = office.workspace.as_user("fay")
    office.asked.append(CLOSES)
    question = fay.dm(CLOSES)
    first = office.answer(question)
    updates = sum(call.method == "chat.update" for call in office.workspace.calls)
    office.workspace.site.changes.edit(question, attachments=({"fallback": "a page"},))
    office.rest()
    assert office.workspace.replies(question) == [first]
    assert sum(call.method == "chat.update" for call in office.workspace.calls) == updates


def test_an_answer_for_a_channel_without_the_bot_says_to_invite_it(office: Office) -> None:
    secret = office.workspace.add_channel("leads-only", ["eve", "max"], private=True, bot=False)
    eve = office.workspace.as_user("eve")
    office.asked.append(INVOICES)
    seen = len(office.workspace.ephemerals("eve"))
    assert eve.command("/trust", f"ask {INVOICES}", secret).ok
    whisper = office.whispers("eve", seen + 1)[-1]
    eve.click(whisper, "ask.share")
    modal = office.modal("eve", "Trustbot")
    assert "/invite @Trustbot" in said(modal)
    assert "few minutes" not in said(modal)
    eve.close(modal)


def test_whoever_asked_in_a_channel_that_is_gone_is_told_alone(office: Office) -> None:
    for number, (go, words) in enumerate(
        (
            (lambda channel: office.workspace.archive_channel(channel), "was archived"),
            (lambda channel: office.workspace.as_user("fay").remove(channel.name, "trustbot"), "/invite @Trustbot"),
        )
    ):
        channel = office.workspace.add_channel(f"going-{number}", ["fay", "bob"])
        before = len(office.workspace.direct("fay"))
        with office.workspace.silent():
            office.mention("fay", channel, INVOICES)
            wait_until(lambda: office.workspace.idle, "the mention to be kept")
            go(channel)
        office.workspace.wait_for(lambda seen=before: len(office.workspace.direct("fay")) > seen, what="a word")
        office.rest()
        assert words in said(office.workspace.direct("fay")[-1])


def test_a_question_after_the_command_needs_no_word_before_it(office: Office) -> None:
    office.asked.append(INVOICES)
    seen = len(office.workspace.ephemerals("bob"))
    assert office.workspace.as_user("bob").command("/trust", INVOICES, "staff").ok
    office.workspace.wait_for(lambda: corpus.LETTINGS in " ".join(map(said, office.workspace.ephemerals("bob")[seen:])))
    assert office.workspace.as_user("bob").command("/trust", "frobnicate", "staff").ok
    office.workspace.wait_for(lambda: "Ask in private" in said(office.workspace.ephemerals("bob")[-1]))


def test_shortcuts_read_messages_that_hold_only_blocks(office: Office) -> None:
    workspace = office.workspace
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": CLOSES}]}
    blocks = ({"type": "rich_text", "block_id": "b1", "elements": [words]}, {"type": "divider", "block_id": "b2"})
    channel = workspace.state.channel("staff")
    message = workspace.site.changes.post(channel, workspace.state.user("bob").id, "", blocks=blocks)
    fay = workspace.as_user("fay")
    office.asked.append(CLOSES)
    assert fay.message_shortcut("ask.about", message).ok
    modal = office.modal("fay", "Ask Trustbot")
    assert modal["blocks"][0]["element"]["initial_value"] == CLOSES
    fay.close(modal)
    assert fay.message_shortcut("meetings.make", message).ok
    modal = workspace.wait_for(lambda: workspace.modal("fay"))
    assert CLOSES in json.dumps(modal["blocks"], ensure_ascii=False)
    fay.close(modal)


def test_marks_in_a_question_set_nothing_off_where_it_is_shared(office: Office) -> None:
    channel = office.workspace.add_channel("marks", ["eve", "bob"], private=True)
    eve = office.workspace.as_user("eve")
    question = "When does the *swimming* _pool_ close :fire: ?"
    seen = len(office.workspace.ephemerals("eve"))
    root = office.mention("eve", channel, question)
    whisper = office.whispers("eve", seen + 1)[-1]
    office.answers(root)
    eve.click(whisper, "ask.share")
    assert eve.submit(office.modal("eve", "Share this answer?")).ok
    shared = office.answers(root, 2)[1]
    asked = next(block["text"]["text"] for block in shared.blocks if "asked:" in json.dumps(block))
    assert "swimming" in asked
    for mark in ("*", "_pool_", ":fire:"):
        assert mark not in asked


def test_two_accounts_with_one_address_read_nothing_and_the_administrator_is_told_once(own_office: Office) -> None:
    office = own_office
    office.workspace.add_user("eve2", "Eve E", email="eve@alder.example")
    office.open()
    assert corpus.SECRET not in said(office.ask_alone("eve", "When does the swimming pool close?"))
    assert corpus.SECRET not in said(office.ask_alone("eve2", "When does the swimming pool close?"))
    office.workspace.wait_for(lambda: office.workspace.direct("ada"), what="a word to the administrator")
    reading = reading_client(office.settings.bot_token or "", office.workspace.api_url)
    posting = posting_client(office.settings.bot_token or "", office.workspace.api_url)
    people = People(reading, corpus.TRUST, lambda: 0.0)
    outbox = Outbox(office.engine, reading, posting, lambda: datetime.now().astimezone())
    assert ConflictNotices(corpus.TRUST, people, outbox).tick() == 0
    (told,) = office.workspace.direct("ada")
    assert "Two Slack accounts have the address eve@alder.example" in said(told)
    assert "Eve E" in said(told)
