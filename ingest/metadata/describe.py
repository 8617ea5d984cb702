"""Say what a document is: kind, school, committee, date, version, status, title, and the family of its versions."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path, PurePath

from ingest.metadata.declared import Declared, from_properties, from_sidecar
from ingest.metadata.recognise import body_in, heads, kind_in, kind_of_text, named, plain, unlisted_school
from ingest.metadata.stamps import Stamps, meeting_date, opening, stamps
from ingest.metadata.titles import content, family_of, title_lines, title_of
from ingest.readers.reading import Reading, Unreadable
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Document, Kind, Names, Status
from knowledge.text.dates import Period, ambiguous, find, in_name

FRONT_MATTER = frozenset({".md", ".markdown", ".txt", ".text"})
_OF_A_BODY = frozenset({Kind.MINUTES, Kind.AGENDA, Kind.REPORT})
_GONE = re.compile(r"(?:archived?|superseded|old|previous(?: versions?)?|obsolete|withdrawn)")


@dataclass(frozen=True, slots=True)
class FolderRule:
    """What is true of all that lies in a folder; None where the folder says nothing."""

    audience: Audience
    kind: Kind | None = None
    school: str | None = None
    status: Status | None = None
    mask: bool = True


def document_id(source: str) -> str:
    """The id of the document at this source: the same for as long as it stays there."""
    return sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def describe(
    path: Path,
    reading: Reading,
    rule: FolderRule,
    names: Names,
    root: Path,
    *,
    digest: str = "",
    principals: Collection[str] | None = None,
) -> Document:
    """Describe the document at `path`, which lies in `root` (or is it).

    Authority: front matter, sidecar, folder rule, then the document's own first page and file name. Raises
    Unreadable where front matter or sidecar say something that makes no sense. `principals` are those that a
    declared audience may use; None accepts any.
    """
    front = Declared()
    if path.suffix.lower() in FRONT_MATTER:
        front = from_properties(reading.properties, names, principals)
    declared = _first(front, from_sidecar(path, names, principals))
    first = [block.text for block in opening(reading)]
    folders = PurePath(path.relative_to(root)).parts[:-1] if path != root and path.is_relative_to(root) else ()
    ignore = (names.trust, *(way for ways in names.schools.values() for way in ways))

    kind = declared.kind or rule.kind or _kind(path, reading, first, folders)
    title = declared.title or title_of(reading.title, path.name, title_lines(opening(reading)), kind, ignore)
    school = declared.school or rule.school or _school(names, title, path, folders, first)
    found = stamps(reading) if kind not in _OF_A_BODY else Stamps(status=stamps(reading).status)
    began = _began(path, reading, kind, title, found, first)
    when = declared.date or (began.start if began else None)
    body = declared.body or (_body(names, path, title, first) if kind in _OF_A_BODY else None)
    if not declared.title and kind in (Kind.MINUTES, Kind.AGENDA) and not _says_which(reading.title, kind):
        title = _meeting_title(names, kind, school, body, when, first) or title
    status = declared.status or rule.status or found.status or _status(path, title, folders)
    source = str(path)
    ident = document_id(source)
    place = school or unlisted_school([title, *heads(first)])
    family = declared.family or family_of(title, kind, place, ignore)
    return Document(
        id=ident,
        source=source,
        file_name=path.name,
        title=title,
        kind=kind,
        audience=_audience(declared, rule),
        family=f"{kind.value}/{ident}" if kind in STANDING_ALONE else family,
        school=school,
        body=body,
        version=declared.version or _version(path, title, found, began, declared.date),
        date=when,
        review=declared.review or (found.review.end if found.review else None),
        status=status or Status.APPROVED,
        in_force=kind in STANDING_ALONE or status in (None, Status.APPROVED),
        pages=reading.pages,
        unit=reading.unit,
        ocr=reading.ocr,
        url=declared.url,
        digest=digest,
    )


def _first(front: Declared, sidecar: Declared) -> Declared:
    """The sidecar's word wherever the front matter says nothing."""
    said = {key: value for key, value in front if value is not None}
    return sidecar.model_copy(update=said)


def _audience(declared: Declared, rule: FolderRule) -> Audience:
    if declared.audience is None:
        return rule.audience
    audience = Audience(frozenset(declared.audience))
    if EVERYONE_PRINCIPAL not in rule.audience.principals and not audience.principals <= rule.audience.principals:
        raise Unreadable(
            f"it declares the audience {audience.name}, which is wider than its folder's ({rule.audience.name}). "
            "Move it to a folder with that audience, or change the folder's in the trust file"
        )
    return audience


