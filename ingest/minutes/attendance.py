"""Who was there: grids of marks under dates, tables of names, and lines that begin with Present or Apologies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.minutes.actions.owners import NAME, POST_LETTERS
from ingest.minutes.layout.lines import Line
from knowledge.text.dates import find

_LONG_LIST = 1500
_MARK = re.compile(r"(?:P|S|A|L|N/?A|Y|N|✓|✔|x|X|AP|Ap|Present|Absent|Apologies|Sanctioned|Yes|No)\.?")
_HERE = re.compile(r"(?:P|L|Y|✓|✔|Present|Yes)\.?")
_LABEL = re.compile(
    r"(?:^|(?<=[.;|]\s))(?P<label>(?:members?\s+|governors?\s+|trustees\s+|also\s+|those\s+"
    r"|others?\s+)?(?:present|here|in\s+attendance|attendees?|attending|attended|apologies(?:\s+(?:for\s+absence"
    r"|received(?:\s+from)?|from|accepted))?|absent|clerk|chair|minutes|governors|trustees|directors|members))\s*"
    r"(?:for\s+item\s+\d+)?\s*(?:[:–|]|-(?=\s)|(?=$))\s*",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:vice|chair|clerk|business|leader|manager|headmaster|headmistress|officer|governors?|attendance"
    r"|present|absent|apologies|sanctioned|school|academy|committee|board|meeting|none|vacan\w+"
    r"|quorate|quorum|minutes|agenda|body|team|visitors?|primary|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|monday|tuesday|wednesday|thursday|friday)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    rf"(?P<name>{NAME}|[A-Z]{{3,}}(?:\s+[A-Z'’-]{{2,}}){{1,2}})(?:\s*[-–—]\s*(?P<after>[^,;()\[\]]{{2,50}}))?(?:\s*[(\[](?P<inside>[^)\]]*)[)\]])?(?:\s*[(\[](?P<more>[^)\]]*)[)\]])?"
    r"(?:\s*[-–—]\s*(?P<post>[^,;()\[\]]{2,50})|\s+(?P<tail>(?:(?:Vice|Co|Acting|School|Deputy"
    r"|Assistant)[\s-])*(?:Chair|Clerk"
    r"|Head\w*|Principal|Business)\b[^,;()\[\]]{0,40}))?"
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One name of an attendance list."""

    name: str
    initials: str = ""
    role: str = ""
    present: bool | None = None

    @property
    def chair(self) -> bool:
        """Whether the list says that this person took the chair."""
        return bool(re.search(r"(?<!vice[ -])(?<!vice)\bchair", self.role, re.IGNORECASE))

    @property
    def clerk(self) -> bool:
        """Whether the list says that this person took the minutes."""
        return bool(re.search(r"\bclerk|minut|governance professional", self.role, re.IGNORECASE))


def grid(lines: tuple[Line, ...], when: date | None) -> Iterator[Seat]:
    """The names of a grid whose columns are meetings, marked under the one of this day."""
    rows = [line.cells for line in lines if line.kind == "row" and line.section not in ("actions", "after", "matters")]
    dated = next((row for row in rows if sum(bool(find(cell)) for cell in row) >= 2 and not re.match(NAME, row[0])), ())
    if not dated or when is None:
        return
    days = [each.start if (each := next(iter(find(cell)), None)) else None for cell in dated]
    marked = [row for row in rows if row != dated and any(_MARK.fullmatch(cell) for cell in row[1:])]
    width = max((len(row) for row in marked), default=0)
    shift = max(width - len(dated), 1 if days[0] else 0)
    column = next((at for at, day in enumerate(days) if day and (day.day, day.month) == (when.day, when.month)), None)
    for row in marked:
        if not re.fullmatch(rf"{NAME}|[A-Z][A-Z'’.-]+(?:\s+[A-Z'’.-]+)+", row[0]):
            continue
        at = None if column is None else column + shift
        mark = row[at] if at is not None and at < len(row) else ""
        left = any(find(cell) and not re.fullmatch(r"\d{1,2}/\d{2,4}", cell) for cell in row[-1:])
        if mark or not left:
            post = next((cell for cell in row[1:] if re.fullmatch(r"[A-Za-z][A-Za-z -]{2,30}", cell)), "")
            role = "" if _MARK.fullmatch(post) else post
            yield Seat(row[0], role=role, present=bool(_HERE.fullmatch(mark)) if mark else None)


def listed(lines: tuple[Line, ...]) -> Iterator[Seat]:
    """The names after Present, Apologies and the like, in lines, lists or tables at the top of the minutes."""
    present: bool | None = None
    listing = False
    role = ""
    for line in lines[:120]:
        if line.section in ("actions", "matters", "after", "next"):
            break
        if line.cells and {"name", "initials"} & set(line.columns):
            yield from _row(line, present)
            continue
        if line.kind == "heading" or line.section == "attendance":
            said = line.text.casefold()
            present, listing = _presence(said) if line.kind == "heading" else present, line.section == "attendance"
            role = ""
        text = line.text if line.text and line.kind != "row" else line.quote
        labelled = (line.kind != "heading" or ": " in text) and len(text) < _LONG_LIST
        pieces = list(_LABEL.finditer(text)) if labelled else []
        if not pieces:
            if (
                listing
                and line.kind != "row"
                and line.section in ("attendance", "front")
                and len(line.quote.split()) < 40
            ):
                yield from _people(line.quote, present, role)
            elif line.section == "notes":
                listing = False
            continue
        for at, piece in enumerate(pieces):
            end = pieces[at + 1].start() if at + 1 < len(pieces) else len(text)
            label = piece["label"].casefold()
            present = _presence(label)
            role = "Clerk" if "clerk" in label or "minutes" in label else ("Chair" if "chair" in label else "")
            listing = line.section in ("front", "attendance")
            yield from _people(re.split(r"(?<=[a-z)])\.\s+(?=[A-Z])", text[piece.end() : end])[0], present, role)


def _presence(label: str) -> bool:
    return not re.search(r"apolog|absent", label)


def _people(text: str, present: bool | None, role: str = "") -> Iterator[Seat]:
    for match in _PERSON.finditer(text.replace(" | ", ", ")):
        if _NOBODY.search(match["name"]):
            continue
        within = f"{match['inside'] or ''}, {match['more'] or ''}"
        inside = [part.strip() for part in re.split(r"[,;–/]|\s-\s", within) if part.strip()]
        letters = next((part for part in inside if re.fullmatch(r"[A-Z]{2,4}", part) and part not in POST_LETTERS), "")
        posts = [part for part in inside if part != letters]
        post = (match["after"] or match["post"] or match["tail"] or "").strip()
        if re.fullmatch(r"[A-Z]{2,4}", post):
            letters, post = letters or post, ""
        said = ", ".join([*posts, *([post] if post else [])]) or role
        yield Seat(match["name"], letters, said[:60].rstrip(" ."), present)


def _row(line: Line, present: bool | None) -> Iterator[Seat]:
    name = line.cell("name")
    if line.header or not re.match(NAME, name):
        return
    mark = line.cell("present").strip()
    here = present if not mark else not re.match(r"(?:n|no|a|ap|absent|apolog|x|s)\b", mark, re.IGNORECASE)
    yield Seat(name, line.cell("initials").strip(" ()"), line.cell("role"), here)
