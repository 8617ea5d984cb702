"""Decisions, agendas, returns and questions about records: each from what its readers may see."""

from __future__ import annotations

import io
import json
from typing import Any

import docx
import pytest

from bot.demo.workspace.state import File, Message
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import Staffroom

TASK = "Ring the families of the absent pupils"


@pytest.fixture
def recorded(staffroom: Staffroom) -> Staffroom:
    """The notes of a meeting, confirmed."""
    staffroom.confirmed()
    return staffroom


def files(staffroom: Staffroom, person: str) -> list[File]:
    """The files that the bot sent to somebody."""
    return [staffroom.workspace.state.files[key] for each in staffroom.direct(person) for key in each.files]


def draft_agenda(staffroom: Staffroom, person: str, **fields: str) -> Message:
    somebody = staffroom.workspace.as_user(person)
    assert somebody.command("/trust", "agenda").ok
    form = staffroom.modal(person, "Next agenda")
    sent = somebody.submit(form, {"body": "oakfield-slt", **fields})
    assert sent.ok, sent
    staffroom.rest()
    return staffroom.told(person, "Draft agenda: Oakfield senior leadership team")


def test_decisions_are_listed_and_explained_in_the_words_of_the_notes(recorded: Staffroom) -> None:
    ann = recorded.workspace.as_user("ann")
    assert ann.command("/trust", "decisions Oakfield").ok
    listed = recorded.modal("ann", "Decisions")
    assert "lettings end at 9 pm" in said(listed)
    assert "Oakfield senior leadership team, 2 November 2026" in said(listed)
    lettings = next(
        block["accessory"]["value"] for block in listed["blocks"] if "lettings" in json.dumps(block.get("text", ""))
    )
    ann.click(listed, "meetings.explain", lettings)
    explained = recorded.modal("ann", "A decision explained")
    assert "neighbours complained of noise" in said(explained)
    assert ann.submit(explained).ok
    recorded.rest()
    assert "Copy it and put it into your own words" in said(recorded.told("ann", "A draft that explains a decision"))


def test_decisions_of_others_are_not_listed(recorded: Staffroom) -> None:
    rex = recorded.workspace.as_user("rex")
    assert rex.command("/trust", "decisions").ok
    listed = recorded.modal("rex", "Decisions")
    assert "no decisions that you may see" in said(listed)
    assert "Oakfield senior leadership team" not in said(listed)


def test_the_next_agenda_comes_as_a_message_markdown_and_word(recorded: Staffroom) -> None:
    message = draft_agenda(recorded, "ann")
    assert "Draft agenda: Oakfield senior leadership team, 9 November 2026" in said(message)
    assert TASK in said(message)
    found = {each.name: each for each in files(recorded, "ann")}
    assert sorted(found) == ["agenda-oakfield-slt-2026-11-09.docx", "agenda-oakfield-slt-2026-11-09.md"]
    markdown = found["agenda-oakfield-slt-2026-11-09.md"].content.decode()
    assert markdown.startswith("# Agenda: Oakfield senior leadership team")
    document = docx.Document(io.BytesIO(found["agenda-oakfield-slt-2026-11-09.docx"].content))
    assert TASK in "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_an_agenda_is_posted_once_where_the_body_meets(recorded: Staffroom) -> None:
    message = draft_agenda(recorded, "ann")
    ann = recorded.workspace.as_user("ann")
    ann.click(message, "meetings.post_agenda")
    ann.click(message, "meetings.post_agenda")
    recorded.rest()
    posted = [each for each in recorded.workspace.messages("oakfield-slt") if "Draft agenda" in each.text]
    assert len(posted) == 1
    assert TASK in said(posted[0])


def test_an_agenda_in_a_channel_shows_only_what_all_there_may_read(recorded: Staffroom) -> None:
    message = draft_agenda(recorded, "ann")
    channel = recorded.workspace.state.channel("oakfield-slt")
    channel.members.add(recorded.workspace.state.user("rex").id)
    recorded.forget("oakfield-slt")
    try:
        recorded.workspace.as_user("ann").click(message, "meetings.post_agenda")
        recorded.rest()
    finally:
        channel.members.discard(recorded.workspace.state.user("rex").id)
        recorded.forget("oakfield-slt")
    (posted,) = [each for each in recorded.workspace.messages("oakfield-slt") if "Draft agenda" in each.text]
    assert TASK not in said(posted)


