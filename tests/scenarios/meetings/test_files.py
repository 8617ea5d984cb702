"""Notes that come as files: in the Messages tab, in a meeting's channel; what is no notes is left alone or refused."""

from __future__ import annotations

import io
from datetime import datetime

import docx

from bot.config.trust import load
from bot.demo.workspace.state import BOT_USER
from bot.library.intake import Intake
from tests.meetings.conftest import FIRST, PART_B
from tests.meetings.test_part_b import DOUBTFUL
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom


def word(text: str) -> bytes:
    """A Word file of these lines."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


NOTES = """\
Oakfield SLT: minutes of the meeting on Monday 2 November 2026
Present: Ann Birch (AB, chair), Hal Bryce (HB).
Action: HB to ring the families of the absent pupils by 13 November 2026.
"""


def send(staffroom: Staffroom, person: str, name: str, content: bytes, comment: str = "") -> None:
    somebody = staffroom.workspace.as_user(person)
    somebody.upload(somebody.direct, name, content, comment)
    staffroom.rest()


def test_a_word_file_in_the_messages_tab_becomes_a_proposal(staffroom: Staffroom) -> None:
    send(staffroom, "hal", "slt minutes.docx", word(NOTES))
    assert "are with Ann Birch" in said(staffroom.told("hal", "Thank you"))
    assert "slt minutes.docx" in said(staffroom.told("ann", "Proposal"))
    assert "Trustbot answers questions" not in said(staffroom.direct("hal")[0])
    staffroom.confirm("ann")
    assert "Ring the families of the absent pupils" in said(staffroom.told("hal", "Actions for you"))


def test_a_file_with_two_meetings_becomes_two_proposals(staffroom: Staffroom) -> None:
    second = NOTES.replace("2 November", "9 November").replace(
        "ring the families of the absent pupils", "thank the choir"
    )
    send(staffroom, "hal", "november.docx", word(f"{NOTES}The meeting closed at 5 pm.\n{second}"))
    proposals = [said(each) for each in staffroom.direct("ann") if "Proposal" in said(each)]
    assert len(proposals) == 2
    for number, day in ((1, "2 November"), (2, "9 November")):
        (own,) = (each for each in proposals if f"november.docx (meeting {number} of 2)" in each)
        assert f"Oakfield senior leadership team, {day} 2026: 1 action" in own


def test_minutes_in_the_meetings_channel_need_no_naming_of_the_meeting(staffroom: Staffroom) -> None:
    channel = staffroom.workspace.state.channel("oakfield-slt")
    notes = (
        "Minutes\n\nMonday 2 November 2026\nPresent: Ann Birch (chair), Hal Bryce\nHB to ring the cook by 6 November."
    )
    staffroom.workspace.as_user("hal").upload(channel, "minutes.txt", notes.encode())
    staffroom.rest()
    assert "Oakfield senior leadership team, 2 November 2026" in said(staffroom.told("ann", "Proposal"))
    assert staffroom.workspace.messages(channel)[-1].user != BOT_USER


def test_another_file_there_is_asked_about_privately_and_read_when_that_is_wanted(staffroom: Staffroom) -> None:
    channel = staffroom.workspace.state.channel("oakfield-slt")
    hal = staffroom.workspace.as_user("hal")
    hal.upload(channel, "monday.docx", word(NOTES))
    staffroom.rest()
    (question,) = staffroom.workspace.ephemerals("hal")
    assert "are these the notes of the meeting?" in said(question)
    assert staffroom.direct("ann") == []
    assert hal.click(question, "meetings.take_file").ok
    assert hal.click(question, "meetings.take_file").ok
    staffroom.rest()
    assert sum("Proposal" in said(each) for each in staffroom.direct("ann")) == 1


def test_pictures_there_and_files_elsewhere_are_left_alone(staffroom: Staffroom) -> None:
    hal = staffroom.workspace.as_user("hal")
    hal.upload("oakfield-slt", "hall.png", b"\x89PNG")
    hal.upload("general", "minutes.txt", FIRST.encode())
    staffroom.rest()
    assert staffroom.workspace.ephemerals("hal") == []
    assert staffroom.direct("hal") == []
    assert staffroom.direct("ann") == []


def test_refused_files_are_named_with_the_reason(staffroom: Staffroom) -> None:
    send(staffroom, "hal", "minutes.png", b"\x89PNG\r\n\x1a\n")
    assert "PDF, Word (.docx)" in said(staffroom.told("hal", "minutes.png cannot be read as notes: it is a picture."))
    send(staffroom, "hal", "key.pem", b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n")
    assert "Delete the message at once" in said(staffroom.told("hal", "key.pem is a key"))
    send(staffroom, "hal", "notes.txt", b"SLACK_BOT_TOKEN=xoxb-123-abcdef\n")
    staffroom.told("hal", "notes.txt cannot be read. This is not read: it is a file of passwords and tokens.")
    send(staffroom, "hal", "broken.docx", b"PK\x03\x04 not a package")
    staffroom.told("hal", "broken.docx cannot be read.")
    send(staffroom, "hal", "empty.txt", b"   ")
    assert "no words" in said(staffroom.told("hal", "empty.txt cannot be read."))
    send(staffroom, "hal", "nothing.docx", b"")
    assert "The file is empty" in said(staffroom.told("hal", "nothing.docx cannot be read."))
    state = staffroom.workspace.state
    hal = staffroom.workspace.as_user("hal")
    hal.upload(hal.direct, "pack.pdf", b"%PDF-1.4")
    next(each for each in state.files.values() if each.name == "pack.pdf").size = 80_000_000
    staffroom.workspace.deliver_again()
    staffroom.rest()
    assert any("pack.pdf" in said(each) for each in staffroom.direct("hal"))
    assert "TB-" not in "".join(said(each) for each in staffroom.direct("hal"))


def test_a_file_delivered_twice_is_proposed_once(staffroom: Staffroom) -> None:
    staffroom.workspace.deliver_twice()
    try:
        send(staffroom, "ann", "minutes.md", FIRST.encode())
    finally:
        staffroom.workspace.deliver_twice(False)
    assert len(staffroom.direct("ann")) == 1


def test_a_question_with_a_file_is_still_a_question(staffroom: Staffroom) -> None:
    send(staffroom, "hal", "minutes.docx", word(NOTES), "What are the five tests of collaboration?")
    assert any(each.thread_ts for each in staffroom.direct("hal"))


def test_a_confidential_part_goes_only_to_those_who_may_read_it(staffroom: Staffroom) -> None:
    send(staffroom, "ann", "oakfield lgb minutes.md", PART_B.encode())
    assert "Part B" in said(staffroom.told("cleo", "Proposal"))
    everything = "".join(said(each) for each in staffroom.direct("gus"))
    staffroom.workspace.as_user("cleo").click(staffroom.told("cleo", "Proposal"), "meetings.review")
    assert "settlement" in said(staffroom.modal("cleo", "Review the notes")).casefold()
    assert "9,000" not in everything


def test_the_chair_opens_a_part_that_is_held_closed_and_others_never_hear_of_it(staffroom: Staffroom) -> None:
    send(staffroom, "ann", "oakfield lgb minutes.md", DOUBTFUL.encode())
    assert "2 parts are held closed as Part B" in said(staffroom.told("gus", "Proposal"))
    review = staffroom.review("gus")
    key = next(each["accessory"]["value"] for each in review["blocks"] if "Staffing matters" in str(each))
    assert staffroom.workspace.as_user("gus").click(review, "meetings.open_part", key).ok
    left = staffroom.modal("gus", "Review the notes", lambda view: "Staffing matters" not in said(view))
    assert "HR (Part 2)" in said(left)
    assert staffroom.workspace.as_user("gus").submit(left).ok
    staffroom.rest()
    actions = said(staffroom.told("ann", "Actions for you"))
    assert "Thank the lunchtime staff" in actions
    assert "settlement" not in actions


def test_minutes_dropped_in_the_library_go_to_the_chair_in_school_hours_once(staffroom: Staffroom) -> None:
    folder = staffroom.settings.home / "oakfield-slt"
    folder.mkdir()
    (folder / "oakfield-slt-minutes-2026-11-02.md").write_text(FIRST, encoding="utf-8")
    assert staffroom.library
    Intake(staffroom.library, load(staffroom.settings.trust_file), staffroom.settings.home).reconcile()
    staffroom.tick()
    assert staffroom.direct("ann") == []
    staffroom.clock.now = datetime(2026, 11, 3, 9, 0, tzinfo=LONDON)
    staffroom.tick()
    staffroom.tick()
    assert sum("Found in the library" in said(each) for each in staffroom.direct("ann")) == 1
    staffroom.confirm("ann")
    assert "Ring the families" in said(staffroom.told("hal", "Actions for you"))


def test_telling_survives_a_line_that_breaks_and_tells_once(staffroom: Staffroom) -> None:
    send(staffroom, "ann", "minutes.md", FIRST.encode())
    review = staffroom.review("ann")
    staffroom.workspace.fail("chat.postMessage", times=2, drop="after")
    assert staffroom.workspace.as_user("ann").submit(review).ok
    staffroom.rest()
    assert len(staffroom.direct("hal")) == 1
    assert len(staffroom.direct("eve")) == 1
