"""A thread goes on about one document: what it says in short, in plain words, and what has changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from bot.demo.workspace.state import Message
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Audience, Document, Kind, Passage, Status
from tests.model_server.server import Reply, serving
from tests.scenarios import corpus
from tests.scenarios.asking.test_written import draft
from tests.scenarios.conftest import Office, office_at, said

VERSIONS = (
    ("visits-2023", "2023", date(2023, 9, 1), EVERYONE, Status.APPROVED, False, "£40", "15 school days"),
    ("visits-2025", "2025", date(2025, 9, 1), EVERYONE, Status.APPROVED, True, "£55", "20 school days"),
    ("visits-draft", "draft", date(2026, 2, 1), corpus.EXEC, Status.DRAFT, False, "£75", "30 school days"),
)


def _visits(
    library: Library,
    key: str,
    version: str,
    day: date,
    audience: Audience,
    status: Status,
    in_force: bool,
    price: str,
    ahead: str,
) -> None:
    document = Document(
        key, f"/library/{key}.md", f"{key}.md", "School trips policy", Kind.POLICY, audience, family="visits",
        version=version, date=day, status=status, in_force=in_force, pages=3, unit="page", digest=key,
    )  # fmt: skip
    pages = (
        (
            ("Approval",),
            f"Approved by the Trust Board on {day.day} {day:%B %Y}.\nThe EVC checks the plan of each trip.",
        ),
        (("Notice",), f"A plan of each trip reaches the EVC at least {ahead} before the trip."),
        (("Money",), f"No family is asked for more than {price} for a day trip."),
    )
    library.put(
        document, [Passage(f"{key}:{n}", key, n, text, heading, n + 1) for n, (heading, text) in enumerate(pages)]
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Office]:
    with office_at(tmp_path_factory.mktemp("conversing"), encoder) as office:
        library = Library(office.engine, encoder)
        for each in VERSIONS:
            _visits(library, *each)
        office.open()
        yield office


def asked(office: Office, person: str, channel: str, *questions: str) -> list[Message]:
    """The answers to these questions, asked one after another in one thread."""
    first = office.mention(person, channel, questions[0])
    office.answer(first)
    for count, question in enumerate(questions[1:], start=2):
        office.asked.append(question)
        office.workspace.as_user(person).say(channel, question, thread=first.ts)
        office.answers(first, count)
    return office.workspace.replies(first)


def test_an_answers_document_is_summed_up_and_told_of(office: Office) -> None:
    first, summed, page, reviewed, approved = asked(
        office, "bob", "staff",
        "What is a family asked for at most for a day trip?",
        "Summarise it",
        "Which page is that on?",
        "Is that the current version?",
        "Who approved it?",
    )  # fmt: skip
    assert "£55" in said(first)
    assert "School trips policy: 1 September 2025, 3 pages" in said(summed)
    assert "20 school days" in said(summed)
    assert "*Notice*" in said(summed)
    assert "Show in page" in said(summed)
    assert "page 3" in said(page) or "page 2" in said(page)
    assert "it is the version in force" in said(reviewed)
    assert "Approved by the Trust Board on 1 September 2025." in said(approved)


def test_it_is_explained_in_plain_words(office: Office) -> None:
    _, plain = asked(
        office, "bob", "staff",
        "When does a plan of each trip reach the EVC?",
        "Explain it for a new teaching assistant",
    )  # fmt: skip
    assert "the person who checks that school trips are well planned" in said(plain)
    assert "at least 20 school days before the trip" in said(plain)
    meaning = office.ask_alone("bob", "What does KCSIE mean?")
    assert "Keeping Children Safe in Education" in said(meaning)


def test_what_changed_is_said_of_two_versions_and_of_the_library(office: Office) -> None:
    changed = office.ask("bob", "staff", "What has changed in the school trips policy?")
    for words in ("*Was £40, now £55*", "*Was 15 school days, now 20 school days*", "page 2"):
        assert words in said(changed)
    office.workspace.as_user("bob").click(changed, "ask.sources")
    assert "£40" in said(office.modal("bob", "Sources"))
    listed = said(office.ask_alone("bob", "What's new since 2020?"))
    assert "1 September 2025: School trips policy" in listed
    assert "Replaces the version of 1 September 2023" in listed


@pytest.mark.parametrize(
    "question",
    [
        "What would the draft school trips policy change?",
        "Summarise the draft school trips policy",
        "What's new since 2020?",
        "Explain the draft school trips policy in plain English",
    ],
)
def test_what_not_all_of_a_channel_may_see_is_in_none_of_it(office: Office, question: str) -> None:
    assert "draft" in said(office.ask_alone("eve", question)).lower().replace(question.lower(), "")
    for shown in (said(office.ask("eve", "mixed", question)), said(office.ask_alone("bob", question))):
        assert "£75" not in shown
        assert "30 school days" not in shown
        assert "draft" not in shown.lower()
        assert "Heron" not in shown


def test_a_model_explains_by_a_prompt_of_its_own_and_the_words_stay_beside_it(
    own_office: Office, encoder: Encoder
) -> None:
    library = Library(own_office.engine, encoder)
    for each in VERSIONS:
        _visits(library, *each)
    claim = (
        "A plan reaches the EVC at least 20 school days before the trip.",
        "A plan of each trip reaches the EVC at least 20 school days before the trip.",
    )
    with serving() as server:
        server.script = lambda asked: draft(asked, claim)
        own_office.settings = replace(own_office.settings, model="ollama:test-1", model_url=server.url)
        own_office.open()
        shown = said(
            own_office.ask_alone("bob", "Explain when a plan of each trip reaches the EVC to a new teaching assistant")
        )
        assert not any("£75" in asked.words for asked in server.asked)
    assert claim[0].rstrip(".") in shown
    assert "the person who checks that school trips are well planned" in shown
    with own_office.engine.connect() as connection:
        assert connection.execute(text("SELECT prompt FROM model_calls")).scalar_one() == "plain/2"


@pytest.mark.parametrize("fails", [False, True])
def test_a_models_words_keep_the_lead_of_a_summary(own_office: Office, encoder: Encoder, fails: bool) -> None:
    library = Library(own_office.engine, encoder)
    for each in VERSIONS:
        _visits(library, *each)
    claim = ("A family pays £55 for a day trip at most.", "No family is asked for more than £55 for a day trip.")
    with serving() as server:
        server.script = lambda asked: Reply(fault=503) if fails else draft(asked, claim)
        own_office.settings = replace(own_office.settings, model="ollama:test-1", model_url=server.url)
        own_office.open()
        reply = own_office.ask_alone("bob", "Summarise the school trips policy")
        own_office.ask("eve", "staff", "Summarise the school trips policy of 2025")
        changed = said(own_office.ask_alone("bob", "What has changed in the school trips policy?"))
        assert not any("£40" in asked.words for asked in server.asked)
    # The channel's answer was all there is to say: nobody was told the same again in private.
    assert not any(call.method == "chat.postEphemeral" for call in own_office.workspace.calls)
    assert "School trips policy: 1 September 2025, 3 pages" in said(reply).replace("\\", "")
    assert ("In its own words" in said(reply)) is fails
    assert ("[1] *School trips policy*" in said(reply)) is not fails
    assert ("The language model failed." in said(reply)) is fails
    # What was streamed was the whole of it, so that it is only ended and not written anew.
    assert not any(call.method == "chat.update" for call in own_office.workspace.calls)
    for words in ("*Was £40, now £55*", "*Was 15 school days, now 20 school days*"):
        assert changed.count(words) == 1
