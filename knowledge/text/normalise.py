"""Texts made alike for comparing, with the way back to where each character stood."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_SAME = {
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    "…": "...",
    "\ufffe": "",
    "\xad": "",
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with one kind of space, hyphen and quotation mark; `places` has, a character, where it stood."""

    text: str
    places: tuple[int, ...]


def plain(text: str) -> Plain:
    """Make a text plain: NFKC, no invisible characters, single spaces, plain hyphens and quotation marks."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        # A letter and its accents are one, however they are encoded.
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        for mark in unicodedata.normalize("NFKC", text[at:end]):
            for each in _SAME.get(mark, mark):
                if each.isspace():
                    each = " "
                elif unicodedata.category(each) in ("Cf", "Cc", "Cn", "Co", "Cs"):
                    continue
                if each == " " and (not out or out[-1] == " "):
                    continue
                out.append(each)
                places.append(at)
        at = end
    if out and out[-1] == " ":
        out.pop()
        places.pop()
    return Plain("".join(out), tuple(places))


def span_of(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, both made plain; the span is in the text as it is. None where it does not."""
    wanted, held = plain(quote).text, plain(text)
    if not wanted:
        return None
    at = held.text.find(wanted)
    if at < 0:
        return None
    last = held.places[at + len(wanted) - 1]
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return held.places[at], end


def visible(text: str) -> str:
    """A text without invisible and control characters, its lines kept."""
    return "".join(
        each for each in text if each == "\n" or unicodedata.category(each) not in ("Cf", "Cc", "Cn", "Co", "Cs")
    )
