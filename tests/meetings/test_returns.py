"""Questions about returns: told from all others, and answered only from those that the reader may read."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.config.trust import Trust
from bot.meetings.model import ReturnItem
from bot.meetings.records.return_questions import ReturnsQuery, read_returns_query
from bot.meetings.service import MeetingService
from knowledge.passages import NOBODY, OPERATOR, Outcome, Reader
from tests.meetings.conftest import FIRST, Clock, confirmed

RIVERSIDE = FIRST.replace("Oakfield", "Riverside").replace("Ann Birch (AB", "Rex Tully (RT").replace("2 Nov", "3 Nov")
ITEMS = {"attendance": "Attendance", "behaviour": "Behaviour and exclusions", "send": "SEND"}
ABOUT_RETURNS = {
    "What did Riverside find hard this week?": ReturnsQuery("hard", "riverside", "", "this"),
    "what is Oakfield finding difficult?": ReturnsQuery("hard", "oakfield"),
    "What is Riverside struggling with on attendance?": ReturnsQuery("hard", "riverside", "attendance"),
    "What went well at Oakfield on attendance?": ReturnsQuery("well", "oakfield", "attendance"),
    "what went well this week": ReturnsQuery("well", None, "", "this"),
    "What went well on behaviour last week?": ReturnsQuery("well", None, "behaviour", "last"),
    "Who asked for help with phonics?": ReturnsQuery("ask", None, "phonics"),
    "Which schools are asking for support with SEND?": ReturnsQuery("ask", None, "send"),
    "What did Riverside ask for?": ReturnsQuery("ask", "riverside"),
    "Which schools have not reported?": ReturnsQuery("unreported", None, "", "this"),
    "Who hasn't sent in their return yet?": ReturnsQuery("unreported", None, "", "this"),
    "Which returns are still missing this week?": ReturnsQuery("unreported", None, "", "this"),
    "Which schools have reported this week?": ReturnsQuery("reported", None, "", "this"),
    "What has gone well this week across the trust?": ReturnsQuery("well", None, "", "this"),
    "Which schools have asked for help?": ReturnsQuery("ask"),
    "What help has Oakfield asked for?": ReturnsQuery("ask", "oakfield"),
    "What does Riverside need help with?": ReturnsQuery("ask", "riverside"),
    "Which schools are struggling with attendance?": ReturnsQuery("hard", None, "attendance"),
    "What did Riverside say in its return?": ReturnsQuery("all", "riverside"),
    "Has Riverside sent its return?": ReturnsQuery("reported", "riverside", "", "this"),
    "Who still has to report?": ReturnsQuery("unreported", None, "", "this"),
    "Are any returns missing?": ReturnsQuery("unreported", None, "", "this"),
}
ABOUT_SOMETHING_ELSE = [
    "What went well on the Year 6 trip?",
    "What went well?",
    "What did Ofsted find hard?",
    "What did the parents ask for?",
    "Which pupils need help with phonics?",
    "Who helps with phonics?",
    "Which schools need help with transport to the swimming pool in Year 5 on Fridays?",
    "Who has not reported a safeguarding concern?",
    "What do pupils find hard about fractions?",
    "What does Riverside find hard to recruit?",
    "Which schools have reported a surplus?",
    "Who has to report?",
    "Who has to report a data breach?",
    "Has Riverside reported a surplus?",
    "What do pupils need help with?",
    "Is the VAT return late?",
    "What did Ofsted say in its report?",
    "Who is struggling with attendance?",
    "What is hard to reach?",
    "",
]


@pytest.fixture
def service(sqlite_engine: Engine, trust: Trust, clock: Clock) -> MeetingService:
    """A trust of which both schools met, and sent a return each."""
    made = MeetingService(sqlite_engine, trust, clock)
    oak, river = confirmed(made, FIRST), confirmed(made, RIVERSIDE, "rex")
    clock.at(11, 4)
    made.planning.send(
        oak.meeting.id, "ann",
        [
            ReturnItem("behaviour", "Behaviour and exclusions", "Lunchtimes are calm.", "",
                       "A visit to a nurture room."),
            ReturnItem("send", "SEND", "", "Two reports are late. A boy told his teacher that his father hits him.",
                       ""),
        ],
    )  # fmt: skip
    made.planning.send(
        river.meeting.id,
        "rex",
        [ReturnItem("send", "SEND", "", "No speech therapist can be found.", "Help with phonics.")],
    )
    return made


def of(trust: Trust, person: str) -> Reader:
    return trust.reader(trust.person(person))


@pytest.mark.parametrize("question", ABOUT_RETURNS)
def test_questions_about_returns_are_read(question: str, trust: Trust) -> None:
    assert read_returns_query(question, trust.names, ITEMS) == ABOUT_RETURNS[question]


@pytest.mark.parametrize("question", ABOUT_SOMETHING_ELSE)
def test_all_else_is_left_alone(question: str, trust: Trust) -> None:
    assert read_returns_query(question, trust.names, ITEMS) is None


def test_what_is_hard_is_told_with_school_and_meeting(service: MeetingService, trust: Trust) -> None:
    answer = service.returned.answer("What did Riverside find hard this week?", of(trust, "dana"))
    assert answer
    assert answer.outcome is Outcome.ANSWERED
    assert "Riverside Primary School, SEND: “No speech therapist can be found.”" in answer.text
    assert "return after Riverside senior leadership team, 3 November 2026, sent 4 November 2026" in answer.text
    assert "reports are late" not in answer.text


def test_a_whole_return_is_told_with_what_each_line_says(service: MeetingService, trust: Trust) -> None:
    answer = service.returned.answer("What did Riverside say in its return?", of(trust, "dana"))
    assert answer
    assert "SEND (hard): “No speech therapist can be found.”" in answer.text
    assert "SEND (asks): “Help with phonics.”" in answer.text


def test_who_asked_is_found_by_words_and_item(service: MeetingService, trust: Trust) -> None:
    dana = of(trust, "dana")
    phonics = service.returned.answer("Who asked for help with phonics?", dana)
    assert phonics
    assert "Riverside Primary School, SEND: “Help with phonics.”" in phonics.text
    assert "Oakfield" not in phonics.text
    send = service.returned.answer("Which schools asked for help with SEND?", dana)
    assert send
    assert "Help with phonics." in send.text


def test_where_returns_say_nothing_it_is_not_found(service: MeetingService, trust: Trust) -> None:
    answer = service.returned.answer("Who asked for help with coding?", of(trust, "dana"))
    assert answer
    assert answer.outcome is Outcome.NOT_FOUND
    assert "No return since" in answer.text


def test_an_earlier_week_is_named_as_such(service: MeetingService, trust: Trust, clock: Clock) -> None:
    clock.at(11, 12)
    answer = service.returned.answer("What did Riverside find hard this week?", of(trust, "dana"))
    assert answer
    assert "No return of Riverside Primary School since 9 November 2026" in answer.text
    assert "The one before says:" in answer.text
    assert "No speech therapist" in answer.text
    last = service.returned.answer("What did Riverside find hard last week?", of(trust, "dana"))
    assert last
    assert "in the week of 2 November 2026" in last.text
    assert "No speech therapist" in last.text


def test_another_schools_return_is_neither_shown_nor_counted(service: MeetingService, trust: Trust) -> None:
    ann = of(trust, "ann")
    for question in ("What did Riverside find hard this week?", "Who asked for help with phonics?"):
        answer = service.returned.answer(question, ann)
        assert answer
        assert answer.outcome is Outcome.NOT_FOUND
        assert "therapist" not in answer.text
        assert "Help with" not in answer.text
    for question in ("Which schools have not reported?", "Which schools have reported?"):
        answer = service.returned.answer(question, ann)
        assert answer
        assert "Riverside" not in answer.text
    together = Reader.joint([of(trust, "dana"), of(trust, "eve")])
    for reader in (together, NOBODY):
        answer = service.returned.answer("Which schools have not reported?", reader)
        assert answer
        assert answer.text == "There is no school whose returns you may read."


def test_schools_that_have_not_reported(service: MeetingService, trust: Trust, clock: Clock) -> None:
    dana = of(trust, "dana")
    answer = service.returned.answer("Which schools have not reported?", dana)
    assert answer
    assert answer.text.endswith("every one sent a return since 2 November 2026.")
    clock.at(11, 12)
    answer = service.returned.answer("Which schools have not reported?", dana)
    assert answer
    assert "• Oakfield Primary School\n• Riverside Primary School" in answer.text


def test_a_child_at_risk_is_repeated_to_nobody(service: MeetingService) -> None:
    answer = service.returned.answer("What did Oakfield find hard this week?", OPERATOR)
    assert answer
    assert "Two reports are late." in answer.text
    assert "father" not in answer.text
