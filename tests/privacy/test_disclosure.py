"""An administrator finds all that mentions somebody, and a person takes his own data away."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Person
from bot.errors import Refusal
from bot.meetings.tables import ActionRow
from bot.privacy import disclosure
from bot.privacy.audit import Audit
from bot.privacy.mydata import MyData
from bot.pulse.results.publish import NOTE
from bot.pulse.tables import CollaborationRow, ParticipationRow, WaveRow
from knowledge.library.library import Library
from tests.privacy.test_retention import NOW, ask, document
from tests.scenarios import corpus

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

BOB = Person(id="bob", name="Bob Birch")


def records(engine: Engine) -> None:
    ask(engine, "Ev-1", 3, words="oak tree")
    ask(engine, "Ev-2", 2, words="oak  Tree", asker="U0FAY")
    with Session(engine) as session, session.begin():
        when = datetime(2026, 11, 1, tzinfo=UTC)
        session.add(
            ActionRow(
                id="a1",
                raised=date(2026, 11, 1),
                body="slt",
                about="{}",
                task="Fell the oak tree",
                owners='[{"person": "bob"}]',
                due="{}",
                state="open",
                quote="Bob fells it",
                item="",
                heading="Estates",
                audience="everyone",
                part_b=False,
                reason="",
                created=when,
                changed=when,
            )
        )
        session.add(
            CollaborationRow(id="reading", name="Reading", schools=[], outcome="", lead="bob", start=date(2026, 9, 1),
                             end=date(2027, 7, 1), partners=[])
        )  # fmt: skip
        session.flush()
        session.add(WaveRow(id="w1", collaboration="reading", opens=date(2026, 10, 1), closes=date(2026, 10, 9),
                            statements="[]", state="open", plan=""))  # fmt: skip
        session.flush()
        session.add(ParticipationRow(wave="w1", person="bob", slices=[], state="replied"))


def test_all_that_mentions_it_is_found_and_exported(engine: Engine, encoder: Encoder, tmp_path: Path) -> None:
    records(engine)
    library = Library(engine, encoder)
    corpus.fill(library)
    found = disclosure.search_all(engine, "OAK tree")
    assert sorted({each.kind for each in found}) == ["action", "answer", "feedback", "question"]
    assert disclosure.search_all(engine, "sports hall")[0].kind == "document"
    as_json, as_csv = disclosure.export(found, tmp_path / "out", "oak tree")
    told = json.loads(as_json.read_text("utf-8"))
    assert len(told["mentions"]) == len(found) == 7
    with as_csv.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == len(found) + 1


def test_a_cell_is_no_formula_and_nothing_is_not_looked_for(sqlite_engine: Engine, tmp_path: Path) -> None:
    mention = disclosure.Mention("question", "1", "", "", "", '=HYPERLINK("https://evil.example")')
    _, as_csv = disclosure.export([mention], tmp_path, "x")
    assert "'=HYPERLINK" in as_csv.read_text("utf-8-sig")
    with pytest.raises(Refusal, match="two letters"):
        disclosure.search_all(sqlite_engine, " a ")


def test_my_data_is_mine_alone_and_has_no_pulse_answers(engine: Engine) -> None:
    records(engine)
    mine = MyData(engine, lambda: NOW).export("U0BOB", BOB)
    told = json.dumps(mine)
    assert [each["question"] for each in mine["questions"]] == ["Where is the oak tree?"]
    assert mine["actions"][0]["task"] == "Fell the oak tree"
    assert mine["pulse_participation"] == [{"wave": "w1", "state": "replied"}]
    assert mine["collaborations_led"] == ["Reading"]
    assert "U0FAY" not in told
    assert "sealed" not in told
    gone = MyData(engine, lambda: NOW).delete("U0BOB")
    assert (gone.answers, gone.feedback) == (1, 1)
    assert MyData(engine, lambda: NOW).delete("U0BOB").answers == 0
    left = MyData(engine, lambda: NOW).export("U0BOB", BOB)
    assert left["questions"] == left["feedback"] == []
    assert left["actions"], "the trust's record stays"
    assert MyData(engine, lambda: NOW).counts("U0FAY").answers == 1


def test_the_audit_is_narrowed_by_person_document_and_days(sqlite_engine: Engine) -> None:
    early = Audit(sqlite_engine, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    early.seen("U0BOB", "answer", "C1", [document("lettings")])
    audit = Audit(sqlite_engine, lambda: NOW)
    audit.seen("U0FAY", "page", "", [document("lettings"), document("gates")])
    assert [each.person for each in audit.listed()] == ["U0FAY", "U0BOB"]
    assert [each.what for each in audit.listed(person="U0BOB")] == ["answer"]
    assert [each.what for each in audit.listed(document="the GATES")] == ["page"]
    assert [each.what for each in audit.listed(days=30)] == ["page"]
    assert "question" not in json.dumps([each.as_json() for each in audit.listed()])


def test_results_of_a_pulse_are_not_among_what_is_found(engine: Engine) -> None:
    """Who was asked, and the chosen channel, see them; the search hands out answers that were given to anybody."""
    told = f"Pulse on Reading: Weakest test: Pace, 35 % favourable.\n\n{NOTE}"
    ask(engine, "Ev-1", 3, words="how is the reading collaboration doing", said=told)
    ask(engine, "Ev-2", 3, words="who reads", said="Reading is led by Ann; see 35 % in the plan.")
    found = disclosure.search_all(engine, "reading")
    assert {each.kind for each in found} >= {"question", "answer"}
    assert not any("Pace" in each.text for each in found)
    figures = [each.text for each in disclosure.search_all(engine, "35 %") if each.kind == "answer"]
    assert figures == ["Reading is led by Ann; see 35 % in the plan."]
    (withheld,) = [each for each in disclosure.search_all(engine, "Results of a pulse") if each.kind == "answer"]
    assert "for those who were asked" in withheld.text
