"""Questions about records: told from all others, and answered with the meeting cited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.config.trust import Trust
from bot.meetings.records.questions import MeetingDay, RecordsQuery, read_records_query
from bot.meetings.service import MeetingService
from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import sync
from ingest.sync.scan import Root
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import NOBODY, OPERATOR, Audience, Kind, Outcome
from tests.meetings.conftest import FIRST, PART_B, SECOND, Clock, confirmed, notes

SLTS = frozenset({"oakfield-slt", "riverside-slt", "slt", "r-slt"})
ABOUT_RECORDS = {
    "What is overdue at Oakfield?": RecordsQuery("actions", "overdue", school="oakfield"),
    "which actions are overdue": RecordsQuery("actions", "overdue"),
    "Are any actions overdue?": RecordsQuery("actions", "overdue"),
    "What are my actions?": RecordsQuery("actions", me=True),
    "what do I have to do?": RecordsQuery("actions", me=True),
    "show me the open actions for Hal Bryce": RecordsQuery("actions", person="hal"),
    "what actions does Eve have?": RecordsQuery("actions", person="eve"),
    "What is outstanding at Riverside?": RecordsQuery("actions", school="riverside"),
    "Which actions were completed at Oakfield?": RecordsQuery("actions", "done", school="oakfield"),
    "What did we agree about lettings?": RecordsQuery("decisions", "all", topic="lettings"),
    "what was decided about the pay policy at Oakfield": RecordsQuery(
        "decisions", "all", school="oakfield", topic="pay policy"
    ),
    "What did Oakfield SLT agree at the last meeting?": RecordsQuery(
        "decisions", "all", body="oakfield-slt", last=True
    ),
    "decisions on attendance": RecordsQuery("decisions", "all", topic="attendance"),
    "What was decided on 2 November?": RecordsQuery("decisions", "all", on=MeetingDay(2, 11)),
    "what did we agree at the meeting on Monday 2nd November 2026": RecordsQuery(
        "decisions", "all", on=MeetingDay(2, 11, 2026)
    ),
    "What did Oakfield SLT agree on 2/11/26?": RecordsQuery(
        "decisions", "all", body="oakfield-slt", on=MeetingDay(2, 11, 2026)
    ),
    "What did we decide about lettings on 2 November?": RecordsQuery(
        "decisions", "all", topic="lettings", on=MeetingDay(2, 11), whole="lettings 2 november"
    ),
    "What is due this week?": RecordsQuery("actions", due="this week"),
    "which actions are due next week at Oakfield?": RecordsQuery("actions", school="oakfield", due="next week"),
    "what do I have to do by Friday?": RecordsQuery("actions", me=True, due="by friday"),
    "What's due today": RecordsQuery("actions", due="today"),
    "What actions came out of the last SLT meeting?": RecordsQuery("actions", "all", last=True, kind=SLTS),
    "which actions did we agree at the SLT meeting on 2 November": RecordsQuery(
        "actions", "all", on=MeetingDay(2, 11), kind=SLTS
    ),
}
ABOUT_SOMETHING_ELSE = [
    "When is the lettings deposit due?",
    "What is the late policy?",
    "What actions should I take if a child discloses?",
    "What actions are recommended in the safeguarding policy?",
    "What did we agree?",
    "When is rent due this week?",
    "What homework is due on Friday?",
    "Is the census due next week?",
    "What actions were taken by the bully?",
    "What actions came out of the fire?",
    "What happens on 2 November?",
    "Who decides on exclusions?",
    "What is the overdue library books charge?",
    "What happens if an invoice is overdue?",
    "How do I complete a risk assessment?",
    "What decisions can the headteacher make?",
    "Is term open?",
    "my",
    "",
]


@pytest.fixture
def known(trust: Trust) -> dict[str, str]:
    return {each.id: each.name for each in trust.people}


@pytest.fixture
def answering(sqlite_engine: Engine, encoder: Encoder, trust: Trust, clock: Clock) -> MeetingService:
    return MeetingService(sqlite_engine, trust, clock, Library(sqlite_engine, encoder))


@pytest.mark.parametrize("question", ABOUT_RECORDS)
def test_questions_about_records_are_read(question: str, trust: Trust, known: dict[str, str]) -> None:
    assert read_records_query(question, trust.names, known) == ABOUT_RECORDS[question]


@pytest.mark.parametrize("question", ABOUT_SOMETHING_ELSE)
def test_all_else_is_left_to_search(question: str, trust: Trust, known: dict[str, str]) -> None:
    assert read_records_query(question, trust.names, known) is None


def test_what_is_overdue_is_answered_with_the_meeting(answering: MeetingService, clock: Clock) -> None:
    confirmed(answering, FIRST)
    clock.at(11, 10)
    answer = answering.answering.answer("What is overdue at Oakfield?", OPERATOR)
    assert answer
    assert answer.outcome is Outcome.ANSWERED
    assert "Ring the families of the absent pupils: Hal Bryce, overdue since 6 November 2026" in answer.text
    assert "Oakfield senior leadership team, 2 November 2026" in answer.text
    assert "fence" not in answer.text
    (citation,) = answer.citations
    assert "Ring the families" in citation.quote
    assert citation.document.source.startswith("meeting:")


def test_a_meeting_is_meant_by_its_day(answering: MeetingService) -> None:
    confirmed(answering, FIRST)
    confirmed(answering, SECOND)
    answer = answering.answering.answer("What was decided on 2 November?", OPERATOR)
    assert answer
    assert "lettings end at 9 pm" in answer.text
    assert "Nothing agreed" not in answer.text
    none = answering.answering.answer("What was agreed on 3 November?", OPERATOR)
    assert none
    assert (none.outcome, none.text) == (
        Outcome.NOT_FOUND,
        "No meeting of 3 November is recorded, as far as you can see the records.",
    )
    topic = answering.answering.answer("What did we agree about lettings on 2 November?", OPERATOR)
    assert topic
    assert "9 pm" in topic.text
    event = answering.answering.answer("What did we agree about the fair on 5 December?", OPERATOR)
    assert event
    assert event.text == "Nothing agreed about fair 5 december is recorded, as far as you can see the records."


def test_a_kind_of_meeting_is_not_another(answering: MeetingService, trust: Trust) -> None:
    confirmed(answering, FIRST.replace("2 November 2026", "1 October 2026"))
    confirmed(answering, PART_B, by="cleo")
    ann = trust.reader(trust.person("ann"))
    answer = answering.answering.answer("What actions came out of the last SLT meeting?", ann)
    assert answer
    assert "Ring the families" in answer.text
    assert "pay policy" not in answer.text
    assert "3 actions of Oakfield senior leadership team, 1 October 2026 are recorded:" in answer.text


def test_what_is_due_is_told_by_its_day(answering: MeetingService, clock: Clock) -> None:
    confirmed(answering, FIRST)
    clock.at(11, 3)
    for asked, told, not_told in (
        ("What is due this week?", "1 action is due this week:\n• Ring the families", "Visit"),
        ("Which actions are due next week at Oakfield?", "Visit Riverside", "Ring"),
        ("What is due by Friday?", "1 action is due by Friday:\n• Ring the families", "Visit"),
        ("What is due today?", "No action is due today, as far as you can see the records.", "Ring"),
    ):
        answer = answering.answering.answer(asked, OPERATOR)
        assert answer
        assert told in answer.text
        assert not_told not in answer.text


def test_what_was_agreed_is_quoted_with_the_meeting(answering: MeetingService) -> None:
    confirmed(answering, FIRST)
    answer = answering.answering.answer("What did we agree about lettings?", OPERATOR)
    assert answer
    assert "“It was agreed that lettings end at 9 pm because neighbours complained of noise.”" in answer.text
    assert "Oakfield senior leadership team, 2 November 2026" in answer.text
    assert answer.citations[0].document.kind.value == "minutes"
    nothing = answering.answering.answer("What did we agree about helicopters?", OPERATOR)
    assert nothing
    assert nothing.outcome is Outcome.NOT_FOUND
    assert nothing.text == "Nothing agreed about helicopters is recorded, as far as you can see the records."


def test_a_topic_is_told_of_with_what_was_agreed_and_what_is_open(answering: MeetingService) -> None:
    confirmed(answering, FIRST)
    answer = answering.answering.about("lettings", OPERATOR)
    assert "• Agreed: “It was agreed that lettings end at 9 pm" in answer.text
    answer = answering.answering.about("the fence", OPERATOR)
    assert "• Open: Mend the fence by the east gate" in answer.text
    assert "Oakfield senior leadership team, 2 November 2026" in answer.text
    assert answer.citations


def test_my_actions_are_the_askers(answering: MeetingService, trust: Trust) -> None:
    confirmed(answering, FIRST)
    eve = trust.reader(trust.person("eve"))
    answer = answering.answering.answer("What are my actions?", eve, "eve")
    assert answer
    assert "Visit Riverside" in answer.text
    assert "Ring" not in answer.text
    assert "Oakfield senior leadership team" not in answer.text, "she may not read those notes"
    assert answer.citations == ()
    assert answering.answering.answer("What are my actions?", eve) is None


def test_an_answer_says_nothing_that_its_reader_may_not_see(answering: MeetingService, trust: Trust) -> None:
    confirmed(answering, FIRST)
    confirmed(answering, PART_B, by="cleo")
    rex = trust.reader(trust.person("rex"))
    overdue = answering.answering.answer("Which actions are open at Oakfield?", rex)
    assert overdue
    assert overdue.text == "No action at Oakfield Primary School is open, as far as you can see the records."
    ann, gus = (trust.reader(trust.person(key)) for key in ("ann", "gus"))
    for question, reader in (
        ("What was agreed about the settlement?", ann),
        ("What did we agree about lettings?", NOBODY),
    ):
        nothing = answering.answering.answer(question, reader)
        assert nothing
        assert nothing.outcome is Outcome.NOT_FOUND
        assert not nothing.citations
        assert answering.answering.about(question.split()[-1].strip("?"), reader).outcome is Outcome.NOT_FOUND
    found = answering.answering.answer("What was agreed about the settlement?", gus)
    assert found
    assert "£9,000" in found.text


def test_a_confirmed_meeting_joins_the_library_with_its_readers(
    engine: Engine, encoder: Encoder, trust: Trust, clock: Clock
) -> None:
    library = Library(engine, encoder)
    service = MeetingService(engine, trust, clock, library)
    confirmed(service, PART_B, by="cleo")
    ann, gus = (trust.reader(trust.person(key)) for key in ("ann", "gus"))
    titles = {each.title: each.audience.name for each in library.documents(OPERATOR)}
    assert titles == {
        "Oakfield Local Governing Body, what was agreed, 15 October 2026": "board+oakfield-lgb",
        "Oakfield Local Governing Body, notes, 15 October 2026": "board+oakfield-lgb",
        "Oakfield Local Governing Body, what was agreed (Part B), 15 October 2026": "closed+person:cleo+person:gus",
        "Oakfield Local Governing Body, notes (Part B), 15 October 2026": "closed+person:cleo+person:gus",
    }
    vector = encoder.encode(["settlement of a former caretaker"])[0]
    for reader, found in ((ann, False), (gus, True)):
        ids = [each for each, _ in library.nearest(vector, reader, 20)]
        texts = [each.text for each in library.passages(reader, ids).values()]
        assert any("caretaker" in text for text in texts) is found


def test_what_a_crash_kept_out_of_the_library_goes_in(
    sqlite_engine: Engine, encoder: Encoder, trust: Trust, clock: Clock
) -> None:
    confirmed(MeetingService(sqlite_engine, trust, clock), FIRST)
    library = Library(sqlite_engine, encoder)
    assert library.documents(OPERATOR) == ()
    service = MeetingService(sqlite_engine, trust, clock, library)
    assert service.records
    assert service.records.reconcile() == 2
    before = library.generation()
    assert service.records.reconcile() == 0
    assert library.generation() == before


def test_a_corrected_version_replaces_the_notes_in_the_library(
    answering: MeetingService, sqlite_engine: Engine
) -> None:
    confirmed(answering, FIRST)
    confirmed(answering, FIRST.replace("9 pm", "8 pm"))
    answer = answering.answering.answer("What did we agree about lettings?", OPERATOR)
    assert answer
    assert "8 pm" in answer.text
    assert "9 pm" not in answer.text
    assert "8 pm" in answer.citations[0].quote


def test_notes_that_lie_in_the_library_are_not_put_twice(
    sqlite_engine: Engine, encoder: Encoder, trust: Trust, clock: Clock
) -> None:
    library = Library(sqlite_engine, encoder)
    service = MeetingService(sqlite_engine, trust, clock, library)
    draft = service.drafts.propose(replace(notes(SECOND), document="in-a-folder"))
    done = service.drafts.confirm(draft.id, "ann")
    assert done.meeting.document == "in-a-folder"
    assert [each.source for each in library.documents(OPERATOR)] == [f"meeting:{done.meeting.id}"]


def test_minutes_dropped_in_a_folder_are_proposed_once_with_its_readers(
    sqlite_engine: Engine, encoder: Encoder, trust: Trust, clock: Clock, tmp_path: Path
) -> None:
    library = Library(sqlite_engine, encoder)
    folder = tmp_path / "minutes"
    folder.mkdir()
    (folder / "slt-2026-11-02.md").write_text(FIRST, encoding="utf-8")
    (folder / "slt-2024-11-04.md").write_text(FIRST.replace("2026", "2024"), encoding="utf-8")
    rule = FolderRule(Audience(frozenset({"oakfield-slt"})), Kind.MINUTES, "oakfield")
    sync(library, [Root(folder, rule)], names=trust.names)
    service = MeetingService(sqlite_engine, trust, clock, library)
    (draft,) = service.take_from_library()
    assert draft.audience == Audience(frozenset({"oakfield-slt"}))
    assert {each.id for each in service.drafts.confirmers(draft)} == {"ann", "hal"}
    assert service.take_from_library() == []
    assert MeetingService(sqlite_engine, trust, clock, library).take_from_library() == []
