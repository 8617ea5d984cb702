"""What becomes of confirmed actions: carried over with their age, done, snoozed, passed on, dropped."""

from __future__ import annotations

from datetime import date

import pytest

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.meetings.actions.carry import alike, pairs
from bot.meetings.model import Action, State, ordinal
from bot.meetings.notes.draft import DraftAction
from bot.meetings.service import MeetingService
from ingest.minutes import Owner
from knowledge.passages import OPERATOR, Reader
from knowledge.school.due import Due
from tests.meetings.conftest import FIRST, SECOND, Clock, confirmed, notes

NONE = Due(None, "", "no date given", "none", True)


def action(service: MeetingService, words: str) -> Action:
    return next(each for each in service.tracking.actions(OPERATOR, "all") if words in each.task)


def reader(trust: Trust, key: str) -> Reader:
    return trust.reader(trust.person(key))


def test_the_same_task_is_carried_on_with_its_age(service: MeetingService, clock: Clock) -> None:
    confirmed(service, FIRST)
    fence = action(service, "fence")
    assert fence.meetings == 1
    clock.at(11, 9)
    done = confirmed(service, SECOND)
    carried = action(service, "fence")
    assert carried.id == fence.id
    assert carried.meetings == 2
    assert carried.raised == date(2026, 11, 2)
    assert carried.meeting == done.meeting.id
    assert (carried.state, carried.due.date) == (State.OPEN, date(2026, 11, 20))
    assert action(service, "parking").meetings == 1


def test_a_matter_arising_closes_the_action_that_it_speaks_of(service: MeetingService, clock: Clock) -> None:
    confirmed(service, FIRST)
    clock.at(11, 9)
    done = confirmed(service, SECOND)
    assert [each.task for each in done.closed] == ["Ring the families of the absent pupils"]
    assert action(service, "Ring the families").state is State.DONE


def test_a_matter_that_the_chair_leaves_open_stays_open(room: MeetingService, clock: Clock) -> None:
    confirmed(room, FIRST)
    clock.at(11, 9)
    draft = room.drafts.propose(notes(SECOND))
    matter = next(each for each in draft.matters if each.of)
    room.drafts.edit_matter(draft.id, "ann", matter.id, closed=False)
    room.drafts.confirm(draft.id, "ann")
    assert action(room, "Ring the families").state is State.OPEN


def test_what_its_owner_finishes_before_the_notes_are_confirmed_stays_finished(
    room: MeetingService, clock: Clock
) -> None:
    confirmed(room, FIRST)
    clock.at(11, 9)
    draft = room.drafts.propose(notes(SECOND))
    room.tracking.done(action(room, "fence").id, "ann")
    room.drafts.confirm(draft.id, "ann")
    assert action(room, "fence").state is State.DONE


def test_a_carried_action_takes_the_chairs_new_words(room: MeetingService, clock: Clock) -> None:
    confirmed(room, FIRST)
    fence = action(room, "fence")
    clock.at(11, 9)
    draft = room.drafts.propose(notes(SECOND.replace("Mend the fence by", "Mending of the fence by")))
    carried = next(each for each in draft.actions if each.of == fence.id)
    room.drafts.edit_action(draft.id, "ann", carried.id, task="Replace the fence by the east gate")
    room.drafts.confirm(draft.id, "ann")
    assert action(room, "Replace the fence").id == fence.id


def test_what_no_notes_mention_grows_older_all_the_same(room: MeetingService, clock: Clock) -> None:
    confirmed(room, FIRST)
    clock.at(11, 9)
    confirmed(room, SECOND)
    assert action(room, "Visit Riverside").meetings == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mend the fence by the east gate", "Fence by east gate to be mended", True),
        ("Circulate the draft budget", "Circulate draft budget to governors", True),
        ("Agree the minutes of 2 November", "Agree the minutes of 9 November", False),
        ("Book moderation of Year 2 writing", "Book moderation of Year 6 writing", False),
        ("Visit Riverside", "Visit Oakfield", False),
        ("Write to parents about parking", "Write to parents about uniform", False),
    ],
)
def test_tasks_are_one_by_their_words_and_numbers(one: str, other: str, same: bool) -> None:
    owner = (Owner("Ann Birch", "AB", "ann"),)
    first, second = (DraftAction("a", text, owner, NONE, "", None) for text in (one, other))
    assert bool(alike(first, second)) is same


