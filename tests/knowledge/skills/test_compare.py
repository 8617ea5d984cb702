"""A comparison goes through the schools one by one, and never beyond what its reader may read."""

from __future__ import annotations

from datetime import date

import pytest

from bot.runtime import db
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Answer, Audience, Kind, Names, Outcome, Part, Reader, Status
from knowledge.pipeline import Answerer
from knowledge.skills.schools.compare import NO_DOCUMENT, WHOLE_TRUST
from knowledge.skills.schools.comparison_question import Comparison, comparison
from tests.knowledge.books import document, passages

NAMES = Names(
    schools={
        "elm": ("Elm Primary School", "Elm Primary"),
        "ash": ("Ashby Junior School", "Ashby"),
        "tor": ("Torbank Academy", "Torbank"),
    },
    phases={"elm": "primary", "ash": "junior", "tor": "secondary"},
)
ASHBY_STAFF = Audience(frozenset({"ash"}))
ASHBY = Reader.of({"everyone", "ash"})
OTHERS = Reader.of({"everyone", "tor"})


def _fill(library: Library) -> Library:
    behaviour = {"title": "Behaviour policy", "kind": Kind.POLICY}
    library.put(
        document("elm-behaviour", school="elm", **behaviour),
        passages("elm-behaviour", "After a quarrel, staff hold a restorative meeting with both on the same day."),
    )
    library.put(
        document("ash-behaviour", ASHBY_STAFF, school="ash", **behaviour),
        passages("ash-behaviour", "Restorative meetings are held by the pastoral lead every Friday at lunch time."),
    )
    library.put(
        document("tor-behaviour", school="tor", **behaviour),
        passages("tor-behaviour", "A detention lasts 40 minutes and is held in the library after school."),
    )
    library.put(
        document("tor-draft", school="tor", status=Status.DRAFT, in_force=False, **behaviour),
        passages("tor-draft", "Restorative meetings take the place of detentions."),
    )
    library.put(
        document("uniform", title="Uniform policy"),
        passages("uniform", "Every school decides on its own tie.\nAt Torbank the tie is green with a silver stripe."),
    )
    library.put(
        document("phones", title="Mobile phone policy"),
        passages("phones", "Mobile phones are switched off and handed in at the office before registration."),
    )
    for key, minutes in (("elm", 10), ("tor", 25)):
        library.put(
            document(f"{key}-reading", school=key, title="Reading policy", kind=Kind.POLICY),
            passages(f"{key}-reading", f"All children should read for at least {minutes} minutes every evening."),
        )
    for key, audience in (("elm", EVERYONE), ("ash", ASHBY_STAFF)):
        library.put(
            document(f"{key}-visits", audience, school=key, title="Visits policy", kind=Kind.POLICY),
            passages(f"{key}-visits", "Children are counted twice a day on every visit, and again on the coach home."),
        )
    return library


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('compare') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = _fill(Library(engine, encoder))
    return Answerer(Search(library, encoder, NAMES, lambda: date(2026, 11, 22)))


def _part(answer: Answer, heading: str) -> Part:
    return next(each for each in answer.parts if each.heading == heading)


def _quotes(answer: Answer, heading: str) -> str:
    return "\n".join(answer.citations[number].quote for number in _part(answer, heading).citations)


MENTIONS = "Which schools' behaviour policies mention restorative meetings?"


def test_every_school_has_its_part_in_the_trusts_order(answerer: Answerer) -> None:
    answer = answerer.answer(MENTIONS, ASHBY)
    assert answer.outcome is Outcome.ANSWERED
    assert [each.heading for each in answer.parts[1:]] == [name for name, _ in NAMES.schools.values()]
    assert answer.parts[0].said == "Found for 2 of 3 schools: Elm Primary School, Ashby Junior School."
    assert "on the same day" in _quotes(answer, "Elm Primary School")
    assert "every Friday" in _quotes(answer, "Ashby Junior School")


def test_a_school_whose_policy_is_silent_is_told_from_one_without_a_policy(answerer: Answerer) -> None:
    answer = answerer.answer(MENTIONS, OTHERS)
    assert _part(answer, "Torbank Academy").said == "Nothing found in Behaviour policy."
    assert _part(answer, "Ashby Junior School").said == NO_DOCUMENT


@pytest.mark.parametrize("reader", [OTHERS, Reader.joint([ASHBY, OTHERS])])
def test_what_a_reader_may_not_read_is_neither_quoted_nor_counted(answerer: Answerer, reader: Reader) -> None:
    answer = answerer.answer(MENTIONS, reader)
    assert "Friday" not in answer.text
    assert answer.parts[0].said == "Found for 1 of 3 schools: Elm Primary School."


def test_a_draft_counts_for_nothing(answerer: Answerer) -> None:
    assert "take the place" not in answerer.answer(MENTIONS, ASHBY).text


def test_what_the_trust_says_of_one_school_stands_under_that_school(answerer: Answerer) -> None:
    answer = answerer.answer("What is the tie like at each school?", OTHERS)
    assert _quotes(answer, "Torbank Academy") == "At Torbank the tie is green with a silver stripe."
    assert _part(answer, "Elm Primary School").said == NO_DOCUMENT


def test_what_holds_for_all_stands_once_at_the_end(answerer: Answerer) -> None:
    answer = answerer.answer("How do our schools differ on mobile phones?", OTHERS)
    assert answer.outcome is Outcome.CLOSEST
    assert answer.parts[-1].heading == WHOLE_TRUST
    assert "handed in at the office" in _quotes(answer, WHOLE_TRUST)


def test_a_topic_that_no_document_speaks_of_is_not_found(answerer: Answerer) -> None:
    answer = answerer.answer("Which schools' behaviour policies mention isolation booths?", OTHERS)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.citations == ()
    assert answer.parts[0].said == "Found for none of 3 schools."


