"""Mend what file formats do to words: ligatures, soft hyphens, invisible and control characters, broken lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# Bullets that Symbol and Wingdings put into the private use area; the rest of that area means nothing to a reader.
_PRIVATE = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0FE: "☒", 0xF0A8: "☐", 0xF06F: "☐", 0xF0E0: "→"}
_MINUSES = {0x2010: "-", 0x2011: "-"}

BULLETS = "•▪●◦‣■□◆❖➢➤✓✔·○"
# How a list item begins: a bullet, a dash, `1.`, `2)`, `(a)`, `iv.` and the like.
ITEM = re.compile(
    rf"^\s*(?:[{BULLETS}]|[-–—*o](?=\s)|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,5}})(?:\.?\)|\.)(?=\s)"
    r"|\d{1,2}\)(?=[A-Z]))\s*\S"
)
_BULLET = re.compile(rf"^\s*(?:[{BULLETS}o](?=\s)|[{BULLETS}]|[-–—*](?=\s))\s*")

HYPHEN_AT_LINE_END = "\ufffe"
SOFT_HYPHEN = "\u00ad"


class _Mending(dict[int, str]):
    """Unicode code point -> what it is mended to; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        mended = _mend(code)
        self[code] = mended
        return mended


def _mend(code: int) -> str:
    character = chr(code)
    if character.isspace():
        return " "
    if code in _MINUSES:
        return _MINUSES[code]
    if code in _PRIVATE:
        return _PRIVATE[code]
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code == 0xFFFD or code & 0xFFFE == 0xFFFE:
        return ""
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co") or 0xFDD0 <= code <= 0xFDEF:
        return ""
    # Full NFKC would turn m² into m2 and ½ into 1⁄2: only forms that are drawings of plain letters are undone.
    if 0xFB00 <= code <= 0xFB4F or 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF or 0xFE50 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", character)
    return character


_MENDING = _Mending()


def tidy(text: str) -> str:
    """One line of the words that a person sees: white space single, nothing invisible, letters composed (NFC)."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.translate(_MENDING))
    return " ".join(text.split())


def item(text: str) -> str:
    """A list item's text with its mark: `•` for any bullet, numbers and letters as they stand."""
    return _BULLET.sub("• ", text, count=1)


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010\ufffe]$")
_STARTS = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
# A search for what stands at the end of a text begins at each of its letters.
_LONGEST_WORD = 200


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """How often each word, hyphenated ones among them, stands whole within a line of the document."""
    words: Counter[str] = Counter()
    broken = False
    for line in lines:
        found = [match.lower() for match in _WORD.findall(line.replace(SOFT_HYPHEN, ""))]
        first = 1 if broken else 0
        broken = bool(_BROKEN.search(_last_word(line.rstrip())))
        words.update(found[first : len(found) - broken])
    return words


def join_lines(lines: Iterable[str], words: Counter[str]) -> str:
    """The lines of one paragraph as one line; a word broken at a line's end is mended.

    Whether its hyphen stays is decided by `words`, the document's own vocabulary: the form that it uses elsewhere,
    else without, unless the first half is a word of its own and the second half too.
    """
    parts: list[str] = []
    end = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        glue = " " if parts else ""
        if end.endswith(SOFT_HYPHEN):
            parts[-1], end, glue = parts[-1].rstrip(SOFT_HYPHEN), end.rstrip(SOFT_HYPHEN), ""
        elif (broken := _BROKEN.search(end)) and (rest := _STARTS.match(line)) and not end.endswith(" -"):
            glue = "-" if _keeps_hyphen(broken.group(1), rest.group(1), words) else ""
            parts[-1], end = parts[-1][:-1], end[:-1]
        elif end.endswith("/") and not end.endswith(" /"):
            glue = ""
        parts += (glue, line)
        end = _last_word(end + glue + line[-_LONGEST_WORD:])
    return tidy("".join(parts).replace(HYPHEN_AT_LINE_END, "-"))


def _last_word(text: str) -> str:
    """The end of a text that may be broken there, with the space before it where it has no more than a hyphen."""
    last = text[-_LONGEST_WORD:]
    return last[max(last.rfind(" ", 0, -2), 0) :]


def _keeps_hyphen(first: str, second: str, words: Counter[str]) -> bool:
    whole, hyphenated = (first + second).lower(), f"{first}-{second}".lower()
    if words[hyphenated] or words[whole]:
        return words[hyphenated] >= words[whole]
    if second[0].isupper() or "-" in first:
        return True
    return bool(words[first.lower()] and words[second.lower()])
