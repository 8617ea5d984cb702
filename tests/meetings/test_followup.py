"""Planning alone: what is due is said in a person's hours, once a day at most, and is never forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.meetings.agenda.gatherings import Gathering, gatherings
from bot.meetings.model import Action, State
from bot.meetings.reminders.planning import Desk, Follower, Kind, Reminder, Share, plan
from bot.slack.people.quiet_hours import CLOSES, OPENS
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Meetings
from tests.meetings.following import LONDON, SLT, TRUST, action, at, meeting

OAK = TRUST.calendar("oak")
HAL = Follower("hal", LONDON, OAK)
DAY = timedelta(days=1)
MONDAYS = Meetings(("Oak SLT",), weekday=0)
START, END = date(2026, 9, 7), date(2026, 12, 11)


def mondays(*confirmed: str) -> tuple[Gathering, ...]:
    """The Monday meetings of a term, some of them with notes."""
    return gatherings(SLT, [meeting(day) for day in confirmed], MONDAYS, OAK, START, END)


def days(first: date, last: date) -> list[date]:
    """Every day of these."""
    return [first + DAY * count for count in range((last - first).days + 1)]


def moments(first: date, last: date, *times: str) -> list[datetime]:
    """These times of every day."""
    return [at(day.isoformat(), each) for day in days(first, last) for each in times or ("08:00",)]


class Term:
    """What is sent over some time to people with these shares; everything that is planned is sent."""

    def __init__(
        self, shares: dict[str, Share], followers: Sequence[Follower] = (HAL,), met: Sequence[Gathering] = ()
    ) -> None:
        self.shares = shares
        self.followers = followers
        self.met = {SLT.key: met}
        self.said: dict[tuple[str, Kind, str], date] = {}
        self.served: dict[str, date] = {}
        self.sent: list[tuple[datetime, Reminder]] = []

    def pass_by(self, at_moments: Iterable[datetime]) -> list[Reminder]:
        """Let the clock tick at these moments; returns what was sent then."""
        found = []
        for now in at_moments:
            for each in plan(Desk(self.shares, self.met, self.said, self.served), self.followers, now):
                found.append(each)
                self.sent.append((now, each))
                self.served[each.person] = each.day
                self.said |= {(each.person, line.kind, line.subject): each.day for line in each.lines}
        return found


def of(*actions: Action) -> dict[str, Share]:
    """Hal's actions."""
    return {"hal": Share(actions)}


def told(sent: Iterable[Reminder]) -> list[tuple[str, str, str]]:
    """Day, kind and subject of every line."""
    return [(each.day.isoformat(), line.kind.value, line.subject) for each in sent for line in each.lines]


def test_two_school_days_before_on_the_day_and_weekly_while_overdue() -> None:
    term = Term(of(action("fence", "hal", "2026-11-12", "2026-11-02")))
    assert told(term.pass_by(moments(date(2026, 11, 2), date(2026, 11, 30), "07:45", "08:00", "17:29"))) == [
        ("2026-11-10", "soon", "fence"),
        ("2026-11-12", "today", "fence"),
        ("2026-11-19", "overdue", "fence"),
        ("2026-11-26", "overdue", "fence"),
    ]


def test_what_is_due_in_the_holidays_is_said_before_them_and_once_after() -> None:
    term = Term(of(action("fence", "hal", "2026-10-28", "2026-10-05")))
    sent = term.pass_by(moments(date(2026, 10, 12), date(2026, 11, 8), "08:00", "12:00"))
    assert told(sent) == [
        ("2026-10-21", "soon", "fence"),
        ("2026-10-23", "today", "fence"),
        ("2026-11-02", "overdue", "fence"),
    ]
    assert [each.after_holiday for each in sent] == [False, False, True]


def test_the_summary_after_a_holiday_has_all_that_is_overdue_and_the_week_ahead() -> None:
    term = Term(
        of(
            action("fence", "hal", "2026-10-19", "2026-10-05"),
            action("letter", "hal", "2026-10-22", "2026-10-05"),
            action("visit", "hal", "2026-11-06", "2026-10-05"),
        )
    )
    sent = term.pass_by(moments(date(2026, 10, 24), date(2026, 11, 2)))
    assert told(sent) == [
        ("2026-11-02", "overdue", "fence"),
        ("2026-11-02", "overdue", "letter"),
        ("2026-11-02", "soon", "visit"),
    ]
    assert sent[0].after_holiday


def test_an_inset_day_of_the_own_school_is_kept() -> None:
    elm = Follower("rex", LONDON, TRUST.calendar("elm"))
    mine = action("fence", "hal", "2026-11-27", "2026-11-02")
    term = Term({"hal": Share((mine,)), "rex": Share((mine,))}, (HAL, elm))
    sent = term.pass_by(moments(date(2026, 11, 23), date(2026, 11, 27)))
    assert [each.day.isoformat() for each in sent if each.person == "hal"] == ["2026-11-24", "2026-11-26"]
    assert [each.day.isoformat() for each in sent if each.person == "rex"] == ["2026-11-25", "2026-11-27"]


