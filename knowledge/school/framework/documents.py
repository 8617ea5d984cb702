"""The framework as short Markdown documents, to be put into the library beside the trust's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from knowledge.passages import EVERYONE, Document, Kind
from knowledge.school.framework.model import Framework, load

SOURCE = "framework:"
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@cache
def edition() -> str:
    """A hash of everything that the documents are made from: while it is the same, so are they."""
    folder = files("knowledge.school.framework")
    parts = [folder.joinpath(name).read_bytes() for name in ("framework.yaml", "documents.py", "model.py")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def sources() -> frozenset[str]:
    """The sources of all documents of the framework."""
    return frozenset(f"{SOURCE}{name}" for name in _WRITTEN)


@cache
def documents() -> tuple[tuple[Document, str], ...]:
    """Each document of the framework with its Markdown text, readable by everyone; sources are `framework:<name>`."""
    framework = load()
    return tuple(_document(name, title, body(framework), framework.source) for name, (title, body) in _WRITTEN.items())


def _document(name: str, title: str, body: str, credit: str) -> tuple[Document, str]:
    source = f"{SOURCE}{name}"
    text = f"# {title}\n\n{body}\n\n## Where this comes from\n\n{credit}\n"
    document = Document(
        id=hashlib.sha256(source.encode()).hexdigest()[:32],
        source=source,
        file_name=f"{name}.md",
        title=title,
        kind=Kind.PRINCIPLE,
        audience=EVERYONE,
        family=source,
        digest=edition(),
    )
    return document, text


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}"


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _principles(framework: Framework) -> str:
    one = framework.guiding_principle
    names = _listed(f"{each.number} {each.name}" for each in framework.principles)
    sections = [
        f"The ten guiding principles are {names}.",
        f"## The one guiding principle\n\nThe one guiding principle is: {one.statement}. {one.meaning}\n\n"
        f"{_items(one.duties)}",
        *(
            f"## Principle {each.number}: {each.name}\n\nPrinciple {each.number} is {each.name}: "
            f"{_lower(each.summary)} Trust and school leaders:\n\n{_items(map(_lower, each.duties))}"
            for each in framework.principles
        ),
    ]
    return "\n\n".join(sections)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _responsibilities(framework: Framework) -> str:
    names = _listed(each.name.lower() for each in framework.responsibilities)
    parts = "\n\n".join(f"## {each.name}\n\n{each.text}" for each in framework.responsibilities)
    return f"The four responsibilities that trust leaders and school leaders share are {names}.\n\n{parts}"


def _tests(framework: Framework) -> str:
    names = _listed(each.name for each in framework.tests)
    sections = [
        f"The five tests of collaboration are {names}. A collaboration is strong when it passes all five.",
        *(f"## {each.name}\n\nThe test of {each.name}: {_lower(each.statement)}" for each in framework.tests),
        "## Questions to ask before starting a collaboration\n\n"
        "Before starting a collaboration, the partners should ask these five questions.\n\n"
        + _items(f"{each.name}: {each.question}" for each in framework.tests),
    ]
    return "\n\n".join(sections)


def _priorities(framework: Framework) -> str:
    names = _listed(_lower(each.name) for each in framework.priorities)
    sections = [
        f"The five priorities of a trust are {names}. No single blueprint fits every trust: "
        "each weighs them for its own schools.",
        *(f"## {each.name}\n\n{each.text}" for each in framework.priorities),
    ]
    return "\n\n".join(sections)


def _reflection_and_capacity(framework: Framework) -> str:
    statements = _items(f"{each.statement}. {each.next_step}" for each in framework.reflection)
    dimensions = _listed(_lower(each.name) for each in framework.capacity)
    described = _items(f"{each.name}: {_lower(each.text)}" for each in framework.capacity)
    return (
        "## The reflection grid\n\nFor each principle a school or the trust says which of these five statements is "
        f"true of it today.\n\n{statements}\n\n"
        "## The dimensions of capacity\n\n"
        f"Capacity has {_NUMBER_WORDS[len(framework.capacity)]} dimensions: {dimensions}.\n\n{described}\n\n"
        "## Capacity givers and capacity takers\n\nA school that has capacity to spare gives it; a school that needs "
        "help takes it. The same school can be a giver in one matter and a taker in another, and both change with time."
    )


def _career(framework: Framework) -> str:
    names = _listed(_lower(each.name) for each in framework.career_stages)
    stages = "\n".join(f"{each.number}. {each.name}: {_lower(each.text)}" for each in framework.career_stages)
    return (
        "The ten-year career plan leads a new teacher through "
        f"{_NUMBER_WORDS[len(framework.career_stages)]} stages: {names}.\n\n## The stages\n\n{stages}\n\n"
        "## Why talent matters\n\nMost of a trust's budget, some three quarters of it or more, is spent on people. "
        "Developing them is therefore never left to chance."
    )


def _agenda(framework: Framework) -> str:
    tags = {each.id: each.name for each in framework.priorities} | {"children": "Children"}
    rows = "\n".join(f"| {each.name} | {tags[each.priority]} |" for each in framework.agenda)
    names = _listed(_lower(each.name) if not each.name[:2].isupper() else each.name for each in framework.agenda)
    return (
        "Leadership teams in all schools work through the same standard agenda items, so that the trust hears soon "
        "after each meeting how every school fares. Under each item the team notes what went well, what is hard and "
        f"what it asks for.\n\nThe standard agenda items are {names}.\n\n"
        f"## The items and their priorities\n\n| Item | Priority |\n|---|---|\n{rows}"
    )


_WRITTEN: dict[str, tuple[str, Callable[[Framework], str]]] = {
    "ten-guiding-principles": ("The ten guiding principles of leading a trust", _principles),
    "four-responsibilities": ("The four responsibilities of leaders", _responsibilities),
    "five-tests-of-collaboration": ("The five tests of collaboration", _tests),
    "five-priorities": ("The five priorities of a trust", _priorities),
    "reflection-and-capacity": ("Reflection and capacity", _reflection_and_capacity),
    "ten-year-career-plan": ("The ten-year career plan", _career),
    "standard-agenda": ("Standard agenda items for leadership meetings", _agenda),
}
