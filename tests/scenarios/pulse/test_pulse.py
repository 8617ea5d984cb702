"""Pulses through Slack: opened, answered, changed, reminded, closed, published, asked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.demo.workspace.state import File
from bot.pulse.sealed.safe import NAME as SECRET
from knowledge.school.framework.model import load
from tests.scenarios.conftest import said
from tests.scenarios.pulse.office import CLOSES, EVERYBODY, NAME, OPENS, Hall, hall_at

AFTER = "2026-11-18T08:00"


@pytest.fixture
def hall(home: Path) -> Iterator[Hall]:
    with hall_at(home) as found:
        yield found


def test_a_collaboration_needs_an_outcome_and_an_end(hall: Hall) -> None:
    dana = hall.room.workspace.as_user("dana")
    assert dana.command("/trust", "collaborations").ok
    assert dana.click(hall.room.modal("dana", "Collaborations"), "pulse.open").ok
    form = hall.room.modal("dana", "Open a collaboration")
    names = said(form)
    for test in ("Purpose", "Mutuality", "Change", "Pace", "Prioritisation"):
        assert test in names
    base = {"name": NAME, "schools": ["oakfield"], "lead": "ann", "start": "2026-09-07"}
    assert set(dana.submit(form, base).errors) == {"outcome", "end"}
    blank = dana.submit(form, base | {"outcome": "  ", "end": "2027-03-20"})
    assert "in words" in blank.errors["outcome"]
    early = dana.submit(form, base | {"outcome": "Better reading", "end": "2026-09-01"})
    assert "later end date" in early.errors["end"]
    assert dana.submit(form, base | {"outcome": "Better reading", "end": "2027-03-20"}).ok
    assert dana.command("/trust", "collaborations").ok
    listed = said(hall.room.modal("dana", "Collaborations", lambda view: "pulse.change" in str(view)))
    assert "Better reading" in listed
    assert "Not yet talked through: Purpose, Mutuality, Change, Pace, Prioritisation" in listed


def test_only_leaders_open_collaborations_and_pulses(hall: Hall) -> None:
    hall.collaborate()
    kim = hall.room.workspace.as_user("kim")
    assert kim.command("/trust", "collaborations").ok
    view = hall.room.modal("kim", "Collaborations")
    assert NAME in said(view)
    assert "pulse.open" not in str(view)
    assert "pulse.change" not in str(view)
    assert kim.command("/trust", "pulse").ok
    assert "nothing of the pulse" in said(hall.room.modal("kim", "Pulse"))


def test_a_wave_from_asking_to_publishing(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        (invitation,) = [each for each in hall.room.direct(person) if "How is" in said(each)]
        assert "Nobody in your trust sees your own answers" in said(invitation)
        assert "run by whoever runs Trustbot's machine" in said(invitation)
    assert not [each for each in hall.room.direct("dana") if "How is" in said(each)]
    for number, person in enumerate(EVERYBODY[:-1]):
        thanks = hall.answer(person, 4, f"Comment {number} about time.", s6="1", s7="2")
        assert "Thank you" in said(thanks)
        assert "%" not in said(thanks)
    assert hall.room.workspace.as_user("ann").command("/trust", "pulse").ok
    overview = said(hall.room.modal("ann", "Pulse", lambda view: view.get("submit")))
    assert "open until Tuesday 17 November" in overview
    assert "answered" not in overview.replace("those who have not answered", "")
    hall.at(f"{CLOSES}T17:00")
    assert not hall.channel()
    hall.at(AFTER)
    words = hall.words()
    assert "Weakest test: Pace" in words
    assert "12 answered" in words
    assert "What to talk about next: Pace" in words
    assert "There is a clear timetable" in words or "clear timetable" in words
    assert words.count("about time.") == 12
    (picture,) = [each for each in hall.channel() if each.files]
    file = hall.room.workspace.state.files[picture.files[0]]
    assert file.content.startswith(b"\x89PNG")
    assert "Weakest test: Pace" in file.alt
    before = len(hall.channel())
    hall.at("2026-11-18T08:30")
    hall.at("2026-11-19T08:00")
    assert len(hall.channel()) == before
    with hall.room.engine.connect() as connection:
        for table in ("pulse_answers", "pulse_comments", "pulse_waiting", "pulse_seals"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        assert connection.execute(text("SELECT DISTINCT state FROM pulse_participation")).scalars().all() == ["asked"]
        assert connection.execute(text("SELECT count(*) FROM posts WHERE key LIKE 'pulse-ask%'")).scalar() == 0
    assert not _secrets(hall)
    assert not (hall.room.settings.home / "pulse").exists()


def test_an_answer_is_changed_until_the_close_by_its_writer_alone(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        hall.answer(person, 5, "First words." if person == "kim" else "")
    form = hall.form("kim")
    before = next(block["element"] for block in form["blocks"] if block["block_id"] == "s0")
    assert before["initial_option"]["value"] == "5"
    assert "First words." in str(form)
    hall.answer("kim", 1, "Second words.")
    hall.room.workspace.as_user("lou").close(hall.room.workspace.modal("lou") or {})
    stolen = hall.invitation("kim")
    token = str(next(block["elements"][0]["value"] for block in stolen.blocks if block["type"] == "actions"))
    assert "kim" not in token
    hall.at(AFTER)
    assert "13 answered" in hall.words()
    assert "Second words." in hall.words()
    assert "First words." not in hall.words()


def test_a_double_press_and_a_form_that_is_sent_twice_count_once(hall: Hall) -> None:
    hall.asked()
    hall.room.workspace.deliver_twice()
    for person in EVERYBODY:
        hall.answer(person, 4)
    hall.room.workspace.deliver_twice(False)
    hall.at(AFTER)
    assert "13 answered" in hall.words()


def test_reminders_two_at_most_and_only_to_those_who_have_not_answered(hall: Hall) -> None:
    hall.asked()
    hall.answer("ann")
    reminded: dict[str, int] = {}
    for day in (10, 11, 12, 13, 16, 17):
        for hour in ("07:00", "09:00", "12:00", "19:00"):
            if day == 12 and hour == "12:00":
                hall.answer("hal")
            hall.at(f"2026-11-{day}T{hour}")
    for person in EVERYBODY:
        found = [each for each in hall.room.direct(person) if "Two minutes are enough" in said(each)]
        reminded[person] = len(found)
        assert all(each.thread_ts == hall.invitation(person).ts for each in found)
    assert reminded.pop("ann") == 0
    assert reminded.pop("hal") == 1
    assert set(reminded.values()) == {2}


def test_nothing_is_asked_or_shown_outside_school_hours(hall: Hall) -> None:
    hall.collaborate()
    assert hall.plan().ok
    hall.at(f"{OPENS}T07:00")
    assert not hall.room.direct("kim")
    hall.at(f"{OPENS}T07:50")
    assert hall.invitation("kim")
    for person in EVERYBODY:
        hall.answer(person)
    hall.at("2026-11-18T06:00")
    assert not hall.channel()
    hall.at("2026-11-18T07:45")
    assert hall.results()


def test_a_form_that_was_open_when_the_pulse_closed_says_so_and_counts_nothing(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY[:-1]:
        hall.answer(person)
    late = EVERYBODY[-1]
    form = hall.form(late)
    hall.at(AFTER)
    values = {f"s{number}": "1" for number in range(10)}
    assert hall.room.workspace.as_user(late).submit(form, values).ok
    assert "has closed" in said(hall.room.modal(late, "Trustbot"))
    assert hall.room.workspace.as_user(late).click(hall.invitation(late), "pulse.answer").ok
    assert "has closed" in said(hall.room.modal(late, "Trustbot"))
    assert "12 answered" in hall.words()


def test_too_few_answers_show_nothing_and_say_no_number(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY[:4]:
        hall.answer(person)
    hall.at(AFTER)
    assert "Nothing of this pulse can be shown" in hall.words()
    assert "4 answered" not in hall.words()
    assert not [each for each in hall.channel() if each.files]


def test_a_comment_about_a_child_at_risk_points_to_the_dsl_and_is_never_published(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        if person == "kim":
            view = hall.answer(person, comment="A pupil told me that her stepfather hits her at home.")
            assert "designated safeguarding lead" in said(view)
            assert "will not be published" in said(view)
        else:
            assert "safeguarding" not in said(hall.answer(person, comment="It helps us."))
    hall.at(AFTER)
    assert "stepfather" not in hall.words()
    assert "It helps us." in hall.words()


def test_somebody_who_leaves_in_between_is_not_reminded_and_what_he_said_counts(hall: Hall) -> None:
    hall.asked()
    hall.answer("kim")
    for person in ("kim", "lou"):
        hall.room.workspace.change_user(person, deleted=True)
    hall.room.rest()
    for person in EVERYBODY:
        if person not in ("kim", "lou"):
            hall.answer(person)
    hall.at("2026-11-12T09:00")
    bot = hall.room.workspace.state.user("Trustbot").id
    lou = [each for each in hall.room.workspace.direct("lou") if each.user == bot]
    assert len(lou) == 1
    hall.at(AFTER)
    assert "12 answered" in hall.words()


def test_the_next_wave_comes_in_the_next_half_of_a_term_by_itself(hall: Hall) -> None:
    hall.asked(repeat=["each-half"])
    for person in EVERYBODY:
        hall.answer(person, 2)
    hall.at(AFTER)
    hall.at("2026-12-01T09:00")
    assert len([each for each in hall.room.direct("kim") if "How is" in said(each)]) == 1
    hall.at("2027-01-04T09:00")
    assert len([each for each in hall.room.direct("kim") if "How is" in said(each)]) == 1
    for day in (11, 12):
        hall.at(f"2027-01-{day}T09:00")
    assert len([each for each in hall.room.direct("kim") if "How is" in said(each)]) == 2
    for person in EVERYBODY:
        hall.answer(person, 4)
    hall.at("2027-01-25T09:00")
    words = said([each for each in hall.channel() if "Pulse on" in each.text][-1])
    assert "since the last wave: too few to call a change" in words


def test_whoever_planned_it_is_told_once_when_it_cannot_open(hall: Hall) -> None:
    hall.collaborate()
    assert hall.plan().ok
    for person in EVERYBODY[1:]:
        hall.room.workspace.change_user(person, deleted=True)
    hall.room.rest()
    for minute in ("08:00", "08:01", "08:02"):
        hall.at(f"{OPENS}T{minute}")
    (told,) = [each for each in hall.room.direct("ann") if "For your next agenda" in said(each)]
    assert "Fewer than eight would be asked" in said(told)
    for test in load().tests:
        assert test.question in said(told)


def test_days_people_and_channels_that_cannot_be_are_refused_in_their_place(hall: Hall) -> None:
    hall.collaborate()
    assert "half of a term" in hall.plan(opens="2026-12-14", closes=None).errors["opens"]
    assert "school days" in hall.plan(closes="2026-11-10").errors["opens"]
    assert "Choose people" in hall.plan(groups=[]).errors["groups"]
    assert "Only 2" in hall.plan(groups=[], people=["kim", "lou"]).errors["groups"]
    elsewhere = hall.room.workspace.add_channel("elsewhere", ["ann"], bot=False)
    assert "Invite it there" in hall.plan(where=elsewhere.id).errors["where"]


def test_a_channel_is_asked_as_it_is_when_the_pulse_opens_without_guests_and_programs(hall: Hall) -> None:
    workspace = hall.room.workspace
    workspace.add_user("gil", "Gil Guest", email="gil@elsewhere.example", is_restricted=True)
    workspace.add_user("new", "Nell New", email="nell@alder.example")
    channel = workspace.add_channel("reading", [*EVERYBODY[:8], "gil", "new"])
    hall.collaborate()
    assert hall.plan(groups=[], channels=[channel.id]).ok
    workspace.as_user("ann").invite("reading", "wil")
    hall.room.rest()
    hall.at(f"{OPENS}T08:00")
    asked = {each for each in (*EVERYBODY, "gil", "new") if any("How is" in said(m) for m in hall.room.direct(each))}
    assert asked == {*EVERYBODY[:8], "new", "wil"}
    hall.answer("new")


def test_home_shows_what_i_may_answer_and_the_results_to_those_who_may_see_them(hall: Hall) -> None:
    hall.asked()
    workspace = hall.room.workspace
    workspace.as_user("kim").open_app("home")
    home = workspace.wait_for(lambda: workspace.home("kim"))
    assert "until then you can answer, or change it" in said(home)
    for person in EVERYBODY:
        hall.answer(person, 4, s0="2", s1="2")
    workspace.state.homes.clear()
    workspace.as_user("kim").open_app("home")
    line = next(block for block in home["blocks"] if "until then you can answer" in str(block))["text"]
    again = workspace.wait_for(lambda: workspace.home("kim"))
    assert line in [block.get("text") for block in again["blocks"]], "whether somebody answered is shown to nobody"
    hall.at(AFTER)
    outsider = workspace.add_user("out", "Otto Outside", email="otto@alder.example")
    for person, sees in (("kim", True), ("dana", True), (outsider.id, False)):
        workspace.state.homes.clear()
        workspace.as_user(person).open_app("home")
        shown = said(workspace.wait_for(lambda each=person: workspace.home(each)))
        assert ("Weakest test: Purpose" in shown) is sees
    dana_home = workspace.as_user("dana")
    workspace.state.homes.clear()
    dana_home.open_app("home")
    assert dana_home.click(workspace.wait_for(lambda: workspace.home("dana")), "pulse.results").ok
    view = hall.room.modal("dana", "Pulse results")
    assert "percent" in said(view)
    assert dana_home.click(view, "pulse.csv").ok
    sheet = workspace.wait_for(lambda: next((e for e in hall.room.direct("dana") if e.files), None))
    content = workspace.state.files[sheet.files[0]].content.decode("utf-8-sig")
    assert content.splitlines()[0].startswith("collaboration,closed,group,answered")
    assert "Everybody,13" in content


def test_a_pulse_is_closed_early_only_by_those_who_lead_it(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        hall.answer(person)
    ann = hall.room.workspace.as_user("ann")
    assert ann.command("/trust", "pulse").ok
    overview = hall.room.modal("ann", "Pulse", lambda view: view.get("submit"))
    assert ann.click(overview, "pulse.close").ok
    confirm = hall.room.modal("ann", "Close the pulse?")
    assert "13" not in said(confirm)
    assert ann.submit(confirm).ok
    assert "counted within a minute" in said(hall.room.modal("ann", "Pulse"))
    hall.at("2026-11-10T09:00")
    assert "13 answered" in said(hall.results())


def test_no_pulse_closes_early_before_eight_and_half_of_the_panel_have_answered(hall: Hall) -> None:
    hall.asked()
    ann = hall.room.workspace.as_user("ann")
    for count, person in enumerate(EVERYBODY[:8], 1):
        hall.answer(person)
        if count < 7:
            continue
        assert ann.command("/trust", "pulse").ok
        assert ann.click(hall.room.modal("ann", "Pulse", lambda view: view.get("submit")), "pulse.close").ok
        assert ann.submit(hall.room.modal("ann", "Close the pulse?")).ok
        if count < 8:
            assert "only once at least eight people" in said(hall.room.modal("ann", "Trustbot"))
            while view := hall.room.workspace.modal("ann"):
                ann.close(view)
    assert "counted within a minute" in said(hall.room.modal("ann", "Pulse"))
    hall.at("2026-11-10T09:00")
    assert "Weakest test" in said(hall.results())
    assert "8 answered" not in hall.words(), "how many answered is said from ten on"


def _secrets(hall: Hall) -> dict[str, File]:
    """The bot's private files in Slack that hold the secrets of open pulses."""
    files = hall.room.workspace.state.files
    found = {ident: file for ident, file in files.items() if file.name == SECRET}
    assert not any(file.channels for file in found.values())
    return found


