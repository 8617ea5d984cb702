"""The reference of the trust file names every key and every word that the program takes, and its examples are taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from bot.config import trust as trust_file
from bot.config.trust import Retention, Trust
from knowledge.passages import Kind, Status
from tests.guides.markdown import ROOT, fences, sections

PAGE = ROOT / "bot/guides/trust-file.md"
SECTIONS = {
    "Trust": "The trust",
    "School": "Schools",
    "Person": "People",
    "Group": "Groups",
    "Folder": "Library",
    "AgendaItem": "Agenda and meetings",
    "Series": "Agenda and meetings",
    "Term": "School year",
    "Span": "School year",
    "WeeklyDigest": "Digests and returns",
    "Retention": "Retention, privacy and links",
    "Privacy": "Retention, privacy and links",
    "Links": "Retention, privacy and links",
}


def kinds(annotation: Any) -> Iterator[Any]:
    """Every type and every literal that a field's type is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from kinds(part)


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """This model and all below it."""
    yield model
    for field in model.model_fields.values():
        for kind in kinds(field.annotation):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind)


MODELS = {model.__name__: model for model in models(Trust)}
KEYS = sorted(
    (name, key) for name, model in MODELS.items() for key, field in model.model_fields.items() if not field.exclude
)


def words_of(model: type[BaseModel]) -> set[str]:
    """The words that a model's fields may have for values."""
    found = {kind for field in model.model_fields.values() for kind in kinds(field.annotation)}
    words = {str(word) for kind in found for word in get_args(kind) if isinstance(word, str)}
    return words | {str(each) for enum in (Kind, Status) if enum in found for each in enum}


def test_every_model_has_its_section() -> None:
    assert set(MODELS) == set(SECTIONS)
    assert len(KEYS) > 60


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_every_key_is_named_where_it_belongs(model: str, key: str) -> None:
    assert f"`{key}`" in sections(PAGE)[SECTIONS[model]]


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_word_is_named_where_it_belongs(model: str) -> None:
    # Roles are explained once, where people are.
    section = sections(PAGE)[SECTIONS[model]] + sections(PAGE)["People"]
    assert {word for word in words_of(MODELS[model]) if f"`{word}`" not in section} == set()


def loaded(examples: list[str], **more: object) -> Trust:
    whole: dict[str, Any] = {}
    for example in examples:
        whole |= yaml.safe_load(example)
    return trust_file.parse(yaml.safe_dump(whole | more), Path("trust.yaml"))


def test_the_examples_are_a_trust_file() -> None:
    trust = loaded(fences(PAGE, "yaml"), name="Fernhill Learning Trust")
    assert trust.retention == Retention(), "the page says that these are what counts if nothing is written"
    assert [digest.items for digest in trust.digests] == [(), ("attendance", "send")]


def test_the_example_to_begin_with_is_a_trust_file() -> None:
    trust = loaded(fences(ROOT / "bot/guides/set-up.md", "yaml"))
    assert [person.name for person in trust.administrators] == ["Kim Long"]
