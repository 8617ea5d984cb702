"""What a document's own pages say, beside a label, of its dates, its version and its status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.readers.reading import Block, Reading
from knowledge.passages import Status
from knowledge.text.dates import Period, find, in_name

_THING = (
    r"(?:policy|document|version|plan|procedure|statement|notice|scheme|handbook|guide|guidance|strategy|charter|code)"
)
_DONE = r"(?:adopted|approved|ratified|agreed|authorised|endorsed|reviewed|updated|revised|amended|issued|published)"
_NOUN = r"(?:adoption|approval|ratification|issue|publication|last\s+(?:review|update|revision)|policy|implementation)"

_LABELS = re.compile(
    r"(?P<next>"
    r"(?:date\s+(?:of|for)\s+)?next\s+(?:\w+\s+)?review(?:\s+(?:date|due|by))*|review\s+(?:due|by)"
    r"|(?:to|will|shall|must|should)\s+(?:next\s+)?be\s+(?:next\s+)?(?:re-?)?reviewed(?:\s+(?:again|next))?(?:\s+by)?"
    r"|due\s+(?:for|to\s+be)\s+review(?:ed)?|renewal\s+date|valid\s+(?:until|to)|expir(?:y|es)(?:\s+(?:date|on))?)"
    r"|(?P<unclear>(?:policy\s+)?review\s+date|date\s+of\s+(?:policy\s+)?review|review(?=\s*[:|]))"
    r"|(?P<past>"
    rf"(?:date\s+)?(?:first\s+|last\s+|most\s+recently\s+)?{_DONE}(?:\s+by)?"
    rf"|date\s+of\s+(?:this\s+)?{_NOUN}|{_NOUN}\s+date|date\s+(?:created|written|produced)|last\s+(?:review|update)"
    r"|(?:effective|in\s+force|with\s+effect|applies|valid)\s+from|effective\s+date|version\s+date|signed\s+off)"
    r"|(?P<date>date)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:(?:this|the|our)\s+(?:\w+\s+){{0,3}}?{_THING}\s+)?(?:was|were|is|has\s+been)?|{_THING}", re.IGNORECASE
)
_DIRECT = re.compile(r"[\s:;|–—.()-]*(?:(?:on|in|for|from)\s+)?(?:the\s+)?[\s:;|–—-]*", re.IGNORECASE)
_WEAK = re.compile(r"(?:updated|reviewed|revised|approved|adopted|ratified)(?:\s+by)?$", re.IGNORECASE)
_NAME = re.compile(r"(?:(?:[A-Z(][\w'’&-]*|of|and|the|for|&)\s*)*\)?")
_DATE_WORDS = re.compile(
    r"(?:\W|\b(?:for|the|of|academic|school|year|term|date|dated|mon|tues|wednes|thurs|fri|satur|sun|day)(?:day)?\b)*",
    re.IGNORECASE,
)
_REACH = 70
_LAST = 2_000
_VERSION = re.compile(
    r"\b(?:version|revision|issue)\s*(?:no\.?|number)?\s*[:|]?\s*v?(\d{1,2}(?:\.\d{1,2}){0,2})\b"
    r"|\bv\.?\s?(\d{1,2}(?:\.\d{1,2}){0,2})\b",
    re.IGNORECASE,
)
_DRAFT = re.compile(r"(?:status\s*[:|–-]\s*)?(?:final\s+|working\s+)?draft\b|.*\bDRAFT\b", re.DOTALL)
_GONE = re.compile(
    rf"(?:status\s*[:|–-]\s*)?(?:superseded|withdrawn|obsolete|archived)\b"
    rf"|(?:this|the)\s+(?:\w+\s+){{0,2}}?{_THING}\s+(?:has\s+been|is|was)\s+(?:now\s+)?"
    r"(?:superseded|withdrawn|replaced|archived)",
    re.IGNORECASE,
)
_APPROVED = re.compile(r"status\s*[:|–-]\s*(?:approved|adopted|final|ratified|in\s+force|current)\b", re.IGNORECASE)
# The label of this meeting's own day, which begins a line or a cell: "Date:", "Date of meeting |", "Held on".
_OWN_LABEL = re.compile(
    r"(?:^|[|\n\t])[\s*#>_-]*(?:(?P<own>meeting\s+date|date(?:\s+(?:and|&)\s+time)?\s+of\s+(?:the\s+|this\s+)?meeting"
    r"|date\s+held|held(?:\s+on)?)|date(?:\s*(?:and|&|/)\s*time)?)(?!\w)[\s:|–—.*_-]*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\s,]*(?:the\s+)?",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:minutes|notes|meeting|committee|governors|governing|board|trustees|team|council)\b[^;|\n]{0,120}?\b"
    r"(?:held|met|meeting)\b[^;|\n]{0,60}?\bon\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\s,]*(?:the\s+)?",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"\W*(?:date|day|time|start|end|venue|location|place|room|meeting|body|committee|chair|clerk|type|"
    r"(?:date|time)\s*(?:and|&|/)\s*\w+|(?:date|time|place)\s+of\s+(?:the\s+)?meeting|meeting\s+(?:date|type))\W*",
    re.IGNORECASE,
)
_OF_A_MEETING = re.compile(
    r"\b(?:minutes|notes|meeting|committee|governing|governors|board|trustees|directors|slt|lt|smt|elt|team|lgb|fgb|panel"
    r"|council|network|group|briefing|school|academy|trust)\b",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"\W*(?:(?:met|held)(?:\s+on)?\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\W+)?(?:the\s+)?", re.IGNORECASE
)
_TITLE_LINES, _TITLE_WORDS, _SHORT_TITLE, _PAIR, _SLACK = 6, 30, 6, 2, 12
_OTHER_MEETING = re.compile(r"(?:next|previous|last)\s+(?:\w+\s+)?meeting", re.IGNORECASE)
_CONFIRMED = re.compile(r"\b(?:approved|agreed|signed|confirmed|accepted|true\s+record)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamps:
    """What was found: when this version began, when it is to be reviewed, its number, and its status."""

    date: Period | None = None
    review: Period | None = None
    version: str | None = None
    status: Status | None = None


def opening(reading: Reading, characters: int = 5000) -> list[Block]:
    """The blocks of the first two pages, or of as many characters."""
    taken: list[Block] = []
    size = 0
    for block in reading.blocks:
        if size > characters or (block.page or 0) > 2:
            break
        size += len(block.text)
        # One block may be the whole document.
        taken.append(replace(block, text=block.text[:characters]) if len(block.text) > characters else block)
    return taken


def stamps(reading: Reading) -> Stamps:
    """The stamps on a document's first two pages, or failing those on its last lines."""
    first = opening(reading)
    found = _dates(first)
    if not found.date or not found.review:
        last = _dates([replace(block, text=block.text[-_LAST:]) for block in reading.blocks[-20:]])
        found = Stamps(found.date or last.date, found.review or last.review)
    alone = (period for block in first[:12] if len(block.text) < 60 and (period := _alone(block.text)))
    return Stamps(found.date or next(alone, None), found.review, _version(first), _status(first))