def test_an_agenda_for_a_day_that_is_past_is_refused_in_the_form(recorded: Staffroom) -> None:
    ann = recorded.workspace.as_user("ann")
    ann.command("/trust", "agenda")
    form = recorded.modal("ann", "Next agenda")
    assert "is past" in ann.submit(form, {"body": "oakfield-slt", "day": "2026-10-01"}).errors["day"]


def test_an_upload_that_breaks_off_leaves_one_file(recorded: Staffroom) -> None:
    recorded.workspace.fail("files.completeUploadExternal", drop="after")
    draft_agenda(recorded, "ann")
    assert len(files(recorded, "ann")) == 2


def test_the_return_is_filled_in_from_the_notes_and_sent_to_the_trust(recorded: Staffroom) -> None:
    ann = recorded.workspace.as_user("ann")
    assert ann.command("/trust", "return").ok
    form = recorded.modal("ann", "Two-minute return")
    assert "The single central record has no gaps" in said(form)
    ann.click(form, "meetings.more_items", "Behaviour and exclusions")
    form = recorded.modal("ann", "Two-minute return", lambda view: "well:behaviour" in json.dumps(view["blocks"]))
    assert ann.submit(form, {"ask:behaviour": "A visit to <Riverside> & its nurture room"}).ok
    recorded.rest()
    sent = recorded.told("dana", "Return from Oakfield Primary School")
    assert "The single central record has no gaps" in said(sent)
    assert "A visit to &lt;Riverside&gt; &amp; its nurture room" in said(sent)
    assert "is sent to Dana Voss" in said(recorded.told("ann", "Thank you. The return"))


def test_only_leaders_of_the_school_send_its_return(recorded: Staffroom) -> None:
    eve = recorded.workspace.as_user("eve")
    assert eve.command("/trust", "return").ok
    workspace = recorded.workspace
    assert workspace.wait_for(lambda: any("no confirmed notes" in said(each) for each in workspace.ephemerals("eve")))


def test_questions_about_records_are_answered_from_them_with_the_meeting(recorded: Staffroom) -> None:
    hal = recorded.workspace.as_user("hal")
    question = hal.dm("Which actions are open at Oakfield?")
    reply = answer(recorded, question)
    assert TASK in said(reply)
    assert "Oakfield senior leadership team" in said(reply)
    reply = answer(recorded, recorded.workspace.as_user("ann").dm("What did we agree about lettings?"))
    assert "lettings end at 9 pm" in said(reply)
    assert "2 November 2026" in said(reply)


def test_in_a_channel_records_are_told_only_as_far_as_all_may_read_them(recorded: Staffroom) -> None:
    question = recorded.workspace.as_user("hal").mention("general", "Which actions are open at Oakfield?")
    reply = answer(recorded, question)
    assert TASK not in said(reply)


def answer(staffroom: Staffroom, question: Message) -> Message:
    """The bot's answer to a question."""
    staffroom.workspace.wait_for(lambda: staffroom.workspace.replies(question), what="an answer")
    staffroom.rest()
    return staffroom.workspace.replies(question)[0]


def test_help_and_home_name_the_words(staffroom: Staffroom) -> None:
    hal = staffroom.workspace.as_user("hal")
    hal.command("/trust", "help")
    shown: dict[str, Any] = {"blocks": staffroom.workspace.ephemerals("hal")[-1].blocks}
    for word in ("notes", "actions", "decisions", "agenda", "return"):
        assert f"/trust {word}" in said(shown)


def test_the_loop_from_notes_to_the_next_agenda(staffroom: Staffroom) -> None:
    staffroom.confirmed()
    staffroom.workspace.as_user("hal").click(staffroom.told("hal", "Actions for you"), "meetings.done")
    staffroom.rest()
    message = draft_agenda(staffroom, "ann")
    assert TASK not in said(message)
    assert "Mend the fence" in said(message)
