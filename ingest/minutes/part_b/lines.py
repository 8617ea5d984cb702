"""What single lines of minutes say of where a confidential part begins and ends."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.minutes.layout.sections import NUMBER
from ingest.minutes.part_b.recognise import may_close, opens, says_nothing, score
from ingest.readers.reading import Block, Reading

SHORT, TITLE, LONG, TOP = 90, 180, 360, 8
SURE, LIKELY = 0.999, 0.8
FEW, MANY = 5, 10
_NUMBER = re.compile(r"\W*(?:(?:agenda\s+)?item\s+|minute\s+|appendix\s+|annex\s+)?(\d{1,3})(?![\d/])", re.IGNORECASE)
_NUMBERING = re.compile(r"\W*(?:(?:agenda\s+)?item\s+|minute\s+)?\d{1,3}(?:\.\d{1,2})*[.):]?\s+", re.IGNORECASE)
# What heads all that follows, and not only its own item: the words for a closed part, and no subject.
_CONTAINER = re.compile(
    r"\W*(?:minutes\W+)?(?:part\W*(?:b|2|ii|two)|confidential|closed|private|exempt|reserved|restricted|executive"
    r"|in\W+camera|pink|sensitive|non\W+public)"
    r"(?:\W+(?:and|confidential|closed|private|exempt|items?|business|matters?|minutes?|session|section|agenda|part"
    r"|meeting|b|2|ii|pages?|papers?|notes?|only|not|for|publication))*\W*",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"\W*(?:strictly\s+)?(?:confidential|part\s+(?:b|2|ii|two)|in\s+camera|in\s+confidence)\s*[\])]?\s*[\]):–—-]\s*\S",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:moved|went|entered|adjourned|continued|proceeded)\s+(?:in)?to\s+(?:a\s+|the\s+)?"
    r"(?:closed|private|confidential|executive|exempt|part\s+(?:b|2|ii|two))\b"
    r"|\b(?:moved|went|continued|met)\s+in(?:to)?\s*-?\s*camera\b"
    r"|\bexclu(?:de|ded|ding)\b.{0,40}\b(?:press|public)\b|\b(?:press|public)\b.{0,40}\bexcluded\b"
    r"|\b(?:following|next|remaining)\s+(?:\w+\s+){0,2}(?:items?|section|matters?|business|discussions?)\s+"
    r"(?:was|were|is|are)\s+(?:\w+\s+){0,3}(?:confidential|part\s+(?:b|2)|in\s+private)",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"\b(?:returned|resumed|reconvened|moved\s+back|went\s+back|re-?opened|re-?admitted)\b.{0,60}"
    r"\b(?:open|public|part\s+(?:a|1|i|one))\b"
    r"|\bend\s+of\s+(?:the\s+)?(?:confidential|part\s+(?:b|2|ii|two)|closed|private)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|will|should|must|has|have|had|reminded|asked|said|noted|reported|agreed|discussed)\b"
    r"|^\W*(?:action\W+)?(?:[A-Z]{2,4}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s+to\s+(?!be\b|exclude\b|withdraw)[a-z]+"
)
_OF_ITSELF = re.compile(r"\W*(?:this|these|strictly|private\s+and)\b", re.IGNORECASE)
_PART_B = re.compile(r"\bpart\s+(?:b|2|ii|two)\b", re.IGNORECASE)
_BOTH = re.compile(r"\bparts?\s+(?:a|1|i|one)\b", re.IGNORECASE)
_BOTH_IN_ONE = re.compile(r"\bparts?\s+(?:a|1|i|one)\s*(?:and|&|\+|,|/)\s*(?:part\s+)?(?:b|2|ii|two)\b", re.IGNORECASE)
_SAID_OF_ITSELF = ("category", "content_status", "keywords", "subject")


def heads(block: Block) -> bool:
    """Whether a line may be a heading: one that is marked so, or a short line that is no sentence."""
    short = len(block.text) < SHORT and not block.text.rstrip().endswith((".", ";", ","))
    return block.kind == "heading" or (block.kind != "row" and short)


def begins(block: Block) -> bool:
    """Whether what may be confidential begins with this line, which is no row."""
    if block.kind == "heading":
        return may_close(block.text)
    few = len(block.text.split()) <= FEW and block.kind == "paragraph"
    return _reads_as_heading(block) and score(block.text) >= (LIKELY if few else SURE)


def surely_begins(block: Block) -> bool:
    """The same by exact words alone."""
    return (block.kind == "heading" or _reads_as_heading(block)) and score(block.text) >= SURE


def is_sure(block: Block) -> bool:
    """Whether exact words say that it is confidential, and not its subject alone."""
    return score(block.text) >= SURE


def _reads_as_heading(block: Block) -> bool:
    text = block.text.strip()
    apart = text[:1].isupper() or text[:1].isdigit() or (text[:1] in "[(" and text[-1:] in "])")
    return apart and heads(block) and len(text.split()) <= MANY and not _SENTENCE.search(text)


def row_begins(block: Block) -> bool:
    """Whether a row of a table is confidential: one of its cells is a heading that says so."""
    cells = _cells(block)
    if any(says_nothing(cell) for cell in cells[1:]):
        return False
    titles = [cell for cell in cells if len(cell.split()) <= MANY and not _SENTENCE.search(cell)]
    if not block.header and any(score(cell) >= SURE for cell in titles):
        return True
    # The title of an item: the cell after its number.
    numbered = len(cells) > 1 and re.fullmatch(r"\W*\d{1,3}\W*", cells[0]) and len(cells[1].split()) <= FEW
    return is_container_row(block) or bool(numbered and score(cells[1]) >= LIKELY)


def is_container_row(block: Block) -> bool:
    """Whether a row says "Part B" and no more."""
    said = [cell for cell in _cells(block) if not re.fullmatch(r"[\W\d]*", cell)]
    return len(set(said)) == 1 and may_close(said[0]) and bool(_CONTAINER.fullmatch(said[0]))


def continues(first: Block, block: Block) -> bool:
    """Whether a row goes on with a closed one above it: it has no number where that has one, or fewer cells."""
    if block.kind != "row":
        return False
    unnumbered = number(first) is not None and number(block) is None
    return unnumbered or len(_cells(block)) < len(_cells(first))


def is_container(block: Block) -> bool:
    """Whether a heading names a closed part and no subject."""
    return len(block.text) < LONG and bool(_CONTAINER.fullmatch(words(block)))


def is_marked(block: Block) -> bool:
    """Whether a line of text says of itself that it is confidential: "Confidential: the caretaker …"."""
    return block.kind != "row" and bool(_MARKED.match(block.text))


def moves(block: Block) -> bool:
    """Whether a line says that the meeting went on in private."""
    return block.kind != "row" and len(block.text) < LONG and bool(_MOVES.search(block.text))


def returns(block: Block) -> bool:
    """Whether a line says that the meeting went on in the open."""
    return len(block.text) < LONG and (bool(_RETURNS.search(block.text)) or (heads(block) and opens(block.text)))


def number(block: Block) -> int | None:
    """The number of the item that a line begins, if it has one."""
    if re.match(r"\W*part\b", block.text, re.IGNORECASE):
        return None
    match = NUMBER.match(block.text) or _NUMBER.match(block.text)
    return int(match[1]) if match else None


def follows(block: Block, after: Block) -> bool:
    """Whether a line has the number after this one's."""
    own = number(block)
    return own is not None and number(after) == own + 1


