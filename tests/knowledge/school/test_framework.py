"""The framework: complete, strictly read, and quotable on its own."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml
from pydantic import ValidationError

from knowledge.passages import EVERYONE, Kind
from knowledge.school.framework import Framework, documents, load
from knowledge.school.framework.model import parse

YAML = files("knowledge.school.framework").joinpath("framework.yaml").read_text(encoding="utf-8")


def test_it_has_all_that_the_sources_name() -> None:
    framework = load()
    assert [each.name for each in framework.principles] == [
        "Culture", "Children First", "Community", "Clarity", "Communication", "Collaboration", "Change Management",
        "Capability", "Consistency", "Capacity",
    ]  # fmt: skip
    assert framework.principle(6).name == "Collaboration"
    assert [each.name for each in framework.tests] == ["PURPOSE", "MUTUALITY", "CHANGE", "PACE", "PRIORITISATION"]
    assert len(framework.agenda) == 14
    assert "David Carter" in framework.source
    assert load() is framework


@pytest.mark.parametrize("number", [0, 11, -1])
def test_there_is_no_principle_beyond_ten(number: int) -> None:
    with pytest.raises(LookupError, match="1 to 10"):
        load().principle(number)


@pytest.mark.parametrize("part", sorted(Framework.model_fields.keys() - {"source", "guiding_principle"}))
def test_a_part_too_few_or_out_of_order_is_refused(part: str) -> None:
    data = yaml.safe_load(YAML)
    for broken in (data[part][:-1], [*data[part], data[part][0]], [data[part][0], *data[part][:-1]]):
        if part in ("reflection", "capacity") and len(broken) == len(data[part]):
            continue
        with pytest.raises(ValidationError):
            parse(yaml.safe_dump(data | {part: broken}))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="sixth_priority"):
        parse(YAML + "\nsixth_priority: none\n")


def test_the_documents_are_principles_for_everyone_with_a_source_each() -> None:
    made = documents()
    assert {document.source for document, _ in made} == {f"framework:{document.file_name[:-3]}" for document, _ in made}
    assert all(document.kind is Kind.PRINCIPLE and document.audience == EVERYONE for document, _ in made)
    assert len({document.id for document, _ in made}) == len(made) == 7
    for document, text in made:
        assert text.startswith(f"# {document.title}\n")
        assert "Sir David Carter" in text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "five-tests-of-collaboration",
            "The five tests of collaboration are PURPOSE, MUTUALITY, CHANGE, PACE and PRIORITISATION.",
        ),
        ("ten-guiding-principles", "Principle 6 is Collaboration:"),
        (
            "four-responsibilities",
            "The four responsibilities that trust leaders and school leaders share are children, strategy, improvement "
            "and capacity.",
        ),
        ("five-tests-of-collaboration", "the partners should ask these five questions."),
    ],
)
def test_a_question_is_answered_by_one_sentence(name: str, sentence: str) -> None:
    text = next(text for document, text in documents() if document.source == f"framework:{name}")
    assert sentence in text


def test_sections_are_short_enough_for_one_passage() -> None:
    for document, text in documents():
        for section in re.split(r"\n(?=#)", text):
            assert len(section.split()) <= 180, (document.file_name, section[:60])
