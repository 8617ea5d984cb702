"""What a digest says and leaves out: the order, owners, new and eased, short notice, quiet weeks, charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.digest.blocks import details, overview
from bot.digest.chart import caption as words_of_chart
from bot.digest.chart import drawing as chart
from bot.digest.content.compose import Edition, Scope, compose
from bot.digest.model import Chart, Headline, Material, Part
from bot.digest.rendering import as_text
from bot.digest.schedule import Slot
from bot.meetings.model import Action, Body, Meeting, Return, ReturnItem, State
from bot.meetings.records.weekly import Tally
from ingest.minutes import Owner
from knowledge.passages import EVERYONE, Reader
from knowledge.school.due import Due
from tests.digest.year import LONDON

TODAY = date(2026, 11, 16)
TWO_MINUTES = 460
UNTIL = datetime(2026, 11, 16, 8, 0, tzinfo=LONDON)
EDITION = Edition(Slot(TODAY, UNTIL, after_holiday=False), UNTIL - timedelta(weeks=1), UNTIL, TODAY)
ITEMS = (("attendance", "Attendance"), ("send", "SEND"), ("decisions", "Decisions needed"))
NAMES = {"oak": "Oak", "elm": "Elm", "ash": "Ash"}
SCOPE = Scope("execs", "Alder Trust", tuple(NAMES.items()), ITEMS, frozenset({"exec"}), True, NAMES)


def returned(school: str, *told: ReturnItem, name: str = "m") -> Return:
    body = Body(f"{school}-slt", f"{NAMES[school]} SLT", school)
    meeting = Meeting(f"{name}{school}", body, TODAY - timedelta(days=3), None, None, (), None, EVERYONE, None, None,
                      "ann", UNTIL)  # fmt: skip
    return Return(meeting, school, told, EVERYONE, UNTIL, "ann")


def action(name: str, body: str, due: date, school: str | None = None, state: State = State.OPEN) -> Action:
    when = Due(due, "", "", "dated", True)
    return Action(
        name, f"Do {name}", (Owner("Rex Tully", "Rex Tully", "rex"),), when, state, "", None, None, None, TODAY, 0,
        Body(body, f"The {body}", school), "", "", EVERYONE, UNTIL, UNTIL, None, "the budget",
    )  # fmt: skip


def part(material: Material, which: Part, scope: Scope = SCOPE) -> list[str]:
    digest = compose(material, scope, EDITION)
    return [line.text for section in digest.overview if section.part is which for line in section.lines]


def test_schools_stand_in_the_trust_files_order_and_every_one_is_there() -> None:
    material = Material(returns=tuple(
        returned(school, ReturnItem("send", "SEND", hard="Plans are late.")) for school in ("ash", "oak")
    ))  # fmt: skip
    assert part(material, Part.SCHOOLS) == ["Return from Oak and Ash. No return to show from Elm."]
    assert part(material, Part.ITEMS)[0].startswith("SEND: Oak and Ash find this hard.")


def test_owners_are_named_only_where_the_meeting_is() -> None:
    late = TODAY - timedelta(days=3)
    material = Material(live=(action("a", "exec", late), action("b", "oak-slt", late, "oak")))
    assert part(material, Part.OVERDUE) == [
        "“Do a” · Rex Tully · due 13 November",
        "“Do b” · The oak-slt · due 13 November",
    ]


def test_due_within_seven_days_and_deferred_ones_wait_for_a_decision() -> None:
    material = Material(
        live=(
            action("soon", "exec", TODAY + timedelta(days=6)),
            action("later", "exec", TODAY + timedelta(days=7)),
            action("waits", "exec", TODAY, state=State.DEFERRED),
        )
    )
    assert part(material, Part.DUE) == ["“Do soon” · Rex Tully · due 22 November"]
    assert part(material, Part.NEEDED) == ["The exec: “Do waits” waits: the budget"]


def test_new_and_eased() -> None:
    before = (returned("oak", ReturnItem("send", "SEND", hard="Plans are late."), name="b"),
              returned("elm", ReturnItem("send", "SEND", hard="No speech therapist."), name="b"))  # fmt: skip
    now = (returned("oak", ReturnItem("attendance", "Attendance", hard="Fridays are low.")),
           returned("elm", ReturnItem("send", "SEND", hard="Still no speech therapist.")))  # fmt: skip
    assert part(Material(returns=now, before=before), Part.ITEMS) == [
        "Attendance: Oak (new) finds this hard: “Fridays are low.”",
        "SEND: Elm finds this hard; Oak no longer names it: “Still no speech therapist.”",
    ]


def test_an_offer_beside_an_ask() -> None:
    now = (returned("oak", ReturnItem("send", "SEND", went_well="We can offer phonics coaching.")),
           returned("elm", ReturnItem("send", "SEND", ask="We would like phonics coaching.")))  # fmt: skip
    assert part(Material(returns=now), Part.GIVING) == [
        "Oak offers: “We can offer phonics coaching.” Elm asks: “We would like phonics coaching.”"
    ]


def test_what_tells_of_a_child_at_risk_is_repeated_nowhere() -> None:
    told = ReturnItem("send", "SEND", hard="A pupil disclosed that her father hits her. Plans are late.")
    text = as_text(compose(Material(returns=(returned("oak", told),)), SCOPE, EDITION))
    assert "Plans are late." in text
    assert "disclosed" not in text


def test_a_quiet_week_is_one_line_with_every_school() -> None:
    digest = compose(Material(), SCOPE, EDITION)
    assert digest.quiet
    text = " ".join(as_text(digest).split())
    assert "Nothing to show here this week." in text
    assert "nothing overdue" not in text
    assert "Oak, Elm and Ash" in text
    assert len(overview(digest)[1]) == 1
    assert details(digest) == []


def test_a_pulse_is_news_with_its_link() -> None:
    found = Headline("Reading together", "Pace", 54, 23, TODAY, "https://alder.slack.com/archives/C1/p1")
    digest = compose(Material(headlines=(found,)), SCOPE, EDITION)
    _, blocks = overview(digest)
    assert any((block.get("accessory") or {}).get("url") == found.link for block in blocks)
    assert "weakest test Pace, 54 % favourable, 23 answered" in as_text(digest)
    assert "Pace" not in as_text(digest.for_reader(Reader.of({"everyone"})))
    shared = replace(found, audience=EVERYONE, link="", wave="w1")
    kept = compose(Material(headlines=(shared,)), SCOPE, EDITION).for_reader(Reader.of({"everyone"}))
    assert "Pace" in as_text(kept)
    for message in (overview(kept)[1], details(kept)[0][1]):
        (button,) = [each["accessory"] for each in message if (each.get("accessory") or {}).get("value") == "w1"]
        assert button["action_id"] == "pulse.results"


def test_sixty_schools_fit_a_message_and_two_minutes() -> None:
    names = {f"s{number}": f"School {number}" for number in range(60)}
    NAMES.update(names)
    try:
        said = [ReturnItem(ident, name, "We can offer it to another school. It is good.", "It is hard and it is long.",
                     "Who can help us here?") for ident, name in ITEMS]  # fmt: skip
        late = tuple(action(f"a{n}", f"b{n}", TODAY - timedelta(days=n), f"s{n}") for n in range(1, 60))
        material = Material(returns=tuple(returned(school, *said) for school in names), live=late)
        scope = replace(SCOPE, schools=tuple(names.items()), names=names)
        digest = compose(material, scope, EDITION)
    finally:
        for school in names:
            del NAMES[school]
    _, blocks = overview(digest)
    assert len(blocks) <= 50
    assert all(len(block.get("text", {}).get("text", "")) <= 3000 for block in blocks)
    for _, message in details(digest):
        assert len(message) <= 50
    assert len(as_text(digest, details=False).split()) <= TWO_MINUTES
    thread = "\n".join(line.text for section in digest.details for line in section.lines)
    assert all(name in thread for name in names.values())


def test_a_chart_needs_four_weeks_and_says_its_figures() -> None:
    weeks = tuple(TODAY - timedelta(weeks=count) for count in (5, 4, 3, 2, 1))
    news = (action("a", "exec", TODAY),)
    few = Material(live=news, weeks=weeks, tallies=(Tally("opened", EVERYONE, None, (0, 0, 2, 1, 3)),))
    assert compose(few, SCOPE, EDITION).chart is None
    enough = replace(few, tallies=(*few.tallies, Tally("returns", EVERYONE, "oak", (0, 1, 1, 0, 2))))
    drawn = compose(enough, SCOPE, EDITION).chart
    assert drawn == Chart(weeks[1:], (0, 2, 1, 3), (0, 0, 0, 0), (1, 1, 0, 2), (EVERYONE,))
    assert "week of 9 November: 3 opened, 0 closed, 2 returns." in words_of_chart.alt_text(drawn)
    assert chart.png(drawn).startswith(b"\x89PNG")