def test_a_week_off_is_made_good_by_one_message() -> None:
    term = Term(of(*(action(f"a{day}", "hal", f"2026-11-{day}", "2026-11-02") for day in range(16, 21))))
    term.pass_by(moments(date(2026, 11, 2), date(2026, 11, 13)))
    assert term.pass_by(moments(date(2026, 11, 14), date(2026, 11, 22), "03:00")) == []
    (sent,) = term.pass_by(moments(date(2026, 11, 23), date(2026, 11, 23), "09:10", "09:11", "15:00"))
    assert told([sent]) == [("2026-11-23", "overdue", f"a{day}") for day in range(16, 21)]


def test_a_snooze_is_honoured_and_then_said_at_once() -> None:
    snoozed = replace(action("fence", "hal", "2026-11-05", "2026-11-02"), snoozed_until=date(2026, 11, 20))
    term = Term(of(snoozed))
    assert told(term.pass_by(moments(date(2026, 11, 3), date(2026, 12, 1)))) == [
        ("2026-11-20", "overdue", "fence"),
        # A week later is an INSET day, a Friday.
        ("2026-11-30", "overdue", "fence"),
    ]


@pytest.mark.parametrize("due", ["asap", "ongoing", ""])
def test_what_has_no_day_is_asked_at_each_next_meeting_only(due: str) -> None:
    term = Term(of(action("fence", "hal", due, "2026-11-02")), met=mondays("2026-11-02"))
    assert told(term.pass_by(moments(date(2026, 11, 3), date(2026, 11, 20)))) == [
        ("2026-11-09", "asked", "fence"),
        ("2026-11-16", "asked", "fence"),
    ]


def test_what_has_no_day_is_asked_once_a_fortnight_where_no_meeting_is_known() -> None:
    term = Term(of(action("fence", "hal", "asap", "2026-11-02")))
    assert told(term.pass_by(moments(date(2026, 11, 3), date(2026, 12, 2)))) == [
        ("2026-11-16", "asked", "fence"),
        ("2026-11-30", "asked", "fence"),
    ]


def test_a_deferred_action_is_left_alone() -> None:
    term = Term(of(action("fence", "hal", "2026-11-05", "2026-11-02", state=State.DEFERRED)), met=mondays())
    assert term.pass_by(moments(date(2026, 11, 3), date(2026, 12, 2))) == []


@pytest.mark.parametrize("due", ["2026-11-05", "asap"])
def test_two_missed_meetings_tell_the_chair_once(due: str) -> None:
    chair = Follower("ann", LONDON, OAK)
    shares = {"ann": Share(chaired=(action("fence", "hal", due, "2026-11-02"),))}
    term = Term(shares, (chair,), mondays("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"))
    assert told(term.pass_by(moments(date(2026, 11, 3), date(2026, 12, 10)))) == [("2026-11-17", "missed", "fence")]


def test_a_meeting_that_was_not_heard_of_counts_after_some_days() -> None:
    chair = Follower("ann", LONDON, OAK)
    term = Term({"ann": Share(chaired=(action("fence", "hal", "2026-11-05", "2026-11-02"),))}, (chair,), mondays())
    assert told(term.pass_by(moments(date(2026, 11, 3), date(2026, 12, 10)))) == [("2026-11-20", "missed", "fence")]


def test_a_return_is_asked_for_on_the_next_school_day_once() -> None:
    held = Gathering(SLT, date(2026, 11, 26), meeting("2026-11-26"))
    awaited = Gathering(SLT, date(2026, 11, 16))
    term = Term({"ann": Share(returns=(held, awaited))}, (Follower("ann", LONDON, OAK),))
    assert told(term.pass_by(moments(date(2026, 11, 16), date(2026, 12, 10)))) == [
        ("2026-11-17", "notes", "oak-slt 2026-11-16"),
        # 27 November is an INSET day of Oak.
        ("2026-11-30", "return", "oak-slt 2026-11-26"),
    ]


def test_a_return_waits_for_notes_that_are_confirmed_late() -> None:
    late = replace(meeting("2026-11-09"), confirmed=at("2026-11-18", "10:00"))
    term = Term({"ann": Share(returns=(Gathering(SLT, late.date, late),))}, (Follower("ann", LONDON, OAK),))
    assert told(term.pass_by(moments(date(2026, 11, 18), date(2026, 11, 20), "11:00"))) == [
        ("2026-11-18", "return", "oak-slt 2026-11-09")
    ]


def test_the_hours_follow_the_clocks_when_they_change() -> None:
    anybody = Follower("hal", LONDON, SchoolCalendar())
    mine = (action("fence", "hal", "2026-10-23", "2026-10-05"), action("letter", "hal", "2026-10-26", "2026-10-05"))
    ticks = [datetime(2026, 10, day, 6, minute, tzinfo=UTC) for day in (23, 26) for minute in (44, 46)]
    assert [each.day.day for each in Term(of(*mine), (anybody,)).pass_by(ticks)] == [23]
    ticks = [datetime(2026, 10, day, 7, minute, tzinfo=UTC) for day in (23, 26) for minute in (44, 46)]
    assert [each.day.day for each in Term(of(*mine), (anybody,)).pass_by(ticks)] == [23, 26]


