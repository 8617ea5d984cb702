"""Says of a document, in plain words, what the library knows of it; and offers several to choose from."""

from __future__ import annotations

import re
from datetime import date

from knowledge.answer.retrieve import Search
from knowledge.passages import Citation, Document, Outcome, Reader, Status
from knowledge.skills.documents.boilerplate import is_boilerplate
from knowledge.skills.documents.finder import MOST_CANDIDATES, NamedDocuments
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer
from knowledge.text.dates import find as find_dates
from knowledge.text.sentences import sentence_spans


def day(when: date) -> str:
    """A day as people write it."""
    return f"{when.day} {when:%B %Y}"


def titled(document: Document, search: Search) -> str:
    """A document's title, with its school where the title does not name it: several schools have a policy of one
    name."""
    school = search.names.schools.get(document.school or "")
    if not school or any(each.casefold() in document.title.casefold() for each in school):
        return document.title
    return f"{document.title} ({school[0]})"


def described(document: Document, search: Search) -> str:
    """One line: title, school, version, date, pages, and how far it has come."""
    said = []
    title = titled(document, search)
    dated = day(document.date) if document.date and not _by_version(document) else ""
    if document.version and document.version not in f"{document.title} {dated}":
        numbered = document.version[:1].isdigit() and "." in document.version
        said.append(f"version {document.version}" if numbered else document.version)
    said += [dated] if dated and dated not in document.title else []
    said += [pages(document)] if document.pages else []
    said.append(status(document))
    if document.review and document.in_force:
        late = document.review < search.today()
        said.append(f"{'was ' if late else ''}due for review by {day(document.review)}")
    known = ", ".join(each for each in said if each)
    joined_by = "," if ":" in title else ":"
    return f"{title}{joined_by} {known}." if known else f"{title}."


def dated_as(document: Document) -> str:
    """When a document is from: its version where that says no day, else its date; empty where neither is known."""
    if _by_version(document):
        return document.version or ""
    return day(document.date) if document.date else ""


def _by_version(document: Document) -> bool:
    """Whether the version says when it is from, and the day is only the first of that month."""
    if document.date is None or document.date.day != 1 or not document.version:
        return False
    said = find_dates(document.version)
    return any(each.start < each.end and not each.is_year and each.start <= document.date <= each.end for each in said)


def pages(document: Document) -> str:
    """How long a document is, in its own unit."""
    count, unit = document.pages or 0, document.unit or "page"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def status(document: Document) -> str:
    """How far a document has come; nothing for what simply stands."""
    if document.status is Status.DRAFT:
        return "a draft, not approved"
    return "" if document.in_force else "superseded by a later version"


def offered(found: NamedDocuments, asking: str, reader: Reader, search: Search) -> SkillAnswer:
    """The documents that a name could mean, each with its first words, and a question back."""
    listed = found.documents[:MOST_CANDIDATES]
    more = len(found.documents) - len(listed)
    lead = f"{len(found.documents)} documents come near that name. {asking}"
    if len(found.documents) == 1:
        lead = "One document comes near that name. If it is the one that you mean, ask again with its whole name."
    if more:
        lead += f" The first {len(listed)} are:"
    pieces = [
        Section(described(each, search).rstrip("."), "", (first,))
        for each in listed
        if (first := first_words(each, reader, search))
    ]
    return SkillAnswer(layout(Outcome.ANSWERED, lead, pieces))


_ITEM = re.compile(r"[•▪●◦○‣*–-]\s|\(?(?:[a-z]|[ivx]{1,4})[.)]\s|[a-z(\[]")


def _stands_alone(text: str) -> bool:
    """Whether a line is a whole sentence that reads without the line before."""
    return text.endswith(".") and " | " not in text and not _ITEM.match(text)


def first_words(document: Document, reader: Reader, search: Search) -> Citation | None:
    """The first sentence of a document that is more than a line of its head, and no item of a list."""
    first: Citation | None = None
    for passage, _ in search.library.contents(reader, document.id).values():
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            cited = Citation(text, passage.id, document, passage.heading, passage.page)
            first = first or cited
            if len(text.split()) > 6 and not is_boilerplate(text) and _stands_alone(text):
                return cited
    return first
