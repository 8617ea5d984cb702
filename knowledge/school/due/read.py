"""Read a due phrase: strip what means nothing, try each rule over the whole of the rest, and doubt what is odd."""

from __future__ import annotations

import re
from datetime import date

from knowledge.school.due.days import LOOKS, month, written
from knowledge.school.due.meetings import at_a_meeting
from knowledge.school.due.model import Due, DueContext, DueDay, DuePhrase, Relation, spoken
from knowledge.school.due.school import of_the_school_year
from knowledge.school.due.weeks import counted, week_of
from knowledge.text.dates import find

_NOTHING = re.compile(r"(?:n/?a|none|nil|no(?:t)?\s+(?:date|set|stated|applicable)|-+)?")
_OPEN = re.compile(
    r"(?:tb[cadn]|to\s+be\s+(?:confirmed|advised|agreed|decided|arranged|set)|not\s+known|unknown|\?+|in\s+due\s+course)"
    r"(?:\s+date)?|(?:xx?|dd|__+|\.\.+)\s?[/.-]\s?(?:xx?|mm|__+|\.\.+)(?:\s?[/.-]\s?(?:x+|y+|__+|\.\.+|\d{2,4}))?"
    r"|_{2,}|x{2,}"
)
_DONE = re.compile(r"(?:done|completed?|closed|actioned|finished)(?:\s+(?:in|during|at)\s+(?:the\s+)?meeting)?")
_ASAP = re.compile(
    r"(?:to\s+be\s+done\s+)?(?:asap|a\.?s\.?a\.?p\.?|as\s+soon\s+as(?:\s+(?:is\s+)?(?:possible|practicable|poss))?|"
    r"immediate(?:ly)?|urgent(?:ly)?|straight\s*away|at\s+once|forthwith|now|right\s+away|with\s+immediate\s+effect|"
    r"(?:at\s+)?(?:your\s+|the\s+)?earliest(?:\s+(?:opportunity|convenience))?)"
)
_BY_RETURN = re.compile(r"by\s+return(?:\s+of\s+(?:e-?mail|post))?")
_ONGOING = re.compile(
    r"(?:on[\s-]?going|continu(?:ing|ous|al|ally|ously|ed?)|rolling|standing(?:\s+item)?|as\s+(?:required|needed|"
    r"necessary|and\s+when)(?:\s+\w+)?|when\s+(?:required|needed|necessary)|throughout\s+(?:the\s+)?(?:year|term)|"
    r"(?:at\s+)?(?:each|every)\s+(?:(?:mon|tues|wednes|thurs|fri)?day|week|fortnight|month|half[\s-]?term|term|year|meeting|\w+\s+meeting)|"
    r"(?:half[\s-]?)?term+ly|daily|weekly|fortnightly|monthly|quarterly|annual(?:ly)?|yearly|regular(?:ly)?|"
    r"(?:once|twice|three\s+times)\s+(?:a|per)\s+\w+|all\s+year)(?:\s+(?:basis|action|item|review|throughout\s+.*))?"
)
_LEAD = re.compile(
    r"(?:(?:to\s+be\s+)?(?:completed?|done|actioned|delivered|submitted|reviewed|returned|due|deadline|target"
    r"|timescale|"
    r"by\s+when|date)\b(?:\s+date\b)?[\s:;,–-]*(?:is\b\s*)?)+"
)
_PAST = re.compile(r"\b(?:was|were|since|overdue|originally|previously|done|completed|from\s+last)\b")
_RELATIONS: tuple[tuple[str, Relation], ...] = (
    (r"(?:on\s+or\s+)?(?:no|not)\s+later\s+than|on\s+or\s+before|(?:by|until|til|till|up\s+to)\b", "by"),
    (r"before|prior\s+to|(?:ahead|in\s+advance|in\s+time)\s+(?:of|for)|pre", "before"),
    (r"(?:straight\s+|immediately\s+|soon\s+)?(?:after|following)|post|from|starting|wef|w\.e\.f\.?", "after"),
    (r"over|during|throughout", "during"),
    (r"on|at|for|in|within|to|ready\s+for|towards", ""),
)
_TIME = re.compile(
    r"[\s,]*(?:\b(?:at|@)\s*)?(?:\b\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|noon)\b|\bat\s+\d{3,4}\b|\b\d\d:\d\d\b|\bnoon\b|"
    r"\bmid-?day\b|\b(?:close\s+of\s+(?:play|business)|co[pb]|eo[dp]|lunch-?time|first\s+thing|end\s+of\s+(?:the\s+)?"
    r"(?:day|play|school\s+day)(?=\s+(?:on\s+)?\w)|\d{4}\s?(?:hrs|hours))\b)(?:\s+on\b)?[\s,]*"
)
_TAIL = re.compile(r"[\s,;]*\b(?:at\s+the\s+(?:very\s+)?latest|latest|please|if\s+(?:at\s+all\s+)?possible"
                   r"|or\s+sooner"
                   r"|or\s+earlier|onwards?)$")  # fmt: skip
