"""The training recipe, on a little data of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.safety import check, train, weights
from knowledge.safety.train import AT_RISK, ORDINARY, UNREAD, LabelledSentence
from tests.conftest import ENCODER_CACHE

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

WHO = ("a boy", "one of the girls", "a year 6", "my pupil", "the little one")
RISK = ("says dad beats him", "has bruises again", "is scared to go home", "wants to die")
DAILY = ("has lost a coat", "asked about the trip", "likes the new library", "moves to Leeds in May")


def _lines(whats: Sequence[str], label: str) -> list[LabelledSentence]:
    return [LabelledSentence(f"{who} {what}", label, "skills.jsonl") for who in WHO for what in whats]


def test_a_model_is_trained_and_is_the_same_each_time(encoder: Encoder, tmp_path: Path) -> None:
    unread = [LabelledSentence("the coach leaves at nine", UNREAD, "questions.jsonl")]
    lines = [*_lines(RISK, AT_RISK), *_lines(DAILY, ORDINARY), *unread]
    found, report = train.train(lines, encoder)
    assert report.at_risk == len(WHO) * len(RISK)
    assert report.lines == len(lines)
    assert report.recall > 0.8
    assert "at risk" in str(report)
    safety = check.SafetyCheck(encoder, found)
    assert safety.probability("another child says dad beats her") > safety.probability("a child has lost a scarf")
    again, _ = train.train(lines, encoder)
    weights.save(found, tmp_path / "once")
    weights.save(again, tmp_path / "twice")
    assert [(tmp_path / "once" / name).read_bytes() for name in (weights.WEIGHTS, weights.SEAL)] == [
        (tmp_path / "twice" / name).read_bytes() for name in (weights.WEIGHTS, weights.SEAL)
    ]


def test_what_nobody_read_is_left_out_where_it_looks_like_a_child_at_risk(encoder: Encoder) -> None:
    lines = [*_lines(RISK, AT_RISK), *_lines(DAILY, ORDINARY)]
    doubtful = LabelledSentence("a boy says dad beats him and is scared to go home", UNREAD, "questions.jsonl")
    _, report = train.train([*lines, doubtful], encoder)
    assert report.lines == len(lines)


def test_the_data_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    def put(name: str, *rows: dict[str, object]) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")

    put("skills/safety.jsonl", {"text": "he is scared", "label": "at_risk"}, {"text": "he is late", "label": "not"})
    put("skills/skills.jsonl", {"text": "what is due", "skill": "none"}, {"text": "he is late", "skill": "none"})
    put("corpus/questions-2.jsonl", {"question": "when is half term"})
    put("year/returns.jsonl", {"items": {"pupils": {"well": "All well. Two more joined.", "hard": None}}})
    put("skills/followups.jsonl", {"text": "and then"})
    found = {(line.text, line.label) for line in train.lines_in(tmp_path)}
    assert found == {
        ("he is scared", AT_RISK), ("he is late", ORDINARY), ("what is due", ORDINARY), ("when is half term", UNREAD),
        ("All well.", UNREAD), ("Two more joined.", UNREAD),
    }  # fmt: skip


def test_the_command_writes_weights(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "data").mkdir()
    # A thin slice of the lines beside the recipe, so that the test is quick.
    kept = [line for number, line in enumerate(train.own_lines()) if number % 20 == 0]
    rows = [{"text": line.text, "label": line.label} for line in kept]
    (tmp_path / "data" / "safety.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    arguments = [str(tmp_path / "data"), "--out", str(tmp_path / "out"), "--cache", str(ENCODER_CACHE), "--bare"]
    train.main(arguments, said.append)
    assert weights.load(tmp_path / "out").likely > 0
    assert "Thresholds" in said[0]


def test_no_line_of_training_stands_twice() -> None:
    lines = train.own_lines()
    assert len({line.text for line in lines}) == len(lines)
    assert {line.label for line in lines} == {AT_RISK, ORDINARY}
