"""A small library for the ways of a conversation: two versions and a draft, minutes, and a paper for the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Audience, Document, Kind, Names, Passage, Reader, Status

TODAY = date(2026, 11, 22)
NAMES = Names(
    trust="Fairholt Trust",
    schools={"ashby": ("Ashby Primary School", "Ashby"), "birch": ("Birch Academy", "Birch")},
    bodies={"ashby-slt": ("Ashby SLT",), "governors": ("Governing Body",), "board": ("Trust Board",)},
)
BOARD = Audience(frozenset({"board"}))
STAFF = Reader.of({"everyone"})
OF_ASHBY = Reader.of({"everyone", "ashby"})
OF_BOTH = Reader.of({"everyone", "ashby", "birch"})
TRUSTEE = Reader.of({"everyone", "board"})
CHANNEL = Reader.joint([STAFF, TRUSTEE])

Pages = Sequence[tuple[str, str]]


def paper(key: str, title: str, kind: Kind, audience: Audience = EVERYONE, **fields: Any) -> Document:
    """A document; everything else follows from its key where it is not given."""
    values = {"source": f"/papers/{key}.pdf", "file_name": f"{key}.pdf", "family": key, "unit": "page"} | fields
    if day := values.get("date"):
        values.setdefault("version", f"{day:%B %Y}")
    return Document(id=key, title=title, kind=kind, audience=audience, **values)


LETTINGS: dict[str, Any] = {"family": "lettings", "review": date(2028, 3, 31)}
PAPERS: tuple[tuple[Document, Pages], ...] = (
    (
        paper("lettings-2023", "Lettings Policy", Kind.POLICY, date=date(2023, 3, 14), **LETTINGS),
        [
            ("Purpose", "Approved by the Trust Board on 14 March 2023.\nOur halls are let to people who live near."),
            ("Charges", "4.1 A deposit of £50 is taken for a single event.\n4.2 The hall costs £14.00 an hour."),
            ("Booking", "5.1 Applications reach the office at least 10 working days before the event."),
            ("Conditions", "6.1 Alcohol may be served only with the consent of the local governing body.\n"
                           "6.2 A steward is appointed for every 50 people."),
            ("Complaints", "Anyone who is unhappy with the way in which this policy has been applied tells the head."),
        ],
    ),
    (
        paper("lettings-2026", "Lettings Policy", Kind.POLICY, date=date(2026, 3, 10), **LETTINGS),
        [
            ("Purpose", "Approved by the Trust Board on 10 March 2026. Takes effect on 1 September 2026.\n"
                        "Our halls are let to people who live near."),
            ("Charges", "4.1 A deposit of £100 is taken for a single event.\n4.2 The hall costs £18.00 an hour."),
            ("Booking", "5.1 Applications reach the office at least 15 working days before the event."),
            ("Conditions", "6.1 Alcohol may be served only with the consent of the headteacher.\n"
                           "6.2 Smoking and vaping are not allowed anywhere on the site."),
            ("Complaints", "Anyone who is unhappy with the way in which this policy has been applied tells the head."),
            ("Review", "It is reviewed every two years."),
        ],
    ),
    (
        paper("lettings-draft", "Lettings Policy (draft)", Kind.POLICY, BOARD, date=date(2026, 11, 2),
              status=Status.DRAFT, family="lettings"),
        [("Charges", "4.1 A deposit of £175 would be taken for a single event.")],
    ),
    (
        paper("homework-ashby", "Homework Policy", Kind.POLICY, school="ashby", date=date(2024, 9, 1)),
        [("Reading", "Every child reads aloud at home for 15 minutes each evening.")],
    ),
    (
        paper("homework-birch", "Homework Policy", Kind.POLICY, school="birch", date=date(2025, 9, 1)),
        [("Time", "Students in Year 8 do 45 minutes of homework each evening.")],
    ),
    (
        paper("slt-september", "Ashby SLT minutes", Kind.MINUTES, body="ashby-slt", school="ashby",
              date=date(2026, 9, 21)),
        [("Notes", "Present: the head, the deputy.\nIt was agreed to move the lunch of Year 5 to the second sitting.")],
    ),
    (
        paper("slt-november", "Ashby SLT minutes", Kind.MINUTES, body="ashby-slt", school="ashby",
              date=date(2026, 11, 9)),
        [("Notes", "Present: the head and the deputy.\nThe forecast deficit of the school is £11,400 this year.\n"
                   "It was agreed to ask for three quotations for the hall heater.\n"
                   "Action: the deputy rings three firms.\nNext meeting: 16 November 2026.")],
    ),
    (
        paper("governors", "Governing Body minutes", Kind.MINUTES, school="birch", body="governors",
              date=date(2025, 6, 2)),
        [("Notes", "It was agreed that the lower gate must be shut by 9.15 a.m. on every day of the week."),
         ("Actions", "Item | By whom | By when\nMend the gate | Caretaker | 1 July 2025\n"
                     "Tell parents | Clerk | at once")],
    ),
    (
        paper("board-october", "Trust Board minutes", Kind.MINUTES, BOARD, body="board", date=date(2025, 10, 6)),
        [("Notes", "Action: the chair writes to the developer.\nAction: none")],
    ),
    (
        paper("safeguarding", "Safeguarding Policy", Kind.POLICY, date=date(2026, 9, 8)),
        [
            ("Allegations", "The local authority designated officer (LADO) is contacted within one working day."),
            ("Reporting", "Staff report a concern to the DSL in person at once.\n"
                          "Where a concern has been reported by telephone, it is confirmed in writing to the DSL and "
                          "to the headteacher of the school within 24 hours of the call."),
        ],
    ),
    (
        paper("equality", "Equality Policy", Kind.POLICY, date=date(2024, 7, 9), review=date(2026, 7, 31)),
        [
            ("", "Date of review: July 2024\nDate of next review: July 2026\nTo be reviewed by: the Trust Board"),
            ("Aims", "The trustees hold that:\n(i) every pupil is to be met with the respect that is due to all;\n"
                     "(ii) that no pupil is to be met with less of it than any other pupil of the school.\n"
                     "Every school publishes its objectives on its own website.\n"
                     "The Fairholt Sports Network (FSN) is open to every pupil of every school."),
        ],
    ),
    (
        paper("clubs", "Clubs Guidelines (Whom to Ask and When)", Kind.GUIDANCE),
        [
            ("", "Clubs Guidelines (Whom to Ask and When)\n"
                 "This resource is provided by the association of those who run clubs after school.\n"
                 "We believe that every child has the right to be happy at a club of every sort."),
            ("Fees", "Whoever runs a club must pay these before the term begins:\n• £20 for a hall\n• £5 for a room"),
            ("Bookings", "[Amend or delete what follows according to the process that must be followed in your school.]"
                         "\nA room is booked with the office at least 3 days before the club meets."),
            ("Cover", "The following must be shown to the office before a club may begin:"),
            ("First aid", "Emma Stone and Rob Price - 24 November 2027 and 2 February 2028 Ashby Hall\n"
                          "Clubs by day and room (as at 3 May 2026)\nDay | Room\nMonday | Hall\nTuesday | Library"),
            ("Matters for the next agenda", "The office must bring every unpaid fee within 10 days of the first day."),
        ],
    ),
    (
        paper("sale", "Sale of the Birch field", Kind.REPORT, BOARD, date=date(2026, 11, 12), body="board"),
        [("Price", "The playing field at Birch is to be sold to a developer for £412,000.\n"
                   "The LADO is not concerned with the sale of the field.\n"
                   "The Birch Field Company (BFC) is wound up.")],
    ),
)  # fmt: skip
SECRET = ("412,000", "developer", "Sale of", "£175", "draft")


def fill(library: Library) -> Library:
    """Put the papers in, and say which versions stand."""
    from dataclasses import replace

    for document, pages in PAPERS:
        standing = document.id not in ("lettings-2023", "lettings-draft")
        library.put(replace(document, in_force=standing, pages=len(pages)), passages(document, pages))
    return library


def passages(document: Document, pages: Pages) -> list[Passage]:
    """The passages of one document, a page each."""
    return [
        Passage(f"{document.id}-{n}", document.id, n, text, (heading,), n + 1)
        for n, (heading, text) in enumerate(pages)
    ]