_SEPARATOR = re.compile(r"\s+(?:to|until|and|or|-|–|—)\s+|\s*[-–—/&]\s*")
_WEEK = re.compile(
    r"(?:(?:the\s+)?end\s+of\s+)?(?:the\s+)?(?:w\s?[/.]?\s?[cb]|wk\s+(?:beg|com+)|week\s+(?:commencing|beginning|of|starting))\b[.:]?\s*"
)
_WEEK_END = re.compile(r"(?:the\s+)?(?:w/e|week\s+ending)\b[.:]?\s*")
_UNTIL = re.compile(r"^(?:from\s+)?(?:now|today)\s+(?:on\s+)?(?:until|till?|up\s+to|to)\s+(?=\S)")
# What people write short, and what they mean by it.
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form), full)
    for form, full in (
        (r"\beot\b", "end of term"),
        (r"\beoht\b", "end of half term"),
        (r"\beow\b", "end of the week"),
        (r"\beom\b", "end of the month"),
        (r"\b(?:eo[dp]|co[pb]|close\s+of\s+(?:play|business)|end\s+of\s+play)$", "end of the day"),
        (r"\baut\b\.?(?=\s*(?:half|term|[12]\b))|\baut(?=[12]\b)", "autumn"),
        (r"\bspr\b\.?(?=\s*(?:half|term|[12]\b))|\bspr(?=[12]\b)", "spring"),
        (r"\bsum\b\.?(?=\s*(?:half|term|[12]\b))|\bsum(?=[12]\b)", "summer"),
        (r"\bbeg(?:in)?\.?(?=\s+of\b)", "beginning"),
    )
)
_FEW = 2
_MOST_PIECES = 4
_TWO_YEARS = 731


def read_due(phrase: str, context: DueContext) -> Due:
    """Read one due phrase, and nothing around it. Never raises; what is not certain comes with a question."""
    text = _plain(phrase)
    if state := _state(text, phrase):
        return state
    core, soon = re.sub(rf"^{_ASAP.pattern}[\s,;/–-]+(?:and|or|but)?\s*|[\s,;/–-]+{_ASAP.pattern}$", "", text), False
    soon = core != text
    found = _found(core, context)
    if found is None and soon and len(core.split()) <= _FEW:
        return Due(None, phrase, "as soon as possible", "asap", True)
    if found is None or re.fullmatch(r"may", phrase.strip()):
        return _fixed(core, phrase, context) or _unknown(core, phrase, context)
    return _judged(found, text, phrase, context)


def _plain(phrase: str) -> str:
    text = re.sub(r"[‐‑‒–—−]", "-", phrase).replace("’", "'").replace("‘", "'")
    text = re.sub(r"\s+", " ", text).strip().casefold()
    for form, full in _SHORT:
        text = form.sub(full, text)
    return text.strip(' .,;:*()[]"“”')


def _state(text: str, phrase: str) -> Due | None:
    if _NOTHING.fullmatch(text):
        return Due(None, phrase, "no date given", "none", True)
    if _OPEN.fullmatch(text) or not text:
        return Due(None, phrase, "date left open", "none", False, "The date was left open. By when?")
    bare = _LEAD.sub("", text, count=1)
    if _DONE.fullmatch(text):
        return Due(None, phrase, "done", "none", True)
    if _ASAP.fullmatch(text) or _ASAP.fullmatch(bare):
        return Due(None, phrase, "as soon as possible", "asap", True)
    if _BY_RETURN.fullmatch(text):
        return Due(None, phrase, "by return", "asap", True)
    if all(_ONGOING.fullmatch(part) for part in re.split(r"\s*[/,;]\s*|\s+-\s+", bare)):
        return Due(None, phrase, "ongoing", "ongoing", True)
    return None


def _found(text: str, context: DueContext) -> DueDay | None:
    """The day by the first rule that reads the whole phrase; a remark in brackets counts only if the rest says none."""
    ways = [text]
    if bracket := re.fullmatch(r"(.+?)\s*[(\[]([^()]*)[)\]]?", text):
        ways += [bracket[1], bracket[2]]
    for way in ways:
        said = _said(way)
        found = _by_rule(said, context) or _by_rule(DuePhrase(_plain_said(way)), context) or _week(said, context)
        if found := found or _range(said, context):
            return found
    return None


