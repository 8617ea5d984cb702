"""Notes in, a draft bound to their lines, edited and confirmed by those who may."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.meetings.model import State
from bot.meetings.notes.draft import PASTED, Kind
from bot.meetings.service import MeetingService, notes_from, notes_of
from ingest.isolated.reader import Readers, sent_within
from ingest.minutes import About
from knowledge.passages import OPERATOR, Audience
from tests.meetings.conftest import FIRST, PART_B, SECOND, Clock, by_task, confirmed, notes


def test_a_proposal_assigns_nothing(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    assert draft.body
    assert draft.body.key == "oakfield-slt"
    assert draft.date == date(2026, 11, 2)
    assert draft.chair
    assert draft.chair.person == "ann"
    assert draft.audience == Audience(frozenset({"oakfield-slt", "exec"}))
    assert not draft.must
    assert service.tracking.actions(OPERATOR) == []
    assert service.tracking.decisions(OPERATOR) == []


def test_pasted_notes_that_take_too_long_are_refused_with_what_to_do(service: MeetingService) -> None:
    service.drafts._readers = Readers(sent_within(0.001))
    with pytest.raises(Refusal, match="Paste them again in parts"):
        service.drafts.propose(notes(FIRST, name=PASTED))
    with pytest.raises(Refusal, match=r"november\.md cannot be read"):
        service.drafts.propose(notes(FIRST, name="november.md"))


def test_every_item_is_bound_to_a_line_and_stays_so(service: MeetingService) -> None:
    source = notes(FIRST)
    lines = {block.text for block in source.reading.blocks}
    draft = service.drafts.propose(source)
    item = by_task(draft, "Ring the families")
    draft = service.drafts.edit_action(
        draft.id, "ann", item, task="Telephone them all", owners=["Eve Stone"], due="asap"
    )
    assert {each.quote for each in draft.actions} <= lines
    edited = next(each for each in draft.actions if each.id == item)
    assert (edited.task, edited.owners[0].person, edited.due.state) == ("Telephone them all", "eve", "asap")


def test_each_meeting_of_one_file_is_a_draft_of_its_own(service: MeetingService) -> None:
    about = About("oakfield-slt", "oakfield", date(2026, 11, 30), "November")
    both = replace(notes(f"{FIRST}\n{SECOND}", name="november.md"), about=about)
    first, second = service.drafts.propose_each(both)
    assert [each.date for each in (first, second)] == [date(2026, 11, 2), date(2026, 11, 9)]
    assert [each.file_name for each in (first, second)] == [
        "november.md (meeting 1 of 2)", "november.md (meeting 2 of 2)",
    ]  # fmt: skip
    assert {each.task for each in first.actions} == {each.task for each in service.drafts.propose(notes(FIRST)).actions}
    service.drafts.confirm(first.id, "ann")
    service.drafts.confirm(second.id, "ann")
    tasks = {each.task for each in service.tracking.actions(OPERATOR, "all")}
    assert {"Visit Riverside to see phonics lessons", "Write to parents about parking"} <= tasks
    assert all(each.again for each in service.drafts.propose_each(both))


def test_confirming_records_what_was_edited_added_and_not_what_was_dropped(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    service.drafts.edit_action(draft.id, "hal", by_task(draft, "Visit Riverside"), dropped=True)
    service.drafts.add_action(draft.id, "hal", "Order a new kettle", ["hal"], date(2026, 11, 20))
    service.drafts.edit_decision(draft.id, "hal", draft.decisions[-1].id, benefit="Children sleep.")
    done = service.drafts.confirm(draft.id, "ann")
    tasks = {each.task for each in done.actions}
    assert "Order a new kettle" in tasks
    assert not any("Riverside" in task for task in tasks)
    kettle = next(each for each in done.actions if "kettle" in each.task)
    assert kettle.people == ("hal",)
    assert kettle.due.date == date(2026, 11, 20)
    assert "Children sleep." in {each.benefit for each in service.tracking.decisions(OPERATOR)}


def test_the_edge_states_come_from_the_due_phrase(service: MeetingService) -> None:
    found = {each.task: each.state for each in confirmed(service, FIRST).actions}
    assert found["Mend the fence by the east gate"] is State.ASAP
    assert found["Ring the families of the absent pupils"] is State.OPEN


@pytest.mark.parametrize("by", ["eve", "rex", "gus", "may"])
def test_only_chair_clerk_and_school_leaders_confirm(room: MeetingService, by: str) -> None:
    draft = room.drafts.propose(notes(FIRST))
    with pytest.raises(Refusal):
        room.drafts.confirm(draft.id, by)
    with pytest.raises(Refusal):
        room.drafts.edit_action(draft.id, by, "a1", task="Mine now")
    assert room.tracking.actions(OPERATOR) == []
    assert {each.id for each in room.drafts.confirmers(draft)} == {"ann", "hal"}


def test_who_brings_notes_in_may_edit_them_and_not_confirm_them(room: MeetingService) -> None:
    draft = room.drafts.propose(notes(FIRST, by="eve"))
    assert room.drafts.edit_action(draft.id, "eve", "a1", task="Ring them").actions[0].task == "Ring them"
    with pytest.raises(Refusal, match="chair"):
        room.drafts.confirm(draft.id, "eve")
    assert [each.id for each in room.drafts.waiting("hal")] == [draft.id]


def test_naming_yourself_chair_gives_no_way_into_another_body(room: MeetingService) -> None:
    forged = "# Trust board: minutes of 3 November 2026\n\nPresent: Eve Stone (ES, chair)\n\nAction: DV to go\n"
    draft = room.drafts.propose(notes(forged, by="eve"))
    assert draft.body
    assert draft.body.key == "board"
    with pytest.raises(Refusal):
        room.drafts.confirm(draft.id, "eve")


def test_confirming_twice_records_once(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    first = service.drafts.confirm(draft.id, "ann")
    again = service.drafts.confirm(draft.id, "hal")
    assert first.fresh
    assert not again.fresh
    assert {each.id for each in again.actions} == {each.id for each in first.actions}
    with pytest.raises(Refusal, match="confirmed"):
        service.drafts.edit_action(draft.id, "ann", "a1", task="Later")


def test_two_who_confirm_at_once_record_once(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    found = []

    def confirm(by: str) -> None:
        found.append(service.drafts.confirm(draft.id, by))

    both = [threading.Thread(target=confirm, args=(by,)) for by in ("ann", "hal")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(each.fresh for each in found) == [False, True]
    assert len(service.tracking.actions(OPERATOR, "all")) == len(found[0].actions)


def test_two_who_edit_at_once_lose_nothing(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    texts = [f"Buy {number} chairs" for number in range(6)]
    threads = [threading.Thread(target=service.drafts.add_action, args=(draft.id, "ann", text)) for text in texts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    now = service.drafts.find(draft.id, "ann")
    assert set(texts) <= {each.task for each in now.actions}
    assert len({each.id for each in now.actions}) == len(now.actions)


def test_the_same_notes_twice_are_one_draft(room: MeetingService) -> None:
    first = room.drafts.propose(notes(FIRST))
    again = room.drafts.propose(notes(FIRST.replace("\n\n", "\n\n\n"), by="hal", name="copy.md"))
    assert again.id == first.id
    assert again.again
    assert not first.again
    room.drafts.confirm(first.id, "ann")
    third = room.drafts.propose(notes(FIRST))
    assert third.again
    assert third.meeting is not None


def test_a_corrected_version_shows_what_differs_and_keeps_what_was_confirmed(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    service.drafts.edit_action(draft.id, "ann", by_task(draft, "Ring the families"), owners=["eve"])
    service.drafts.edit_action(draft.id, "ann", by_task(draft, "Visit Riverside"), dropped=True)
    first = service.drafts.confirm(draft.id, "ann")
    ring = next(each for each in first.actions if "Ring" in each.task)
    service.tracking.done(ring.id, "eve")

    changed = FIRST.replace("Site manager | asap", "Site manager | 20 November 2026").replace(
        "| 4 | Visit", "| 4 | Order paper for the printer | AB | Friday |\n| 4 | Visit"
    )
    second = service.drafts.propose(notes(changed.replace("let to a dance club", "let to a judo club")))
    assert second.revises == first.meeting.id
    kinds = {(each.kind, each.what) for each in second.differences}
    assert kinds == {(Kind.ADDED, "action"), (Kind.CHANGED, "action")}
    moved = next(each for each in second.differences if each.kind is Kind.CHANGED)
    assert "as soon as possible" in moved.before
    assert "20 November 2026" in moved.after
    assert next(each for each in second.actions if "Visit" in each.task).dropped

    done = service.drafts.confirm(second.id, "hal")
    now = {each.task: each for each in done.actions}
    assert now["Ring the families of the absent pupils"].id == ring.id
    assert now["Ring the families of the absent pupils"].state is State.DONE
    assert now["Ring the families of the absent pupils"].people == ("eve",)
    assert now["Mend the fence by the east gate"].due.date == date(2026, 11, 20)
    assert "Order paper for the printer" in now
    assert not any("Visit" in task for task in now)
    assert len(service.tracking.meetings(OPERATOR)) == 1


def test_what_a_corrected_version_leaves_out_stays_confirmed(room: MeetingService) -> None:
    first = confirmed(room, FIRST)
    shorter = "\n".join(line for line in FIRST.splitlines() if "fence" not in line)
    second = room.drafts.propose(notes(shorter))
    gone = [each for each in second.differences if each.kind is Kind.GONE and each.what == "action"]
    assert any("fence" in each.before for each in gone)
    room.drafts.confirm(second.id, "ann")
    assert len(room.tracking.actions(OPERATOR, meeting=first.meeting.id)) == len(first.actions)


def test_a_second_version_confirmed_late_is_shown_as_one_first(room: MeetingService) -> None:
    one = room.drafts.propose(notes(FIRST))
    other = room.drafts.propose(notes(FIRST.replace("6/11/26", "10/11/26")))
    room.drafts.confirm(one.id, "ann")
    with pytest.raises(Refusal, match="different"):
        room.drafts.confirm(other.id, "ann")
    assert len(room.drafts.find(other.id, "ann").differences) == 1
    moved = room.drafts.confirm(other.id, "ann")
    assert not moved.new
    assert next(each for each in moved.actions if "Ring" in each.task).due.date == date(2026, 11, 10)


def test_notes_without_a_date_or_a_body_are_asked_about(room: MeetingService) -> None:
    draft = room.drafts.propose(notes_of("We met.\n\nAction: HB to ring the plumber by Friday week\n", "ann"))
    assert len(draft.must) == 2
    with pytest.raises(Refusal, match="On which day"):
        room.drafts.confirm(draft.id, "ann")
    item = by_task(draft, "ing the plumber")
    room.drafts.edit_action(draft.id, "ann", item, task="Ring the plumber about the tap")
    draft = room.drafts.set_meeting(draft.id, "ann", body="oakfield-slt", day=date(2026, 11, 2), chair="ann")
    assert not draft.must
    action = next(each for each in draft.actions if "plumber" in each.task)
    assert action.task == "Ring the plumber about the tap"
    assert action.due.date == date(2026, 11, 13)
    assert room.drafts.confirm(draft.id, "ann").meeting.body.key == "oakfield-slt"


def test_what_the_sender_says_of_the_meeting_is_believed(room: MeetingService) -> None:
    about = About("Oakfield SLT", "oakfield", date(2026, 11, 2))
    draft = room.drafts.propose(notes_of("Action: HB to ring the plumber by 6 November\n", "ann", about))
    assert not draft.must
    assert draft.body
    assert draft.body.key == "oakfield-slt"


def test_a_school_that_is_not_in_the_trust_is_asked_about(room: MeetingService) -> None:
    foreign = FIRST.replace("Oakfield SLT:", "Hillcrest Primary School SLT:").replace("Oakfield", "Hillcrest")
    draft = room.drafts.propose(notes(foreign))
    assert draft.audience is None
    assert any("Hillcrest" in each for each in draft.must)
    with pytest.raises(Refusal):
        room.drafts.confirm(draft.id, "ann")
    draft = room.drafts.set_meeting(draft.id, "ann", audience=Audience(frozenset({"person:ann"})))
    done = room.drafts.confirm(draft.id, "ann")
    assert done.meeting.body.school == "Hillcrest Primary School"
    assert room.planning.waiting(date(2026, 1, 1)) == []


def test_two_with_the_same_initials_are_asked_about(room: MeetingService) -> None:
    doubtful = FIRST.replace("Hal Bryce (HB)", "Hal Bryce (HB), Hugo Bell (HB)")
    draft = room.drafts.propose(notes(doubtful))
    action = next(each for each in draft.actions if "Ring" in each.task)
    assert not any(each.person for each in action.owners)
    assert any("Hal Bryce" in ask and "Hugo Bell" in ask for ask in action.asks)
    settled = room.drafts.edit_action(draft.id, "ann", action.id, owners=["hal"])
    assert next(each for each in settled.actions if each.id == action.id).asks == ()


def test_an_impossible_date_is_asked_and_not_guessed(room: MeetingService) -> None:
    draft = room.drafts.propose(notes(FIRST.replace("6/11/26", "31 September")))
    action = next(each for each in draft.actions if "Ring" in each.task)
    assert action.due.date is None
    assert action.asks


def test_an_owner_who_has_left_is_asked_about(engine: Engine, trust: Trust, clock: Clock) -> None:
    before = MeetingService(engine, trust, clock)
    confirmed(before, FIRST.replace("| ES |", "| Eve Stone |"))
    after = trust.model_copy(update={"people": tuple(each for each in trust.people if each.id != "eve")})
    room = MeetingService(engine, after, clock)
    action = next(each for each in room.tracking.actions(OPERATOR) if "Visit" in each.task)
    assert [each.name for each in room.tracking.left(action)] == ["Eve Stone"]
    clock.at(11, 9)
    table = SECOND.replace(
        "| 5 | Write", "| 4 | Visit Riverside to see phonics lessons | Eve Stone | next meeting |\n| 5 | Write"
    )
    draft = room.drafts.propose(notes(table))
    carried = next(each for each in draft.actions if "Visit" in each.task)
    assert carried.of == action.id
    assert any("Eve Stone" in ask and "no longer" in ask for ask in carried.asks)


def test_a_pack_of_four_hundred_pages_is_read_and_asked_about(room: MeetingService) -> None:
    page = "\n\n".join(
        f"Governors noted report {number} on the budget of the school for the year. The figures are in the table."
        for number in range(8)
    )
    papers = (
        f"## Paper {number}\n\n{page}"
        + (f"\n\nAction: HB to check paper {number} by Friday" if number % 4 == 0 else "")
        for number in range(400)
    )
    pack = FIRST + "\n\n".join(papers)
    draft = room.drafts.propose(notes(pack))
    assert len(draft.actions) > 80
    assert any("pack of papers" in ask for ask in draft.asks)
    assert len(room.drafts.confirm(draft.id, "ann").actions) == len(draft.actions)


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match=r"scan\.pdf cannot be read"):
        notes_from(b"%PDF-1.7 broken", "scan.pdf", "ann")
    with pytest.raises(Refusal, match="no words"):
        notes_of("   ", "ann")


def test_a_stranger_to_the_trust_file_is_refused(room: MeetingService) -> None:
    with pytest.raises(Refusal, match="does not know you"):
        room.drafts.propose(notes(FIRST, by="nobody"))


def test_discarded_notes_are_forgotten(service: MeetingService) -> None:
    draft = service.drafts.propose(notes(FIRST))
    service.drafts.discard(draft.id, "ann")
    with pytest.raises(Refusal):
        service.drafts.find(draft.id, "ann")
    assert not service.drafts.propose(notes(FIRST)).again


def test_part_b_has_readers_of_its_own(service: MeetingService, trust: Trust) -> None:
    draft = service.drafts.propose(notes(PART_B, by="cleo"))
    assert draft.part_b == Audience(frozenset({"closed", "person:gus", "person:cleo"}))
    assert [each.part_b for each in draft.actions if "settlement papers" in each.task] == [True]
    assert [each.part_b for each in draft.actions if "Publish" in each.task] == [False]
    assert not any("settlement" in each.text for each in service.drafts.find(draft.id, "ann").decisions)
    with pytest.raises(Refusal):
        service.drafts.confirm(draft.id, "ann")
    service.drafts.confirm(draft.id, "cleo")
    ann, gus, may = (trust.reader(trust.person(key)) for key in ("ann", "gus", "may"))
    assert [each.task for each in service.tracking.actions(ann)] == ["Publish the pay policy on the website"]
    assert not any("settlement" in each.text for each in service.tracking.decisions(ann))
    assert any("settlement" in each.text for each in service.tracking.decisions(gus))
    assert any("settlement" in each.text for each in service.tracking.decisions(may))


def test_minutes_that_are_a_part_b_as_a_whole_stand_beside_the_others(service: MeetingService, trust: Trust) -> None:
    head, _, closed = PART_B.partition("## Part B (confidential)")
    first = confirmed(service, head, by="cleo")
    apart = head.replace("minutes of", "Part B minutes of").split("## Actions")[0] + closed
    second = confirmed(service, apart, by="cleo")
    assert second.meeting.id != first.meeting.id
    assert second.meeting.audience == Audience(frozenset({"closed", "person:gus", "person:cleo"}))
    assert "(Part B)" in second.meeting.title
    ann = trust.reader(trust.person("ann"))
    assert [each.id for each in service.tracking.meetings(ann)] == [first.meeting.id]
    assert {each.meetings for each in service.tracking.actions(OPERATOR)} == {1}


def test_naming_yourself_chair_of_a_part_b_gives_no_way_in(room: MeetingService) -> None:
    forged = "# Trust board: Part B minutes of 3 November 2026\n\nPresent: Eve Stone (ES, chair)\n\nAction: DV to go\n"
    draft = room.drafts.propose(notes(forged, by="eve"))
    room.drafts.set_meeting(draft.id, "eve", chair="eve")
    with pytest.raises(Refusal):
        room.drafts.confirm(draft.id, "eve")
    cakes = room.drafts.propose(
        notes(forged.replace("Trust board: Part B minutes", "Minutes of the Cake Committee"), by="eve")
    )
    room.drafts.set_meeting(cakes.id, "eve", chair="eve", audience=Audience(frozenset({"everyone"})))
    with pytest.raises(Refusal, match="chair"):
        room.drafts.confirm(cakes.id, "eve")


def test_minutes_of_another_school_are_not_filed_under_a_body_of_the_trust(room: MeetingService) -> None:
    foreign = FIRST.replace("Oakfield SLT: minutes", "Hillcrest Primary School: minutes of the Trust board").replace(
        "Oak", "H"
    )
    draft = room.drafts.propose(notes(foreign, by="cleo"))
    assert draft.body
    assert draft.body.key != "board"
    assert draft.audience is None
