"""Whatever an answer holds, Slack takes it, and nothing in it acts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask import blocks
from bot.ask.model import Question, Source, StoredAnswer
from bot.demo.workspace.block_rules.tables import faults_in_blocks, faults_in_view, too_long_together
from bot.home import blocks as home_blocks
from bot.slack import modals
from knowledge.passages import EVERYONE, Answer, Citation, Document, Kind, Outcome, Part, Passage, Reader, Status

WORDS = (
    st.lists(
        st.sampled_from(["<!channel>", "<@U0EVE>", "<https://x.example|y>", "&", "*", "\n", " ", "policy "])
        | st.text(max_size=40),
        min_size=1,
        max_size=200,
    )
    .map("".join)
    .filter(str.strip)
)
DOCUMENTS = st.builds(
    Document,
    id=st.uuids().map(str),
    source=st.just("a.pdf"),
    file_name=st.just("a.pdf"),
    title=WORDS,
    kind=st.just(Kind.POLICY),
    audience=st.just(EVERYONE),
    family=st.just("a"),
    version=st.none() | WORDS,
    date=st.none() | st.just(date(2026, 9, 1)),
    status=st.sampled_from(Status),
    in_force=st.booleans(),
    ocr=st.booleans(),
    unit=st.sampled_from([None, "page", "slide"]),
    url=st.sampled_from([None, "https://trust.example/a.pdf", "javascript:alert(1)", "\\\\server\\a.pdf"]),
)
CITATIONS = st.builds(
    Citation,
    quote=WORDS,
    passage_id=st.just("p"),
    document=DOCUMENTS,
    heading=st.lists(WORDS, max_size=3).map(tuple),
    page=st.none() | st.integers(1, 900),
)
ANSWERS = st.builds(
    Answer, outcome=st.sampled_from(Outcome), text=WORDS, citations=st.lists(CITATIONS, max_size=12).map(tuple)
)


@st.composite
def _in_parts(draw: st.DrawFn) -> Answer:
    """An answer of which each citation stands in some part, under headings and words of anybody's."""
    answer = draw(ANSWERS)
    marks = draw(st.lists(st.integers(0, len(answer.citations)), max_size=30).map(sorted))
    bounds = [0, *marks, len(answer.citations)]
    parts = [
        Part(draw(WORDS | st.just("")), draw(WORDS | st.just("")), tuple(range(start, end)))
        for start, end in pairwise(bounds)
    ]
    return replace(answer, parts=tuple(parts))


IN_PARTS = _in_parts()


def given_answer(answer: Answer, alone: bool = True, question: str = "Why?") -> StoredAnswer:
    asked = Question("Ev1", "U0EVE", "C0STAFF", "1.000001", question, alone)
    return StoredAnswer("a" * 24, asked, answer, Reader.of({"everyone"}), datetime(2026, 11, 22, 10, tzinfo=UTC))


@settings(max_examples=40)
@given(ANSWERS, WORDS, st.booleans(), st.booleans())
def test_every_answer_fits_into_a_message(answer: Answer, question: str, alone: bool, share: bool) -> None:
    given = given_answer(answer, alone, question)
    for text, message in (blocks.answer(given, share=share), *blocks.shared(given), *blocks.answers(given)):
        assert faults_in_blocks(message, "message") == []
        assert not too_long_together(message)
        assert 0 < len(text) <= 3000
        assert "<!channel>" not in text
        rest = [block for block in message if block["type"] not in ("rich_text",) and "plain" not in json.dumps(block)]
        assert "<!channel>" not in json.dumps(rest)


@settings(max_examples=40)
@given(ANSWERS, WORDS)
def test_every_source_fits_into_a_modal(answer: Answer, around: str) -> None:
    given = given_answer(answer)
    passage = Passage("p", "d", 0, around)
    listed = [Source(n, each, None if n % 2 else passage) for n, each in enumerate(answer.citations)]
    assert faults_in_view(blocks.sources(given, listed)) == []
    assert faults_in_view(blocks.confirm_share(given, True, 12, 3)) == []
    for citation in answer.citations:
        whole = Passage("p", "d", 0, around + citation.quote + around)
        other = Passage("q", "d", 1, around)
        assert faults_in_view(blocks.passage(Source(0, citation, whole, (whole, other)))) == []
        assert faults_in_view(blocks.passage(Source(0, citation, None))) == []


@settings(max_examples=40)
@given(ANSWERS, WORDS)
def test_every_question_fits_into_home_and_forms(answer: Answer, question: str) -> None:
    given = given_answer(answer, question=question)
    assert faults_in_view(home_blocks.home([given] * 5)) == []
    assert faults_in_view(blocks.about(question, "{}")) == []
    assert faults_in_view(blocks.missing(given.id)) == []
    assert faults_in_view(modals.sorry(question)) == []


