"""Tells whether a sentence only shortens the one that it quotes: the same words in the same order, none of its own.

A program cannot tell a true paraphrase from a false one ("refunded" for "invoiced", "first" for "last", "may" for
"must"). So words of one's own are never let through, and what may be left out is kept to what can be told: never a
condition, an exception or a denial, and nothing that joins two statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONG = 4  # letters from which on "hirer" and "hirers" are one word, while "it" and "its" stay two
_TOKEN = re.compile(r"[^\W_]+(?:[-'’./:,][^\W_]+)*|[^\w\s]|_")
_PARAGRAPH_NUMBER = re.compile(r"\A\s*(?:\d+(?:\.\d+)+\.?|\d+[.)]|\(?[a-z\d]{1,3}\)|[•*–-])\s+", re.IGNORECASE)
_SPELT_OUT = re.compile(r"((?:[A-Za-z'’-]+ ){2,8})\(([A-Z]{2,8})s?\)")
_ARTICLES = frozenset({"a", "an", "the"})
# Whoever leaves one of these out says something else, wherever it stands.
_NEVER_LEFT_OUT = _set(
    "not no never none nobody nothing neither nor cannot without unless except excepting excluding exception "
    "exceptions only if whether provided providing subject until till barely hardly seldom rarely normally "
    "usually sometimes proposed draft former formerly previously instead"
)
# A statement that begins behind one of these does not stand by itself.
_LEANS_ON = _set("when where while whenever wherever because although though whereas that which who whom whose")
_JOINS = _set("and or but then than") | _LEANS_ON
_MODALS = _set("must may might can could should shall will would need ought")
_COMPARES = _set("less more fewer most least under over above below before after within beyond up down")
_NUMBERS = _set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half quarter third "
    "double once twice first second last next"
)
_CLAUSE_ENDS = frozenset(";:()[]|—–-")
_PAUSES = _CLAUSE_ENDS | {","}
# How a sentence names where its words stand: "By the lettings policy, …".
_ATTRIBUTES = _set("by in under of on from according to says section see as per and policy document minutes")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or a mark: as it is compared (`key`), and in lower case as it stands (`text`)."""

    key: str
    text: str

    @property
    def is_mark(self) -> bool:
        return not self.text[0].isalnum()


def only_shortens(sentence: str, quoted: Sequence[str], above: str) -> bool:
    """Whether the sentence is one of these quoted sentences with words left out, and nothing put in.

    It may begin with words of what stands `above` the quote (title, headings), set off by a comma or a colon.
    """
    parts = _without_attribution(_words(sentence), above)
    sources = [_words(form) for source in quoted for form in _forms(source)]
    return any(_shortens(part, source) for part in parts for source in sources)


def _forms(source: str) -> list[str]:
    """A quoted sentence without its paragraph number, and with an abbreviation that it spells out in either form."""
    bare = _PARAGRAPH_NUMBER.sub("", source)
    forms = [bare]
    for found in _SPELT_OUT.finditer(bare):
        letters = found[2].lower()
        long = found[1].split()[-len(letters) :]
        if [word[0].lower() for word in long] == list(letters):
            before = bare[: found.start()] + " ".join(found[1].split()[: -len(letters)])
            forms += [f"{before} {short} {bare[found.end() :]}" for short in (" ".join(long), found[2])]
    return forms


def _words(text: str) -> list[_Word]:
    found = []
    for token in _TOKEN.findall(text):
        word = token.lower().replace("’", "'")
        if word not in _ARTICLES:
            found.append(_Word(word.removesuffix("s") if len(word) > LONG else word, word))
    return found


def _without_attribution(said: list[_Word], above: str) -> list[list[_Word]]:
    """The sentence whole, and as it is behind each pause up to which it only repeats what stands above the quote."""
    known = {word.text for word in _words(above)} | _ATTRIBUTES
    parts = [said]
    for at, word in enumerate(said):
        if word.text in (",", ":"):
            parts.append(said[at + 1 :])
        elif word.text not in known and not word.is_mark:
            break
    return parts


def _shortens(said: list[_Word], source: list[_Word]) -> bool:
    wanted = [word for word in said if not word.is_mark]
    if not wanted:
        return False
    return any(_only_droppable(source, places) for places in _alignments([word.key for word in wanted], source))


def _alignments(wanted: list[str], source: list[_Word]) -> list[list[int]]:
    """Where the wanted words stand in the source, in order: from each place that the first of them has, the next place
    of each of the others."""
    found = []
    for start, word in enumerate(source):
        if word.key != wanted[0]:
            continue
        places = [start]
        for key in wanted[1:]:
            place = next((at for at in range(places[-1] + 1, len(source)) if source[at].key == key), None)
            if place is None:
                break
            places.append(place)
        if len(places) == len(wanted):
            found.append(places)
    return found


def _only_droppable(source: list[_Word], places: list[int]) -> bool:
    """Whether the words of the source that are in none of these places may be left out."""
    kept = set(places)
    if any(_may_not_go(word) for at, word in enumerate(source) if at not in kept):
        return False
    return _stands_alone(source[: places[0]]) and all(
        _may_be_skipped(source[one + 1 : other]) for one, other in pairwise(places)
    )


def _may_not_go(word: _Word) -> bool:
    return word.text in _NEVER_LEFT_OUT or word.text.endswith("n't")


def _stands_alone(head: list[_Word]) -> bool:
    """Whether what follows this beginning of a sentence is a statement without it: behind a pause or a joining word,
    with nothing in the beginning that the rest leans on."""
    words = [word for word in head if not word.is_mark]
    if not words:
        return True
    joined = head[-1].text in _PAUSES or head[-1].text in ("and", "but")
    return joined and not any(word.text in _LEANS_ON for word in words)


def _may_be_skipped(gap: list[_Word]) -> bool:
    """Whether these words between two that are kept only describe: they join no statements, set no limit and give no
    number."""
    return not any(
        word.text in _CLAUSE_ENDS
        or word.text in _JOINS
        or word.text in _MODALS
        or word.text in _COMPARES
        or word.text in _NUMBERS
        or any(character.isdigit() for character in word.text)
        for word in gap
    )
