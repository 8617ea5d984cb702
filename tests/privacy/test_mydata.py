"""A person takes away what is theirs by identity, and of all else nothing that they may not read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from bot.ask import store as answers
from bot.ask.model import Question, StoredAnswer, Verdict, answer_id
from bot.config.trust import Person, Retention
from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.model import Action, Body, Change, Decision, Matter, Meeting, Return, ReturnItem, State
from bot.meetings.tables import ActionRow, ChangeRow, DecisionRow, MatterRow, MeetingRow, ReturnRow
from bot.privacy import disclosure
from bot.privacy.holds import Holds
from bot.privacy.mydata import ELSEWHERE, MyData
from bot.privacy.naming import Naming
from bot.privacy.retention import Purge
from bot.runtime import db
from ingest.minutes import Attendee, Owner
from knowledge.library.library import Library
from knowledge.passages import Answer, Audience, Citation, Document, Kind, Outcome, Passage, Reader
from knowledge.school.due import Due

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
DAY = date(2026, 11, 2)
SAM = Person(id="sam", name="Sam Ray")
RAYNER = Person(id="rayner", name="Sam Rayner")
STAFF, CLOSED = Audience(frozenset({"staff"})), Audience(frozenset({"part-b"}))
BODY = Body("slt", "Leadership team")


def owner(person: Person) -> Owner:
    return Owner(person.name, person.name, person.id)


def meeting(ident: str = "m1", audience: Audience = STAFF, present: tuple[Person, ...] = (),
            confirmed_by: str = "chair") -> Meeting:  # fmt: skip
    there = tuple(Attendee(each.name, "SR", "", True, each.id) for each in present)
    return Meeting(ident, BODY, DAY, None, None, there, None, audience, CLOSED, None, confirmed_by, NOW)


def action(
    ident: str, task: str, owners: tuple[Owner, ...] = (), audience: Audience = STAFF, quote: str = ""
) -> Action:
    due = Due(None, "", "", "none", True)
    return Action(ident, task, owners, due, State.OPEN, quote or f"Line of {ident}", 1, "m1", "m1", DAY, 1, BODY, "1",
                  "Estates", audience, NOW, NOW, part_b=audience == CLOSED)  # fmt: skip


def decision(ident: str, text: str, audience: Audience = STAFF) -> Decision:
    return Decision(ident, text, text, 1, meeting(), "1", "Staffing", audience, part_b=audience == CLOSED)


def reader(*principals: str) -> Reader:
    return Reader.of({"everyone", *principals})


@pytest.fixture
def kept(engine: Engine) -> Engine:
    with Session(engine) as session, session.begin():
        store.put_meeting(session, meeting(present=(SAM, RAYNER)), "digest", ())
        store.put_meeting(session, meeting("m2", CLOSED, (SAM,)), "digest", ())
        store.put_action(session, action("a1", "Mend the gate", (owner(SAM),), quote="Sam Ray to mend the gate"))
        store.put_action(session, action("a2", "Count the chairs", (owner(RAYNER),)))
        store.put_action(session, action("a3", "Sign the papers", (owner(SAM),), CLOSED, "£9,000 to settle"))
        store.put_action(session, action("a4", "Interview Sam Ray about the ladder", (), CLOSED))
        store.put_action(session, action("a5", "Thank Sam Rayner for the harvest", ()))
        store.put_action(session, action("a6", "Ask Sam Ray for the key", ()))
        for each in (
            decision("d1", "Governors dismissed Sam Ray", CLOSED),
            decision("d2", "Sam Rayner leads reading"),
            decision("d3", "Sam Ray's key is copied"),
        ):
            store.put_decision(session, each, 1)
        store.add_change(session, Change("a4", NOW, "sam", "done", "a line of Part B"))
        store.add_change(session, Change("a4", NOW, "sam", "dropped", "no ladder any more"))
        store.put_return(
            session, Return(meeting(), "oakfield", (ReturnItem("risk", "Risk", "all locked"),), CLOSED, NOW, "sam")
        )
        store.put_matter(session, Matter("slt", "x1", "words of a pulse", "please discuss", CLOSED, DAY, "sam"))
    return engine


def export(engine: Engine, as_: Reader, person: Person = SAM, people: tuple[Person, ...] = (SAM, RAYNER)) -> str:
    return json.dumps(MyData(engine, lambda: NOW, lambda: people).export("U0SAM", person, as_), ensure_ascii=False)


def test_part_b_and_other_peoples_lines_are_in_nobodys_data(kept: Engine) -> None:
    told = export(kept, reader("staff", "person:sam"))
    for secret in ("£9,000", "ladder", "dismissed", "a line of Part B", "all locked", "words of a pulse", "m2"):
        assert secret not in told.replace("no ladder any more", "")
    for others in ("Rayner", "Count the chairs", "harvest"):
        assert others not in told
    for own in ("Mend the gate", "Sign the papers", "Ask Sam Ray for the key", "key is copied", "no ladder any more",
                "please discuss"):  # fmt: skip
        assert own in told


def test_who_may_read_part_b_has_it_and_who_reads_nothing_has_only_what_is_theirs(kept: Engine) -> None:
    everything = export(kept, reader("staff", "part-b", "person:sam"))
    assert all(words in everything for words in ("£9,000", "dismissed", "about the ladder", "all locked"))
    assert "Rayner" not in everything
    nothing = json.loads(export(kept, Reader(frozenset())))
    assert [each["task"] for each in nothing["actions"]] == ["Mend the gate", "Sign the papers"]
    assert all(each["quote"] == "" for each in nothing["actions"])
    assert nothing["meetings"] == nothing["decisions_that_name_you"] == nothing["actions_that_name_you"] == []


def test_what_may_be_elsewhere_is_said_whether_or_not_there_is_anything(kept: Engine) -> None:
    with_secrets = json.loads(export(kept, reader("staff", "person:sam")))
    with Session(kept) as session, session.begin():
        session.execute(delete(ActionRow).where(ActionRow.id == "a4"))
        session.execute(delete(DecisionRow).where(DecisionRow.id == "d1"))
    without = json.loads(export(kept, reader("staff", "person:sam")))
    assert with_secrets["what_may_be_elsewhere"] == without["what_may_be_elsewhere"] == ELSEWHERE
    assert "data protection lead" in ELSEWHERE
    assert with_secrets["decisions_that_name_you"] == without["decisions_that_name_you"]


def test_of_two_people_with_one_name_neither_is_found_by_it(kept: Engine) -> None:
    other = Person(id="sam-2", name="Sam  Ray")
    told = json.loads(export(kept, reader("staff", "person:sam-2"), other, (SAM, other)))
    assert told["actions"] == told["actions_that_name_you"] == told["decisions_that_name_you"] == told["meetings"] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sam Ray to mend it", True),
        ("Action: sam ray", True),
        ("Mr Sam Ray's key", True),
        ("(Sam\n Ray)", True),
        ("Ask Sam Ray for the key", True),
        ("Agreed. Thank Sam Ray", True),
        ("Sam Rayner to mend it", False),
        ("Sam Ray-Jones to mend it", False),
        ("Ana-Sam Ray", False),
        ("Rosa Sam Ray", False),
        ("Sam Ray Holt", False),
        ("Balsam Ray", False),
        ("Sam O'Ray", False),
    ],
)
def test_a_name_is_whole_or_it_is_another(text: str, names: bool) -> None:
    assert Naming(SAM).names(text) is names


def test_an_answer_is_not_repeated_once_its_document_is_closed(engine: Engine, encoder: Encoder) -> None:
    library = Library(engine, encoder)
    ids = {}
    for name in ("open", "closed"):
        document = Document(name, f"/{name}.md", f"{name}.md", f"The {name} one", Kind.MINUTES, STAFF, name)
        passage = Passage(f"{name}-1", name, 0, f"The {name} words stand here.")
        library.put(document, [passage])
        quoted = Citation(f"The {name} words", passage.id, document, (), None)
        asked = Question(f"Ev-{name}", "U0SAM", "D1", None, f"What of the {name} one?", alone=True)
        answer = Answer(Outcome.ANSWERED, f"The {name} words", (quoted,))
        ids[name] = answer_id(asked.event, reader("staff"))
        with Session(engine) as session, session.begin():
            answers.add(session, StoredAnswer(ids[name], asked, answer, reader("staff"), NOW))
            told = Answer(Outcome.ANSWERED, f"Told of {name}", told=True)
            asked = Question(f"Ev-told-{name}", "U0SAM", "D1", None, "What was agreed?", alone=True)
            answers.add(session, StoredAnswer(answer_id(asked.event, reader()), asked, told, reader(), NOW))
    closed = Document("closed", "/closed.md", "closed.md", "The closed one", Kind.MINUTES, CLOSED, "closed")
    library.put(closed, [Passage("closed-1", "closed", 0, "The closed words stand here.")])
    told = json.dumps(MyData(engine, lambda: NOW).export("U0SAM", SAM, reader("staff")))
    assert "The open words" in told
    assert "The open one" in told
    assert "What of the closed one?" in told, "the question is the asker's own writing"
    assert "The closed words" not in told
    assert "The closed one" not in told
    assert "Told of" not in told


def test_deleting_takes_what_is_the_askers_by_id_and_no_held_words_of_others(sqlite_engine: Engine) -> None:
    for user, words in (("U0SAM", "Who is Sam Rayner?"), ("U0RAYNER", "Who is Sam Ray?")):
        asked = Question(f"Ev-{user}", user, "C1", None, words, alone=False)
        given_ = StoredAnswer(
            answer_id(asked.event, reader()), asked, Answer(Outcome.NOT_FOUND, "Nothing."), reader(), NOW
        )
        with Session(sqlite_engine) as session, session.begin():
            answers.add(session, given_)
            answers.set_feedback(session, given_.id, "U0FAY", Verdict.DOWN, f"{user} asked", NOW)
    held = Holds(sqlite_engine, lambda: NOW).add("person", "U0FAY", "Claim 3")
    mine = MyData(sqlite_engine, lambda: NOW)
    with pytest.raises(Refusal, match="legal hold"):
        mine.delete("U0SAM")
    Holds(sqlite_engine, lambda: NOW).lift(held.id)
    assert mine.delete("U0SAM").answers == 1
    assert mine.counts("U0RAYNER").answers == 1, "a question about somebody is its asker's"


def test_held_words_are_found_in_what_is_stored_as_json(sqlite_engine: Engine) -> None:
    told = ReturnItem("risk", "Risk", 'the "Heron"\nfile is locked')
    old = datetime(2020, 1, 1, tzinfo=UTC)
    with Session(sqlite_engine) as session, session.begin():
        for school, by, items in (("a", "x", (told,)), ("b", "sam", ()), ("c", "x", ())):
            store.put_meeting(session, meeting(f"m-{school}"), "digest", ())
            store.put_return(session, Return(meeting(f"m-{school}"), school, items, STAFF, old, by))
    Holds(sqlite_engine, lambda: NOW).add("words", 'The "Heron" file', "Claim 4")
    Holds(sqlite_engine, lambda: NOW).add("person", "sam", "Claim 5")
    Purge(sqlite_engine, Retention(), lambda: NOW).run()
    with Session(sqlite_engine) as session:
        assert sorted(row.school for row in session.query(ReturnRow)) == ["a", "b"]


def test_a_request_is_answered_from_all_records_with_whole_names_first(kept: Engine) -> None:
    found = disclosure.search_all(kept, "sam ray")
    assert {each.kind for each in found} >= {"meeting", "action", "decision"}
    parts = [each for each in found if each.match == disclosure.PART]
    assert parts
    assert all("Sam Rayner" in each.text and "Sam Ray " not in f"{each.text} " for each in parts)
    assert found[-len(parts) :] == parts
    by_id = {each.kind for each in disclosure.search_all(kept, "sam") if each.match == disclosure.WHOLE}
    assert by_id >= {"return", "change", "agenda", "action", "meeting"}, "also under an id, whatever the name was then"


NAMES = ["Sam Ray", "Sam Rayner", "Sam Ray-Holt", "Ann Sam Ray", "Jo Li", "Jo Lindt", "Mia Jo Li", "Ray Sam"]
PRINCIPALS = ["everyone", "staff", "part-b", "oakfield", "person:p0", "person:p1"]


@dataclass(frozen=True)
class Record:
    """A record of the trust with a word that no other has."""

    kind: str
    word: str
    about: int
    owners: tuple[int, ...]
    audience: frozenset[str]
    by: int


@pytest.fixture(scope="module")
def own_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("mydata") / "trustbot.db"
    engine = db.make_engine(f"sqlite:///{path}")
    db.upgrade(engine)
    yield engine
    engine.dispose()


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["action", "decision", "change", "return", "meeting", "matter"]),
        st.integers(0, len(NAMES) - 1),
        st.lists(st.integers(0, len(NAMES) - 1), max_size=2).map(tuple),
        st.sets(st.sampled_from(PRINCIPALS), min_size=1, max_size=2).map(frozenset),
        st.integers(0, len(NAMES) - 1),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, who=st.integers(0, len(NAMES) - 1), held=st.sets(st.sampled_from(PRINCIPALS)))
def test_no_line_that_the_reader_may_not_read_unless_it_is_their_own(
    own_engine: Engine, records: list[tuple[str, int, tuple[int, ...], frozenset[str], int]], who: int, held: set[str]
) -> None:
    people = tuple(Person(id=f"p{at}", name=name) for at, name in enumerate(NAMES))
    made = [Record(kind, f"zq{at}x", *rest) for at, (kind, *rest) in enumerate(records)]  # type: ignore[arg-type]
    _fill(own_engine, made, people)
    me = people[who]
    own = {principal for principal in held if not principal.startswith("person:")} | {f"person:{me.id}"}
    reads = Reader.of(own)
    told = json.dumps(MyData(own_engine, lambda: NOW, lambda: people).export("U0ME", me, reads), ensure_ascii=False)
    for record in made:
        audience = Audience(record.audience)
        mine = who in record.owners if record.kind == "action" else record.by == who
        if not reads.may_read(audience):
            assert f"quote-{record.word}" not in told
            if not mine:
                assert record.word not in told, record
        if record.about != who and not mine and not (record.kind == "meeting" and who in record.owners):
            assert record.word not in told, (record, me.name)


def _fill(engine: Engine, records: list[Record], people: tuple[Person, ...]) -> None:
    with Session(engine) as session, session.begin():
        for table in (ChangeRow, ReturnRow, MatterRow, DecisionRow, ActionRow, MeetingRow):
            session.execute(delete(table))
        store.put_meeting(session, meeting(), "digest", ())
        for at, record in enumerate(records):
            audience, words = Audience(record.audience), f"{record.word}: {people[record.about].name} was spoken of"
            by, quote = people[record.by].id, f"quote-{record.word} {people[record.about].name}"
            owners = tuple(people[each] for each in dict.fromkeys(record.owners))
            if record.kind in ("action", "change"):
                task = words if record.kind == "action" else "A task"
                held = tuple(map(owner, owners)) if record.kind == "action" else ()
                store.put_action(session, action(f"a{at}", task, held, audience, quote if task == words else "A line"))
            if record.kind == "change":
                store.add_change(session, Change(f"a{at}", NOW, by, "done", quote))
            if record.kind == "decision":
                store.put_decision(session, decision(f"d{at}", words, audience), at)
            if record.kind == "return":
                items = (ReturnItem("risk", "Risk", quote),)
                store.put_meeting(session, meeting(f"r{at}"), "digest", ())
                store.put_return(session, Return(meeting(f"r{at}"), "oakfield", items, audience, NOW, by))
            if record.kind == "matter":
                store.put_matter(session, Matter("slt", f"x{at}", quote, "A note", audience, DAY, by))
            if record.kind == "meeting":
                body = Body("slt", f"{record.word} team")
                met = meeting(f"m-{at}", audience, owners, by)
                store.put_meeting(session, Meeting(met.id, body, *_rest(met)), "digest", ())


def _rest(met: Meeting) -> tuple[object, ...]:
    return (met.date, met.chair, met.clerk, met.attendees, met.following, met.audience, met.part_b, met.document,
            met.confirmed_by, met.confirmed)  # fmt: skip