def words(block: Block) -> str:
    """A line without its number."""
    return _NUMBERING.sub("", block.text, count=1)


def closes_whole(reading: Reading, name: str, *, parted: bool) -> str:
    """The words that say that all of a file is confidential, else nothing: its name, what it says of itself, its
    running head, a line at its top. One that names the open part too closes all where no section was found."""
    said = [re.sub(r"[_.-]+", " ", PurePath(name).stem), *reading.properties.get("running", "").split(" | ")]
    said += [reading.properties.get(key, "") for key in _SAID_OF_ITSELF]
    said += [text for text in _top(reading) if not _SENTENCE.search(text) or _OF_ITSELF.match(text)]
    for text in said:
        both = bool(_BOTH.search(text))
        titled = _PART_B.search(text) and may_close(text)
        if text and (_BOTH_IN_ONE.search(text) or score(text) >= SURE or titled) and not (both and parted):
            return text
    return ""


def _top(reading: Reading) -> list[str]:
    """The short lines before the notes themselves begin: title, kind of minutes, those present."""
    found: list[str] = []
    told = False
    for at, block in enumerate(reading.blocks[:TOP]):
        # A heading after other words is that of a section, not of the file.
        if block.kind == "row" or (at and number(block) is not None) or (block.kind == "heading" and told):
            break
        told = told or block.kind != "heading"
        if len(block.text) < TITLE:
            found.append(block.text)
    return found


def _cells(block: Block) -> list[str]:
    return [cell.strip() for cell in block.text.split("|")]
