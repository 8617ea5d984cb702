"""The evaluation set cannot rot: its facts stand in its documents, and its askers may or may not read them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePath

import pytest

from bot.config import trust
from bot.demo import sample
from bot.demo.sample import make
from knowledge.passages import OPERATOR, Audience, Reader
from knowledge.school.framework import documents
from tests.evaluation.__main__ import QUESTIONS
from tests.evaluation.cases import Case, load, plain

CASES = load(QUESTIONS)
TRUST = trust.load(sample.TRUST_FILE)
MADE = {PurePath(name).name: make.SOURCES / source for name, (source, _) in make.FILES.items()}
FRAMEWORK = {document.file_name: text for document, text in documents()}
PATHS = {path.name: path for path in sample.LIBRARY.rglob("*") if path.is_file()}


def _text(name: str) -> str:
    return FRAMEWORK[name] if name in FRAMEWORK else MADE.get(name, PATHS.get(name, Path(name))).read_text("utf-8")


def _reader(case: Case) -> Reader:
    if case.person is None:
        return OPERATOR
    person = TRUST.person(case.person)
    assert person is not None, f"{case.id}: nobody is called {case.person}"
    return TRUST.reader(person)


def _audience(name: str) -> Audience:
    if name in FRAMEWORK:
        return Audience(frozenset({"everyone"}))
    folder = PATHS[name].parent.relative_to(sample.TRUST_FILE.parent)
    return next(Audience(frozenset(rule.audience)) for rule in TRUST.library if Path(rule.path) == folder)


def test_enough_of_every_sort_in_both_sets() -> None:
    assert len(CASES) >= 90
    sets = Counter(case.set for case in CASES)
    assert 0.35 < sets["fit"] / len(CASES) < 0.45
    assert set(sets) == {"fit", "held"}
    for wanted in sets:
        assert {case.expect for case in CASES if case.set == wanted} == {"answered", "not_found", "signpost"}
        tags = {tag for case in CASES if case.set == wanted for tag in case.tags}
        assert tags >= {"version", "access", "near", "absent", "school", "table", "framework", "keywords", "minutes"}


def test_every_document_is_asked_about() -> None:
    asked = {name for case in CASES for name in case.documents}
    assert asked == PATHS.keys() | FRAMEWORK.keys()


@pytest.mark.parametrize("case", [case for case in CASES if case.expect == "answered"], ids=lambda case: case.id)
def test_facts_stand_in_a_document_that_the_asker_may_read(case: Case) -> None:
    assert case.facts
    reader = _reader(case)
    for name in case.documents:
        assert reader.may_read(_audience(name)), name
        text = _text(name)
        for group in case.facts:
            one = case.model_copy(update={"facts": (group,)})
            assert one.stated_by(text) or len(case.documents) > 1, f"{group} is not in {name}"
    assert case.stated_by(" ".join(map(_text, case.documents)))


def test_a_number_is_not_found_inside_a_longer_one() -> None:
    case = Case(
        id="x", question="How much?", expect="answered", documents=frozenset({"a.md"}), facts=(("£45",), ("31", "all"))
    )
    assert case.stated_by("It costs **£45**, until the pupil is 31.")
    assert not case.stated_by("It costs £450, until the pupil is 31.")
    assert not case.stated_by("It costs £45 and 131 people paid.")
    assert plain("The  head’s\nview") == "the head's view"


def test_a_mistake_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    good = "- {id: a, question: How much is it, expect: not_found}\n"
    file.write_text(good)
    assert [case.id for case in load(file)] == ["a"]
    assert load(file, ["held"]) == []
    for bad in (
        good + good,
        "- {id: a, question: How much is it, expect: answered}",
        "- {id: a, question: How much is it, expect: not_found, facts: [[b]]}",
        "- {id: a, question: How much is it, expect: not_found, fact: b}",
        "- {id: a, question: How much is it, expect: answered, documents: [b.md], facts: [[]]}",
    ):
        file.write_text(bad)
        with pytest.raises(ValueError, match=r"share the id|validation error"):
            load(file)
