"""From notes to told owners: pasted, proposed to the chair, edited, confirmed; and nobody is told before."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.config.trust import load
from bot.demo.workspace.controls import NotThere
from bot.errors import Refusal
from bot.meetings.service import MeetingService
from tests.meetings.conftest import FIRST, PART_B
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import Staffroom

UNDATED = """\
Leadership team

HB to ring the caterer by Friday.
ES to order new books for the library by half term.
It was agreed that assembly moves to Tuesday.
"""


def test_pasted_notes_are_proposed_to_the_chair_and_owners_are_told_after_confirming(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    proposal = staffroom.told("ann", "Proposal from the notes of Oakfield senior leadership team, 2 November 2026")
    assert "3 actions, " in said(proposal)
    assert staffroom.direct("hal") == []
    review = staffroom.review("ann")
    assert "Ring the families of the absent pupils" in said(review)
    assert staffroom.workspace.as_user("ann").submit(review).ok
    staffroom.rest()
    (told,) = staffroom.direct("hal")
    assert "Actions for you from Oakfield senior leadership team, 2 November 2026" in said(told)
    assert "Ring the families of the absent pupils" in said(told)
    assert "Visit Riverside" not in said(told)
    assert "Confirmed: the notes of" in said(staffroom.direct("ann")[0])


def test_nobody_but_the_chair_sees_or_confirms_the_proposal(staffroom: Staffroom) -> None:
    staffroom.paste("hal")
    assert "are with Ann Birch" in said(staffroom.told("hal", "Thank you"))
    assert "Brought in by Hal Bryce" in said(staffroom.told("ann", "Proposal"))
    assert staffroom.direct("eve") == []
    review = staffroom.review("ann")
    eve = staffroom.workspace.as_user("eve")
    with pytest.raises(NotThere):
        eve.click(staffroom.direct("ann")[0], "meetings.review")
    staffroom.workspace.as_user("ann").close(review)


def test_who_may_not_read_notes_cannot_confirm_even_with_the_button(staffroom: Staffroom) -> None:
    staffroom.paste("eve")
    staffroom.told("eve", "are with Ann Birch")
    with staffroom.engine.connect() as connection:
        draft = connection.execute(text("SELECT id FROM meeting_drafts")).scalar_one()
    room = MeetingService(staffroom.engine, load(staffroom.settings.trust_file), staffroom.clock)
    with pytest.raises(Refusal, match="The chair, the clerk or a leader"):
        room.drafts.confirm(draft, "eve")
    with pytest.raises(Refusal, match="not open to you"):
        room.drafts.find(draft, "rex")


def test_the_chair_edits_adds_and_drops_before_confirming(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    ann = staffroom.workspace.as_user("ann")
    review = staffroom.review("ann")
    assert "“4 | Visit Riverside to see phonics lessons | ES | 13 November”" in said(review)
    ann.click(review, "meetings.edit", "a1")
    form = staffroom.modal("ann", "Edit the action")
    assert form["blocks"][0]["type"] == "context"
    assert ann.submit(form, {"owners": ["hal", "eve"], "due_words": "by the end of term"}).ok
    review = staffroom.modal("ann", "Review the notes", lambda view: "Hal Bryce, Eve Stone" in said(view))
    assert "by 18 December 2026" in said(review)
    ann.click(review, "meetings.drop", "a3")
    review = staffroom.modal("ann", "Review the notes", lambda view: "dropped" in said(view))
    ann.click(review, "meetings.add_action")
    form = staffroom.modal("ann", "Add an action")
    assert ann.submit(form, {"task": "Order <!channel> chairs & desks", "owners": ["hal"], "due_day": "2026-11-20"}).ok
    review = staffroom.modal("ann", "Review the notes", lambda view: "Order" in said(view))
    assert "<!channel>" not in said(review)
    ann.click(review, "meetings.add_decision")
    form = staffroom.modal("ann", "Add a decision")
    assert ann.submit(form, {"decided": "The hall is painted blue.", "benefit": "A brighter room"}).ok
    review = staffroom.modal("ann", "Review the notes", lambda view: "painted blue" in said(view))
    assert ann.submit(review).ok
    staffroom.rest()
    told = said(staffroom.told("hal", "Actions for you"))
    assert "by 18 December 2026" in told
    assert "Order &lt;!channel&gt; chairs &amp; desks" in told
    assert "by 20 November 2026" in told
    assert "Ring the families" in said(staffroom.told("eve", "Actions for you"))
    assert "Visit Riverside" not in said(staffroom.told("eve", "Actions for you"))


def test_a_day_that_cannot_be_is_refused_in_its_place(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    ann = staffroom.workspace.as_user("ann")
    ann.click(staffroom.review("ann"), "meetings.edit", "a1")
    form = staffroom.modal("ann", "Edit the action")
    wrong = ann.submit(form, {"due_words": "31 September"})
    assert not wrong.ok
    assert "due_words" in wrong.errors
    both = ann.submit(form, {"due_words": "Friday week", "due_day": "2026-11-20"})
    assert both.errors == {"due_words": "Give a day or words, not both."}
    cleared = ann.submit(form, {"due_words": "", "due_day": None})
    assert cleared.ok, cleared
    staffroom.modal("ann", "Review the notes", lambda view: "Hal Bryce · no date" in said(view))


def test_notes_without_day_and_meeting_are_asked_for_and_then_go_to_the_chair(staffroom: Staffroom) -> None:
    staffroom.paste("hal", UNDATED)
    question = staffroom.told("hal", "On which day was this meeting?")
    assert staffroom.direct("ann") == []
    hal = staffroom.workspace.as_user("hal")
    assert hal.click(question, "meetings.which").ok
    form = staffroom.modal("hal", "Which meeting was it?")
    late = hal.submit(form, {"day": "2026-12-24", "body": "oakfield-slt"})
    assert "still to come" in late.errors["day"]
    assert hal.submit(form, {"day": "2026-11-02", "body": "oakfield-slt", "chair": "ann"}).ok
    staffroom.rest()
    assert "Oakfield senior leadership team, 2 November 2026" in said(staffroom.told("ann", "Proposal"))


def test_the_meeting_can_be_said_in_the_form(staffroom: Staffroom) -> None:
    staffroom.paste("ann", UNDATED, body="oakfield-slt", day="2026-11-02")
    assert "Oakfield senior leadership team, 2 November 2026" in said(staffroom.told("ann", "Proposal"))


def test_empty_notes_and_days_to_come_are_refused_in_the_form(staffroom: Staffroom) -> None:
    ann = staffroom.workspace.as_user("ann")
    ann.command("/trust", "notes")
    form = staffroom.modal("ann", "Meeting notes")
    assert ann.submit(form, {"notes": "   "}).errors == {"notes": "Paste the notes first."}
    late = ann.submit(form, {"notes": UNDATED, "day": "2026-12-01"})
    assert "still to come" in late.errors["day"]


def test_the_same_notes_again_are_recognised(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    staffroom.paste("ann")
    assert "They wait to be confirmed." in said(staffroom.told("ann", "came in before"))
    staffroom.workspace.as_user("ann").upload(staffroom.workspace.as_user("ann").direct, "minutes.md", FIRST.encode())
    staffroom.rest()
    assert sum("Proposal" in said(each) for each in staffroom.direct("ann")) == 1
    staffroom.confirm("ann")
    staffroom.paste("ann")
    assert "They are confirmed." in said(staffroom.told("ann", "They are confirmed."))
    assert len(staffroom.direct("hal")) == 1


def test_a_corrected_version_shows_its_differences_and_tells_only_of_them(staffroom: Staffroom) -> None:
    staffroom.confirmed()
    staffroom.paste("ann", FIRST.replace("13 November", "20 November"))
    assert "1 changed" in said(staffroom.told("ann", "differ from those that were confirmed"))
    review = staffroom.review("ann", "differ from those that were confirmed")
    assert "What this version changes" in said(review)
    assert staffroom.workspace.as_user("ann").submit(review).ok
    staffroom.rest()
    assert len(staffroom.direct("hal")) == 1
    assert "Changed for you" in said(staffroom.told("eve", "20 November 2026"))


def test_a_second_confirmation_tells_nobody_twice(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    review = staffroom.review("ann")
    ann = staffroom.workspace.as_user("ann")
    assert ann.submit(review).ok
    staffroom.rest()
    ann.click(staffroom.told("ann", "Look at it"), "meetings.review")
    assert staffroom.modal("ann", "Review the notes")["submit"] is None
    assert len(staffroom.direct("hal")) == 1


def test_two_who_confirm_at_the_same_moment_tell_nobody_twice(staffroom: Staffroom) -> None:
    staffroom.paste("cleo", PART_B.partition("## Part B")[0])
    reviews = [(person, staffroom.review(person)) for person in ("gus", "cleo")]
    staffroom.workspace.fail("conversations.open", times=2, seconds=0.2)
    for person, review in reviews:
        assert staffroom.workspace.as_user(person).submit(review).ok
    staffroom.rest()
    assert len(staffroom.direct("ann")) == 1


def test_telling_that_failed_is_taken_up_by_pressing_again(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    review = staffroom.review("ann")
    staffroom.workspace.fail("conversations.open", error="user_disabled")
    assert staffroom.workspace.as_user("ann").submit(review).ok
    staffroom.rest()
    failed = staffroom.told("ann", "Something went wrong")
    told = len(staffroom.direct("hal")) + len(staffroom.direct("eve"))
    assert told < 2
    staffroom.workspace.as_user("ann").click(failed, "meetings.confirm_again")
    staffroom.rest()
    assert len(staffroom.direct("hal")) == len(staffroom.direct("eve")) == 1


def test_a_form_of_a_draft_that_is_gone_says_so_in_its_place(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    review = staffroom.review("ann")
    ann = staffroom.workspace.as_user("ann")
    with staffroom.engine.begin() as connection:
        connection.execute(text("DELETE FROM meeting_drafts"))
    assert ann.submit(review).ok
    assert "no longer kept" in said(staffroom.modal("ann", "Trustbot"))
    assert staffroom.direct("hal") == []


def test_a_form_that_opens_too_late_says_to_press_again(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    staffroom.workspace.fail("views.open", times=2, error="expired_trigger_id")
    staffroom.workspace.as_user("ann").click(staffroom.told("ann", "Proposal"), "meetings.review")
    staffroom.told("ann", "Press it once more.")


def test_notes_are_thrown_away_only_when_that_is_said_twice(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    ann = staffroom.workspace.as_user("ann")
    ann.click(staffroom.review("ann"), "meetings.discard")
    assert ann.submit(staffroom.modal("ann", "Throw them away?")).ok
    assert staffroom.workspace.modal("ann") is None
    staffroom.paste("ann")
    assert sum("Proposal" in said(each) for each in staffroom.direct("ann")) == 2


def test_a_long_pack_is_reviewed_in_pages(staffroom: Staffroom) -> None:
    rows = "\n".join(f"| {n} | Check the boiler of block {n} | HB | 20 November |" for n in range(1, 71))
    head = FIRST.split("| 2 |")[0]
    staffroom.paste("ann", head[:300] + rows[:0] + head[300:] + rows[:2500])
    ann = staffroom.workspace.as_user("ann")
    review = staffroom.review("ann")
    assert "Page 1 of 2" in said(review)
    ann.click(review, "meetings.page.next")
    second = staffroom.modal("ann", "Review the notes", lambda view: "Page 2 of 2" in said(view))
    ann.click(second, "meetings.drop", "a26")
    staffroom.modal("ann", "Review the notes", lambda view: "dropped" in said(view) and "Page 2 of 2" in said(view))


def test_somebody_whom_the_trust_file_does_not_know_is_told_so(staffroom: Staffroom) -> None:
    staffroom.workspace.add_user("nat", "Nat New", email="nat@alder.example")
    assert staffroom.workspace.as_user("nat").command("/trust", "notes").ok
    workspace = staffroom.workspace
    (told,) = workspace.wait_for(lambda: workspace.ephemerals("nat"), what="a word")
    assert "The trust file does not know you." in said(told)


def test_minutes_of_a_school_elsewhere_need_somebody_to_say_who_may_read_them(
    staffroom: Staffroom,
) -> None:
    notes = FIRST.replace("Oakfield SLT", "Elmtree Primary School Governing Body").replace("Oakfield", "the school")
    staffroom.paste("cleo", notes)
    assert "Elmtree" in said(staffroom.told("cleo", "Before the notes"))
    cleo = staffroom.workspace.as_user("cleo")
    cleo.click(staffroom.told("cleo", "Before the notes"), "meetings.which")
    assert cleo.submit(staffroom.modal("cleo", "Which meeting was it?"), {"readers": "board"}).ok
    staffroom.rest()
    assert "2 November 2026" in said(staffroom.told("cleo", "Proposal"))


def test_names_of_owners_never_act(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    ann = staffroom.workspace.as_user("ann")
    ann.click(staffroom.review("ann"), "meetings.edit", "a1")
    form = staffroom.modal("ann", "Edit the action")
    assert ann.submit(form, {"owners": ["hal"], "others": "*<!channel>*, <@U0HAL>"}).ok
    review = staffroom.modal("ann", "Review the notes", lambda view: "channel" in said(view))
    assert ann.submit(review).ok
    staffroom.rest()
    for message in (*staffroom.direct("hal"), *staffroom.direct("ann")):
        assert "<!channel>" not in said(message)
        assert "<@U0HAL>" not in said(message)


def test_the_form_opens_also_where_the_bot_is_not(staffroom: Staffroom) -> None:
    staffroom.workspace.add_channel(f"elsewhere-{len(staffroom.workspace.state.channels)}", ["ann"], private=True,
                                    bot=False)  # fmt: skip
    channel = list(staffroom.workspace.state.channels.values())[-1]
    assert staffroom.workspace.as_user("ann").command("/trust", "notes", channel).ok
    staffroom.modal("ann", "Meeting notes")
