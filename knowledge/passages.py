"""The values that the whole house speaks of: audiences, readers, documents, passages, citations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

EVERYONE_PRINCIPAL = "everyone"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read a document: anybody who holds at least one of its principals.

    A principal is `everyone`, a school's id, a group's id or `person:<id>`.
    """

    principals: frozenset[str]

    def __post_init__(self) -> None:
        if not self.principals:
            raise ValueError("an audience needs at least one principal; `everyone` is the widest")

    @property
    def name(self) -> str:
        """The stored form: principals in order, joined by `+`."""
        return "+".join(sorted(self.principals))

    @classmethod
    def parse(cls, name: str) -> Audience:
        """Read the stored form back."""
        return cls(frozenset(part.strip() for part in name.split("+") if part.strip()))


EVERYONE = Audience(frozenset({EVERYONE_PRINCIPAL}))


@dataclass(frozen=True, slots=True)
class Reader:
    """What one person, or all members of a channel together, may read.

    `members` holds each member's principals: a document is readable when every member may read it.
    No members at all read nothing. The operator of the machine reads everything.
    """

    members: frozenset[frozenset[str]]
    operator: bool = False

    def may_read(self, audience: Audience) -> bool:
        """Whether every member holds a principal of this audience."""
        if self.operator:
            return True
        return bool(self.members) and all(audience.principals & member for member in self.members)

    @classmethod
    def of(cls, principals: Iterable[str]) -> Reader:
        """One person who holds these principals."""
        return cls(frozenset({frozenset(principals)}))

    @classmethod
    def joint(cls, readers: Iterable[Reader]) -> Reader:
        """What all of these may read; nothing when there are none."""
        return cls(frozenset(member for reader in readers for member in (reader.members or {frozenset[str]()})))


OPERATOR = Reader(frozenset(), operator=True)
NOBODY = Reader(frozenset())


class Kind(StrEnum):
    """What sort of document it is."""

    PRINCIPLE = "principle"
    POLICY = "policy"
    MINUTES = "minutes"
    AGENDA = "agenda"
    REPORT = "report"
    PLAN = "plan"
    GUIDANCE = "guidance"
    FORM = "form"
    CALENDAR = "calendar"
    NOTICE = "notice"
    OTHER = "other"


class Status(StrEnum):
    """How far a document has come; superseded also follows from a later version of its family."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the library holds it, without its text.

    `family` is shared by all versions of one document; `in_force` says that it is the version that answers by
    default (for minutes and reports, each of which stands for itself, it is always true). `masked` is how many places
    of the text have "Pupil A" for a likely pupil's name.
    """

    id: str
    source: str
    file_name: str
    title: str
    kind: Kind
    audience: Audience
    family: str
    school: str | None = None
    body: str | None = None
    version: str | None = None
    date: datetime.date | None = None
    review: datetime.date | None = None
    status: Status = Status.APPROVED
    in_force: bool = True
    pages: int | None = None
    unit: str | None = None
    ocr: bool = False
    url: str | None = None
    digest: str = ""
    masked: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document, at most some 180 words, as it is searched and cited.

    `text` is whole lines of the document's text, verbatim. `page` counts from 1, in the document's `unit`
    (page or slide). `header` is the header row of the table that the passage continues, or empty.
    """

    id: str
    document_id: str
    ordinal: int
    text: str
    heading: tuple[str, ...] = ()
    page: int | None = None
    header: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The trust's proper names, for reading them out of questions and documents: id -> every way to say it.

    Schools are in the trust's own order; `phases` says which is a primary, and so on.
    """

    trust: str = ""
    schools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bodies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """One verbatim quote and where it stands."""

    quote: str
    passage_id: str
    document: Document
    heading: tuple[str, ...]
    page: int | None


class Outcome(StrEnum):
    """The ways in which a question can end."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    NOT_FOUND = "not_found"
    SIGNPOST = "signpost"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a model's answer, held to its quote: the citation with this number, from 0.

    `reworded`: the words are the model's, who left some of the quote's out; otherwise they are the quote's own.
    """

    text: str
    citation: int
    reworded: bool = True


@dataclass(frozen=True, slots=True)
class Writing:
    """How a model was asked: which one, with which prompt and passages; tokens in and out, seconds of its own."""

    model: str
    prompt: str
    version: int
    passages: tuple[str, ...]
    tokens_in: int
    tokens_out: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Written:
    """What a model made of the passages. `options`: the claims are ways to choose from, and `ask` the question that
    decides. `note` says why there are no claims where a model should have written some; `by` is None where it was
    not asked or did not answer."""

    claims: tuple[Claim, ...] = ()
    options: bool = False
    ask: str = ""
    note: str = ""
    by: Writing | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer under a heading: what is said there, and the numbers (from 0) of the citations that it
    shows. What comes before all headings has an empty one."""

    heading: str
    said: str = ""
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its outcome, the text that a person reads, and the quotes that it rests on.

    `parts` lay the same answer out where it has several, school by school or section by section.

    `told`: the text says in words of its own what is recorded, as of now; the quotes are only where that comes from.
    `approved`: the text is a standard answer, with its label.
    `written` is there where a model is set up and was to write this answer.
    `signpost`: whom to speak to about a child at risk. Where that is not the whole answer it is said after its first
    lines, and the text holds it too.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    told: bool = False
    approved: bool = False
    written: Written | None = None
    parts: tuple[Part, ...] = ()
    signpost: str = ""