def meeting_date(reading: Reading) -> Period | None:
    """The day beside the label of a meeting's own date at the top of its minutes, or else the one in its title; None
    where there is none, or where a bare "Date" and the title disagree."""
    blocks = [block for block in opening(reading, 2000) if not _in_another_table(block, reading.blocks)]
    text = "\n".join(block.text for block in blocks)
    days = [period for period in find(text) if period.start == period.end and not _of_another(text, period)]
    titled = next((day for day in days if _in_title(text, day)), None)
    labels = [(label.end(), bool(label["own"])) for label in _OWN_LABEL.finditer(text)]
    # Below the title, "the meeting held on …" is mostly one whose minutes are agreed.
    labels += [(label.end(), True) for label in _HELD.finditer(text, 0, titled.stop if titled else len(text))]
    beside = [(day, own) for end, own in sorted(labels) for day in days if -_SLACK <= day.begin - end <= _SLACK]
    labelled = next((day for day, own in beside if own), None)
    if labelled:
        return labelled
    bare = next((day for day, _ in beside), None)
    return None if bare and titled and bare.start != titled.start else bare or titled


def _in_another_table(block: Block, blocks: tuple[Block, ...]) -> bool:
    """Whether this is a row of a table that is not about the meeting: actions, payments and events have days too."""
    if block.kind != "row":
        return False
    cells = _filled(block)
    if len(cells) <= _PAIR and _COLUMN.fullmatch(cells[0]):
        return False
    at = next(at for at, other in enumerate(blocks) if other is block)
    while at and blocks[at - 1].kind == "row":
        at -= 1
    return not all(_COLUMN.fullmatch(cell) for cell in _filled(blocks[at]))


