"""Takes likely pupils' names that stand near a concern out of a text; rules of our own, good and never perfect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.masking import name_words as words
from knowledge.text.sentences import sentence_spans

MASKING = 1
"""Grows whenever other names are masked, so that documents are read again."""

_PART = r"(?:Mc[A-ZÀ-Þ][a-zà-ÿ]+|[OD]['’][A-ZÀ-Þ][a-zà-ÿ]+|[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)*)"
_NAME = re.compile(rf"(?<![\w@.'’-]){_PART}(?: {_PART}){{0,3}}(?![\w@])")
_INITIALS = re.compile(r"(?<![\w.&/])(?:[A-Z]\.\s?[A-Z]\.?|[A-Z]{2,3})(?![\w&/-])")
_WORD = re.compile(r"[A-Za-zÀ-ÿ'’-]+")
_LOWER = re.compile(r"\b[a-zà-ÿ]{3,}\b")
_RUN = re.compile(r"\w+")
_MASK = re.compile(r"\b[Pp]upil [A-Z]{1,2}\b")
_AND = re.compile(rf"^ (?:and|&) (?:(?:her|his|their) (?:brother|sister|twin) )?({_PART}(?: {_PART})?)")


@dataclass(frozen=True, slots=True)
class Masked:
    """Texts without the names; `count` is how many places were changed, `people` how many pupils they named."""

    texts: tuple[str, ...]
    count: int
    people: int


@dataclass(slots=True)
class _Pupil:
    """One likely pupil: first name and surname, either of which may be unknown, or initials as written."""

    first: str
    last: str
    letter: str
    texts: set[int] = field(default_factory=set)


class _Roll:
    """The pupils of one document, by the words that their names begin with: to look for all of them in each of its
    texts would take the square of a long list."""

    def __init__(self, pupils: Iterable[_Pupil]) -> None:
        self._pupils = sorted(pupils, key=lambda pupil: (-len(pupil.last), -len(pupil.first)))
        self._by_last: dict[str, set[int]] = {}
        self._by_first: dict[str, dict[tuple[str, str], int]] = {}
        self._by_text: dict[int, set[int]] = {}
        for at, pupil in enumerate(self._pupils):
            if pupil.last:
                self._by_last.setdefault(_begins(pupil.last), set()).add(at)
            # Of namesakes whose surname a text has not, all look the same in it.
            self._by_first.setdefault(_begins(pupil.first), {}).setdefault((pupil.first, pupil.last[:1]), at)
            for number in pupil.texts:
                self._by_text.setdefault(number, set()).add(at)

    def likely(self, text: str, number: int) -> list[_Pupil]:
        """Those of whom this text may speak, in the order in which a place is given to them."""
        found = set(self._by_text.get(number, ()))
        for word in set(_RUN.findall(text)):
            found.update(self._by_last.get(word, ()))
            found.update(self._by_first.get(word, {}).values())
        return [self._pupils[at] for at in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Adults:
    """Names of staff, folded: whole, first names, initials."""

    whole: frozenset[str]
    firsts: frozenset[str]
    initials: frozenset[str]

    @classmethod
    def named(cls, staff: Iterable[str]) -> _Adults:
        names = [name.split() for name in staff]
        return cls(
            frozenset(" ".join(parts).casefold() for parts in names),
            frozenset(parts[0].casefold() for parts in names if parts),
            frozenset("".join(part[0] for part in parts).upper() for parts in names if parts),
        )


class Masker:
    """Masks for one trust: `staff` are the names of people who are never taken for pupils, or say who that is now."""

    def __init__(self, staff: Iterable[str] | Callable[[], Iterable[str]] = ()) -> None:
        names = staff if callable(staff) else tuple(staff)
        self._names: Callable[[], Iterable[str]] = names if callable(names) else lambda: names
        self._adults: tuple[Iterable[str], _Adults] | None = None

    @property
    def _staff(self) -> _Adults:
        names, held = self._names(), self._adults
        if held is None or held[0] is not names:
            held = self._adults = (names, _Adults.named(names))
        return held[1]

    def mask(self, texts: Sequence[str], *, typed: bool = False) -> Masked:
        """The texts of one document with each likely pupil as "Pupil A", "Pupil B" and so on, the same throughout.

        A name counts where it stands within a sentence of a concern. `typed`: a person wrote this in haste, so names
        may be without capitals.
        """
        by_first: dict[str, list[_Pupil]] = {}
        pupils: list[_Pupil] = []
        for number, text in enumerate(texts):
            for first, last in self._named(_shadow(text, typed), typed):
                if new := _note(by_first.setdefault(first, []), first, last, number):
                    pupils.append(new)
        if not pupils:
            return Masked(tuple(texts), 0, 0)
        taken = {match.group()[6:].strip() for text in texts for match in _MASK.finditer(text)}
        letters = (each for each in _letters() if each not in taken)
        for pupil in pupils:
            pupil.letter = next(letters)
        count = 0
        found = []
        roll = _Roll(pupils)
        for number, text in enumerate(texts):
            shadow = _shadow(text, typed)
            changed, here = self._replaced(text, shadow, roll.likely(shadow, number), number)
            found.append(changed)
            count += here
        return Masked(tuple(found), count, len(pupils))

    def question(self, text: str, *, typed: bool = True) -> tuple[str, int]:
        """A question, or another short text, without the names, and how many places were changed."""
        masked = self.mask([text], typed=typed)
        return masked.texts[0], masked.count

    def short(self, text: str) -> str:
        """A short text of a document or a record without the names."""
        return self.question(text, typed=False)[0]

    def _named(self, text: str, typed: bool) -> Iterable[tuple[str, str]]:
        spans = [(0, len(text))] if typed else sentence_spans(text)
        known: dict[int, bool] = {}

        def concern(number: int) -> bool:
            """Whether this sentence speaks of one: looked up only where a name asks for it."""
            if number not in known:
                known[number] = bool(words.CONCERN.search(text, *spans[number]))
            return known[number]

        for number, (start, end) in enumerate(spans):
            sentence = text[start:end]
            if words.LISTS_ADULTS.match(sentence):
                continue
            following = text[end : end + 40]
            found = [each for match in _NAME.finditer(sentence) for each in self._judged(match, sentence, following)]
            found += [(m.group(), "", False) for m in _INITIALS.finditer(sentence) if self._are_initials(m, sentence)]
            around = range(max(0, number - 1), min(len(spans), number + 2))
            for first, last, here in found:
                if concern(number) if here else any(concern(each) for each in around):
                    yield first, last

    def _judged(self, match: re.Match[str], sentence: str, following: str) -> Iterable[tuple[str, str, bool]]:
        """First name and surname of the pupil that a run of capitalised words may name, and whether the concern must
        stand in the same sentence."""
        parts = match.group().split(" ")
        skipped = 0
        while parts and parts[0] in words.NOT_NAMES and not (parts[0] in words.ordinary_names() and len(parts) > 1
                                                              and parts[1] not in words.NOT_NAMES):  # fmt: skip
            skipped += len(parts.pop(0)) + 1
        if not parts or len(parts) > 3 or any(part in words.NOT_NAMES for part in parts[1:]):
            if not parts and match.group() in words.CALENDAR:
                parts, skipped = [match.group()], 0
            else:
                return
        at, end = match.start() + skipped, match.end()
        before, after = sentence[:at], sentence[end:] + following
        if self._is_grown(parts, before, after):
            return
        first, last = parts[0], parts[-1] if len(parts) > 1 else ""
        here = self._is_pupil(first, last, before, after)
        if here is not None:
            yield first, last, here
            if other := _AND.match(after):
                more = other[1].split()
                if not self._is_grown(more, "", after[other.end() :]) and more[0] not in words.NOT_NAMES:
                    yield more[0], more[-1] if len(more) > 1 else "", here

    def _is_grown(self, parts: Sequence[str], before: str, after: str) -> bool:
        if " ".join(parts).casefold() in self._staff.whole or words.TITLE.search(before):
            return True
        if any(part.casefold() in words.PLACE for part in parts):
            return True
        following = _WORD.match(after.lstrip())
        if len(parts) == 1 and following and following.group().casefold() in words.PLACE and after.startswith(" "):
            return True
        if words.IN_YEAR.match(after):
            return bool(words.TITLE.search(before) or re.search(r"\bby $|\bread(?:s|ing)? $", before))
        return bool(
            words.GROWN_AFTER.match(after) or words.GROWN_DOES.match(after) or words.GROWN_BEFORE.search(before)
        )

    def _is_pupil(self, first: str, last: str, before: str, after: str) -> bool | None:
        """None for nobody likely; else whether the concern must stand in the same sentence."""
        known = first in words.first_names() or ("-" in first and first.split("-")[0] in (
            words.first_names() | words.ordinary_names()
        ))  # fmt: skip
        ordinary = first in words.ordinary_names()
        calendar = first in words.CALENDAR and not last
        likely = known or (ordinary and not calendar)
        firm = known or (ordinary and bool(last))
        if words.PUPIL.search(before):
            sure = likely or bool(last) or before.rstrip().endswith(("called", "named", ":"))
            return False if sure else None
        if words.IN_YEAR.match(after):
            if words.TAUGHT.search(after):
                return None
            if likely or ordinary:
                return False
            return True if last and not _is_topic(before) else None
        if words.YEAR_BEFORE.search(before):
            return False if (known or last) and not words.GROWN_DOES.match(after) else None
        if words.YEAR_BESIDE.match(after):
            return False if (known and not ordinary) or (last and ordinary) else None
        if first.casefold() in self._staff.firsts and not last:
            return None
        if words.HAS.match(after) or words.AFTER_HIS.match(after):
            return True if likely or last else None
        if words.OWNED.match(after):
            return True if likely else None
        if (other := _AND.match(after)) and words.IN_YEAR.match(after[other.end() :]):
            return False if likely else None
        if words.WITH_SIBLING.match(after):
            return True if likely else None
        if words.DONE.match(after):
            return True if firm or last else None
        if words.ABOUT.search(before):
            return True if firm or (last and before.rstrip().endswith((" of", " by"))) else None
        return None

    def _are_initials(self, match: re.Match[str], sentence: str) -> bool:
        letters = re.sub(r"[^A-Z]", "", match.group())
        if letters in words.NO_INITIALS or letters in self._staff.initials:
            return False
        before, after = sentence[: match.start()], sentence[match.end() :]
        if re.search(r"\b(?:[Pp]upil|[Cc]hild|[Ss]tudent|PUPIL|CHILD)s? $", before):
            return True
        return "." in match.group() and bool(words.IN_YEAR.match(after))

    def _replaced(self, text: str, shadow: str, pupils: Sequence[_Pupil], number: int) -> tuple[str, int]:
        """The text with every mention of these pupils replaced, in this order, and how many there were."""
        places: list[tuple[int, int, str]] = []
        for pupil in pupils:
            for start, end in self._mentions(shadow, pupil, number in pupil.texts):
                if not any(start < other_end and end > other for other, other_end, _ in places):
                    places.append((start, end, f"Pupil {pupil.letter}"))
        for start, end, mask in sorted(places, reverse=True):
            lead = re.search(r"\b[Pp]upil $", text[:start])
            text = text[: lead.start() if lead else start] + mask + text[end:]
        return text, len(places)

    def _mentions(self, text: str, pupil: _Pupil, here: bool) -> Iterable[tuple[int, int]]:
        first, last = re.escape(pupil.first), re.escape(pupil.last)
        if last:
            for match in re.finditer(rf"(?<!\w){first}(?: {_PART})? {last}(?!\w)|(?<!\w){last}, {first}(?!\w)", text):
                yield match.span()
            for match in re.finditer(rf"(?<!\w){first} {last[0]}\.?(?!\w)", text):
                yield match.span()
        if pupil.first.casefold() in self._staff.firsts and not here:
            return
        if pupil.first in words.ordinary_names() and not here:
            return
        for match in re.finditer(rf"(?<![\w.]){first}(?!\w)", text):
            before, after = text[: match.start()], text[match.end() :]
            surname = re.match(rf" ({_PART})", after)
            other = surname and surname[1] not in words.NOT_NAMES and surname[1] != pupil.last
            if not other and not words.TITLE.search(before) and self._goes_on(pupil, after):
                yield match.span()
        if last and here:
            for match in re.finditer(rf"(?<![\w.]){last}(?!\w)", text):
                if not words.TITLE.search(text[: match.start()]) and not re.search(
                    rf"{_PART} $", text[: match.start()]
                ):
                    yield match.span()

    def _goes_on(self, pupil: _Pupil, after: str) -> bool:
        """Whether a bare first name that is a word as well is a name here."""
        if pupil.first not in words.ordinary_names():
            return True
        following = _WORD.match(after.lstrip())
        return not (following and after.startswith(" ") and following.group().casefold() in (words.PLACE | {"period"}))


def _is_topic(before: str) -> bool:
    """Whether what is taught goes before: "in", "of the book", "study"."""
    return bool(
        re.search(r"\b(?:study|studied|read|reads|about|learn\w*|taught|in|the|with|on) $", before, re.IGNORECASE)
    )


def _note(namesakes: list[_Pupil], first: str, last: str, number: int) -> _Pupil | None:
    """Note where a pupil is named among those of this first name; the pupil where it is a new one."""
    for pupil in namesakes:
        if not last or not pupil.last or pupil.last == last:
            pupil.last = pupil.last or last
            pupil.texts.add(number)
            return None
    namesakes.append(_Pupil(first, last, "", {number}))
    return namesakes[-1]


def _begins(name: str) -> str:
    """The first run of letters of a name, which stands by itself wherever the name does."""
    found = _RUN.search(name)
    return found[0] if found else name


def _letters() -> Iterable[str]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from alphabet
    for lead in alphabet:
        yield from (lead + each for each in alphabet)
    for number in range(1, 1_000_000):
        yield f"{number}"


def _shadow(text: str, typed: bool) -> str:
    """The same text, letter for letter, with names in capitals or in small letters written as names are."""
    text = re.sub(r"\b[A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{3,})?\b", _from_capitals, text)
    if not typed:
        return text
    known = {name.casefold(): name for name in words.first_names()}
    known |= {name.casefold(): name for name in words.ordinary_names() if name in _SAFE}

    def named(match: re.Match[str]) -> str:
        return known.get(match.group(), match.group())

    return _SURNAME.sub(_with_surname, _LOWER.sub(named, text))


_SAFE = frozenset(["Amber", "Ruby", "Holly", "Poppy", "Daisy", "Jack", "Joey", "Lily", "Skye", "Willow", "Max"])
_SURNAME = re.compile(
    rf"({_PART}) ([a-zà-ÿ]{{3,}})(?= (?:in (?:year|y\d|reception|nursery|\d)|is\b|has\b|was\b|\(y|"
    r"from (?:year|y\d))|['’]s |, y)"
)


def _with_surname(match: re.Match[str]) -> str:
    first, last = match.groups()
    if last in words.COMMON or first not in words.first_names() | words.ordinary_names():
        return match.group()
    return f"{first} {last.capitalize()}"


def _from_capitals(match: re.Match[str]) -> str:
    parts = match.group().split(" ")
    lead = parts[0].capitalize()
    if lead not in words.first_names() or (len(parts) == 1 and len(parts[0]) < 4):
        return match.group()
    return " ".join(part.capitalize() for part in parts)