def _without_keys(hall: Hall) -> None:
    """Somebody deletes them, and the process that knew them has been started anew."""
    for ident in _secrets(hall):
        del hall.room.workspace.state.files[ident]
    hall.room.close()
    hall.room.open()


def test_keys_that_are_lost_are_told_once_and_the_wave_ends_without_a_result(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        hall.answer(person)
    _without_keys(hall)
    hall.at(AFTER)
    hall.at("2026-11-18T09:00")
    told = [each for each in hall.room.direct("ann") if "cannot be counted" in said(each)]
    assert len(told) == 1
    assert "bring it back by Tuesday 24 November" in said(told[0])
    hall.at("2026-11-24T09:00")
    assert not [each for each in hall.room.direct("ann") if "ended without a result" in said(each)]
    hall.at("2026-11-25T09:00")
    hall.at("2026-11-26T09:00")
    assert len([each for each in hall.room.direct("ann") if "ended without a result" in said(each)]) == 1
    assert not hall.channel()
    with hall.room.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pulse_answers")).scalar() == 0


def test_keys_that_come_back_in_time_lose_nothing(hall: Hall) -> None:
    hall.asked()
    for person in EVERYBODY:
        hall.answer(person)
    kept = _secrets(hall)
    assert kept
    _without_keys(hall)
    hall.at(AFTER)
    hall.room.workspace.state.files |= kept
    hall.at("2026-11-19T09:00")
    assert "13 answered" in hall.words()


def test_a_wave_whose_keys_are_lost_holds_up_no_other(hall: Hall) -> None:
    hall.asked()
    hall.answer("ann")
    _without_keys(hall)
    hall.at(AFTER)
    assert hall.plan(opens="2026-11-19", closes="2026-11-27").ok
    hall.at("2026-11-19T09:00")
    assert len([each for each in hall.room.direct("kim") if "How is" in said(each)]) == 2


def test_a_collaboration_is_changed_and_ended_in_slack(hall: Hall) -> None:
    hall.collaborate()
    dana = hall.room.workspace.as_user("dana")
    assert dana.command("/trust", "collaborations").ok
    # What was sent before is answered by a view of the same title.
    register = hall.room.modal("dana", "Collaborations", lambda view: "pulse.change" in str(view))
    assert dana.click(register, "pulse.change").ok
    form = hall.room.modal("dana", "Change collaboration")
    assert "More children read well at eleven" in str(form)
    values = {
        "name": NAME, "schools": ["oakfield"], "outcome": "Every child reads at eleven", "lead": "rex",
        "start": "2026-09-07", "end": "2026-11-06",
    }  # fmt: skip
    assert dana.submit(form, values).ok
    assert dana.command("/trust", "collaborations").ok
    listed = said(hall.room.modal("dana", "Collaborations", lambda view: "pulse.change" in str(view)))
    assert "Every child reads at eleven" in listed
    assert "More children" not in listed
    assert "Rex Tully" in listed
    hall.at("2026-11-09T09:00")
    assert dana.command("/trust", "pulse").ok
    assert NAME not in said(hall.room.modal("dana", "Pulse"))