def _filled(row: Block) -> list[str]:
    return [cell.strip() for cell in row.text.split(" | ") if cell.strip()] or [""]


def _in_title(text: str, day: Period) -> bool:
    """Whether the line of this day, among the first few, is one that a title has: of a meeting, or of the day alone."""
    begin = text.rfind("\n", 0, day.begin) + 1
    line = text[begin : text.find("\n", day.stop) if "\n" in text[day.stop :] else len(text)]
    if text.count("\n", 0, begin) >= _TITLE_LINES or len(line.split()) > _TITLE_WORDS:
        return False
    if line.count(" | ") > 1:
        return bool(_COLUMN.fullmatch(text[:begin].rstrip().rsplit("\n", 1)[-1].split(" | ")[0]))
    rest = f"{text[begin : day.begin]} {text[day.stop : begin + len(line)]}"
    words = [word for word in re.findall(r"[^\W\d_]{3,}", rest) if not _DATE_WORDS.fullmatch(word)]
    if _OF_A_MEETING.search(rest) or all(word[0].isupper() for word in words):
        return True
    first = not text[:begin].strip() and len(words) <= _SHORT_TITLE
    return (first or bool(_DAY_FIRST.fullmatch(text[begin : day.begin]))) and not line.rstrip().endswith(".")


def _of_another(text: str, day: Period) -> bool:
    """Whether this day is the next meeting's, or that of a meeting whose minutes are being confirmed."""
    start = max(text.rfind(mark, 0, day.begin) for mark in ("\n", ". ", ";"))
    before, after = text[max(start, 0, day.begin - 80) : day.begin], text[day.stop : day.stop + 60].split("\n")[0]
    label = before[before.lower().rfind("date") :] if "date" in before.lower() else before
    return bool(_OTHER_MEETING.search(label) or _CONFIRMED.search(after))


def _dates(blocks: list[Block]) -> Stamps:
    text = "\n".join(_lines(_near_digits(blocks)))
    periods = find(text)
    labels = list(_labels(text))
    found: dict[str, list[Period]] = {"next": [], "unclear": [], "past": [], "weak": []}
    pending = ""
    for at, (name, start, end) in enumerate(labels):
        if name == "date":
            name = pending
        limit = min(labels[at + 1][1] if at + 1 < len(labels) else len(text), end + _REACH, _line_end(text, end))
        near = _within(text, periods, end, limit)
        pending = "" if near else name
        if near and name and start >= 0:
            found[name].extend(near if name in ("past", "weak") else near[:1])
    found["past"].extend(_history(blocks))
    # "Review date" is the next one, unless the next one has a label of its own.
    if found["next"]:
        found["past"].extend(found["unclear"])
    else:
        found["next"] = found["unclear"]
    past = found["past"] or found["weak"]
    return Stamps(max(past, key=lambda each: each.start, default=None), next(iter(found["next"]), None))