def test_what_a_reader_should_know_of_a_document_stands_beside_its_title() -> None:
    document = Document(
        "d", "a.pdf", "a.pdf", "Lettings policy", Kind.POLICY, EVERYONE, "a", version="2019", status=Status.DRAFT,
        in_force=False, ocr=True, unit="page",
    )  # fmt: skip
    citation = Citation("Words.", "p", document, ("Charges", "Invoices"), 2)
    assert blocks.place(citation) == ("*Lettings policy*, 2019, draft, read from a scan · Charges › Invoices · page 2")
    replaced = replace(citation, document=replace(document, status=Status.APPROVED))
    assert blocks.place(replaced).startswith("*Lettings policy*, 2019, superseded")


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    document = Document("d", "a.md", "a.md", "Lettings policy", Kind.POLICY, EVERYONE, "a")
    assert blocks.place(Citation("Words.", "p", document, ("Lettings policy", "Charges"), None)) == (
        "*Lettings policy* · Charges"
    )
    assert blocks.place(Citation("Words.", "p", document, ("Lettings policy",), None)) == "*Lettings policy*"


def test_what_answers_best_stands_apart_from_what_was_also_found() -> None:
    documents = [Document(f"d{n}", "a.md", "a.md", f"Policy {n}", Kind.POLICY, EVERYONE, f"a{n}") for n in range(2)]
    first, other, second = (
        Citation(words, "p", document, (), None)
        for words, document in (("First.", documents[0]), ("Other.", documents[1]), ("Second.", documents[0]))
    )
    _, message = blocks.answer(given_answer(Answer(Outcome.ANSWERED, "First.", (first, other, second))))
    shown = json.dumps(message)
    places = [shown.index(words) for words in ("First.", "Second.", "Also found", "Other.")]
    assert places == sorted(places)
    assert "Also found" not in json.dumps(blocks.answer(given_answer(Answer(Outcome.ANSWERED, "First.", (first,))))[1])


def test_where_nothing_is_quoted_nothing_is_said_of_quoting() -> None:
    for outcome in (Outcome.NOT_FOUND, Outcome.SIGNPOST):
        assert "Quoted only" not in json.dumps(blocks.answer(given_answer(Answer(outcome, "Words.")))[1])


def test_not_found_shows_no_sources_and_does_not_say_that_there_is_more() -> None:
    for alone, words in ((True, blocks.NOT_FOUND), (False, blocks.NOT_FOUND_TOGETHER)):
        text, message = blocks.answer(given_answer(Answer(Outcome.NOT_FOUND, "Not there."), alone))
        assert text == words
        assert blocks.SOURCES not in json.dumps(message)
        assert blocks.SHARE not in json.dumps(message)


@settings(max_examples=60)
@given(IN_PARTS)
def test_every_answer_in_parts_fits_into_a_message(answer: Answer) -> None:
    text, message = blocks.answer(given_answer(answer), share=True)
    assert faults_in_blocks(message, "message") == []
    assert not too_long_together(message)
    assert len(text) <= 3000
    assert message[-1]["type"] == "context_actions"
    rest = [block for block in message if block["type"] not in ("rich_text",) and "plain" not in json.dumps(block)]
    assert "<!channel>" not in json.dumps(rest)


def test_an_answer_over_sixty_schools_comes_whole_over_several_messages() -> None:
    document = Document("d", "d.md", "d.md", "Behaviour policy", Kind.POLICY, EVERYONE, "d")
    words = "Phones are handed in at the gate and given back at the end of the day. " * 5
    quotes = [Citation(f"School {n}: {words}"[:380], str(n), document, (), n) for n in range(60)]
    parts = tuple(Part(f"School {n}", "", (n,)) for n in range(60))
    messages = blocks.answers(given_answer(Answer(Outcome.ANSWERED, "…", tuple(quotes), parts=parts)), share=True)
    assert 1 < len(messages) <= 5
    assert all(not too_long_together(message) and faults_in_blocks(message, "message") == [] for _, message in messages)
    shown = json.dumps([message for _, message in messages])
    assert all(f"School {n}: " in shown for n in range(60))
    # A heading stays with what stands below it.
    assert all(json.dumps(message[-1]).find("*School") < 0 for _, message in messages)
    assert [blocks.FEEDBACK in json.dumps(message) for _, message in messages] == [False] * (len(messages) - 1) + [True]


def test_quotes_of_one_place_name_it_once_and_of_two_places_each() -> None:
    document = Document("d", "d.md", "d.md", "Lettings policy", Kind.POLICY, EVERYONE, "d")
    quotes = [
        Citation(words, words, document, (heading,), 1) for words, heading in (("a", "A"), ("b", "A"), ("c", "B"))
    ]
    answer = Answer(Outcome.ANSWERED, "…", tuple(quotes), parts=(Part("Charges", "", (0, 1, 2)),))
    _, message = blocks.answer(given_answer(answer))
    places = [each["text"]["text"] for each in message if "Lettings policy" in json.dumps(each.get("text", ""))]
    assert places == ["*Lettings policy* · A · page 1", "*Lettings policy* · B · page 1"]
    openers = [each["accessory"]["value"] for each in message if "accessory" in each]
    assert [each.rsplit(":", 1)[1] for each in openers] == ["1", "2"]
