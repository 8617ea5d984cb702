"""Questions over returns, and over records and documents together, through Slack: told only as far as all may read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.workspace.state import Message
from tests.model_server.server import Reply, serving
from tests.scenarios import corpus
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import Staffroom, staffroom_at

CALM = "Lunchtimes are calm since the new rota."


@pytest.fixture
def at_work(staffroom: Staffroom) -> Staffroom:
    """Notes that were confirmed, a return that was sent after them, and some policies."""
    assert staffroom.library
    corpus.fill(staffroom.library)
    staffroom.confirmed()
    ann = staffroom.workspace.as_user("ann")
    assert ann.command("/trust", "return").ok
    form = staffroom.modal("ann", "Two-minute return")
    ann.click(form, "meetings.more_items", "Behaviour and exclusions")
    form = staffroom.modal("ann", "Two-minute return", lambda view: "well:behaviour" in json.dumps(view["blocks"]))
    assert ann.submit(form, {"well:behaviour": CALM, "ask:behaviour": "Help with phonics in Year 1."}).ok
    staffroom.rest()
    return staffroom


def answer(staffroom: Staffroom, question: Message) -> Message:
    """The bot's answer to a question."""
    staffroom.workspace.wait_for(lambda: staffroom.workspace.replies(question), what="an answer")
    staffroom.rest()
    return staffroom.workspace.replies(question)[0]


def test_returns_answer_those_who_may_read_them(at_work: Staffroom) -> None:
    dana, rex = at_work.workspace.as_user("dana"), at_work.workspace.as_user("rex")
    reply = said(answer(at_work, dana.dm("What went well at Oakfield on behaviour?")))
    assert CALM in reply
    assert "return after Oakfield senior leadership team, 2 November 2026" in reply
    assert "Help with phonics" in said(answer(at_work, dana.dm("Who asked for help with phonics?")))
    assert "Riverside Primary School" in said(answer(at_work, dana.dm("Which schools have not reported?")))
    reply = said(answer(at_work, rex.dm("What went well at Oakfield on behaviour?")))
    assert CALM not in reply
    assert "as far as you can see the returns" in reply
    assert "Oakfield" not in said(answer(at_work, rex.dm("Which schools have reported?")))


def test_in_a_channel_the_asker_alone_is_told_more(at_work: Staffroom) -> None:
    question = at_work.workspace.as_user("dana").mention("general", "What went well at Oakfield on behaviour?")
    assert CALM not in said(answer(at_work, question))
    alone = at_work.workspace.ephemerals("dana")[-1]
    assert CALM in said(alone)


def test_records_and_documents_answer_together(at_work: Staffroom) -> None:
    ann = at_work.workspace.as_user("ann")
    question = ann.dm("What did we agree about lettings and what does the policy say about hirers of the sports hall?")
    reply = answer(at_work, question)
    words = said(reply)
    assert words.index("From the records") < words.index("lettings end at 9 pm") < words.index("From the documents")
    assert corpus.LETTINGS in words
    assert at_work.workspace.as_user("ann").click(reply, "ask.sources").ok


def test_where_the_records_hold_nothing_the_documents_are_shown(at_work: Staffroom) -> None:
    rex = at_work.workspace.as_user("rex")
    words = said(answer(at_work, rex.dm("What did we agree about the attendance register?")))
    assert "Nothing agreed about attendance register is recorded" in words
    assert "closes at 9.25 am" in words
    words = said(answer(at_work, rex.dm("What did we agree about lettings and what does the policy say?")))
    assert "9 pm" not in words


def test_a_follow_up_goes_on_in_the_records(at_work: Staffroom) -> None:
    dana = at_work.workspace.as_user("dana")
    question = dana.dm("What went well at Riverside on behaviour?")
    assert CALM not in said(answer(at_work, question))
    follow_up = dana.dm("and at Oakfield?", thread=question.ts)
    at_work.workspace.wait_for(lambda: len(at_work.workspace.replies(question)) >= 2, what="a second answer")
    at_work.rest()
    assert CALM in said(at_work.workspace.replies(question)[-1]), follow_up


def test_the_ten_principles_are_a_lens_on_the_thread(at_work: Staffroom) -> None:
    ann = at_work.workspace.as_user("ann")
    question = ann.dm("When does the attendance register close?")
    assert "9.25 am" in said(answer(at_work, question))
    ann.dm("Which of the ten principles speaks to this?", thread=question.ts)
    at_work.workspace.wait_for(lambda: len(at_work.workspace.replies(question)) >= 2, what="a second answer")
    at_work.rest()
    words = said(at_work.workspace.replies(question)[-1])
    assert "2. Children First" in words
    agreed = ann.dm("What did we agree about lettings?")
    assert "9 pm" in said(answer(at_work, agreed))
    ann.dm("Look at this through the ten principles.", thread=agreed.ts)
    at_work.workspace.wait_for(lambda: len(at_work.workspace.replies(agreed)) >= 2, what="a second answer")
    at_work.rest()
    about_lettings = said(at_work.workspace.replies(agreed)[-1])
    assert "3. Community" in about_lettings
    assert "lettings end at 9 pm" in about_lettings
    assert "Principle 2 is Children First" in words
    assert corpus.REGISTER in words


def test_a_model_is_given_nothing_of_the_records(home: Path) -> None:
    with serving() as server, staffroom_at(home) as staffroom:
        server.script = lambda asked: Reply(json.dumps({"kind": "none", "claims": [], "ask": ""}))
        staffroom.settings = replace(staffroom.settings, model="ollama:test-1", model_url=server.url)
        staffroom.open()
        assert staffroom.library
        corpus.fill(staffroom.library)
        staffroom.confirmed()
        server.asked.clear()
        ann = staffroom.workspace.as_user("ann")
        for question in (
            "What did we agree about lettings and what does the policy say?",
            "Is our decision on lettings in line with the lettings policy?",
            "What did we agree about invoices of the sports hall?",
            "Which actions are open at Oakfield?",
            "Which schools have not reported?",
        ):
            answer(staffroom, ann.dm(question))
        assert server.asked == []
        answer(staffroom, ann.dm("When does the attendance register close?"))
        assert len(server.asked) > 0, "it is asked of all else"
