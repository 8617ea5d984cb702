"""A document's title, and the family that its versions share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.metadata.recognise import kind_in, plain, without_school
from ingest.readers.reading import Block
from knowledge.passages import Kind
from knowledge.text.dates import find, in_name

_JUNK = re.compile(
    r"(?:microsoft word\b.*|untitled.*|document ?\d*|presentation ?\d*|powerpoint presentation|slide \d+|page \d+.*"
    r"|contents|table of contents|index|title|aims?|introduction|purpose|scope|overview|foreword|background"
    r"|.*\bpresentation template|.*\.(?:docx?|pdf|pptx?|indd|pub|xlsx?)|template|draft|cover|front cover|about us"
    r"|agenda|minutes|notes|report|plan|form|guidance|calendar|statement|procedure|handbook|meeting|welcome"
    r"|agenda item.*|version.*|date.*|committee.*|policy|.*\bpage \d+ of \d+.*)",
    re.IGNORECASE,
)
_SMALL = frozenset(re.findall(r"\w+", "a an and as at but by for from in into of on or the to with"))
_EDGE = (
    r"(?:final|draft|copy|signed|approved|ratified|adopted|updated|reviewed|revised|amended|latest|superseded|archived)"
)
_VERSION_WORDS = re.compile(
    rf"^(?:(?:copy of|final draft|{_EDGE})\s+)+|(?:\s+(?:{_EDGE}|old|new|current|web(?:site)? version|clean|tracked))+$"
)
_VERSION_NUMBER = re.compile(r"\b(?:v|version|ver|rev|revision|issue)\s*\d+(?:[ .]\d+)*\b|\(\s*\d+\s*\)")
_ACRONYM = re.compile(r"\(\s*([A-Za-z&]{2,8})\s*\)")


def title_of(
    written: str | None, file_name: str, opening: Sequence[str], kind: Kind, ignore: Iterable[str] = ()
) -> str:
    """The best title: the reader's where it makes sense, else a first line that the file name bears out, else the name.

    `ignore` holds names (of trust and schools) that are no titles by themselves.
    """
    stem = _stem(file_name)
    known = {plain(each) for each in ignore}
    wanted = content(stem)
    candidates = [text for text in (written, *opening) if text and _sensible(text, known)]
    best = max(candidates, key=lambda text: _agreement(text, wanted, kind), default=None)
    if best and (_agreement(best, wanted, kind) > 0 or (best == written and not wanted)):
        return _capitals(best.strip(" .:;-–—"))
    if written and written in candidates and len(wanted) < 2:
        return _capitals(written.strip(" .:;-–—"))
    spoken = [text for text in candidates[:8] if kind_in(text) is kind and len(text) <= 80 and not text.endswith(".")]
    if len(wanted) < 2 and kind is not Kind.OTHER and spoken:
        return _capitals(min(spoken, key=len).strip(" .:;-–—"))
    return readable(file_name)


def title_lines(blocks: Sequence[Block]) -> list[str]:
    """The lines that may be a title, and each two short ones together: a title page breaks titles."""
    lines: list[str] = []
    before = ""
    for block in blocks[:60]:
        if block.kind in ("item", "row"):
            before = ""
            continue
        short = len(block.text) <= 50 and not block.text.rstrip().endswith((".", ":", ";"))
        if before and short:
            lines.append(f"{before} {block.text}")
        lines.append(block.text)
        before = block.text if short else ""
    return lines


def readable(file_name: str) -> str:
    """A file name as a title: 2020-lettings-policy.pdf -> Lettings policy 2020."""
    stem = re.sub(r"[_\s]+", " ", _stem(file_name))
    if stem.count("-") >= 1 and " " not in stem:
        stem = stem.replace("-", " ") if not in_name(stem) else _parted(stem)
    stem = re.sub(r"^((?:19|20)\d\d(?:-(?:19|20)?\d\d)?)\s+(.*)$", r"\2 \1", stem.strip()) or file_name
    return stem[:1].upper() + stem[1:]


def family_of(title: str, kind: Kind, school: str, ignore: Iterable[str] = ()) -> str:
    """The key that versions of one document share: kind, school, and the title without years and version words."""
    text = re.sub(rf"\((?:{_EDGE}|version|v\d|old|new|current)\b[^)]*\)", " ", _undated(title), flags=re.IGNORECASE)
    text = without_school(" ".join(text.split()))
    acronym = _ACRONYM.search(text)
    if acronym and _initials(text[: acronym.start()]).endswith(acronym[1].lower().replace("&", "")):
        text = text.replace(acronym[0], " ")
    text = _VERSION_NUMBER.sub(" ", plain(text.replace("(", " ( ").replace(")", " ) ")))
    text = " ".join(re.sub(r"[()\[\]\"“”!?:*#]", " ", text).split())
    text = _VERSION_WORDS.sub("", text).strip()
    for name in sorted((plain(each) for each in ignore), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b(?: s\b)?", " ", text) if name else text
    words = [_singular(word) for word in text.split() if word not in {"the", "our", "a", "an", "and"}]
    return f"{kind.value}/{plain(school).replace(' ', '-') or '-'}/{''.join(words) or plain(title)}"


def _stem(file_name: str) -> str:
    return re.sub(r"(?:\.(?:pdf|docx?|pptx?|html?|xhtml|md|markdown|txt|text))+$", "", file_name, flags=re.IGNORECASE)


def _undated(text: str) -> str:
    text = re.sub(r"_+", " ", text)
    for period in reversed(in_name(text)):
        text = text[: period.begin] + " " + text[period.stop :]
    return re.sub(r"\b(?:academic|school) year\b|\b(?:autumn|spring|summer) term\b", " ", text, flags=re.IGNORECASE)


def _parted(stem: str) -> str:
    """A hyphenated name with spaces, its dates kept as they are written."""
    parts, at = [], 0
    for period in in_name(stem):
        parts += [stem[at : period.begin].replace("-", " "), stem[period.begin : period.stop]]
        at = period.stop
    return "".join([*parts, stem[at:].replace("-", " ")]).strip()


def content(text: str) -> set[str]:
    """The words of a title that say what it is about: without dates, version words and small words."""
    words = re.findall(r"\w+", _VERSION_NUMBER.sub(" ", plain(_undated(text))))
    return {_singular(word) for word in words if word not in _SMALL and not re.fullmatch(_EDGE, word)}


def _sensible(text: str, known: set[str]) -> bool:
    stripped = text.strip(" .:;-–—")
    if not 4 <= len(stripped) <= 120 or _JUNK.fullmatch(stripped) or len(stripped.split()) > 16:
        return False
    if plain(stripped) in known or not re.search(r"[^\W\d_]{3}", stripped) or re.search(r"\w[.;!?]\s+\w", stripped):
        return False
    return not (len(find(stripped)) == 1 and len(content(stripped)) == 0)


def _agreement(text: str, wanted: set[str], kind: Kind) -> float:
    """How far a line could be the title of a file of this name: words shared, less words of its own."""
    words = content(text)
    shared = len(words & wanted)
    if not words or not shared or (shared < 2 and len(words) > 3 and len(wanted) > 1):
        return 0.0
    says_kind = 0.3 if kind_in(text) is kind else 0.0
    return shared / max(len(wanted), 1) + 0.5 * shared / len(words) + says_kind


def _capitals(title: str) -> str:
    """A title in capitals as one would write it; acronyms in brackets and short ones keep theirs."""
    title = " ".join(title.split())
    if not title.isupper() or len(title.split()) < 2:
        return title
    words = " ".join(_word(word) for word in title.split())
    return words[:1].upper() + words[1:]


_ACRONYMS = re.compile(
    r"SEND?|PE|ICT|IT|RE|PSHE|R?SE|KCSIE|EYFS|PPA|CPD|SLT|[FL]GB|GDPR|HR|EAL|LAC|PP|AI|DSL|MAT|FOI|NQT|ECT|.*[&\d()].*"
)


def _word(word: str) -> str:
    if _ACRONYMS.fullmatch(word):
        return word
    return word.lower() if word.lower() in _SMALL else word.capitalize()


def _initials(text: str) -> str:
    return "".join(word[0] for word in plain(text).split() if word not in _SMALL)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