def _labels(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _LABELS.finditer(text):
        name = match.lastgroup or ""
        before = re.split(r"[\n|;:(.–—]", text[: match.start()])[-1].strip()
        if not re.match(r"\W|$", text[match.end() :]):
            continue
        labelled = bool(match[0].isupper() or re.match(r"\s*[:|]", text[match.end() :]))
        # A name may stand before it on the line: "Larkmere Learning Trust Approved by …".
        labelled = labelled or bool(match[0][:1].isupper() and name == "past" and _NAME.fullmatch(before))
        if name in ("past", "date", "unclear") and not labelled and not _SUBJECT.fullmatch(before):
            if not (name == "past" and _WEAK.search(match[0]) and len(before) < 40):
                continue
            name = "weak"
        yield name, match.start(), match.end()


def _within(text: str, periods: list[Period], start: int, limit: int) -> list[Period]:
    """The dates after a label: the first one and those listed right after it; a mere year only if it stands next."""
    near: list[Period] = []
    for period in periods:
        if period.begin < start or period.begin >= limit:
            continue
        gap = text[near[-1].stop if near else start : period.begin]
        if near and len(gap) > 12:
            break
        if period.is_year and not _DIRECT.fullmatch(gap) and not near:
            continue
        near.append(period)
    if not near:
        # "Review: Nov 21" is a month here, though it would be a day elsewhere.
        first = in_name(text[start:limit])[:1]
        near.extend(period for period in first if _DIRECT.fullmatch(text[start : start + period.begin]))
    return near


def _near_digits(blocks: list[Block]) -> list[Block]:
    """The blocks that hold a digit or stand right before one that does; the others cannot date anything."""
    digit = [bool(re.search(r"\d\d", block.text)) for block in blocks]
    return [block for at, block in enumerate(blocks) if any(digit[at : at + 2]) or block.kind == "row"]


def _line_end(text: str, start: int) -> int:
    """Where the line ends that holds the words after `start`: the next line, if a label is all there is in its own."""
    words = re.compile(r"[^\s:;|–—.()-]").search(text, start)
    end = text.find("\n", words.start() if words else start)
    return len(text) if end < 0 else end


def _lines(blocks: list[Block]) -> Iterator[str]:
    """The text, a line a block; a table of labels above their values is turned, so that each stands before its own."""
    header: list[str] = []
    for block in blocks:
        cells = [cell.strip() for cell in block.text.split(" | ")] if block.kind == "row" else []
        if header and len(cells) == len(header):
            yield "\n".join(f"{label}: {cell}" for label, cell in zip(header, cells, strict=True))
            continue
        labels = sum(bool(_LABELS.search(cell)) for cell in cells)
        header = cells if len(cells) > 1 and labels > 1 and not in_name(block.text) else []
        yield block.text


def _history(blocks: list[Block]) -> list[Period]:
    """The dates in a table of versions, whose header row names a version or revision and a date."""
    found: list[Period] = []
    column = -1
    for block in blocks:
        cells = block.text.split(" | ") if block.kind == "row" else []
        lower = [cell.strip().lower() for cell in cells]
        if any(re.match(r"(?:version|revision|issue)\b", cell) for cell in lower):
            column = next((at for at, cell in enumerate(lower) if "date" in cell and "review" not in cell), -1)
        elif 0 <= column < len(cells):
            found.extend(find(cells[column])[:1])
        elif not cells:
            column = -1
    return found


def _alone(text: str) -> Period | None:
    """The date that is all there is in a line, as on a title page."""
    periods = find(text)
    if len(periods) != 1:
        return None
    rest = text[: periods[0].begin] + text[periods[0].stop :]
    return periods[0] if _DATE_WORDS.fullmatch(rest) else None


def _version(blocks: list[Block]) -> str | None:
    numbers: list[str] = []
    for at, block in enumerate(blocks):
        if len(block.text) <= 90 or (at < 8 and re.search(r"\bversion\s*:", block.text, re.IGNORECASE)):
            numbers.extend(match[1] or match[2] for match in _VERSION.finditer(block.text))
    return max(numbers, key=lambda number: [int(part) for part in number.split(".")], default=None)


def _status(blocks: list[Block]) -> Status | None:
    for block in blocks[:25]:
        text = block.text.strip()
        if _GONE.match(text):
            return Status.SUPERSEDED
        if len(text) <= 70 and (_DRAFT.match(text) or re.match(r"draft\b", text, re.IGNORECASE)):
            return Status.DRAFT
        if _APPROVED.match(text):
            return Status.APPROVED
    return None