def test_the_persons_own_zone_counts() -> None:
    away = Follower("hal", ZoneInfo("America/New_York"), OAK)
    term = Term(of(action("fence", "hal", "2026-11-12", "2026-11-02")), (away,))
    assert term.pass_by([at("2026-11-12", "12:44")]) == []
    assert len(term.pass_by([at("2026-11-12", "12:45")])) == 1


def test_a_meeting_held_on_another_day_is_the_same_meeting() -> None:
    held = gatherings(SLT, [meeting("2026-11-10")], MONDAYS, OAK, date(2026, 11, 2), date(2026, 11, 16))
    assert [(each.day.day, each.meeting is not None) for each in held] == [(2, False), (10, True), (16, False)]


DATES = st.dates(START, END)
STATES = st.sampled_from([None, None, None, State.DEFERRED])


@st.composite
def an_action(draw: st.DrawFn) -> Action:
    raised = draw(DATES)
    due = draw(st.one_of(st.dates(raised, END + DAY * 30).map(date.isoformat), st.sampled_from(["asap", "ongoing"])))
    made = action(f"a{draw(st.integers(0, 10**6))}", "hal", due, raised.isoformat(), state=draw(STATES))
    return replace(made, snoozed_until=draw(st.one_of(st.none(), st.none(), st.dates(raised, END))))


ACTIONS = st.lists(an_action(), max_size=6, unique_by=lambda each: each.id)
UTC = ZoneInfo("UTC")
FROM, TO = at("2026-09-01").replace(tzinfo=None), at("2026-12-31").replace(tzinfo=None)
TICKS = st.lists(st.datetimes(FROM, TO), max_size=60).map(sorted)
ZONES = st.sampled_from([LONDON, ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")])


@given(ACTIONS, TICKS, ZONES)
@settings(max_examples=150, deadline=None)
def test_never_in_quiet_time_and_never_twice_a_day(mine: list[Action], ticks: list[datetime], zone: ZoneInfo) -> None:
    someone = Follower("hal", zone, OAK)
    term = Term(of(*mine), (someone,), mondays("2026-09-21"))
    term.pass_by(tick.replace(tzinfo=UTC) for tick in ticks)
    for now, each in term.sent:
        local = now.astimezone(zone)
        assert OPENS <= local.time() < CLOSES
        assert OAK.is_school_day(local.date())
        assert each.day == local.date()
        assert each.lines
    served = [each.day for _, each in term.sent]
    assert len(served) == len(set(served))


@given(ACTIONS, st.lists(st.times(time(7, 45), time(17, 29)), min_size=1, max_size=3), st.data())
@settings(max_examples=150, deadline=None)
def test_nothing_due_is_unmentioned_for_more_than_eight_days_of_term(
    mine: list[Action], times: list[time], data: st.DataObject
) -> None:
    term = Term(of(*mine), met=mondays("2026-09-21"))
    off = data.draw(st.lists(DATES, max_size=8), label="days off")
    ticks = [day for day in days(START, END) if day not in off]
    term.pass_by(datetime.combine(day, sorted(times)[0], LONDON) for day in ticks)
    reached = [day for day in ticks if OAK.is_school_day(day)]
    for each in mine:
        due = each.due.date
        if due is None or each.state is State.DEFERRED:
            continue
        first = max(OAK.school_day_until(due), each.raised, each.snoozed_until or date.min)
        said = [each.raised, *(sent.day for _, sent in term.sent if each.id in {line.subject for line in sent.lines})]
        for day in reached:
            if day < first or (each.snoozed_until and day < each.snoozed_until):
                continue
            last = max(told_on for told_on in said if told_on <= day)
            # Every day between on which it could have been said: five school days, and what bank holidays push on.
            assert sum(1 for other in reached if last < other < day) <= 5, (each, day)
            assert sum(1 for other in days(last + DAY, day) if OAK.in_term(other)) <= 8 + len(off), (each, day)


@given(ACTIONS, st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_what_is_overdue_after_time_off_comes_in_one_message(mine: list[Action], away: int) -> None:
    term = Term(of(*mine), met=mondays("2026-09-21"))
    term.pass_by(moments(START, date(2026, 11, 3)))
    back = OAK.school_day_from(date(2026, 11, 3) + DAY * away)
    sent = term.pass_by([at(back.isoformat(), "10:00"), at(back.isoformat(), "10:01"), at(back.isoformat(), "16:00")])
    assert len(sent) <= 1
    lines = {line.subject for each in sent for line in each.lines}
    for each in mine:
        due, quiet = each.due.date, each.snoozed_until is not None or each.state is State.DEFERRED
        if due and not quiet and date(2026, 11, 4) < due < back:
            last = max(
                (day for (_, _, subject), day in term.said.items() if subject == each.id and day < back),
                default=each.raised,
            )
            assert each.id in lines or last >= OAK.school_day_until(due) or each.raised >= OAK.school_day_until(due)
