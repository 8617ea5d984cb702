"""Due dates: a small closed grammar over a due phrase alone, with the meeting, the school's terms and its meetings."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.school.calendar import Days, SchoolCalendar, SchoolTerm
from knowledge.school.due import Due, DueContext, Meetings, read_due

TERMS = (
    SchoolTerm("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18), Days(date(2026, 10, 26), date(2026, 10, 30))),
    SchoolTerm("Spring 2027", date(2027, 1, 4), date(2027, 3, 25), Days(date(2027, 2, 15), date(2027, 2, 19))),
    SchoolTerm("Summer 2027", date(2027, 4, 12), date(2027, 7, 23), Days(date(2027, 5, 31), date(2027, 6, 4))),
)
INSET = (date(2026, 9, 1), date(2026, 10, 23), date(2027, 1, 4))
MEETING = date(2026, 9, 22)
CONTEXT = DueContext(
    MEETING,
    SchoolCalendar.of(TERMS, INSET),
    Meetings(("Oakfield SLT", "SLT"), weekday=1),
    (Meetings(("Full Governing Body", "FGB"), (date(2026, 10, 15), date(2026, 12, 10))),),
)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("5/10/26", date(2026, 10, 5)),
        ("05102026", date(2026, 10, 5)),
        ("051026", date(2026, 10, 5)),
        ("05.10.26", date(2026, 10, 5)),
        ("5-10-2026", date(2026, 10, 5)),
        ("2026-10-05", date(2026, 10, 5)),
        ("5th Oct", date(2026, 10, 5)),
        ("by Monday 5th October at 3pm", date(2026, 10, 5)),
        ("October 5th 2026", date(2026, 10, 5)),
        ("the 5th of October", date(2026, 10, 5)),
        ("no later than 5/10", date(2026, 10, 5)),
        ("5 January", date(2027, 1, 5)),
        ("October 2026", date(2026, 10, 31)),
        ("end of October", date(2026, 10, 31)),
        ("Oct", date(2026, 10, 31)),
        ("5 - 7 October", date(2026, 10, 7)),
        ("28 September to 2 October 2026", date(2026, 10, 2)),
        ("today", date(2026, 9, 22)),
        ("tomorrow", date(2026, 9, 23)),
        ("by Friday", date(2026, 9, 25)),
        ("Tuesday", date(2026, 9, 29)),
        ("Friday week", date(2026, 10, 2)),
        ("a week on Friday", date(2026, 10, 2)),
        ("a fortnight on Friday", date(2026, 10, 9)),
        ("end of the week", date(2026, 9, 25)),
        ("next week", date(2026, 10, 2)),
        ("in a fortnight", date(2026, 10, 6)),
        ("two weeks", date(2026, 10, 6)),
        ("within 3 school days", date(2026, 9, 25)),
        ("48 hours", date(2026, 9, 24)),
        ("a month", date(2026, 10, 22)),
        ("end of the month", date(2026, 9, 30)),
        ("end of next month", date(2026, 10, 31)),
        ("w/c 5 October", date(2026, 10, 9)),
        ("w/e 9 October", date(2026, 10, 9)),
        ("by half term", date(2026, 10, 22)),
        ("half-term", date(2026, 10, 22)),
        ("after half term", date(2026, 11, 2)),
        ("by the end of half term", date(2026, 10, 22)),
        ("before the end of term", date(2026, 12, 18)),
        ("end of the Autumn term", date(2026, 12, 18)),
        ("Autumn term", date(2026, 12, 18)),
        ("Autumn 1", date(2026, 10, 22)),
        ("Spring 2", date(2027, 3, 25)),
        ("Aut 2", date(2026, 12, 18)),
        ("Aut1", date(2026, 10, 22)),
        ("Spr 1", date(2027, 2, 12)),
        ("in Sum 1", date(2027, 5, 28)),
        ("end of Sum 2", date(2027, 7, 23)),
        ("start of Spr 2", date(2027, 2, 22)),
        ("before Spr 1", date(2026, 12, 18)),
        ("after Aut 1", date(2026, 11, 2)),
        ("Spr 1 26/27", date(2027, 2, 12)),
        ("first half of the spring term", date(2027, 2, 12)),
        ("second half of the Autumn term", date(2026, 12, 18)),
        ("Spr term", date(2027, 3, 25)),
        ("EOT", date(2026, 12, 18)),
        ("by EOW", date(2026, 9, 25)),
        ("EOD", date(2026, 9, 22)),
        ("COP Friday", date(2026, 9, 25)),
        ("by EOP Thursday", date(2026, 9, 24)),
        ("close of play", date(2026, 9, 22)),
        ("EOM", date(2026, 9, 30)),
        ("end of w/c 5 October", date(2026, 10, 9)),
        ("Sept '26", date(2026, 9, 30)),
        ("September 26th", date(2026, 9, 26)),
        ("Saturday Sept 26", date(2026, 9, 26)),
        ("Oct 5", date(2026, 10, 5)),
        ("start of the spring term", date(2027, 1, 5)),
        ("next term", date(2027, 3, 25)),
        ("before Christmas", date(2026, 12, 18)),
        ("after Christmas", date(2027, 1, 5)),
        ("by Easter", date(2027, 3, 25)),
        ("before the summer holidays", date(2027, 7, 23)),
        ("February half term", date(2027, 2, 12)),
        ("end of the academic year", date(2027, 7, 23)),
        ("next meeting", date(2026, 9, 29)),
        ("the meeting after next", date(2026, 10, 6)),
        ("next SLT", date(2026, 9, 29)),
        ("next FGB", date(2026, 10, 15)),
        ("next full governing body meeting", date(2026, 10, 15)),
        ("December FGB", date(2026, 12, 10)),
        ("asap and by 5 October", date(2026, 10, 5)),
        ("5 October (next round)", date(2026, 10, 5)),
        ("to be completed by 5/10/26", date(2026, 10, 5)),
        ("5.1 0.26", date(2026, 10, 5)),
    ],
)
def test_what_is_certain_is_read_with_its_rule(phrase: str, day: date) -> None:
    due = read_due(phrase, CONTEXT)
    assert (due.date, due.state, due.certain, due.ask) == (day, "dated", True, None)
    assert due.rule
    assert due.phrase == phrase


@pytest.mark.parametrize(
    ("phrase", "state"),
    [
        ("asap", "asap"),
        ("A.S.A.P.", "asap"),
        ("as soon as possible", "asap"),
        ("immediately", "asap"),
        ("immedi ately", "asap"),
        ("by return", "asap"),
        ("By return of e-mail", "asap"),
        ("every Friday", "ongoing"),
        ("Ongoing - termly", "ongoing"),
        ("on-going", "ongoing"),
        ("Ongoing", "ongoing"),
        ("termly", "ongoing"),
        ("each half term", "ongoing"),
        ("as required", "ongoing"),
        ("", "none"),
        ("n/a", "none"),
        ("-", "none"),
        ("Completed", "none"),
    ],
)
def test_what_has_no_date_has_a_state(phrase: str, state: str) -> None:
    due = read_due(phrase, CONTEXT)
    assert (due.date, due.state, due.certain) == (None, state, True)


@pytest.mark.parametrize(
    "phrase",
    ["31 September", "20 June 20922", "29 February", "31/09/2026", "30.02.27", "32 October 2026", "5/13/26", "31 Nov"],
)
def test_impossible_days_are_asked_and_never_guessed(phrase: str) -> None:
    due = read_due(phrase, CONTEXT)
    assert (due.date, due.state, due.certain) == (None, "dated", False)
    assert phrase in (due.ask or "")


@pytest.mark.parametrize(
    "phrase",
    ["may", "SENDCo may circulate", "MS and SUN", "KS2 2025 results", "march on", "2026/27", "tbc", "TBA", "when ready",
     "Year 5", "second", "item 5.2.1", "fri day school", "the 1st team", "3", "999999"],
)  # fmt: skip
def test_traps_are_no_dates(phrase: str) -> None:
    due = read_due(phrase, CONTEXT)
    assert due.date is None
    assert not due.certain
    assert due.ask


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("5/10/20", date(2020, 10, 5)),
        ("Friday 5 October", date(2026, 10, 5)),
        ("next Friday", date(2026, 10, 2)),
        ("by September", date(2026, 9, 30)),
        ("May or June", date(2027, 6, 30)),
        ("mid-October", date(2026, 10, 15)),
        ("FGB on 5/10/26", date(2026, 10, 5)),
        ("1 September", date(2027, 9, 1)),
        ("5/10/2036", date(2036, 10, 5)),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_with_the_likelier_day(phrase: str, day: date) -> None:
    due = read_due(phrase, CONTEXT)
    assert (due.date, due.certain) == (day, False)
    assert due.ask


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("by return", "by return"),
        ("EOT", "last school day of the Autumn 2026 term"),
        ("Aut 2", "last school day of the second half of the Autumn 2026 term"),
        ("start of Sum 1", "first school day of the first half of the Summer 2027 term"),
        ("EOD", "today"),
        ("EOW", "this week"),
        ("Sept 26", "day or year"),
    ],
)
def test_what_is_written_short_names_its_rule(phrase: str, rule: str) -> None:
    assert read_due(phrase, CONTEXT).rule == rule


def test_a_half_term_still_to_come_may_begin_or_end_by_then() -> None:
    due = read_due("by Spr 1", CONTEXT)
    assert (due.date, due.certain) == (date(2027, 2, 12), False)
    assert read_due("by Aut 1", CONTEXT).certain


def test_a_term_whose_break_is_not_known_has_no_halves() -> None:
    whole = SchoolCalendar.of((SchoolTerm("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18)),))
    for phrase in ("Aut 1", "Autumn 2"):
        due = read_due(phrase, DueContext(MEETING, whole))
        assert (due.date, due.certain) == (None, False)


@pytest.mark.parametrize("phrase", ["xx/xx", "dd/mm/yy", "XX/XX/2026", "DD/MM/YYYY", "____", "in due course"])
def test_a_date_that_nobody_filled_in_is_left_open(phrase: str) -> None:
    due = read_due(phrase, CONTEXT)
    assert (due.date, due.state, due.certain) == (None, "none", False)
    assert due.rule == "date left open"


def test_a_day_before_the_meeting_is_certain_only_where_the_phrase_says_so() -> None:
    assert not read_due("1 September 2026", CONTEXT).certain
    assert read_due("was due 1 September 2026", CONTEXT).date == date(2026, 9, 1)


def test_without_the_meetings_date_only_whole_dates_are_known() -> None:
    nowhere = DueContext(None)
    assert read_due("5/10/26", nowhere).date == date(2026, 10, 5)
    for phrase in ("by Friday", "by half term", "next meeting", "5 October", "in a fortnight", "end of October"):
        due = read_due(phrase, nowhere)
        assert (due.date, due.certain) == (None, False)


def test_without_term_dates_the_schools_year_is_asked() -> None:
    bare = DueContext(MEETING)
    for phrase in ("by half term", "end of term", "before Easter", "Autumn term", "end of the academic year"):
        due = read_due(phrase, bare)
        assert (due.date, due.state, due.certain) == (None, "dated", False)


def test_a_half_term_that_is_past_is_asked() -> None:
    due = read_due("by half term", DueContext(date(2026, 11, 9), CONTEXT.calendar))
    assert (due.date, due.certain) == (date(2027, 2, 12), False)


def test_a_meeting_in_the_holidays_is_no_meeting() -> None:
    context = DueContext(date(2026, 10, 20), CONTEXT.calendar, CONTEXT.own)
    assert read_due("next meeting", context).date == date(2026, 11, 3)


def test_governors_call_their_own_body_what_they_like() -> None:
    own = Meetings(("Riverside Local Governing Body", "Riverside LGB"), (date(2026, 12, 10),))
    context = DueContext(MEETING, CONTEXT.calendar, own)
    for phrase in ("next FGB", "next LGB", "next governing board", "next governors' meeting"):
        assert read_due(phrase, context).date == date(2026, 12, 10)


days = st.dates(date(2026, 9, 23), date(2028, 9, 21))
meetings = st.dates(date(2026, 9, 1), date(2027, 7, 23))


def _suffix(day: int) -> str:
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _forms(day: date) -> list[str]:
    month, short, year = calendar.month_name[day.month], f"{day:%b}", day.year
    number = day.day
    numeric = [
        f"{number}{gap}{day.month}{gap}{shown}" for gap in "/.-" for shown in (year, f"{day:%y}")
    ]  # fmt: skip
    padded = [
        day.strftime(form)
        for form in ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d")
    ]
    worded = [
        f"{number} {month} {year}", f"{number}{_suffix(number)} {month} {year}", f"{number} {short} {year}",
        f"{number}{_suffix(number)} of {month} {year}", f"{month} {number}{_suffix(number)}, {year}",
        f"{day:%A} {number} {month} {year}", f"{day:%a} {number}{_suffix(number)} {short} {year}",
        f"{number}-{short}-{day:%y}", f"{number} {short} '{day:%y}", f"{day:%A}, {number} {month} {year}",
    ]  # fmt: skip
    return [*numeric, *padded, *worded]


@given(days, st.data(), st.sampled_from(["", "by ", "By ", "on ", "before ", "no later than ", "due ", "by the "]))
@example(date(2027, 5, 1), None, "by ")
def test_every_day_printed_in_a_british_form_is_read_back(day: date, data: st.DataObject | None, lead: str) -> None:
    forms = _forms(day)
    for form in forms if data is None else [data.draw(st.sampled_from(forms))]:
        due = read_due(lead + form, CONTEXT)
        assert (due.date, due.state, due.certain) == (day, "dated", True), lead + form
        assert due.rule == "date as written"


@given(meetings, st.integers(0, 299))
def test_a_day_without_its_year_is_the_next_one(meeting: date, ahead: int) -> None:
    day = meeting + timedelta(days=ahead)
    for form in (f"{day.day} {day:%B}", f"{day.day}{_suffix(day.day)} {day:%b}", f"{day.day}/{day.month}"):
        due = read_due(form, DueContext(meeting, CONTEXT.calendar))
        assert (due.date, due.certain) == (day, True), form


PHRASES = st.sampled_from(
    ["by Friday", "this Friday", "Friday week", "a week on Tuesday", "tomorrow", "today", "next week", "this week",
     "end of the week", "in a fortnight", "3 weeks", "5 school days", "10 working days", "end of the month",
     "next month", "half term", "by half term", "after half term", "end of half term", "end of term", "start of term",
     "next term", "Autumn term", "Spring term", "end of Summer term", "before Christmas", "after Easter",
     "by the summer holidays",
     "over half term", "end of the school year", "next meeting", "next FGB", "w/c 5 October", "5 October", "29/2",
     "Autumn 1", "Spring 2", "Aut 2", "Spr 1", "by Sum 1", "start of Sum 2", "after Aut 1", "before Spr 2", "EOT",
     "EOW", "EOD", "EOM", "COP Friday", "by return", "Sept 26", "March 27", "May half term", "end of May", "May",
     "mid May", "March 2020", "1/2/20"]
)  # fmt: skip


@given(meetings, PHRASES)
def test_nothing_certain_lies_before_the_meeting(meeting: date, phrase: str) -> None:
    due = read_due(phrase, DueContext(meeting, CONTEXT.calendar, CONTEXT.own, CONTEXT.others))
    if due.date and due.date < meeting:
        assert not due.certain
    assert due.certain == (due.ask is None)


@given(
    meetings,
    st.sampled_from(
        ["end of term", "by half term", "end of half term", "before Easter", "3 school days", "EOT", "Aut 1", "Aut 2",
         "Spr 1", "by Spr 2", "start of Sum 1", "after Sum 1", "before Aut 2"]
    ),
)  # fmt: skip
def test_what_the_school_year_gives_is_a_school_day(meeting: date, phrase: str) -> None:
    due = read_due(phrase, DueContext(meeting, CONTEXT.calendar))
    assert due.date is None or CONTEXT.calendar.is_school_day(due.date)


@given(meetings, st.sampled_from(TERMS), st.sampled_from([1, 2]), st.sampled_from(["", "by ", "in ", "end of "]))
def test_a_half_term_ends_on_a_school_day_of_its_own(meeting: date, term: SchoolTerm, half: int, lead: str) -> None:
    due = read_due(f"{lead}{term.name[:3]} {half} {term.start.year}", DueContext(meeting, CONTEXT.calendar))
    assert term.half_term
    assert due.date
    begin, end = (term.start, term.half_term.start) if half == 1 else (term.half_term.end, term.end + timedelta(days=1))
    assert begin <= due.date < end
    assert CONTEXT.calendar.is_school_day(due.date)
    assert f"{'first' if half == 1 else 'second'} half" in due.rule


@given(meetings, st.sampled_from([("EOT", "end of term"), ("EOW", "end of the week"), ("EOM", "end of the month"),
                                  ("EOD", "end of the day"), ("COP Friday", "Friday"), ("Aut 2", "Autumn 2"),
                                  ("end of Spr term", "end of Spring term")]))  # fmt: skip
def test_what_is_written_short_means_what_it_stands_for(meeting: date, pair: tuple[str, str]) -> None:
    short, full = (read_due(phrase, DueContext(meeting, CONTEXT.calendar)) for phrase in pair)
    assert (short.date, short.rule, short.state, short.ask) == (full.date, full.rule, full.state, full.ask)


@given(meetings, st.integers(1, 12), st.integers(0, 2), st.sampled_from(["", "by ", "before ", "in "]))
def test_a_month_with_a_number_that_may_be_a_year_is_asked(meeting: date, month: int, ahead: int, lead: str) -> None:
    for name in (calendar.month_name[month], calendar.month_abbr[month]):
        due = read_due(f"{lead}{name} {meeting.year + ahead - 2000}", DueContext(meeting, CONTEXT.calendar))
        assert (due.date, due.state, due.certain) == (None, "dated", False)


@given(st.sampled_from([date(2026, 10, 25), date(2027, 3, 28)]), st.integers(1, 20))
def test_a_clock_change_moves_no_day(change: date, before: int) -> None:
    meeting = change - timedelta(days=before)
    assert read_due("in 4 weeks", DueContext(meeting)).date == meeting + timedelta(days=28)


@given(st.text(max_size=60), st.one_of(st.none(), meetings))
@example("5 or", date(2026, 9, 22))
@example("/ / -", date(2026, 9, 22))
@example("999 weeks", date(2026, 9, 22))
def test_no_words_break_the_grammar(phrase: str, meeting: date | None) -> None:
    due = read_due(phrase, DueContext(meeting, CONTEXT.calendar, CONTEXT.own))
    assert due.phrase == phrase
    assert due.state in ("dated", "asap", "ongoing", "none")
    assert due.certain == (due.ask is None)


GOVERNORS = Meetings(("Oakfield Local Governing Body", "LGB"), (date(2026, 12, 3), date(2027, 2, 4)))
TRUST_BOARD = Meetings(("Trust board", "board of trustees"), (date(2026, 12, 8), date(2027, 3, 2)))
RIVERSIDE = Meetings(("Riverside Local Governing Body", "Riverside LGB"), (date(2026, 11, 26),))


def at_governors(phrase: str, *others: Meetings, own: Meetings = GOVERNORS, day: date = date(2026, 11, 2)) -> Due:
    return read_due(phrase, DueContext(day, SchoolCalendar.of(TERMS, INSET), own, others))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("13-Nov", date(2026, 11, 13)),
        ("05-Dec", date(2026, 12, 5)),
        ("by 5-Dec", date(2026, 12, 5)),
        ("13/Nov", date(2026, 11, 13)),
        ("13.Nov.", date(2026, 11, 13)),
        ("this half term", date(2026, 12, 18)),
        ("end of this half term", date(2026, 12, 18)),
        ("end of next half term", date(2027, 2, 12)),
        ("next board", date(2026, 12, 8)),
        ("next meeting of the board of trustees", date(2026, 12, 8)),
        ("next FGB", date(2026, 12, 3)),
    ],
)
def test_what_was_read_wrongly_and_held_for_certain(phrase: str, day: date) -> None:
    due = at_governors(phrase, TRUST_BOARD)
    assert due.certain, due.ask
    assert due.date == day


@pytest.mark.parametrize("phrase", ["in the New Year", "early in the new year", "New Year", "over the new year"])
def test_the_new_year_is_asked(phrase: str) -> None:
    assert not at_governors(phrase, TRUST_BOARD).certain


def test_a_name_that_several_bodies_share_is_asked() -> None:
    board = Meetings(("Oakfield Local Governing Board", "board"), (date(2026, 12, 3),))
    assert not at_governors("next board", TRUST_BOARD, own=board).certain
    executive = Meetings(("Executive team",), (date(2026, 11, 9),))
    assert not at_governors("next LGB", GOVERNORS, RIVERSIDE, own=executive).certain
    assert at_governors("next Riverside LGB", GOVERNORS, RIVERSIDE, own=executive).date == date(2026, 11, 26)
    assert not at_governors("next board").certain