def test_each_task_is_carried_on_once(trust: Trust) -> None:
    owner = (Owner("Ann Birch", "AB", "ann"),)
    fresh = [DraftAction(str(n), "Mend the fence by the east gate", owner, NONE, "", None) for n in range(2)]
    assert len(pairs(fresh, fresh[:1])) == 1


def test_the_owner_says_that_it_is_done(service: MeetingService, clock: Clock) -> None:
    confirmed(service, FIRST)
    ring = action(service, "Ring")
    clock.at(11, 5)
    assert service.tracking.done(ring.id, "hal").state is State.DONE
    assert service.tracking.done(ring.id, "hal").state is State.DONE
    said = service.tracking.history(ring.id, OPERATOR)
    assert [(each.what, each.by) for each in said] == [("confirmed", "ann"), ("done", "hal")]
    assert service.tracking.reopen(ring.id, "hal").state is State.OPEN


@pytest.mark.parametrize(
    ("until", "day"),
    [("tomorrow", date(2026, 11, 27)), ("friday", date(2026, 11, 27)), ("next meeting", date(2026, 11, 30))],
)
def test_snoozing_lasts_to_a_school_day(room: MeetingService, clock: Clock, until: str, day: date) -> None:
    confirmed(room, FIRST)
    clock.at(11, 26)
    ring = action(room, "Ring")
    # The 27th is an INSET day at Oakfield.
    expected = day if until == "next meeting" else date(2026, 11, 30)
    assert room.tracking.snooze(ring.id, "hal", until).snoozed_until == expected  # type: ignore[arg-type]


def test_snoozing_into_the_past_is_refused(room: MeetingService, clock: Clock) -> None:
    confirmed(room, FIRST)
    clock.at(11, 5)
    with pytest.raises(Refusal, match="still to come"):
        room.tracking.snooze(action(room, "Ring").id, "hal", date(2026, 11, 5))


def test_an_action_is_passed_on_and_refused_in_place(service: MeetingService) -> None:
    confirmed(service, FIRST)
    ring = action(service, "Ring")
    moved = service.tracking.reassign(ring.id, "hal", ["Eve Stone", "A supply teacher"])
    assert [(each.name, each.person) for each in moved.owners] == [("Eve Stone", "eve"), ("A supply teacher", None)]
    left = service.tracking.not_mine(ring.id, "eve", "I am away")
    assert left.people == ()
    chair = service.tracking.chair_of(action(service, "Ring"))
    assert chair
    assert chair.person == "ann"
    with pytest.raises(Refusal, match="not assigned"):
        service.tracking.not_mine(ring.id, "ann")


def test_dropping_needs_a_reason_and_a_leader(room: MeetingService) -> None:
    confirmed(room, FIRST)
    visit = action(room, "Visit")
    with pytest.raises(Refusal, match="why"):
        room.tracking.drop(visit.id, "ann", "  ")
    with pytest.raises(Refusal, match="chair"):
        room.tracking.drop(visit.id, "eve", "No time")
    dropped = room.tracking.drop(visit.id, "ann", "Riverside is closed")
    assert (dropped.state, dropped.reason) == (State.DROPPED, "Riverside is closed")
    assert not any("Visit" in each.task for each in room.tracking.actions(OPERATOR))


def test_moving_reads_the_phrase_and_asks_where_it_cannot(room: MeetingService, clock: Clock) -> None:
    confirmed(room, FIRST)
    visit = action(room, "Visit")
    clock.at(11, 3)
    assert room.tracking.move(visit.id, "ann", "end of term").due.date == date(2026, 12, 18)
    with pytest.raises(Refusal):
        room.tracking.move(visit.id, "ann", "31 September")
    assert room.tracking.defer(visit.id, "ann", "after the inspection").state is State.DEFERRED


