"""Says of a document, in plain words, what the library knows of it; and offers several to choose from."""

from __future__ import annotations

from datetime import date

from knowledge.conversation.boilerplate import is_boilerplate
from knowledge.conversation.finding import MOST_CANDIDATES, Found
from knowledge.conversation.laying import Piece, laid_out
from knowledge.conversation.turn import Reply
from knowledge.passages import Citation, Document, Outcome, Reader, Status
from knowledge.search import Search
from knowledge.sentences import sentence_spans


def day(when: date) -> str:
    """A day as people write it."""
    return f"{when.day} {when:%B %Y}"


def described(document: Document) -> str:
    """One line: title, version, date, pages, and how far it has come."""
    said = []
    dated = day(document.date) if document.date else ""
    if document.version and document.version not in f"{document.title} {dated}":
        numbered = document.version[:1].isdigit() and "." in document.version
        said.append(f"version {document.version}" if numbered else document.version)
    said += [dated] if dated and dated not in document.title else []
    said += [pages(document)] if document.pages else []
    said.append(status(document))
    if document.review and document.in_force:
        said.append(f"due for review by {day(document.review)}")
    known = ", ".join(each for each in said if each)
    joined_by = "," if ":" in document.title else ":"
    return f"{document.title}{joined_by} {known}." if known else f"{document.title}."


def pages(document: Document) -> str:
    """How long a document is, in its own unit."""
    count, unit = document.pages or 0, document.unit or "page"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def status(document: Document) -> str:
    """How far a document has come; nothing for what simply stands."""
    if document.status is Status.DRAFT:
        return "a draft, not approved"
    return "" if document.in_force else "superseded by a later version"


def offered(found: Found, asking: str, reader: Reader, search: Search) -> Reply:
    """The documents that a name could mean, each with its first words, and a question back."""
    listed = found.documents[:MOST_CANDIDATES]
    more = len(found.documents) - len(listed)
    lead = f"{len(found.documents)} documents come near that name. {asking}"
    if len(found.documents) == 1:
        lead = "One document comes near that name. If it is the one that you mean, ask again with its whole name."
    if more:
        lead += f" The first {len(listed)} are:"
    pieces = [
        Piece(described(each).rstrip("."), "", (first,))
        for each in listed
        if (first := first_words(each, reader, search))
    ]
    return Reply(laid_out(Outcome.ANSWERED, lead, pieces))


def first_words(document: Document, reader: Reader, search: Search) -> Citation | None:
    """The first sentence of a document that is more than a line of its head."""
    first: Citation | None = None
    for passage, _ in search.library.contents(reader, document.id).values():
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            cited = Citation(text, passage.id, document, passage.heading, passage.page)
            first = first or cited
            if len(text.split()) > 6 and not is_boilerplate(text) and text.endswith(".") and " | " not in text:
                return cited
    return first