def _kind(path: Path, reading: Reading, first: list[str], folders: tuple[str, ...]) -> Kind:
    said = kind_in(path.stem)
    titled = kind_in(reading.title) if reading.title and len(reading.title) < 90 else None
    if said in (None, Kind.FORM) and not titled and kind_of_text("\n".join(first)):
        return Kind.MINUTES
    if said is None and re.search(r"\bmeeting\b", plain(path.stem)) and in_name(path.stem):
        return Kind.MINUTES
    by_folder = next((kind for folder in reversed(folders) if (kind := kind_in(folder))), None)
    if said or titled or by_folder:
        return said or titled or by_folder or Kind.OTHER
    if reading.unit == "slide":
        return Kind.GUIDANCE
    by_line = (kind for text in first[:3] if len(text) < 80 and (kind := kind_in(text)))
    return kind_of_text("\n".join(first)) or next(by_line, Kind.OTHER)


def _school(names: Names, title: str, path: Path, folders: tuple[str, ...], first: list[str]) -> str | None:
    said = named(names.schools, [title, path.stem, *reversed(folders)])
    # Further down a school may only be spoken of: there its full name must begin a line.
    full = {key: ways[:1] for key, ways in names.schools.items()}
    own = (line for line in heads(first) if any(plain(line).startswith(plain(way[0])) for way in full.values() if way))
    return said or named(full, [" | ".join(own)])


def _body(names: Names, path: Path, title: str, first: list[str]) -> str | None:
    top = first[:12]
    return named(names.bodies, [path.stem, title, *top]) or body_in([*top, path.stem, title])


def _began(path: Path, reading: Reading, kind: Kind, title: str, found: Stamps, first: list[str]) -> Period | None:
    """When this version, or this meeting, was: by its first page, else its title, else its file name."""
    in_text = meeting_date(reading) if kind in _OF_A_BODY else found.date
    latest = _last_year(path)
    names = in_name(path.stem, latest)
    spans = [period for text in (title, path.stem) for period in in_name(text) if period.start.year != period.end.year]
    if kind is Kind.CALENDAR and spans:
        return spans[0]
    if in_text:
        return in_text
    seen = "\n".join(block.text for block in opening(reading))
    either = [way for way in ambiguous(path.stem, latest) if any(way.start == day.start for day in in_name(seen))]
    best = next(iter([*either, *in_name(title, latest), *names]), None)
    return (_finer(best, heads(first)) if best and best.is_year else None) or best


def _finer(year: Period, lines: list[str]) -> Period | None:
    """The month or day at the end of one of these lines that falls in a year known from elsewhere."""
    for line in lines:
        for period in find(line)[-1:]:
            if not period.is_year and period.stop >= len(line.rstrip()) and year.start <= period.start <= year.end:
                return period
    return None


def _last_year(path: Path) -> int:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).year + 1
    except (OSError, OverflowError, ValueError):
        return date.max.year


def _version(path: Path, title: str, found: Stamps, began: Period | None, declared: date | None) -> str | None:
    """The version as a citation names it: a number, the years that it is for, or its date as far as it is known."""
    numbered = re.search(r"(?<![a-z])v(?:ersion)?[ ._-]*(\d{1,2}(?:\.\d{1,2}){0,2})(?!\d)", path.stem, re.IGNORECASE)
    number = found.version or (numbered[1] if numbered else None)
    if number:
        return number
    spans = [period for text in (title, path.stem) for period in in_name(text) if period.start.year != period.end.year]
    if spans:
        return spans[0].words
    if declared:
        return _day(declared)
    return began.words[:1].upper() + began.words[1:] if began else None


def _status(path: Path, title: str, folders: tuple[str, ...]) -> Status | None:
    for text in (path.stem, title):
        words = plain(text)
        if re.search(r"\b(?:superseded|archived|obsolete|withdrawn)\b|\bold$", words):
            return Status.SUPERSEDED
        if re.search(r"\bdraft\b", words):
            return Status.DRAFT
    for folder in reversed(folders):
        if _GONE.fullmatch(plain(folder)):
            return Status.SUPERSEDED
        if re.fullmatch(r"drafts?", plain(folder)):
            return Status.DRAFT
    return None


def _says_which(title: str | None, kind: Kind) -> bool:
    """Whether a title of minutes names the meeting as well."""
    return bool(title) and kind_in(title or "") is kind and len(content(title or "")) > 2


def _meeting_title(
    names: Names, kind: Kind, school: str | None, body: str | None, when: date | None, first: list[str]
) -> str | None:
    if not body or not when:
        return None
    said = names.bodies.get(body, (body,))[0]
    of = names.schools.get(school or "", ("",))[0]
    already = set(plain(of).split()[:1]) & set(plain(said).split())
    whole = f"{of} {said}" if of and not already else said
    confidential = " (Part B)" if any(re.search(r"\bpart b\b", text.lower()) for text in first[:6]) else ""
    return f"{whole} {kind.value}{confidential}, {_day(when)}"


def _day(when: date) -> str:
    return Period(when, when).words