@pytest.mark.parametrize("by", ["eve", "rex", "may", "nobody"])
def test_others_change_nothing(room: MeetingService, by: str) -> None:
    confirmed(room, FIRST)
    ring = action(room, "Ring")
    for verb in (room.tracking.done, room.tracking.reopen, room.tracking.not_mine):
        with pytest.raises(Refusal):
            verb(ring.id, by)
    with pytest.raises(Refusal):
        room.tracking.snooze(ring.id, by, "tomorrow")
    with pytest.raises(Refusal):
        room.tracking.reassign(ring.id, by, [by])
    assert action(room, "Ring") == ring


def test_lists_hold_what_a_reader_may_see(service: MeetingService, trust: Trust, clock: Clock) -> None:
    confirmed(service, FIRST)
    clock.at(11, 10)
    assert service.tracking.actions(reader(trust, "rex")) == []
    own = service.tracking.actions(reader(trust, "eve"))
    assert [each.task for each in own] == ["Visit Riverside to see phonics lessons"]
    assert own[0].quote == "", "an owner who may not read the notes sees no line of them"
    assert service.tracking.decisions(reader(trust, "eve")) == []
    assert len(service.tracking.actions(reader(trust, "dana"))) == len(service.tracking.actions(OPERATOR))
    together = Reader.joint([reader(trust, "dana"), reader(trust, "rex")])
    assert service.tracking.actions(together) == []
    with pytest.raises(Refusal):
        service.tracking.find(action(service, "Ring").id, reader(trust, "rex"))


def test_lists_by_person_school_meeting_and_state(service: MeetingService, clock: Clock) -> None:
    first = confirmed(service, FIRST)
    clock.at(11, 9)
    confirmed(service, SECOND)
    tracking = service.tracking
    assert {each.task for each in tracking.actions(OPERATOR, "done")} == {"Ring the families of the absent pupils"}
    assert [each.task for each in tracking.actions(OPERATOR, person="eve")] == [
        "Visit Riverside to see phonics lessons"
    ]
    assert tracking.actions(OPERATOR, school="riverside") == []
    assert len(tracking.actions(OPERATOR, "all", meeting=first.meeting.id)) == len(first.actions)
    clock.at(11, 14)
    late = tracking.actions(OPERATOR, "overdue", school="oakfield")
    assert {each.task for each in late} == {"Write to parents about parking", "Visit Riverside to see phonics lessons"}


def test_an_action_made_of_a_message_is_the_makers_own(service: MeetingService, trust: Trust) -> None:
    made = service.tracking.make(
        "eve", "Bring the cake", due=date(2026, 11, 20), quote="I can bring cake", key="C1/1.1"
    )
    again = service.tracking.make(
        "eve", "Bring the cake!", due=date(2026, 11, 20), quote="I can bring cake", key="C1/1.1"
    )
    assert made.id == again.id
    assert made.people == ("eve",)
    assert service.tracking.actions(reader(trust, "rex")) == []
    assert len(service.tracking.actions(reader(trust, "eve"))) == 1
    assert service.tracking.done(made.id, "eve").state is State.DONE
    with pytest.raises(Refusal, match="yourself"):
        service.tracking.make("eve", "Mend it", owners=["rex"])
    body = service.bodies.in_channel("#oakfield-slt")
    given = service.tracking.make("ann", "Mend the tap", owners=["hal"], body=body)
    assert given.people == ("hal",)
    assert given.body.key == "oakfield-slt"


def test_numbers_in_words() -> None:
    assert [ordinal(each) for each in (1, 3, 11, 12, 21, 22, 112)] == [
        "first", "third", "11th", "12th", "21st", "22nd", "112th",
    ]  # fmt: skip
