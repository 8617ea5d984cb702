"""The next agenda with what is left over, the two-minute return, and a decision explained."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.meetings.agenda.documents import docx as as_docx
from bot.meetings.agenda.documents import markdown
from bot.meetings.agenda.draft import Agenda
from bot.meetings.model import Matter, ReturnItem
from bot.meetings.service import MeetingService
from knowledge.passages import OPERATOR, Audience, Reader
from tests.meetings.conftest import FIRST, PART_B, SECOND, Clock, confirmed, notes


def next_agenda(service: MeetingService, key: str = "oakfield-slt") -> Agenda:
    body = service.bodies.by_key(key)
    assert body
    return service.planning.agenda(body, OPERATOR)


def test_the_next_agenda_has_what_is_open_with_its_age(service: MeetingService, clock: Clock) -> None:
    confirmed(service, FIRST)
    clock.at(11, 9)
    confirmed(service, SECOND)
    clock.at(11, 14)
    agenda = next_agenda(service)
    assert agenda.date == date(2026, 11, 16)
    assert agenda.last
    assert agenda.last.date == date(2026, 11, 9)
    ages = {each.action.task: each.age_in_words for each in agenda.matters}
    assert ages == {
        "Mend the fence by the east gate": "third meeting",
        "Visit Riverside to see phonics lessons": "third meeting",
        "Write to parents about parking": "second meeting",
    }
    assert [each.action.task for each in agenda.matters if each.overdue] == [
        "Visit Riverside to see phonics lessons", "Write to parents about parking",
    ]  # fmt: skip


def test_open_actions_and_decisions_needed_stand_under_their_items(room: MeetingService) -> None:
    confirmed(room, FIRST)
    agenda = next_agenda(room)
    assert [each.name for each in agenda.points] == [
        "Safeguarding", "Behaviour and exclusions", "SEND", "Estates and health and safety",
    ]  # fmt: skip
    under = {each.id: [matter.action.task for matter in each.matters] for each in agenda.points}
    assert under["safeguarding"] == ["Ring the families of the absent pupils"]
    assert under["estates"] == ["Mend the fence by the east gate"]
    assert ["spelling scheme" in each.text for each in agenda.needed] == [True]


def test_what_was_marked_is_on_the_next_agenda_and_on_no_later_one(service: MeetingService, clock: Clock) -> None:
    confirmed(service, FIRST)
    clock.at(11, 4)
    audience = Audience(frozenset({"oakfield-slt"}))
    note = "return after X; marked in the digest"
    day = date(2026, 11, 4)
    matter = Matter("oakfield-slt", "return:1:send:ask:0", "Plans are *late*.", note, audience, day, "ann")
    assert service.planning.mark(matter)
    assert not service.planning.mark(matter)
    agenda = next_agenda(service)
    assert [each.text for each in agenda.marked] == ["Plans are *late*."]
    assert "Plans are \\*late\\*. (return after X; marked in the digest)" in markdown(agenda)
    body = service.bodies.by_key("oakfield-slt")
    assert body
    assert service.planning.agenda(body, Reader.of({"everyone"})).marked == ()
    clock.at(11, 9)
    confirmed(service, SECOND)
    assert next_agenda(service).marked == ()


def test_an_agenda_before_any_meeting_has_the_standard_items(room: MeetingService) -> None:
    agenda = next_agenda(room, "riverside-slt")
    assert agenda.last is None
    assert agenda.date == date(2026, 11, 3)
    assert len(agenda.points) == 4
    assert "No open actions." in markdown(agenda)


def test_what_schools_ask_for_stands_on_the_trusts_agenda(room: MeetingService, clock: Clock) -> None:
    first = confirmed(room, FIRST)
    room.planning.send(first.meeting.id, "ann", [ReturnItem("send", "SEND", ask="A speech therapist for a term")])
    agenda = next_agenda(room, "exec")
    send = next(each for each in agenda.points if each.id == "send")
    assert [each.text for each in send.asks] == ["A speech therapist for a term"]
    assert "Oakfield" in send.asks[0].source


def test_an_agenda_as_markdown_shows_words_and_no_marks(room: MeetingService) -> None:
    draft = room.drafts.propose(notes(FIRST))
    room.drafts.add_action(draft.id, "ann", "Order *40* | <!channel> [chairs](http://x)", ["hal"], "asap")
    room.drafts.confirm(draft.id, "ann")
    text = markdown(next_agenda(room))
    assert text.startswith("# Agenda: Oakfield senior leadership team\n")
    assert "| Action | By whom | By when | Age |" in text
    assert r"Order \*40\* \| \<\!channel\> \[chairs\](http://x)" in text
    assert "## 2. Minutes of 2 November 2026 and matters arising" in text
    assert "second meeting" in text


def test_an_agenda_as_a_word_document_opens_and_says_the_same(room: MeetingService) -> None:
    confirmed(room, FIRST)
    agenda = next_agenda(room)
    document = docx.Document(io.BytesIO(as_docx(agenda)))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["Action", "By whom", "By when", "Age"]
    assert len(rows) == len(agenda.matters) + 1
    said = [paragraph.text for paragraph in document.paragraphs]
    assert any("Decisions needed" in each for each in said)


def test_part_b_is_on_no_agenda(room: MeetingService) -> None:
    confirmed(room, PART_B, by="cleo")
    agenda = next_agenda(room, "oakfield-lgb")
    assert [each.action.task for each in agenda.matters] == ["Publish the pay policy on the website"]
    assert "ettlement" not in markdown(agenda)


def test_an_agenda_holds_what_its_reader_may_see(room: MeetingService, trust: Trust) -> None:
    confirmed(room, FIRST)
    body = room.bodies.by_key("oakfield-slt")
    assert body
    agenda = room.planning.agenda(body, trust.reader(trust.person("rex")))
    assert not agenda.matters
    assert not agenda.needed
    assert agenda.last is None


def test_a_return_repeats_no_action(service: MeetingService) -> None:
    action = "**Action:** HB to ring the families of the twelve pupils below 90 % by Friday 6 November 2026."
    notes = FIRST.replace("The single central", f"Twelve pupils are below 90 %.\n\n{action}\n\nThe single central")
    done = confirmed(service, notes)
    told = {each.id: each for each in service.planning.form(done.meeting.id, "hal").items}
    assert "Twelve pupils" in told["safeguarding"].hard
    assert "ring the families" not in " ".join(each.hard + each.went_well for each in told.values())


def test_a_return_is_filled_in_from_the_notes(service: MeetingService) -> None:
    done = confirmed(service, FIRST)
    form = service.planning.form(done.meeting.id, "hal")
    told = {each.id: each for each in form.items}
    assert "no gaps" in told["safeguarding"].went_well
    assert "fence" in told["estates"].hard
    assert "spelling scheme" in told["decisions"].ask
    assert told["send"].empty
    assert form.sent is None


def test_a_return_is_sent_once_a_meeting_and_read_by_the_trust(service: MeetingService, trust: Trust) -> None:
    done = confirmed(service, FIRST)
    since = date(2026, 11, 1)
    assert [each.id for each in service.planning.waiting(since)] == [done.meeting.id]
    assert service.planning.unreported(since) == ("oakfield", "riverside")
    service.planning.send(done.meeting.id, "ann", [ReturnItem("send", "SEND", hard="Two reports are late")])
    service.planning.send(
        done.meeting.id, "hal", [ReturnItem("send", "SEND", hard="One report is late"), ReturnItem("x", "Forged")]
    )
    (sent,) = service.planning.returns(trust.reader(trust.person("dana")), since)
    assert [each.hard for each in sent.items] == ["One report is late"]
    assert sent.sent_by == "hal"
    assert service.planning.waiting(since) == []
    assert service.planning.unreported(since) == ("riverside",)
    assert service.planning.form(done.meeting.id, "ann").items == sent.items
    assert service.planning.returns(trust.reader(trust.person("rex"))) == []


@pytest.mark.parametrize("by", ["eve", "rex", "nobody"])
def test_others_send_no_return(room: MeetingService, by: str) -> None:
    done = confirmed(room, FIRST)
    with pytest.raises(Refusal):
        room.planning.send(done.meeting.id, by, [])


def test_a_decision_is_explained_in_the_words_of_its_notes(service: MeetingService) -> None:
    confirmed(service, FIRST)
    decision = next(each for each in service.tracking.decisions(OPERATOR) if "lettings" in each.text)
    said = service.explain(decision.id, OPERATOR)
    source = notes(FIRST).reading.text
    quotes = [said.what, *said.why, *said.changes, *said.by_when]
    assert all(quote.text in source for quote in quotes)
    assert any("because neighbours complained" in quote.text for quote in said.why)
    assert said.ask == ("Ann Birch",)
    assert "Oakfield senior leadership team, 2 November 2026" in said.markdown()


def test_a_decision_that_the_chair_worded_anew_is_quoted_from_the_notes(room: MeetingService) -> None:
    draft = room.drafts.propose(notes(FIRST))
    worded = next(each for each in draft.decisions if "lettings" in each.text)
    room.drafts.edit_decision(draft.id, "ann", worded.id, text="No hall after nine")
    room.drafts.add_decision(draft.id, "ann", "The kettle is replaced")
    room.drafts.confirm(draft.id, "ann")
    said = {each.text: room.explain(each.id, OPERATOR) for each in room.tracking.decisions(OPERATOR)}
    assert said["No hall after nine"].what.text in notes(FIRST).reading.text
    added = said["The kettle is replaced"]
    assert added.what.written
    assert "“The kettle" not in added.markdown()


def test_what_the_notes_do_not_say_is_a_gap(room: MeetingService) -> None:
    confirmed(room, FIRST.replace(" because neighbours complained of noise", ""))
    decision = next(each for each in room.tracking.decisions(OPERATOR) if "lettings" in each.text)
    said = room.explain(decision.id, OPERATOR)
    assert said.why == ()
    assert "The notes do not say why." in said.gaps
    assert "The notes do not say why. Beside it they say: “The hall is let to a dance club.”" in said.markdown()


def test_an_explanation_says_nothing_of_another_part(room: MeetingService, trust: Trust) -> None:
    confirmed(room, PART_B, by="cleo")
    ann = trust.reader(trust.person("ann"))
    decision = next(each for each in room.tracking.decisions(ann) if "pay policy" in each.text)
    assert "ettlement" not in room.explain(decision.id, ann).markdown()
    hidden = next(each for each in room.tracking.decisions(OPERATOR) if "settlement" in each.text)
    with pytest.raises(Refusal):
        room.explain(hidden.id, ann)
