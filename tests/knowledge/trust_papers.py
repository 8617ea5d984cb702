"""A small library for the tests of search and answers: two schools, versions, meetings, and papers for the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Audience, Document, Kind, Names, Passage, Reader, Status

TODAY = date(2026, 11, 22)
NAMES = Names(
    trust="Fairholt Trust",
    schools={"ashby": ("Ashby Primary School", "Ashby"), "birch": ("Birch Academy", "Birch")},
    bodies={"finance": ("Finance Committee", "FC"), "ashby-lgb": ("Ashby Local Governing Body", "Ashby LGB")},
)
BOARD = Audience(frozenset({"board"}))
STAFF = Reader.of({"everyone"})
TRUSTEE = Reader.of({"everyone", "board"})


def paper(
    key: str,
    title: str,
    kind: Kind,
    *,
    audience: Audience = EVERYONE,
    family: str | None = None,
    school: str | None = None,
    body: str | None = None,
    day: date | None = None,
    status: Status = Status.APPROVED,
) -> Document:
    """A document of the library."""
    return Document(
        id=key,
        source=f"/papers/{key}.pdf",
        file_name=f"{key}.pdf",
        title=title,
        kind=kind,
        audience=audience,
        family=family or key,
        school=school,
        body=body,
        date=day,
        version=f"{day:%B %Y}" if day else None,
        status=status,
    )


LETTINGS = {"family": "lettings", "kind": Kind.POLICY, "title": "Lettings policy"}
PAPERS: tuple[tuple[Document, Sequence[tuple[tuple[str, ...], str]]], ...] = (
    (
        paper("homework-ashby", "Homework policy", Kind.POLICY, school="ashby", day=date(2024, 9, 1)),
        [
            (
                ("Reading",),
                "Every child reads aloud at home.\nChildren in Year 4 do 20 minutes of homework each evening.",
            ),
            (("Rewards",), "Class points are given for effort. No child is kept in for homework that was not done."),
        ],
    ),
    (
        paper("homework-birch", "Homework policy", Kind.POLICY, school="birch", day=date(2025, 9, 1)),
        [
            (
                ("Time",),
                "Students in Year 8 do 45 minutes of homework each evening.\nThe library is open until 4.30 pm.",
            ),
            (("Sanctions",), "A student who hands in no homework attends the study room on Thursday."),
        ],
    ),
    (
        paper("lettings-2020", day=date(2020, 11, 1), **LETTINGS),  # type: ignore[arg-type]
        [(("Charges",), "The hall costs £15 for the first hour.\nThe hirer insures the event for £2 million.")],
    ),
    (
        paper("lettings-2024", day=date(2024, 11, 1), **LETTINGS),  # type: ignore[arg-type]
        [
            (("Charges",), "The hall costs £22 for the first hour.\nThe hirer insures the event for £5 million."),
            (
                ("Conditions",),
                "The hirer is responsible for:\n• leaving the hall clean\n• locking the side door\n"
                "• reporting any damage\n"
                "Kitchens are not part of a letting unless the head agrees.",
            ),
        ],
    ),
    (
        paper("lettings-draft", day=date(2026, 10, 1), status=Status.DRAFT, **LETTINGS),  # type: ignore[arg-type]
        [(("Charges",), "The hall would cost £30 for the first hour.")],
    ),
    (
        paper("finance-march", "Finance Committee minutes", Kind.MINUTES, body="finance", day=date(2025, 3, 11)),
        [((), "The committee chose Tanner and Holt as auditors.\nThe forecast deficit was £11,400.")],
    ),
    (
        paper("finance-october", "Finance Committee minutes", Kind.MINUTES, body="finance", day=date(2025, 10, 7)),
        [((), "The committee approved a minibus lease of £390 a month.\nThe next meeting is on 9 December 2025.")],
    ),
    (
        paper("first-aid", "First aid policy", Kind.POLICY, day=date(2025, 1, 5)),
        [
            (
                ("First aiders",),
                "Name | School | Certificate ends\nPriti Shah | Ashby | 4 May 2027\nOwen Black | Birch | 12 June 2026",
            ),
            (("Boxes",), "First aid boxes are kept in the office, the hall and the nursery."),
        ],
    ),
    (
        paper("safeguarding", "Safeguarding policy", Kind.POLICY, day=date(2026, 9, 1)),
        [
            (
                ("Disclosures",),
                "A member of staff to whom a child discloses harm tells the designated safeguarding lead at once.\n"
                "This policy is reviewed each September by the trust board.",
            )
        ],
    ),
    (
        paper("pay", "Pay of senior staff", Kind.REPORT, audience=BOARD, day=date(2026, 1, 9)),
        [((), "The chief executive is paid £131,400 a year.\nThe hall at Birch is to be sold to a developer.")],
    ),
)


def passages(document: Document, texts: Sequence[tuple[tuple[str, ...], str]]) -> list[Passage]:
    """The passages of one document, a page each."""
    return [
        Passage(f"{document.id}-{n}", document.id, n, text, heading, n + 1) for n, (heading, text) in enumerate(texts)
    ]


def fill(library: Library, leave_out: frozenset[str] = frozenset()) -> Library:
    """Put all papers in but those named."""
    for document, texts in PAPERS:
        if document.id not in leave_out:
            library.put(document, passages(document, texts))
    return library