def test_asked_who_has_a_policy_each_one_is_shown(answerer: Answerer) -> None:
    answer = answerer.answer("Which schools have a behaviour policy?", OTHERS)
    assert answer.parts[0].said == "Found for 2 of 3 schools: Elm Primary School, Torbank Academy."
    assert {each.document.id for each in answer.citations} == {"elm-behaviour", "tor-behaviour"}


def test_a_follow_up_to_the_other_schools_goes_through_them(answerer: Answerer) -> None:
    before = ["How long is a detention at Torbank?"]
    answer = answerer.answer("And at the other schools?", OTHERS, before)
    assert "40 minutes" in _quotes(answer, "Torbank Academy")
    assert _part(answer, "Elm Primary School").said == NO_DOCUMENT


def test_many_schools_without_a_document_take_one_line(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('many') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = _fill(Library(engine, encoder))
    more = {f"s{number}": (f"Quarry Bank {number} School",) for number in range(20)}
    names = Names(schools={**NAMES.schools, **more}, phases=NAMES.phases)
    answer = Answerer(Search(library, encoder, names, lambda: date(2026, 11, 22))).answer(MENTIONS, ASHBY)
    headings = [
        "",
        "Elm Primary School",
        "Ashby Junior School",
        "Nothing found in Behaviour policy",
        "No document found",
    ]
    assert [each.heading for each in answer.parts] == headings
    assert answer.parts[-1].said.startswith("Quarry Bank 0 School, Quarry Bank 1 School")


@pytest.mark.parametrize(
    ("question", "topic", "documents", "schools"),
    [
        ("Which of our schools allow dogs on site?", "dogs on site", "", 3),
        ("which primary schools offer a breakfast club", "breakfast club", "", 1),
        ("Compare the schools on attendance", "attendance", "", 3),
        ("Compare attendance targets across our schools.", "attendance targets", "", 3),
        ("What is the difference between Elm Primary and Torbank on homework?", "homework", "", 2),
        ("Elm Primary versus Torbank: uniform", "uniform", "", 2),
        ("What does each school charge for lettings?", "lettings", "", 3),
        ("What does each school's uniform policy say about ties?", "ties", "uniform", 3),
        ("Do all schools have a lettings policy?", "", "lettings", 3),
        ("Is the uniform the same at all schools?", "uniform", "", 3),
    ],
)
def test_what_a_comparison_asks(question: str, topic: str, documents: str, schools: int) -> None:
    read = comparison(question, NAMES)
    assert isinstance(read, Comparison)
    assert (read.topic.removeprefix("the "), read.documents, len(read.schools)) == (topic, documents, schools)


@pytest.mark.parametrize(
    "question",
    [
        "Which schools are in the trust?",
        "Which school is Mr Hart the head of?",
        "What schools does the lettings policy apply to?",
        "What did Elm Primary and Torbank agree about minibuses?",
        "How do schools report an absence?",
        "Which of our policies mention drones?",
        "What is the policy of the school on phones?",
        "Compare the old and the new lettings policy",
    ],
)
def test_what_is_no_comparison(question: str) -> None:
    assert comparison(question, NAMES) is None


def test_a_trust_of_one_school_has_nothing_to_compare() -> None:
    assert comparison(MENTIONS, Names(schools={"elm": ("Elm Primary School",)})) is None


def test_everyone_reads_what_everyone_may(answerer: Answerer) -> None:
    readable = {each.document.audience for each in answerer.answer(MENTIONS, OTHERS).citations}
    assert readable == {EVERYONE}


def test_which_schools_have_none_is_said_first_and_as_far_as_one_can_see(answerer: Answerer) -> None:
    for question in ("Which schools don't have a behaviour policy?", "which schools have no behaviour policy"):
        assert answerer.answer(question, OTHERS).parts[0].said == (
            "Nothing found, in what you can see, for 1 of 3 schools: Ashby Junior School."
        )
        assert answerer.answer(question, ASHBY).parts[0].said.startswith("Found for 3 of 3 schools")


def test_two_schools_policies_are_set_side_by_side(answerer: Answerer) -> None:
    answer = answerer.answer("Compare Elm Primary's and Torbank's reading policies", OTHERS)
    assert answer.parts[0].said == (
        "Compared sentence by sentence: 1 says something else, 0 only at Elm Primary School and 0 only at Torbank "
        "Academy."
    )
    assert answer.parts[1].heading == "10 minutes at Elm Primary School, 25 minutes at Torbank Academy"
    assert [each.document.id for each in answer.citations] == ["elm-reading", "tor-reading"]


def test_two_policies_that_say_the_same_are_said_to(answerer: Answerer) -> None:
    answer = answerer.answer("Do Elm Primary and Ashby have the same visits policy?", ASHBY)
    assert answer.parts[0].said == "The two say the same, sentence by sentence, in all that can be compared."
    hidden = answerer.answer("Do Elm Primary and Ashby have the same visits policy?", OTHERS)
    assert "ash-visits" not in {each.document.id for each in hidden.citations}
    assert "the same, sentence" not in hidden.text


def test_where_a_length_of_time_is_asked_for_each_school_says_one_or_nothing(answerer: Answerer) -> None:
    answer = answerer.answer("How long should children read at each school?", ASHBY)
    assert "10 minutes" in _quotes(answer, "Elm Primary School")
    assert "25 minutes" in _quotes(answer, "Torbank Academy")
    assert _part(answer, "Ashby Junior School").said == NO_DOCUMENT


def test_how_many_each_school_has_is_gone_through_school_by_school() -> None:
    found = comparison("How many first aiders does each school have?", NAMES)
    assert found is not None
    assert found.topic == "How many first aiders"