def _said(text: str) -> DuePhrase:
    text = _plain_said(text)
    for form, relation in _RELATIONS:
        if (match := re.match(rf"(?:{form})\s+(?:the\s+(?=\d))?", text)) and match.end() < len(text):
            rest = text[match.end() :]
            inner = re.match(r"(?:the\s+)?(?:by|on|at)\s+(?=\S)", rest)
            return DuePhrase(rest[inner.end() :] if inner else rest, relation)
    return DuePhrase(text)


def _plain_said(text: str) -> str:
    text = _UNTIL.sub("until ", text)
    text = _TAIL.sub("", _LEAD.sub("", text, count=1))
    without = _TIME.sub(" ", text).strip(" ,;")
    return re.sub(r"^the\s+(?=\d)", "", without or text)


def _by_rule(said: DuePhrase, context: DueContext) -> DueDay | None:
    for rule in (of_the_school_year, counted, written, month, at_a_meeting):
        if found := rule(said, context):
            return found
    return None


def _week(said: DuePhrase, context: DueContext) -> DueDay | None:
    if match := _WEEK_END.match(said.text):
        return written(DuePhrase(said.text[match.end() :]), context)
    match = _WEEK.match(said.text)
    found = written(DuePhrase(said.text[match.end() :]), context) if match else None
    if found is None or found.date is None:
        return found
    if said.relation in ("by", "before"):
        return DueDay(found.date, "week commencing", found.ask)
    return DueDay(week_of(found.date), "end of the week named", found.ask)


def _range(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The last day of two that the phrase joins."""
    text = re.sub(r"^between\s+", "", said.text)
    for gap in _SEPARATOR.finditer(text):
        left, right = text[: gap.start()], text[gap.end() :]
        last = _day(right, context)
        if last is None or last.date is None:
            continue
        first = _day(left, context)
        if first is None and re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", left):
            first = DueDay(last.date.replace(day=min(int(re.sub(r"\D", "", left)) or 1, last.date.day)), "")
        if first is None:
            continue
        odd = first.date is not None and first.date > last.date and not _next_year(first.date, last.date)
        ask = f"Is {spoken(last.date)} meant?" if odd or " or " in gap[0] or gap[0].strip() == "/" else last.ask
        return DueDay(last.date, "last day of the range", ask)
    return None


def _next_year(first: date, last: date) -> bool:
    """Whether the first day, written without its year, was only read as a year too late."""
    return first.replace(year=last.year, day=min(first.day, 28)) <= last


def _day(text: str, context: DueContext) -> DueDay | None:
    return next((found for rule in (counted, written, month) if (found := rule(DuePhrase(text), context))), None)


def _fixed(text: str, phrase: str, context: DueContext) -> Due | None:
    """A phrase that a narrow column broke within a word: "immedi ately", "28.03.2 5"."""
    pieces = text.split(" ")
    if not 1 < len(pieces) <= _MOST_PIECES or (LOOKS.search(text) and re.search(r"[a-z]", text)):
        return None
    ways = ["".join(pieces)]
    ways += [
        " ".join([*pieces[: at - 1], pieces[at - 1] + pieces[at], *pieces[at + 1 :]]) for at in range(1, len(pieces))
    ]
    for way in ways:
        state = _state(way, phrase)
        if state and state.state != "none":
            return state
        found = _found(way, context)
        if found and found.date and not found.ask:
            return _judged(found, way, phrase, context)
    return None


def _unknown(text: str, phrase: str, context: DueContext) -> Due:
    days = {period.start for period in find(text) if period.start == period.end}
    if len(days) == 1 and LOOKS.search(text):
        day = days.pop()
        return Due(day, phrase, "date within other words", "dated", False, f"Is {spoken(day)} meant?")
    said = phrase.strip()
    if LOOKS.search(text):
        return Due(
            None, phrase, "no day of the calendar", "dated", False, f"“{said}” is no one day of the calendar. By when?"
        )
    return Due(None, phrase, "no date in these words", "none", False, f"“{said}” names no day. By when?")


def _judged(found: DueDay, text: str, phrase: str, context: DueContext) -> Due:
    """The day found, doubted where it lies before the meeting or years after it."""
    day, ask, meeting = found.date, found.ask, context.meeting
    if day and meeting and not ask:
        if day < meeting and not _PAST.search(text):
            ask = f"{spoken(day)} is before the meeting of {spoken(meeting)}. Which day is meant?"
        elif (day - meeting).days > _TWO_YEARS:
            ask = f"{spoken(day)} is more than two years after the meeting. Is that right?"
    return Due(day, phrase, found.rule, "dated", ask is None, ask)
